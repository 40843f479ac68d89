"""A moved camera is noticed by its still picture; a runner in front of it is no move."""

import cv2
import numpy as np
import pytest

from station.camera import scene_landmarks
from station.camera.ring import decode, encode
from station.gait.camera_state import MAX_SCALE, MAX_SHIFT_PX, MAX_TURN_DEG
from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.scenario import load_scenario, scenario_names

FRAMES = (0, 37, 74)
RUNNING = [clip for name in scenario_names() for clip in load_scenario(name).clip_names()]


def picture(clip: str, frame: int = 0) -> np.ndarray:
    """As the ring keeps it."""
    return decode(encode(0, ClipReader(clip).frame(frame)).jpeg)


def turned(image: np.ndarray, turn_deg: float = 0.0, scale: float = 1.0, shift_px: float = 0.0) -> np.ndarray:
    """As a camera sees it that was turned about its middle, zoomed, and swung aside."""
    height, width = image.shape[:2]
    move = cv2.getRotationMatrix2D((width / 2, height / 2), -turn_deg, scale)
    move[0, 2] += shift_px
    return cv2.warpAffine(image, move, (width, height), borderMode=cv2.BORDER_REPLICATE)


@pytest.fixture(scope="module")
def landmarks():
    return scene_landmarks.find(picture("empty"))


@pytest.mark.parametrize("clip", [*RUNNING, "standing_man", "standing_woman"])
def test_a_person_before_a_camera_at_rest_is_no_move(landmarks, clip):
    for frame in FRAMES:
        place = scene_landmarks.compare(landmarks, picture(clip, frame), 5)
        assert place.found > 80
        assert place.shift_px < MAX_SHIFT_PX / 10
        assert abs(place.turn_deg) < MAX_TURN_DEG / 5
        assert abs(place.scale - 1) < MAX_SCALE / 5


@pytest.mark.parametrize("light", [1.0, 0.35])
@pytest.mark.parametrize(
    ("turn_deg", "scale", "shift_px"), [(0.0, 1.0, 4.0), (1.0, 1.0, 0.0), (-3.0, 1.0, 60.0), (0.0, 1.03, 0.0)]
)
def test_a_move_is_measured_past_a_person_in_any_light(landmarks, turn_deg, scale, shift_px, light):
    seen = turned(picture("good_man", 20), turn_deg, scale, shift_px) * light
    noise = np.random.default_rng(1).normal(0, 3, seen.shape)
    place = scene_landmarks.compare(landmarks, np.clip(seen + noise, 0, 255).astype(np.uint8), 5)
    assert place.shift_px == pytest.approx(shift_px, abs=0.6)
    assert place.turn_deg == pytest.approx(turn_deg, abs=0.1)
    assert place.scale == pytest.approx(scale, abs=0.004)


def test_a_dark_picture_tells_nothing(landmarks):
    dark = np.zeros((540, 960, 3), np.uint8)
    place = scene_landmarks.compare(landmarks, dark, 5)
    assert (place.found, place.shift_px, place.turn_deg) == (0, None, None)
    assert place.landmarks > 100
    assert scene_landmarks.find(dark) is None


def test_another_room_is_not_taken_for_this_one(landmarks):
    random = np.random.default_rng(2)
    room = np.full((540, 960, 3), 120, np.uint8)
    for _ in range(150):
        corner, size = random.integers(0, [900, 480]), random.integers(8, 60, 2)
        colour = tuple(int(c) for c in random.integers(0, 255, 3))
        cv2.rectangle(room, tuple(map(int, corner)), tuple(map(int, corner + size)), colour, -1)
    assert scene_landmarks.compare(landmarks, room, 5).shift_px is None
