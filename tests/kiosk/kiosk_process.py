"""The real kiosk daemon in a process of its own. `python -m tests.kiosk.kiosk_process CONFIG` runs it."""

import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from station import config
from station.daemon import Life
from station.kiosk import daemon
from tests.processes import end

_WAIT_S = 60.0
_OWN = 20
_ports = itertools.cycle(range(first := 10_000 + os.getpid() % 1000 * _OWN, first + _OWN))


def free_port() -> int:
    """A port that nothing listens at; below those that the system gives to whoever asks for any, so it stays free.

    Each process that runs tests has its own few, so that two do not choose the same.
    """
    for port in _ports:
        with socket.socket() as s, contextlib.suppress(OSError):
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", port))
            return port
    raise AssertionError("a cycle has no end")


def write_config(folder: Path, **kiosk: object) -> config.Config:
    """A configuration whose sockets and state lie in `folder`, with a free port; written to `folder`/station.toml."""
    made = config.Config(
        runtime_dir=str(folder / "run"), state_dir=str(folder / "state"),
        kiosk=config.Kiosk(**{"port": free_port()} | kiosk),
    )  # fmt: skip
    config.dump(made, folder / "station.toml")
    return made


@contextlib.contextmanager
def running_kiosk(folder: Path, made: config.Config) -> Iterator[subprocess.Popen]:
    """The daemon, serving; ended on leaving."""
    command = [sys.executable, "-m", "tests.kiosk.kiosk_process", str(folder / "station.toml")]
    process = subprocess.Popen(command)
    try:
        _wait(lambda: process.poll() is not None or health(made) is not None)
        assert process.poll() is None, "the kiosk has ended"
        yield process
    finally:
        end(process)


def health(made: config.Config) -> dict[str, Any] | None:
    """What the kiosk says of itself; None while it does not serve."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{made.kiosk.port}/health", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def wait_for_screen(made: config.Config, screen: str) -> None:
    """Wait until the kiosk has heard of this phase."""
    _wait(lambda: (health(made) or {}).get("screen") == screen)


def _wait(reached: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _WAIT_S
    while not reached():
        if time.monotonic() > end_s:
            raise TimeoutError("the kiosk did not get there")
        time.sleep(0.05)


if __name__ == "__main__":
    with Life("kiosk", config.load(sys.argv[1]), config_path=sys.argv[1]) as life:
        daemon.run(life)
