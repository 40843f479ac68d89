"""Real runners through the command: every force-plate trial of the reference folder, and its three videos.

The plate's own steps, sides and weight (`tests.gait.plate`) are worked out apart from the analysis.
"""

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from station.cli import main
from tests.gait.plate import Trial, data_dir, plate_steps, plate_weight_n, trials

pytestmark = pytest.mark.skipif(data_dir() is None, reason="no real recordings on this machine (STATION_DATA)")

TRIALS = sorted(p.stem for p in (data_dir() or Path()).glob("running_force/RBDS*_T*.npz"))
SAME_STEP_S = 0.05
UNRELIABLE_SIDES = "RBDS001_T45"  # swapped heel markers (README of the recordings)


def analyse(tmp_path: Path, *arguments: str | Path) -> dict:
    out = tmp_path / "out.json"
    assert main(["analyse", *map(str, arguments), "--json", str(out)]) == 0
    return json.loads(out.read_text())


def write_csv(trial: Trial, path: Path) -> Path:
    with path.open("w", newline="") as f:
        rows = csv.writer(f)
        rows.writerow(["time_s", "fz_n", "cop_x_m", "cop_y_m"])
        rows.writerows(zip(trial.t_s, trial.fz_n, trial.cop_x_m, trial.cop_y_m, strict=True))
    return path


@cache
def trial(name: str) -> Trial:
    return next(iter(trials(f"{name}.npz")))


@pytest.mark.parametrize(
    "name", [name if name in TRIALS[::5] else pytest.param(name, marks=pytest.mark.long) for name in TRIALS]
)
def test_a_plate_trial_gives_its_steps_sides_and_weight(name: str, tmp_path: Path) -> None:
    plate = trial(name)
    document = analyse(tmp_path, "--force-plate", write_csv(plate, tmp_path / "plate.csv"))
    assert document["gait"] == "running"
    truth = plate_steps(plate.t_s, plate.fz_n)
    true_s, found_s = (np.array(t) for t in ([s.contact_s for s in truth], [s["contact_s"] for s in document["steps"]]))
    nearest = np.abs(found_s[:, None] - true_s).argmin(axis=1)
    assert np.abs(found_s - true_s[nearest]).max() < SAME_STEP_S  # none invented
    assert len(set(nearest)) == len(found_s)
    assert len(found_s) >= 0.99 * len(true_s)
    assert document["runner"]["body_weight_n"] == pytest.approx(plate_weight_n(plate.t_s, plate.fz_n, truth), rel=0.01)
    if name != UNRELIABLE_SIDES:
        known = plate.side_at_s
        letters = plate.side[np.abs(found_s[:, None] - known).argmin(axis=1)]
        right = [
            step["side"] == {"L": "left", "R": "right"}[k] for step, k in zip(document["steps"], letters, strict=True)
        ]
        assert np.mean(right) >= 0.98


def test_the_treadmill_clip_gives_cadence_and_posture(tmp_path: Path) -> None:
    document = analyse(tmp_path, "--video", data_dir() / "video" / "treadmill_side_30fps.mp4")
    assert document["gait"] == "running"
    assert document["posture"]["camera_side"] == "left"
    assert 150 < document["summary"]["cadence_spm"] < 185
    assert document["posture"]["trunk_lean_deg"]["value"] is not None
    assert document["posture"]["foot_strike_angle_deg"]["left"]["reason"]
    assert {m["verdict"] for m in document["mistakes"].values()} == {"not_measured"}  # half of the strides it needs


@pytest.mark.long
@pytest.mark.parametrize(
    ("clip", "reason"), [("walk_side_two_people_30fps", "person"), ("track_side_30fps", "camera moves")]
)
def test_the_walking_and_the_panning_clip_are_refused_with_the_reason(clip: str, reason: str, tmp_path: Path) -> None:
    document = analyse(tmp_path, "--video", data_dir() / "video" / f"{clip}.mp4")
    assert {m["verdict"] for m in document["mistakes"].values()} == {"not_measured"}
    assert any(reason in note for note in document["summary"]["notes"])
    assert document["posture"]["neck_relative_deg"]["value"] is None
