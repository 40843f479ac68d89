"""A daemon that hangs feeds its watchdog no more, whichever part of it hangs; and only then."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from station import config
from station.bus import request
from station.messages import CameraSwitch, Done
from tests.kiosk.kiosk_process import free_port

START_S = 60.0
SILENT_S = 4.0  # a daemon feeds it once a second
SILENCE_NAMED = 4  # times that it is fed: by then the daemon has said twice that its chips are silent


class Watched:
    """A daemon, and the socket on which its supervisor hears of it."""

    def __init__(self, listening: socket.socket, folder: Path, daemon: str) -> None:
        self._listening = listening
        self.pipe = folder / "pipe"
        self.settings = config.Config(
            runtime_dir=str(folder / "run"), state_dir=str(folder), kiosk=config.Kiosk(port=free_port())
        )
        config.dump(self.settings, folder / "station.toml")
        module = ["station", daemon, "--config"] if daemon == "fusion" else ["tests.hanging_daemons", daemon]
        pipe = [] if daemon == "fusion" else [str(self.pipe)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *module, str(folder / "station.toml"), *pipe],
            env=os.environ | {"NOTIFY_SOCKET": str(folder / "notify")},
        )

    def await_said(self, wanted: bytes, times: int = 1) -> None:
        self._listening.settimeout(START_S)
        for _ in range(times):
            while self._listening.recv(100) != wanted:
                pass

    def falls_silent(self) -> bool:
        """Whether the watchdog hears nothing for SILENT_S any more."""
        self._listening.settimeout(SILENT_S)
        try:
            for _ in range(20):
                self._listening.recv(100)
        except TimeoutError:
            return self.process.poll() is None
        return False


@pytest.fixture
def watched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watched]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        watched = Watched(listening, tmp_path, request.param)
        with watched.process:
            yield watched
            watched.process.kill()


def film(settings: config.Config) -> None:
    context = zmq.Context()
    request(context, settings.runtime, "camera", CameraSwitch(on=True), Done)
    context.destroy(linger=0)


long = pytest.mark.long


@pytest.mark.parametrize(
    "watched",
    ["silent_force", *(pytest.param(daemon, marks=long) for daemon in ("force", "camera", "kiosk"))],
    indirect=True,
)
def test_a_device_that_blocks_stops_the_feeding(watched: Watched, request: pytest.FixtureRequest) -> None:
    watched.await_said(b"READY=1")
    if request.node.callspec.params["watched"] == "camera":
        film(watched.settings)
    watched.await_said(b"WATCHDOG=1", times=SILENCE_NAMED)
    os.mkfifo(watched.pipe)
    assert watched.falls_silent()
    let_go(watched.pipe)
    watched.await_said(b"WATCHDOG=1", times=2)


@pytest.mark.long
@pytest.mark.parametrize("watched", ["fusion"], indirect=True)
def test_a_disk_that_blocks_stops_the_feeding(watched: Watched, tmp_path: Path) -> None:
    watched.await_said(b"READY=1")
    watched.await_said(b"WATCHDOG=1", times=2)
    (tmp_path / "calibration").mkdir()
    part = tmp_path / "calibration" / "0001-tare.json"
    os.mkfifo(part)
    assert watched.falls_silent()
    let_go(part)
    watched.await_said(b"WATCHDOG=1", times=2)


def let_go(pipe: Path) -> None:
    """Whoever waits at the pipe, or comes to wait there, goes on."""
    held = os.open(pipe, os.O_RDWR)
    pipe.unlink()
    os.close(held)
