"""The real kiosk daemon in a process of its own. `python -m tests.kiosk.kiosk_process CONFIG` runs it."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from station import config
from station.daemon import Life
from station.kiosk import daemon

_START_S = 20.0


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


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
        _wait_until_serving(f"http://127.0.0.1:{made.kiosk.port}/health", process)
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_serving(url: str, process: subprocess.Popen) -> None:
    end_s = time.monotonic() + _START_S
    while time.monotonic() < end_s and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the kiosk does not serve {url} (exit status {process.poll()})")


if __name__ == "__main__":
    with Life("kiosk", config.load(sys.argv[1])) as life:
        daemon.run(life)
