"""The real daemon process: it serves, follows the bus, says what is wrong, and ends when told."""

import socket
import threading
import time
import urllib.error
import urllib.request

import pytest

from station.daemon import Life
from station.errors import ConfigError, StationError
from station.kiosk import daemon, texts
from station.kiosk.web_server import MAX_BODY_BYTES, WebServer
from station.messages import Choices
from tests.kiosk.kiosk_process import health, running_kiosk, wait_for_screen, write_config
from tests.kiosk.scripted_station import ScriptedStation

_WAIT_S = 20


def address(config) -> str:
    return f"http://127.0.0.1:{config.kiosk.port}"


def wait_for(reached) -> None:
    end_s = time.monotonic() + _WAIT_S
    while not reached():
        assert time.monotonic() < end_s, "it did not come"
        time.sleep(0.05)


def test_it_follows_the_bus_and_ends_with_open_streams(tmp_path):
    config = write_config(tmp_path)
    with running_kiosk(tmp_path, config) as process:
        assert health(config)["screen"] == "moment"
        with ScriptedStation(tmp_path / "run") as station:
            wait_for_screen(config, "idle")
            station.go("run")
            wait_for_screen(config, "run")
            streams = [urllib.request.urlopen(f"{address(config)}/events") for _ in range(4)]
            assert all(b"retry" in s.readline() for s in streams)
            process.terminate()
            assert process.wait(_WAIT_S) == 0
            for stream in streams:
                assert b"event: state" in stream.read()  # it was ended, not broken off
                stream.close()


def test_a_body_that_is_too_long_is_refused_in_the_runners_language(tmp_path):
    config = write_config(tmp_path)
    with running_kiosk(tmp_path, config), ScriptedStation(tmp_path / "run") as station:
        wait_for_screen(config, "idle")
        station.go("run", choices=Choices(language="es"))
        wait_for_screen(config, "run")
        with socket.create_connection((config.kiosk.host, config.kiosk.port), _WAIT_S) as browser:
            head = f"Host: {config.kiosk.host}\r\nContent-Length: {MAX_BODY_BYTES + 1}"
            browser.sendall(f"POST /visit/stop?lang=de HTTP/1.1\r\n{head}\r\n\r\n".encode())
            answer = b"".join(iter(lambda: browser.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b'<html lang="es">' in answer


def test_a_port_in_use_is_said_with_the_remedy(tmp_path):
    config = write_config(tmp_path)
    server = WebServer(lambda environ, start: [], config.kiosk.host, config.kiosk.port)
    try:
        with pytest.raises(ConfigError, match=f"port {config.kiosk.port}.*kiosk.port"):
            WebServer(lambda environ, start: [], config.kiosk.host, config.kiosk.port)
    finally:
        server.close()


def test_damaged_pages_are_said_in_words_until_the_supervisor_starts_it_anew(tmp_path, monkeypatch):
    def damaged(parts):
        raise OSError("run.html is missing")

    monkeypatch.setattr(daemon, "create_app", damaged)
    config = write_config(tmp_path)
    life = Life("kiosk", config)
    raised: list[Exception] = []

    def run() -> None:
        try:
            daemon.run(life)
        except StationError as e:
            raised.append(e)

    thread = threading.Thread(target=run)
    thread.start()
    answers = []

    def answered() -> bool:
        try:
            urllib.request.urlopen(f"{address(config)}/card/any")
        except urllib.error.HTTPError as e:
            answers.append((e.code, e.read().decode()))
        except OSError:
            return False
        return bool(answers)

    wait_for(answered)
    life.stopping = True
    thread.join(_WAIT_S)
    life.__exit__(None, None, None)
    code, page = answers[0]
    assert code == 503
    assert texts.NOT_STARTED[0] in page
    assert "run.html is missing" in str(raised[0])
