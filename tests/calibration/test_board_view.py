"""The board found in single pictures, and what is refused."""

import numpy as np
import pytest

from station.calibration.board import corners_m
from station.calibration.board_view import find_corners, mean_corners
from station.errors import CalibrationError
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip_reader import ClipReader
from station.sim.shown_board import page_m, with_board

SQUARE_M = 0.03
VIEW = CameraView()


def stood(points: np.ndarray, x_m: float) -> np.ndarray:
    return VIEW.project(np.column_stack([points[:, 0] + x_m, np.zeros(len(points)), points[:, 1]]))


def picture(x_m: float, light: float = 1.0, noise: float = 3.0, square_m: float = SQUARE_M) -> np.ndarray:
    shown = with_board(ClipReader("empty").frame(0), stood(page_m(square_m), x_m)) * light
    return np.clip(shown + np.random.default_rng(1).normal(0, noise, shown.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("light", "noise"), [(1.0, 3.0), (1.0, 12.0), (0.3, 5.0)])
@pytest.mark.parametrize("x_m", [-0.55, 0.1, 0.5])
def test_corners_are_found_to_a_fraction_of_a_pixel(x_m, light, noise):
    found = find_corners(picture(x_m, light, noise))
    missed = found - stood(corners_m(SQUARE_M), x_m)
    assert np.sqrt(np.mean(missed**2)) < 0.25
    assert np.abs(missed.mean(axis=0)).max() < 0.08


def test_an_empty_treadmill_shows_no_board():
    assert find_corners(ClipReader("empty").frame(0)) is None


def test_a_board_that_is_carried_about_is_refused():
    with pytest.raises(CalibrationError, match="moved"):
        mean_corners([picture(x_m) for x_m in (0.0, 0.01, 0.02, 0.03, 0.04)])


def test_one_bad_picture_of_a_standing_board_does_not_matter():
    corners = mean_corners([picture(0.0), picture(0.0), picture(0.05), picture(0.0), picture(0.0)])
    assert np.abs(corners - stood(corners_m(SQUARE_M), 0.0)).max() < 0.5


def test_a_board_too_small_to_be_sure_of_is_refused():
    with pytest.raises(CalibrationError, match=r"px small in the picture|was found in"):
        mean_corners([picture(0.0, square_m=0.017)] * 5)
