import msgspec
import numpy as np
import pytest

from station.sim.bodies.wardrobe import dressed
from station.sim.runner.body import Body
from station.sim.runner.gait_motion import RunnerMotion
from station.sim.runner.scenario import load_scenario
from tests.simulated_plate import simulate_ground_force

GROUNDED = {"body": "heavy", "mass_kg": 150.0, "speed_m_s": 2.0, "cadence_spm": 160.0, "duty_factor": 0.52}


@pytest.fixture(scope="module")
def moving() -> RunnerMotion:
    scenario = msgspec.structs.replace(
        load_scenario("good_man"), strides=2, heel_ahead_m=0.15, step_width_m=0.14, **GROUNDED
    )
    return RunnerMotion(Body.of(scenario), scenario, 0.0)


def depth_m(name: str) -> float:
    """From back to belly, at the height of the navel."""
    body = dressed(name)
    trunk = body.weight_of("spine", "root", "pelvis") > 0.5
    navel_z = body.joint("spine05")[2] + 0.04
    return float(np.ptp(body.vertices[trunk & (np.abs(body.vertices[:, 2] - navel_z) < 0.03), 0]))


def test_the_heavy_body_is_a_man_s_with_more_around_the_same_joints():
    man, heavy = dressed("man"), dressed("heavy")
    assert np.array_equal(man.joints, heavy.joints)
    assert depth_m("heavy") > 1.7 * depth_m("man")
    assert heavy.of_part("shoe").sum() == man.of_part("shoe").sum()
    assert np.array_equal(heavy.vertices[heavy.of_part("shoe")], man.vertices[man.of_part("shoe")])


def test_grounded_running_always_has_a_foot_on_the_belt(moving):
    for t_s in np.linspace(0, moving.loop.length_s, 40, endpoint=False):
        assert -0.006 < moving.body.skin(moving.pose(t_s))[0][:, 2].min() < 0.006


def test_its_motion_closes_and_does_not_jump(moving):
    times = np.arange(0, moving.loop.length_s, 1 / 120)
    places = np.array([list(moving.body.points(moving.pose(t)).values()) for t in times])
    assert np.linalg.norm(np.diff(places, axis=0), axis=2).max() * 120 < 12


def test_the_force_of_150_kg_never_leaves_the_deck():
    scenario = msgspec.structs.replace(load_scenario("good_man"), **GROUNDED)
    recording = simulate_ground_force(scenario, 10.0, seed=1)
    assert recording.fz_n.mean() == pytest.approx(150 * 9.81, rel=0.02)
    assert recording.fz_n[500:-500].min() > 50


def test_the_arms_swing_further_out_than_a_slim_runner_s(moving):
    slim = msgspec.structs.replace(load_scenario("good_man"), strides=2)

    def elbow_outside_shoulder_m(runner: RunnerMotion) -> float:
        poses = [runner.body.points(runner.pose(t)) for t in np.linspace(0, runner.loop.length_s, 12, endpoint=False)]
        return float(np.mean([p["left_elbow"][1] - p["left_shoulder"][1] for p in poses]))

    outside = elbow_outside_shoulder_m(RunnerMotion(Body.of(slim), slim, 0.0))
    assert elbow_outside_shoulder_m(moving) > outside + 0.03
