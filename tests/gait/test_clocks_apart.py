"""Beyond 10 ms between the clocks, the landing foot is not judged."""

import numpy as np
import pytest

from station.gait.clocks_apart import clocks_apart, row_doubt_ms, rows_unknown, with_time_doubt, without_landings
from station.gait.posture import FOOT_STRIKE, analyse_posture
from station.gait.posture_track import PoseTrack
from station.gait.results import Measure, PostureResult, Step
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner

T_S = np.arange(0, 12, 1 / 60)


def offset(value_ms: float, half_ms: float) -> Measure:
    return Measure(value_ms, value_ms - half_ms, value_ms + half_ms, 500)


def analysed(runner: StickRunner) -> tuple[PostureResult, PoseTrack, list[Step]]:
    keypoints, steps = runner.keypoints(T_S), runner.steps(12.0)
    posture = analyse_posture(T_S, *keypoints, width_px=WIDTH_PX, height_px=HEIGHT_PX, frame_rate_hz=60, contacts=steps)
    return posture, PoseTrack.of(T_S, *keypoints, WIDTH_PX, HEIGHT_PX, 60.0), steps


@pytest.mark.parametrize(
    ("value_ms", "half_ms", "one_clock", "refused"),
    [
        (0.0, 3.0, True, False),
        (12.0, 3.0, True, False),  # may be less than 10
        (14.0, 3.0, True, True),
        (-14.0, 3.0, True, True),
        (150.0, 3.0, False, False),  # taken out
        (150.0, 11.0, False, True),
        (0.0, 25.0, True, False),
    ],
)
def test_an_offset_surely_beyond_ten_milliseconds_is_refused(value_ms, half_ms, one_clock, refused):
    reason = clocks_apart(offset(value_ms, half_ms), one_clock)
    assert (reason is not None) == refused
    if refused:
        assert "10 ms" in reason


def test_an_offset_that_is_not_known_is_not_held_against_a_common_clock():
    assert clocks_apart(Measure.missing("no camera data"), one_clock=True) is None


def test_the_doubt_of_the_clock_is_worth_what_the_foot_turns_meanwhile():
    """The stick runner's foot turns 160 degrees a second at contact: 5 ms are 0.8 degrees."""
    runner = StickRunner(noise_px=0.3)
    posture, track, steps = analysed(runner)
    wide = with_time_doubt(posture, 5.0, track, steps).foot_strike_angle_deg["right"]
    narrow = posture.foot_strike_angle_deg["right"]
    assert wide.value == narrow.value
    assert wide.high - wide.value == pytest.approx(np.hypot(narrow.high - narrow.value, 0.8), abs=0.15)
    assert wide.low < narrow.low


def test_nothing_is_widened_where_nothing_was_measured():
    posture, track, steps = analysed(StickRunner())
    refused = without_landings(posture, "the clocks")
    assert with_time_doubt(refused, 5.0, track, steps) == refused


def test_the_feet_are_the_later_and_the_less_sure_the_lower_they_are_in_the_picture():
    _, track, _ = analysed(StickRunner())
    share = np.median(track.point("heel", "right")[:, 1]) / HEIGHT_PX
    assert row_doubt_ms(track, 15.0) == pytest.approx(15.0 * share, rel=0.05)
    unseen = PoseTrack.of(T_S, np.full((len(T_S), 33, 2), np.nan), np.zeros((len(T_S), 33)), WIDTH_PX, HEIGHT_PX, 60.0)
    assert row_doubt_ms(unseen, 15.0) == 15.0


def test_rows_of_an_unknown_sensor_are_refused_beyond_ten_milliseconds():
    assert rows_unknown(9.9) is None
    assert "13 ms" in rows_unknown(12.8)


def test_only_the_landings_are_taken_back():
    posture, _, _ = analysed(StickRunner())
    assert posture.foot_strike_angle_deg["right"].measured
    refused = without_landings(posture, "the clocks")
    assert FOOT_STRIKE not in refused.series
    assert all(foot.reason == "the clocks" for foot in refused.foot_strike_angle_deg.values())
    assert refused.measures == posture.measures
