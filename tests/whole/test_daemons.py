"""The daemons under their supervisor: alone, ended, killed in mid-run."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from station import config
from station.bus import request
from station.cli import DAEMONS
from station.messages import Choices, Done, Report, ReportRequest, SampleBatch, VisitCommand
from station.records import recording
from tests.kiosk.kiosk_process import free_port
from tests.whole.station_process import RunningStation, running_station

pytestmark = pytest.mark.xdist_group("whole-station")

RUN_S = 120.0  # longer than the test: the run is ended by the kills


@pytest.fixture
def station(tmp_path: Path) -> Iterator[RunningStation]:
    settings = config.Config(
        force=config.Force(device="simulated"),
        camera=config.Camera(device="simulated"),
        kiosk=config.Kiosk(port=free_port()),
        simulation=config.Simulation(scenario="good_man", run_s=RUN_S),
    )
    with running_station(tmp_path, settings) as station:
        station.await_state(lambda s: s.ready and not s.faults)
        yield station


def test_daemons_killed_in_mid_run_come_back_and_the_run_is_scored(station: RunningStation) -> None:
    runtime = station.settings.runtime
    request(station.context, runtime, "fusion", VisitCommand(action="start", choices=Choices(camera=True)), Done)
    station.await_state(lambda s: s.phase == "run" and s.run_s > 3)
    for daemon in ("camera", "force"):
        killed = station.kill(daemon)
        steps = station.await_state(
            lambda s, gone=(None, killed), daemon=daemon: station.pid_of(daemon) not in gone
        ).steps
        station.await_state(lambda s, steps=steps: s.phase == "run" and not s.faults and s.steps > steps + 5)
    station.kill("kiosk")
    station.await_state(lambda s: s.phase == "run" and s.run_s > 16)

    station.kill("fusion")
    (path,) = (Path(station.settings.state_dir) / "runs" / "temporary").glob("*.mcap")
    batches = [m for m in recording.open_any(path, runtime) if isinstance(m, SampleBatch)]
    first_ns, last_ns = (int(b.arrays()["t_low_ns"][-1]) for b in (batches[0], batches[-1]))
    assert (last_ns - first_ns) / 1e9 > 16  # readable up to the kill

    card = station.await_state(lambda s: s.phase == "card")
    assert card.visit_id == path.stem
    assert "restarted during the run" in card.notice
    report = request(station.context, runtime, "fusion", ReportRequest(visit_id=card.visit_id), Report)
    assert b'"gait":"running"' in report.json
    request(station.context, runtime, "fusion", VisitCommand(action="finish"), Done)
    station.await_state(lambda s: s.phase == "idle")
    assert not path.exists()
    assert not list((runtime / "keys").iterdir())


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
