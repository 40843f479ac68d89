"""A bystander whom the network follows is not taken for the runner."""

import numpy as np
import pytest

from station.gait.another_person import another_person, without_posture
from station.gait.posture import analyse_posture
from station.gait.results import Measure
from station.gait.sync import UNLIKE
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner


@pytest.mark.parametrize(
    ("offset", "one_clock", "refused"),
    [
        (Measure.missing(UNLIKE), True, True),
        (Measure.missing(UNLIKE), False, False),  # two clocks may be further apart than was looked for
        (Measure.missing("the camera saw the hips in too few frames of the run"), True, False),
        (Measure(3.0, -1.0, 7.0, 500), True, False),
    ],
)
def test_who_does_not_move_with_the_force_is_another(offset, one_clock, refused):
    assert another_person(offset, one_clock) == (UNLIKE if refused else None)


def test_nothing_of_another_person_is_left():
    t_s = np.arange(0, 12, 1 / 60)
    runner = StickRunner()
    seen = analyse_posture(
        t_s,
        *runner.keypoints(t_s),
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        frame_rate_hz=60,
        contacts=runner.steps(12.0),
    )
    left = without_posture(seen, UNLIKE)
    assert any(measure.measured for measure in seen.measures.values())
    assert all(measure.reason == UNLIKE for measure in (*left.measures.values(), *left.foot_strike_angle_deg.values()))
    assert not left.series
    assert left.reason == UNLIKE
