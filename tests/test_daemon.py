"""The common life of a daemon: one of a kind, a watchdog that is fed in moderation, errors of the start in words."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.config import Config
from station.daemon import ALIVE_EVERY_NS, Life
from station.errors import ConfigError, DeviceError

HOLDER = """
import sys, time
from station.config import Config
from station.daemon import Life
with Life("force", Config(runtime_dir=sys.argv[1])):
    print("here", flush=True)
    time.sleep(60)
"""


class StillClock:
    """Time passes when the test says so."""

    def __init__(self) -> None:
        self.t_ns = 10**12

    def now_ns(self) -> int:
        return self.t_ns

    def sleep(self, seconds: float) -> None:
        self.t_ns += round(seconds * 1e9)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """A life takes SIGTERM and SIGINT; give them back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(runtime_dir=str(tmp_path / "run"))


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket that a supervisor would listen on."""
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.bind(str(tmp_path / "notify"))
        s.setblocking(False)
        yield s


def received(s: socket.socket) -> list[bytes]:
    out = []
    while True:
        try:
            out.append(s.recv(100))
        except BlockingIOError:
            return out


def test_a_second_start_is_refused_and_does_no_harm(config: Config) -> None:
    with Life("force", config) as first:
        first.server()
        sockets = {p: p.stat().st_ino for p in config.runtime.glob("*.req")}
        with pytest.raises(ConfigError, match=f"force daemon is running already on runtime_dir {config.runtime}"):
            Life("force", config).__enter__()
        assert {p: p.stat().st_ino for p in config.runtime.glob("*.req")} == sockets
        with Life("camera", config):
            pass
    with Life("force", config):
        pass


def test_a_killed_daemon_leaves_no_lock(config: Config) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, config.runtime_dir], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    with holder:
        assert holder.stdout.readline() == b"here\n"
        with pytest.raises(ConfigError, match="running already"):
            Life("force", config).__enter__()
        holder.kill()
    with Life("force", config):
        pass


def test_the_lock_s_directory_is_named_where_it_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "force.lock").mkdir()
    with pytest.raises(ConfigError, match=r"force\.lock: Is a directory"):
        Life("force", Config(runtime_dir=str(tmp_path))).__enter__()


def test_the_watchdog_is_fed_once_a_second_however_often_the_loop_turns(
    config: Config, supervisor: socket.socket
) -> None:
    clock = StillClock()
    with Life("force", config, clock) as life:
        for _ in range(100):
            life.alive()
            clock.t_ns += ALIVE_EVERY_NS // 50
        assert received(supervisor) == [b"WATCHDOG=1"] * 2


def test_a_supervisor_that_is_gone_ends_no_daemon(
    config: Config, supervisor: socket.socket, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Life("force", config) as life:
        os.unlink(tmp_path / "notify")
        life.ready()
        life.alive()
    assert "No such file" in caplog.text


def test_what_cannot_be_made_is_said_until_it_can(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    reasons = [DeviceError("no pins"), DeviceError("no pins"), ConfigError("no such device")]
    said: list[str] = []

    def make() -> str:
        if reasons:
            raise reasons.pop(0)
        return "made"

    with Life("force", config) as life:
        assert life.until_made(make, said.append) == "made"
    assert said == ["no pins", "no pins", "no such device"]
    assert [record.message for record in caplog.records] == ["no pins", "no such device"]


def test_told_to_stop_before_it_could_be_made(config: Config) -> None:
    def make() -> str:
        raise DeviceError("no pins")

    def excuse(text: str) -> None:
        life.stopping = True

    with Life("force", config) as life:
        assert life.until_made(make, excuse) is None
