"""kill -9 of each process in mid-run, and one that hangs: the run is scored. `tests/whole/test_recovery.py` shows what
the runner sees of it."""

import os
import signal
from pathlib import Path

import pytest

from station.cli import DAEMONS
from station.messages import SampleBatch
from station.records import recording, run_files
from tests.benchmarks.footprint import descendants_of
from tests.faults import replayed
from tests.whole.station_process import RunningStation

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]

ANEW = ("force", "fusion")
"""A replay begins anew with its daemon, and is not of just now: for these two see tests/whole/test_recovery.py."""


def the_run_is_kept(station: RunningStation) -> None:
    """Recording and result of one run, on the clinic's disk."""
    (kept,) = run_files.kept(Path(station.settings.state_dir) / "runs")
    assert {path.suffix for path in kept.paths} == {".mcap", ".json"}


@pytest.mark.parametrize("daemon", [name for name in DAEMONS if name not in ANEW])
def test_a_run_outlives_each_daemon(daemon: str, visit: Path, tmp_path: Path) -> None:
    with replayed.replaying(tmp_path, visit) as station:
        replayed.begin(station)
        before = replayed.running(station)
        station.kill(daemon)
        card = replayed.phase(station, "card")
        assert card.visit_id == before.visit_id
        document = replayed.report(station, card)
        assert document["gait"] == "running"
        assert document["summary"]["steps"] > 90
        the_run_is_kept(station)
        replayed.leave(station, card)
        assert replayed.whole_visit(station)["summary"]["steps"] > 90  # the next one is a whole one again


def test_a_clinic_keeps_the_run_in_which_fusion_was_killed(visit: Path, tmp_path: Path) -> None:
    """By its stamps the replayed run is not of just now, so that nobody waits for its card."""
    with replayed.replaying(tmp_path, visit) as station:
        replayed.begin(station)
        replayed.running(station)
        station.kill("fusion")
        replayed.phase(station, "idle")
        (kept,) = run_files.kept(Path(station.settings.state_dir) / "runs")
        assert [path.suffix for path in kept.paths] == [".mcap"]
        assert sum(isinstance(m, SampleBatch) for m in recording.read(kept.paths[0])) > 8 * 20
        assert replayed.whole_visit(station)["summary"]["steps"] > 90


def test_a_run_outlives_its_scoring_worker(visit: Path, tmp_path: Path) -> None:
    with replayed.replaying(tmp_path, visit) as station:
        replayed.begin(station)
        replayed.running(station)
        (worker,) = descendants_of(station.pid_of("fusion"))
        os.kill(worker, signal.SIGKILL)
        card = replayed.phase(station, "card")
        assert card.notice == "Working out your scorecard." or card.notice is None
        assert replayed.report(station, card)["summary"]["steps"] > 90


def test_a_camera_that_hangs_leaves_the_force(visit: Path, tmp_path: Path) -> None:
    with replayed.replaying(tmp_path, visit) as station:
        replayed.begin(station)
        replayed.running(station)
        camera = station.pid_of("camera")
        os.kill(camera, signal.SIGSTOP)
        try:
            card = replayed.phase(station, "card")
        finally:
            os.kill(camera, signal.SIGCONT)
        document = replayed.report(station, card)
        assert document["summary"]["steps"] > 90
        assert document["mistakes"]["uneven_gait"]["verdict"] == "not_seen"


def test_a_stop_in_mid_run_keeps_what_a_clinic_has_recorded_and_a_gym_nothing(visit: Path, tmp_path: Path) -> None:
    for mode, left in (("clinic", 1), ("gym", 0)):
        folder = tmp_path / mode
        folder.mkdir()
        with replayed.replaying(folder, visit, mode) as station:
            replayed.begin(station)
            replayed.running(station)
        kept = run_files.kept(folder / "runs")
        assert len(kept) == left
        assert not list((folder / "runs" / "temporary").iterdir())
