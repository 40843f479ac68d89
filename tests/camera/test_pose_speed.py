"""The board's own speed: what was measured at install, what follows where nothing was."""

import os
import signal
from multiprocessing import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from station.camera import measure_speed, pose_speed, weights
from station.camera.pose_speed import PoseSpeed
from station.config import Camera, Config
from station.errors import ConfigError, InputError, StationError

real_work = measure_speed._pose_again_and_again


def settings(state: Path, **camera: int) -> Config:
    return Config(state_dir=str(state), camera=Camera(**camera))


def test_configured_beats_measured_beats_the_number_of_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1, 2, 3})
    assert pose_speed.known(settings(tmp_path)) is None
    assert pose_speed.workers(settings(tmp_path)) == 3
    pose_speed.save(settings(tmp_path), PoseSpeed(workers=2, scored_per_s=4.5))
    assert pose_speed.known(settings(tmp_path)) == PoseSpeed(workers=2, scored_per_s=4.5)
    assert pose_speed.workers(settings(tmp_path)) == 2
    assert pose_speed.workers(settings(tmp_path, workers=1)) == 1
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    assert pose_speed.most_workers() == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"workers": "two", "scored_per_s": 1.0}',
        b'{"workers": 0, "scored_per_s": 1.0}',
        b'{"workers": 2, "scored_per_s": 0.0}',
        b"\xff",
    ],
)
def test_a_broken_file_counts_as_never_measured(tmp_path: Path, content: bytes) -> None:
    (tmp_path / pose_speed.FILE).write_bytes(content)
    assert pose_speed.known(settings(tmp_path)) is None


def test_a_state_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="run this as the station's user"):
        pose_speed.save(settings(tmp_path / "file"), PoseSpeed(workers=1, scored_per_s=1.0))


def test_nothing_is_measured_that_could_not_be_kept(tmp_path: Path, monkeypatch, capsys) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "station.toml").write_text(f'state_dir = "{tmp_path / "file"}"')
    monkeypatch.setattr(measure_speed, "measure", lambda *_: pytest.fail("measured for nothing"))
    assert measure_speed.main(["--config", str(tmp_path / "station.toml")]) == 2
    assert capsys.readouterr().err.startswith(f"state_dir {tmp_path / 'file'}: ")


def test_what_cannot_be_measured_leaves_no_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "station.toml").write_text(f'state_dir = "{tmp_path / "new" / "state"}"')
    monkeypatch.setattr(weights, "DEFAULT_DIRECTORY", tmp_path)
    assert measure_speed.main(["--config", str(tmp_path / "station.toml")]) == 2
    assert not (tmp_path / "new").exists()


def test_a_further_worker_must_be_worth_it() -> None:
    speeds = [PoseSpeed(workers=n, scored_per_s=s) for n, s in ((1, 1.8), (2, 3.4), (3, 3.5), (4, 9.0))]
    assert measure_speed.best_of(speeds).workers == 2
    assert measure_speed.best_of(speeds[:1]).workers == 1


def test_the_network_is_timed_in_processes_side_by_side(weights_dir: Path) -> None:
    one, two = measure_speed.measure(weights_dir, most=2, seconds=0.5)
    assert (one.workers, two.workers) == (1, 2)
    assert one.scored_per_s > 0
    assert two.scored_per_s > 0


def test_weights_that_are_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="pose weights"):
        measure_speed.measure(tmp_path, most=1)


def test_weights_that_no_process_can_load_are_said_at_once(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    (tmp_path / weights.LANDMARKS["heavy"]).write_bytes(b"no network")
    with pytest.raises(StationError, match=weights.LANDMARKS["heavy"]):
        measure_speed.measure(tmp_path, most=2)
    assert "Traceback" not in capfd.readouterr().err


def _one_is_killed(weights_dir: Path, seconds: float, start: Barrier, answers: SimpleQueue) -> None:
    """One process is killed before the start, as for want of memory; the other waits for it."""
    try:
        (weights_dir / "one").touch(exist_ok=False)
    except FileExistsError:
        real_work(weights_dir, seconds, start, answers)
    else:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_is_said_and_keeps_no_other_waiting(
    weights_dir: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(measure_speed, "_pose_again_and_again", _one_is_killed)
    with pytest.raises(StationError, match="enough memory"):
        measure_speed._together(weights_dir, 2, 0.5)
    assert "Traceback" not in capfd.readouterr().err
