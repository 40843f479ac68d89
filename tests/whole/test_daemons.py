"""Each daemon alone: it starts and ends cleanly."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from station import config
from station.cli import DAEMONS
from tests.kiosk.kiosk_process import free_port
from tests.whole.station_process import RunningStation, running_station

pytestmark = pytest.mark.xdist_group("daemons")


@pytest.fixture
def station(tmp_path: Path) -> Iterator[RunningStation]:
    settings = config.Config(
        force=config.Force(device="simulated"),
        camera=config.Camera(device="simulated"),
        kiosk=config.Kiosk(port=free_port()),
        simulation=config.Simulation(scenario="good_man"),
    )
    with running_station(tmp_path, settings) as station:
        station.await_state(lambda s: s.ready and not s.faults)
        yield station


@pytest.mark.parametrize("daemon", DAEMONS)
def test_a_daemon_alone_starts_and_ends_cleanly(station: RunningStation, daemon: str, tmp_path: Path) -> None:
    station.process.send_signal(signal.SIGTERM)
    assert station.process.wait(10) == 0
    command = [sys.executable, "-m", "station", "--verbose", daemon, "--config", str(tmp_path / "station.toml")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as alone:
        for line in alone.stderr:
            if f"{daemon}: ready" in line:
                break
        alone.terminate()
        with contextlib.suppress(ValueError):
            rest = alone.stderr.read()
        assert alone.wait(10) == 0, rest
