"""Each daemon alone: it starts and ends cleanly."""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from station import config
from station.cli import DAEMONS
from tests.kiosk.kiosk_process import free_port
from tests.whole.station_process import running_station


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a station that was ready once, and was ended."""
    folder = tmp_path_factory.mktemp("station")
    settings = config.Config(
        force=config.Force(device="simulated"),
        camera=config.Camera(device="simulated"),
        kiosk=config.Kiosk(port=free_port()),
        simulation=config.Simulation(scenario="good_man"),
    )
    with running_station(folder, settings) as station:
        station.await_state(lambda s: s.ready and not s.faults)
        station.process.send_signal(signal.SIGTERM)
        assert station.process.wait(10) == 0
    return folder


@pytest.mark.parametrize("daemon", DAEMONS)
def test_a_daemon_alone_starts_and_ends_cleanly(folder: Path, daemon: str) -> None:
    command = [sys.executable, "-m", "station", "--verbose", daemon, "--config", str(folder / "station.toml")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as alone:
        for line in alone.stderr:
            if f"{daemon}: ready" in line:
                break
        alone.terminate()
        with contextlib.suppress(ValueError):
            rest = alone.stderr.read()
        assert alone.wait(10) == 0, rest
