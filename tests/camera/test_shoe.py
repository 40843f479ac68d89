"""The turn of a landing shoe, from rendered pictures whose every point is known."""

from dataclasses import replace

import numpy as np
import pytest

from station.camera.blazepose import Pose
from station.camera.ring import KeptFrame, encode
from station.camera.shoe import Shoe, StandingShoes
from station.gait.posture_angles import foot_pitch_deg
from station.messages import KEYPOINTS
from station.sim.runner.clip_reader import ClipReader
from tests.camera.true_poses import true_pose
from tests.sim.runner.truth import load_truth

POINT_SD_PX = 2.0  # of the network's points
RUNNERS = {"good_man": "standing_man", "heavy_rearfoot": "standing_woman", "arms": "standing_woman"}


def pictures(clip: str, frames: list[int]) -> list[np.ndarray]:
    reader = ClipReader(clip)
    found = [reader.frame(k) for k in frames]
    reader.close()
    return found


def pose_of(clip: str, frame: int, rng: np.random.Generator) -> Pose:
    xy_px, confidence = true_pose(clip, frame)
    return Pose(xy_px + rng.normal(0, POINT_SD_PX, xy_px.shape).astype(np.float32), confidence, people=1)


def standing(clip: str, rng: np.random.Generator) -> list[tuple[KeptFrame, Pose]]:
    frames = list(range(0, 60, 5))
    images = pictures(clip, frames)
    return [(encode(k, image), pose_of(clip, k, rng)) for k, image in zip(frames, images, strict=True)]


def shoe_of(frames: list[tuple[KeptFrame, Pose]]) -> Shoe | None:
    shoes = StandingShoes()
    for frame, pose in frames:
        shoes.add(frame, pose)
    return shoes.shoe


def true_pitch_deg(clip: str, frame: int, side: str, faces: int) -> float:
    xy_px, _ = true_pose(clip, frame)
    points = (xy_px[None, KEYPOINTS.index(f"{side}_{name}")] for name in ("heel", "foot_index"))
    return float(foot_pitch_deg(*points, faces)[0])


@pytest.mark.parametrize("clip", RUNNERS)
def test_the_turn_of_a_landing_shoe(clip: str) -> None:
    rng = np.random.default_rng(1)
    truth, shoe = load_truth(clip), shoe_of(standing(RUNNERS[clip], rng))
    near, faces = truth.camera_side, {"left": -1, "right": 1}[truth.camera_side]
    assert shoe.faces == faces
    contacts_s = [event.contact_s for event in truth.events if event.side == near][:4]
    frames = [round(t * truth.fps) + k for t in contacts_s for k in (-1, 0, 1, 2) if round(t * truth.fps) + k > 0]
    found = np.array(
        [shoe.turns_deg(image, pose_of(clip, k, rng)) for k, image in zip(frames, pictures(clip, frames), strict=True)]
    )
    flat_deg = true_pitch_deg(RUNNERS[clip], 0, near, faces)
    true_deg = np.array([true_pitch_deg(clip, k, near, faces) for k in frames]) - flat_deg
    error_deg = found[:, ("left", "right").index(near)] - true_deg
    assert np.isfinite(error_deg).mean() > 0.6  # a mark on the belt before the toes hides it in some
    assert abs(np.nanmean(error_deg)) < 1.5
    assert np.nanstd(error_deg) < 1.5


def test_exchanged_labels_exchange_the_turns() -> None:
    """Which foot is which is decided later, over the whole run."""
    shoe = shoe_of(standing("standing_man", np.random.default_rng(2)))
    (image,), pose = pictures("good_man", [20]), pose_of("good_man", 20, np.random.default_rng(3))
    order = [KEYPOINTS.index(_mirrored(name)) for name in KEYPOINTS]
    exchanged = replace(pose, xy_px=pose.xy_px[order], confidence=pose.confidence[order])
    assert np.array_equal(shoe.turns_deg(image, pose), shoe.turns_deg(image, exchanged)[::-1], equal_nan=True)


def _mirrored(name: str) -> str:
    side, _, point = name.partition("_")
    return f"{ {'left': 'right', 'right': 'left'}[side] }_{point}" if side in ("left", "right") else name


def test_what_is_no_shoe_has_no_turn() -> None:
    rng = np.random.default_rng(4)
    shoe, pose = shoe_of(standing("standing_man", rng)), pose_of("good_man", 20, rng)
    for image in (np.zeros((540, 960, 3), np.uint8), rng.integers(0, 255, (540, 960, 3), np.uint8)):
        assert np.isnan(shoe.turns_deg(image, pose)).all()
    nowhere = replace(pose, xy_px=np.full_like(pose.xy_px, np.nan))
    assert np.isnan(shoe.turns_deg(image, nowhere)).all()


def test_one_misplaced_pose_of_many_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    frames = standing("standing_man", rng)
    astray = replace(frames[3][1], xy_px=frames[3][1].xy_px + 200)
    shoe = shoe_of([*frames[:3], (frames[3][0], astray), *frames[4:]])
    assert shoe.length_px == pytest.approx(shoe_of(frames).length_px, abs=1.0)


def test_who_does_not_stand_sideways_shows_no_shoe() -> None:
    frames = standing("standing_man", np.random.default_rng(6))
    towards_us = []
    for frame, pose in frames:
        xy_px = pose.xy_px.copy()
        for side in ("left", "right"):
            heel, toe = (KEYPOINTS.index(f"{side}_{point}") for point in ("heel", "foot_index"))
            xy_px[toe] = xy_px[heel] + (4, 15)
        towards_us.append((frame, replace(pose, xy_px=xy_px)))
    assert shoe_of(towards_us) is None
    assert shoe_of([]) is None
    assert shoe_of([(frames[0][0], None)]) is None
