"""What is injected is what the rendered points show, over the ranges that the claims of accuracy need."""

import msgspec
import numpy as np
import pytest

from station.errors import ConfigError
from station.gait.results import SIDES
from station.sim.runner.body import Body
from station.sim.runner.gait_motion import RunnerMotion
from station.sim.runner.posture_truth import (
    Points,
    ankle_ahead_m,
    elbow_angle_deg,
    forearm_across_deg,
    neck_relative_deg,
    shoulder_turn_deg,
    strike_angle_deg,
    trunk_lean_deg,
)
from station.sim.runner.scenario import Scenario, load_scenario
from station.sim.runner.standing import standing_pose

GAITS = {
    "man": {},
    "woman": {},
    "child": {"mass_kg": 26.0, "speed_m_s": 2.2, "cadence_spm": 195.0, "heel_ahead_m": 0.12, "foot_length_m": 0.21},
    "heavy": {"mass_kg": 150.0, "speed_m_s": 2.0, "cadence_spm": 160.0, "duty_factor": 0.52, "heel_ahead_m": 0.15},
}
EXTREMES = (
    {
        "neck_start_deg": -10.0,
        "shoulder_rotation_deg": 70.0,
        "elbow_deg": 60.0,
        "forearm_across_deg": 60.0,
        "lean_deg": 0.0,
        "strike_angle_deg": -10.0,
    },
    {
        "neck_start_deg": 28.0,
        "shoulder_rotation_deg": 0.0,
        "elbow_deg": 120.0,
        "forearm_across_deg": 10.0,
        "lean_deg": 12.0,
        "strike_angle_deg": 25.0,
    },
)


def scenario(body: str, **changes) -> Scenario:
    return msgspec.structs.replace(load_scenario("good_man"), strides=2, body=body, **GAITS[body], **changes)


@pytest.fixture(scope="module", params=[(b, e) for b in GAITS for e in (0, 1)], ids=lambda p: f"{p[0]}{p[1]}")
def runner(request) -> tuple[RunnerMotion, Scenario, list[Points]]:
    """A body at one end of all ranges at once, and its points over two strides."""
    body, extreme = request.param
    wanted = scenario(body, **EXTREMES[extreme])
    moving = RunnerMotion(Body.of(wanted), wanted, wanted.neck_start_deg)
    times = np.linspace(0, moving.loop.length_s, 48, endpoint=False)
    return moving, wanted, [moving.points(t) for t in times]


def test_neck(runner):
    moving, wanted, frames = runner
    standing = neck_relative_deg(moving.body.points(standing_pose(moving.body, 0.0)))
    for side in SIDES:
        shown = np.mean([neck_relative_deg(points, side) for points in frames])
        assert shown - standing == pytest.approx(wanted.neck_start_deg, abs=1.0)


def test_trunk_lean(runner):
    _, wanted, frames = runner
    for side in SIDES:
        assert np.mean([trunk_lean_deg(points, side) for points in frames]) == pytest.approx(wanted.lean_deg, abs=5.0)


def test_shoulder_rotation(runner):
    _, wanted, frames = runner
    shown = np.ptp([shoulder_turn_deg(points) for points in frames])
    assert shown == pytest.approx(wanted.shoulder_rotation_deg, abs=2.0)


def test_arms(runner):
    _, wanted, frames = runner
    for side in SIDES:
        elbow = np.mean([elbow_angle_deg(points, side) for points in frames])
        assert elbow == pytest.approx(wanted.elbow_deg, abs=12.0)  # the side view foreshortens the forearm
        assert max(forearm_across_deg(points, side) for points in frames) == pytest.approx(
            wanted.forearm_across_deg, abs=3.0
        )


def test_strike_angle(runner):
    moving, wanted, _ = runner
    for contact in moving.loop.contacts:
        assert strike_angle_deg(moving.points, contact) == pytest.approx(wanted.strike_angle_deg, abs=0.2)


def test_the_foot_lands_ahead_of_the_hip(runner):
    moving, wanted, _ = runner
    for contact in moving.loop.contacts:
        ahead_m = ankle_ahead_m(moving.points(contact.contact_s), contact.side)
        assert ahead_m == pytest.approx(wanted.heel_ahead_m + 0.05, abs=0.07)


def test_the_body_stays_on_the_belt(runner):
    moving, _, _ = runner
    times = np.linspace(0, moving.loop.length_s, 30, endpoint=False)
    lowest = min(moving.body.skin(moving.pose(t))[0][:, 2].min() for t in times)
    assert -0.008 < lowest < 0.006
    assert abs(moving.body.skin(standing_pose(moving.body, 0.0))[0][:, 2].min()) < 0.006


def test_a_child_is_a_child():
    height_m = np.ptp(Body("child").skin(standing_pose(Body("child"), 0.0))[0][:, 2])
    assert 1.20 < height_m < 1.32
    child, man = Body("child"), Body("man")
    leg_share = (child.thigh_m + child.shank_m) / height_m
    assert leg_share < (man.thigh_m + man.shank_m) / 1.78


def test_what_a_body_cannot_do_is_refused_with_a_reason():
    straight = scenario("man", elbow_deg=170.0, forearm_across_deg=60.0)
    with pytest.raises(ConfigError, match="a forearm 60 deg across the body"):
        RunnerMotion(Body("man"), straight, 0.0)
