from functools import cache

import msgspec
import numpy as np
import pytest

from station.sim.bodies.baked import PARTS
from station.sim.bodies.wardrobe import dressed
from station.sim.runner.body import Body
from station.sim.runner.gait_motion import RunnerMotion
from station.sim.runner.scenario import Scenario, load_scenario
from station.sim.runner.standing import standing_pose
from tests.simulated_plate import simulate_ground_force

from .plate import plate_steps

GONE = ("heel", "foot_index", "small_toe", "ankle")
MAY_SINK_M = 0.006


def scenario(side: str) -> Scenario:
    return msgspec.structs.replace(load_scenario("good_man"), strides=2, blade=side)


@pytest.fixture(scope="module", params=["left", "right"])
def runner(request) -> tuple[RunnerMotion, str]:
    spec = scenario(request.param)
    return RunnerMotion(Body.of(spec), spec, 0.0), request.param


@cache
def worn(side: str) -> np.ndarray:
    return dressed("man", blade=side).parts == PARTS.index("worn")


def keel(moving: RunnerMotion, t_s: float, side: str) -> np.ndarray:
    """The vertices (n, 3) of the blade at a time."""
    return moving.body.skin(moving.pose(t_s))[0][worn(side)]


def test_the_leg_with_the_blade_has_no_foot_and_the_other_has_all(runner):
    moving, side = runner
    other = "left" if side == "right" else "right"
    for points in (moving.body.points(moving.pose(0.3)), moving.body.points(standing_pose(moving.body, 0.0))):
        assert not {f"{side}_{name}" for name in GONE} & set(points)
        assert {f"{other}_{name}" for name in GONE} <= set(points)
        assert f"{side}_knee" in points


def test_the_tip_of_the_blade_stays_on_the_belt_through_the_contact(runner):
    moving, side = runner
    contact = moving.loop.of(side)[0]
    times = contact.contact_s + contact.contact_time_s * np.linspace(0.0, 1.0, 9)
    ends = [keel(moving, t, side)[-4:].mean(axis=0) for t in times]
    assert np.diff([end[0] for end in ends]) / np.diff(times) == pytest.approx(-3.0, abs=0.2)
    assert all(-MAY_SINK_M < keel(moving, t, side)[:, 2].min() < MAY_SINK_M for t in times)


def test_the_blade_and_the_other_foot_clear_the_belt_in_swing(runner):
    moving, _ = runner
    times = np.linspace(0, moving.loop.length_s, 60, endpoint=False)
    assert all(moving.body.skin(moving.pose(t))[0][:, 2].min() > -MAY_SINK_M for t in times)


def test_the_motion_with_a_blade_does_not_jump(runner):
    moving, side = runner
    times = np.arange(0, moving.loop.length_s, 1 / 120)
    ends = np.array([keel(moving, t, side)[-1] for t in times])
    assert np.linalg.norm(np.diff(ends, axis=0), axis=1).max() * 120 < 14  # metres a second


def test_the_force_on_a_blade_has_no_heel_impact():
    spec = msgspec.structs.replace(scenario("right"), impact_force_bw=1.5, impact_time_ms=24.0)
    steps = plate_steps(simulate_ground_force(spec, 20.0, seed=1))
    assert not any(s.impact_visible for s in steps if s.side == "right")
    assert all(s.impact_visible for s in steps if s.side == "left")
