"""The screen's browser, with programs that only say how they were called: a compositor is no part of the tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from station import config
from station.kiosk.web_server import WebServer
from station.screen import Wanted, _browser
from tests.kiosk.kiosk_process import free_port

CAGE_OF_DEBIAN_12 = "echo ' -m last Use only the last connected output'; echo ' -r\t Rotate the output 90 degrees'"
CAGE_OF_DEBIAN_13 = "echo ' -m last Use only the last connected output'"


class Screen:
    """`station screen` in a folder with a configuration and a PATH of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        (folder / "bin").mkdir()
        self.program("chromium", "exec sleep 60")
        self.plug_in("normal")
        self.configure(self.port, 0)

    def program(self, name: str, does: str) -> None:
        """A program that writes down its arguments and then `does` something."""
        file = self._folder / "bin" / name
        file.write_text(f'#!/bin/sh\necho "$$ $@" >>{self._folder}/{name}.calls\n{does}\n')
        file.chmod(0o755)

    def plug_in(self, transform: str) -> None:
        """Two screens that are turned so, until they are turned; a third is switched off."""
        at = f"{self._folder}/transform"
        Path(at).write_text(transform)
        self.program(
            "wlr-randr",
            f"""[ $# -eq 4 ] && echo $4 >{at}.$2
for name in HDMI-A-1 DSI-1; do
  printf '%s "A screen"\\n  Enabled: yes\\n  Transform: %s\\n' $name $(cat {at}.$name 2>{os.devnull} || cat {at})
done
printf 'HDMI-A-2\\n  Enabled: no\\n'""",
        )
        for name in ("HDMI-A-1", "DSI-1"):
            Path(f"{at}.{name}").unlink(missing_ok=True)

    def turned(self) -> list[tuple[str, str]]:
        """The outputs that were turned, and how."""
        return [(call.split()[2], call.split()[4]) for call in self.calls("wlr-randr") if "--transform" in call]

    def configure(self, port: int, rotation_deg: int) -> None:
        half = self._folder / "half"
        half.write_text(f"[kiosk]\nport = {port}\nscreen_rotation_deg = {rotation_deg}\n")
        half.replace(self._folder / "station.toml")

    def start(self, **environment: str) -> None:
        command = [sys.executable, "-m", "station", "screen", "--config", str(self._folder / "station.toml")]
        variables = {"PATH": f"{self._folder / 'bin'}:/usr/bin:/bin", "XDG_RUNTIME_DIR": str(self._folder)}
        variables |= {"PYTHONPATH": os.getcwd(), **environment}
        self.process = subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, text=True)

    def calls(self, program: str) -> list[str]:
        """With the process id in front."""
        file = self._folder / f"{program}.calls"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    screen = Screen(tmp_path)
    yield screen
    if screen.process is not None:
        screen.process.terminate()
        screen.process.communicate(timeout=20)
        assert not any(Path(f"/proc/{call.split()[0]}").exists() for call in screen.calls("chromium"))


@pytest.fixture
def kiosk(screen: Screen) -> Iterator[WebServer]:
    server = serving(screen.port)
    yield server
    server.close()


def serving(port: int) -> WebServer:
    return WebServer(lambda environ, start: [], "127.0.0.1", port)


