"""A wrong configuration: one line and status 2; the kiosk says it on the screen, and goes on once it is mended."""

import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from station import cli, config
from station.config_watch import ConfigWatch
from station.kiosk import wrong_config
from tests.kiosk.kiosk_process import free_port

WRONG = {
    "no TOML": ("mode = ", "is not TOML"),
    "unknown key": ("[kiosk]\nprot = 8080\n", "unknown field `prot`"),
    "wrong type": ("[camera]\nfps = 'many'\n", "$.camera.fps"),
    "impossible value": ("[kiosk]\nport = 0\n", "$.kiosk.port"),
    "a pin twice": ("[force]\nshunt_pin = 5\n", "shunt_pin is a load cell's pin"),
    "no text": (b"\xff\xfe\x00", "is not TOML"),
}
DAEMONS = [name for name in cli.DAEMONS if name != "kiosk"]


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("file", ["station.toml", "conf.d/50-wizard.toml"])
def test_a_command_says_it_in_one_line(name: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    content, said = WRONG[name]
    main = write(tmp_path / "station.toml", "")
    write(tmp_path / file, content)
    for words in (["up"], ["runs", "list"], ["pin"]):
        assert cli.main([*words, "--config", str(main)]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("station: configuration")
        assert said in line


@pytest.mark.parametrize("daemon", DAEMONS)
@pytest.mark.usefixtures("in_process")
def test_a_daemon_says_it_in_one_line(daemon: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    main = write(tmp_path / "station.toml", "[kiosk]\nport = 0\n")
    assert cli.main([daemon, "--config", str(main)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "$.kiosk.port" in line


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Of the kiosk's page; the signal handlers are as they were afterwards."""
    usual = config.Kiosk(port=free_port())
    monkeypatch.setattr(wrong_config.config, "Kiosk", lambda: usual)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield f"http://{usual.host}:{usual.port}/"
    for number, handler in handlers.items():
        signal.signal(number, handler)


def page(address: str, holds: str) -> str:
    """The page, as soon as it holds this."""
    end_s = time.monotonic() + 20
    while time.monotonic() < end_s:
        try:
            urllib.request.urlopen(address)
        except urllib.error.HTTPError as e:
            text = e.read().decode()
            if e.code == 503 and holds in text:
                return text
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"no page with {holds!r}")


def test_the_kiosk_shows_what_is_wrong_until_it_is_mended(address: str, tmp_path: Path, monkeypatch, caplog) -> None:
    monkeypatch.setattr(wrong_config, "_LOOK_EVERY_S", 0.05)
    main = write(tmp_path / "station.toml", "[camera]\nfps = 'many'\n")
    seen: list[str] = []

    def installer() -> None:
        seen.append(page(address, "$.camera.fps"))
        write(main, "[kiosk]\nport = 0\n")
        seen.append(page(address, "$.kiosk.port"))
        write(main, "")

    thread = threading.Thread(target=installer)
    thread.start()
    wrong_config.serve(main)
    thread.join()
    assert len(seen) == 2
    assert all("The settings of this station are wrong" in text and str(main) in text for text in seen)
    assert caplog.text.count("configuration") == 2


def test_the_kiosk_with_a_wrong_configuration_ends_when_told(address: str, tmp_path: Path) -> None:
    main = write(tmp_path / "station.toml", "mode = 1\n")

    def supervisor() -> None:
        page(address, "$.mode")
        signal.raise_signal(signal.SIGTERM)

    thread = threading.Thread(target=supervisor)
    thread.start()
    wrong_config.serve(main)
    thread.join()


def test_while_it_runs_a_wrong_configuration_is_logged_once_and_the_old_one_goes_on(tmp_path: Path, caplog) -> None:
    main = write(tmp_path / "station.toml", "[kiosk]\nport = 8080\n")
    watch = ConfigWatch(main, config.load(main))
    assert not watch.changed()
    wizard = write(tmp_path / "conf.d" / "50-wizard.toml", "[kiosk]\nprot = 8081\n")
    assert [watch.changed() for _ in range(3)] == [False] * 3
    assert caplog.text.count("unknown field `prot`") == 1
    write(wizard, "[kiosk]\nport = 8081\n")
    assert [watch.changed() for _ in range(2)] == [False, True]  # it counts from the second look on
    wizard.unlink()
    assert [watch.changed() for _ in range(2)] == [False] * 2
    main.unlink()
    assert [watch.changed() for _ in range(2)] == [False] * 2
    assert caplog.text.count("No such file") == 1
