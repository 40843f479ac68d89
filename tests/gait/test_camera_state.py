"""What a camera that was moved, or not, may still be used for."""

import msgspec
import pytest

from station.gait.camera_state import camera_state
from tests.gait.calibrated import HEIGHT_PX, UNMOVED, WIDTH_PX, calibration


def state_of(**moved):
    place = msgspec.structs.replace(UNMOVED, **moved)
    return camera_state(calibration(), place, WIDTH_PX, HEIGHT_PX)


def test_a_camera_that_stands_still_is_trusted():
    state = state_of()
    assert state.geometry is not None
    assert (state.roll_deg, state.note) == (2.0, None)


def test_tiny_moves_are_corrected_or_widen_what_is_measured():
    state = state_of(shift_px=2.0, turn_deg=-0.2, scale=1.008)
    assert state.roll_deg == state.geometry.roll_deg == pytest.approx(1.8)
    assert state.geometry.shift_px == 2.0
    assert state.geometry.scale_sd > 0.008
    assert state.note is None


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        ({"shift_px": 12.0}, "by 12 px"),
        ({"turn_deg": 1.5}, "turned by 1.5 degrees"),
        ({"turn_deg": -1.5}, "turned by 1.5 degrees"),
        ({"scale": 1.05}, "closer by 5 %"),
    ],
)
def test_a_moved_camera_keeps_its_angles_and_loses_its_metres(moved, words):
    state = state_of(**moved)
    assert state.geometry is None
    assert state.roll_deg == pytest.approx(2.0 + moved.get("turn_deg", 0.0))
    assert words in state.note
    assert "station calibrate camera" in state.note


def test_what_cannot_be_told_is_not_trusted():
    for place in (None, msgspec.structs.replace(UNMOVED, found=0, shift_px=None, turn_deg=None, scale=None)):
        state = camera_state(calibration(), place, WIDTH_PX, HEIGHT_PX)
        assert (state.geometry, state.roll_deg) == (None, 2.0)
        assert state.note


def test_without_a_calibration_nothing_is_said_of_it():
    state = camera_state(None, UNMOVED, WIDTH_PX, HEIGHT_PX)
    assert (state.geometry, state.roll_deg, state.note) == (None, 0.0, None)
    assert "not calibrated" in state.reason


def test_another_picture_size_is_another_camera():
    state = camera_state(calibration(), UNMOVED, WIDTH_PX * 2, HEIGHT_PX * 2)
    assert state.geometry is None
    assert "picture size" in state.note
