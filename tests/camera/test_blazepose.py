"""The tracker on the rendered runner: where the truth says, one person, and two where there are two."""

import json
from pathlib import Path

import numpy as np
import pytest

from station.camera.blazepose import PoseTracker
from station.camera.video_file import read_frames
from station.messages import KEYPOINTS
from station.sim.runner.clip_reader import FOLDER

CLIP = FOLDER / "good_man.mp4"
NEAR = [f"right_{joint}" for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")]


@pytest.fixture(scope="module")
def images() -> list[np.ndarray]:
    return [f.image_rgb for f in read_frames(CLIP, stop_s=0.3)]


@pytest.fixture(scope="module")
def tracker(weights_dir: Path) -> PoseTracker:
    return PoseTracker(weights_dir, "full")


def test_near_side_is_where_the_truth_says(tracker: PoseTracker, images: list[np.ndarray]) -> None:
    clip = json.loads(CLIP.with_suffix(".json").read_text())
    columns = [clip["points"].index(name) for name in NEAR]
    points = [KEYPOINTS.index(name) for name in NEAR]
    errors = []
    tracker.forget()
    for image, truth in zip(images, clip["px"], strict=False):
        pose = tracker.find(image)
        assert pose is not None
        errors.append(np.linalg.norm(pose.xy_px[points] - np.array(truth)[columns], axis=1))
    height_px = np.ptp(np.array(clip["px"][0])[:, 1])
    assert np.median(errors, axis=0).max() < 0.05 * height_px
    assert np.max(errors, axis=0)[:3].max() < 0.08 * height_px  # arms; the legs' labels may be exchanged


def test_detector_runs_only_where_the_track_is_lost_or_when_told(
    tracker: PoseTracker, images: list[np.ndarray]
) -> None:
    tracker.forget()
    people = [getattr(tracker.find(image, look), "people", "nobody") for image, look in zip(
        [*images[:3], np.zeros_like(images[0]), images[3], images[4]], [False, False, True, False, False, False],
        strict=True,
    )]  # fmt: skip
    assert people == [1, None, 1, "nobody", 1, None]


def test_second_person_is_counted(tracker: PoseTracker, images: list[np.ndarray]) -> None:
    image = images[0]
    columns = slice(image.shape[1] // 4, 3 * image.shape[1] // 4)
    side_by_side = np.hstack([image[:, columns], image[:, columns]])
    tracker.forget()
    first = tracker.find(side_by_side)
    again = tracker.find(side_by_side, look_around=True)
    assert first is not None
    assert again is not None
    assert again.people == 2
