"""Overstride against a stick runner's own legs."""

import numpy as np
import pytest

from station.gait.overstride import HIP_LABEL, overstride
from station.gait.posture_frames import View
from station.gait.posture_track import PoseTrack
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner

RATE_HZ = 60.0
DURATION_S = 20.0


def seen(runner: StickRunner, roll_deg: float = 0.0) -> PoseTrack:
    t_s = np.arange(0, DURATION_S, 1 / RATE_HZ)
    xy_px, confidence = runner.keypoints(t_s)
    c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    middle = np.array([WIDTH_PX, HEIGHT_PX]) / 2
    turned = (xy_px - middle) @ np.array([[c, s], [-s, c]]) + middle
    return PoseTrack.of(t_s, turned, confidence, WIDTH_PX, HEIGHT_PX, RATE_HZ)


def true_share(runner: StickRunner) -> float:
    """Exactly at the contacts, in the picture without roll."""
    steps = [step for step in runner.steps(DURATION_S) if step.side == runner.near]
    at = PoseTrack.of(
        np.array([s.contact_s for s in steps]), *runner.keypoints(np.array([s.contact_s for s in steps])),
        WIDTH_PX, HEIGHT_PX, RATE_HZ,
    )  # fmt: skip
    hip, knee, ankle = (at.point(name, runner.near) for name in ("hip", "knee", "ankle"))
    leg = np.hypot(*(hip - knee).T) + np.hypot(*(knee - ankle).T)
    return float(np.mean(runner.facing * (ankle - hip)[:, 0] / leg))


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("roll_deg", [0.0, 3.0, -2.0])
def test_the_ankle_ahead_of_the_hip_is_read_at_contact(facing, roll_deg):
    runner = StickRunner(facing=facing)
    steps = [step for step in runner.steps(DURATION_S) if step.side == runner.near]
    found = overstride(seen(runner, roll_deg), steps, View(runner.near, facing, roll_deg))
    assert found.value - HIP_LABEL == pytest.approx(true_share(runner), abs=0.01)
    assert found.low <= found.value <= found.high
    assert 0.04 < found.high - found.low < 0.06  # what the network's hip is worth
    assert found.n >= len(steps) - 2


def test_a_roll_that_nobody_takes_out_shifts_it():
    runner = StickRunner()
    steps = [step for step in runner.steps(DURATION_S) if step.side == runner.near]
    level, rolled = (overstride(seen(runner, 5.0), steps, View(runner.near, 1, roll)).value for roll in (5.0, 0.0))
    assert abs(rolled - level) == pytest.approx(np.sin(np.radians(5)), abs=0.02)


def test_without_landings_it_is_not_measured():
    runner = StickRunner()
    found = overstride(seen(runner), runner.steps(DURATION_S)[:2], View(runner.near, 1, 0.0))
    assert not found.measured
    assert found.reason
