"""The background's motion: found where the camera pans, not where only the runner moves."""

import math

import cv2
import numpy as np
import pytest

from station.camera.background import shrink, speed_px_s

NOBODY = np.empty((0, 2))


def scene(seed: int = 0) -> np.ndarray:
    """A wall with blobs, wide enough to pan over."""
    noise = np.random.default_rng(seed).random((90, 200, 3)).astype(np.float32)
    return (255 * cv2.resize(noise, (1600, 720), interpolation=cv2.INTER_CUBIC).clip(0, 1)).astype(np.uint8)


def view(wall: np.ndarray, x: int) -> np.ndarray:
    return np.ascontiguousarray(wall[:, x : x + 960])


@pytest.mark.parametrize("pan_px_s", [0, 60, 150, 300])
def test_speed_of_a_panning_camera(pan_px_s: int) -> None:
    wall, gap_s = scene(), 1 / 15
    before, after = (shrink(view(wall, 100 + x)) for x in (0, round(pan_px_s * gap_s)))
    assert speed_px_s(before, after, gap_s, 960, NOBODY) == pytest.approx(pan_px_s, abs=6)


def test_moving_person_is_no_moving_camera() -> None:
    wall = view(scene(), 0)
    person = scene(1)[100:600, :400]
    images = []
    for x in (300, 330):
        image = wall.copy()
        image[100:600, x : x + 400] = person
        images.append(shrink(image))
    corners = np.array([[300, 100], [730, 600]], float)
    assert speed_px_s(*images, 1 / 15, 960, corners) < 6


def test_blank_wall_cannot_tell() -> None:
    blank = shrink(np.full((540, 960, 3), 90, np.uint8))
    assert math.isnan(speed_px_s(blank, blank, 1 / 15, 960, np.full((33, 2), np.nan)))
