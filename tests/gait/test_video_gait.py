import os
from pathlib import Path

import numpy as np
import pytest

from station.gait.posture_track import PoseTrack, index_of
from station.gait.video_gait import video_gait
from station.messages import KEYPOINTS
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner

DATA = Path(os.environ.get("STATION_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
MARKERS = sorted((DATA / "running_markers").glob("*_T*.npz")) if DATA.exists() else []
MARKER_OF = {"hip": "Iliac.Crest", "knee": "Thigh.Bottom.Lateral", "ankle": "Shank.Bottom.Lateral"}


def track_of(runner: StickRunner, t_s: np.ndarray, rate_hz: float = 60.0) -> PoseTrack:
    return PoseTrack.of(t_s, *runner.keypoints(t_s), WIDTH_PX, HEIGHT_PX, rate_hz)


def side_view(path: Path) -> PoseTrack:
    """Markers of a real runner as the keypoints that a camera on the right side would see, 300 px a metre."""
    markers = np.load(path)
    labels, xyz_mm = list(markers["labels"]), markers["xyz_mm"]
    xy_px = np.full((len(xyz_mm), len(KEYPOINTS), 2), np.nan)
    for side in ("left", "right"):
        for point, marker in MARKER_OF.items():
            x_mm, y_mm, _ = xyz_mm[:, labels.index(f"{side[0].upper()}.{marker}")].T
            xy_px[:, index_of(f"{side}_{point}")] = np.column_stack([0.3 * x_mm, 600 - 0.3 * y_mm])
    every = slice(None, None, 5)  # 150 -> 30 pictures a second
    t_s = np.arange(len(xyz_mm)) / float(markers["rate_hz"])
    confidence = np.isfinite(xy_px[:, :, 0]).astype(float)
    return PoseTrack.of(t_s[every], xy_px[every], confidence[every], 2000, 700, 30.0)


@pytest.mark.skipif(not MARKERS, reason="the recordings of real runners are not here (STATION_DATA)")
@pytest.mark.parametrize("path", MARKERS, ids=lambda path: path.stem)
def test_real_runners_run_and_their_cadence_is_found(path):
    result = video_gait(side_view(path), "right", 1)
    steps = np.load(DATA / "running_force" / f"{path.stem}.npz")["step_on"] / 300
    assert result.gait == "running"
    assert result.cadence_spm == pytest.approx(120 / np.median(steps[2:] - steps[:-2]), rel=0.01)


@pytest.mark.parametrize("swaps", [0.0, 0.3])
@pytest.mark.parametrize("running", [True, False])
def test_swapped_leg_labels_do_not_turn_running_into_walking(running, swaps):
    runner = StickRunner(running=running, stride_s=0.75 if running else 1.05, duty=0.4 if running else 0.6)
    t_s = np.arange(0, 12, 1 / 30)
    xy_px, confidence = runner.keypoints(t_s)
    swapped = np.random.default_rng(1).random(len(t_s)) < swaps
    pair = [index_of("left_ankle"), index_of("right_ankle")]
    xy_px[np.ix_(swapped, pair)] = xy_px[np.ix_(swapped, pair[::-1])]
    track = PoseTrack.of(t_s, xy_px, confidence, WIDTH_PX, HEIGHT_PX, 30.0)
    assert video_gait(track, "right", 1).gait == ("running" if running else "walking")


def test_standing_and_too_short_a_sight_are_neither():
    still = StickRunner(speed_m_s=0.0)
    t_s = np.arange(0, 10, 1 / 30)
    xy_px, confidence = still.keypoints(np.zeros_like(t_s))
    standing = PoseTrack.of(t_s, xy_px, confidence, WIDTH_PX, HEIGHT_PX, 30.0)
    assert video_gait(standing, "right", 1).gait == "other"
    assert video_gait(track_of(StickRunner(), np.arange(0, 2.5, 1 / 60)), "right", 1).gait == "other"


def test_gaps_in_the_sight_are_bridged_by_the_rest():
    t_s = np.arange(0, 40, 1 / 60)
    kept = (t_s % 10) < 7
    result = video_gait(track_of(StickRunner(noise_px=2.0), t_s[kept]), "right", 1)
    assert result.gait == "running"
    assert result.cadence_spm == pytest.approx(120 / 0.72, rel=0.005)