def until(reached: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < end_s, "it never happened"
        time.sleep(0.05)


def test_a_browser_that_ends_is_there_again_with_a_new_profile(
    screen: Screen, kiosk: WebServer, tmp_path: Path
) -> None:
    screen.start(WAYLAND_DISPLAY="wayland-0")
    until(lambda: len(screen.calls("chromium")) == 1)
    left = tmp_path / "station-screen" / "left"
    left.touch()
    process, *flags, address = screen.calls("chromium")[0].split()
    assert address == f"http://127.0.0.1:{screen.port}"
    assert "--kiosk" in flags
    assert f"--user-data-dir={tmp_path}/station-screen/profile" in flags
    os.kill(int(process), signal.SIGKILL)
    until(lambda: len(screen.calls("chromium")) == 2)
    assert not left.exists()


def test_it_waits_for_the_kiosk_and_follows_its_address(screen: Screen) -> None:
    screen.start(WAYLAND_DISPLAY="wayland-0")
    until(lambda: len(screen.calls("wlr-randr")) == 1)
    assert not screen.calls("chromium")
    first = serving(screen.port)
    until(lambda: len(screen.calls("chromium")) == 1)
    port = free_port()
    second = serving(port)
    screen.configure(port, 0)
    until(lambda: len(screen.calls("chromium")) == 2)
    assert screen.calls("chromium")[1].endswith(f":{port}")
    first.close()
    second.close()


def test_every_output_is_turned_and_turned_again(screen: Screen, kiosk: WebServer) -> None:
    screen.configure(screen.port, 90)
    screen.start(WAYLAND_DISPLAY="wayland-0")
    until(lambda: len(screen.turned()) == 2)
    assert screen.turned() == [("HDMI-A-1", "270"), ("DSI-1", "270")]
    screen.configure(screen.port, 0)
    until(lambda: len(screen.turned()) == 4)
    assert screen.turned()[2:] == [("HDMI-A-1", "normal"), ("DSI-1", "normal")]


def test_a_screen_that_was_off_for_the_night_is_turned_again_and_no_other(screen: Screen, kiosk: WebServer) -> None:
    screen.configure(screen.port, 90)
    screen.start(WAYLAND_DISPLAY="wayland-0")
    until(lambda: len(screen.turned()) == 2)
    screen.plug_in("normal")
    until(lambda: len(screen.turned()) == 4)
    asked = len(screen.calls("wlr-randr"))
    until(lambda: len(screen.calls("wlr-randr")) > asked)
    assert len(screen.turned()) == 4


@pytest.mark.parametrize(
    ("usage", "turning"), [(CAGE_OF_DEBIAN_12, ["-r", "-r", "-r"]), (CAGE_OF_DEBIAN_13, [])], ids=["0.1.4", "0.2"]
)
def test_without_a_compositor_it_becomes_cage(screen: Screen, tmp_path: Path, usage: str, turning: list[str]) -> None:
    screen.configure(screen.port, 90)
    screen.program("cage", usage)
    screen.start()
    until(lambda: len(screen.calls("cage")) == 2)
    _, *arguments = screen.calls("cage")[1].split()
    inside = [sys.executable, "-m", "station", "screen", "--config", str(tmp_path / "station.toml")]
    assert arguments == ["-d", "-s", *turning, "--", *inside]  # -s: Ctrl+Alt+F2 leads to a terminal


def test_a_configuration_that_breaks_while_it_is_read_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, load = tmp_path / "station.toml", config.load
    file.write_text("[kiosk]\nport = 8081\n")
    wanted = Wanted(file)

    def load_and_break(path: Path) -> config.Config:
        loaded = load(path)
        file.write_text("[kiosk")
        return loaded

    file.write_text("[kiosk]\nport = 8082\n")
    monkeypatch.setattr(config, "load", load_and_break)
    assert [wanted.changed() for _ in range(2)] == [False, False]  # the second look reads it
    assert file.read_text() == "[kiosk"
    assert wanted.now.address.endswith(":8081")
    monkeypatch.setattr(config, "load", load)
    file.write_text("[kiosk]\nport = 8083\n")
    assert [wanted.changed() for _ in range(2)] == [False, True]
    assert wanted.now.address.endswith(":8083")


def test_what_a_dying_browser_still_writes_does_not_keep_the_next_one_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "station-screen").mkdir()
    monkeypatch.setattr("shutil.rmtree", lambda folder, ignore_errors: None)  # written again as soon as it was deleted
    with _browser("true", "http://127.0.0.1") as process:
        assert process.wait(20) == 0


def test_a_missing_browser_is_said_with_the_remedy(screen: Screen, tmp_path: Path) -> None:
    (tmp_path / "bin" / "chromium").unlink()
    screen.start(WAYLAND_DISPLAY="wayland-0", PATH=f"{tmp_path / 'bin'}")
    assert screen.process is not None
    said = screen.process.communicate(timeout=30)[1]
    assert screen.process.returncode == 2
    assert said == "station: chromium is not installed; run: sudo apt-get install chromium\n"
