import msgspec
import numpy as np
import pytest

from station.sim.runner.body import Body
from station.sim.runner.gait_motion import RunnerMotion
from station.sim.runner.posture_truth import neck_relative_deg, strike_angle_deg
from station.sim.runner.scenario import load_scenario
from station.sim.runner.standing import standing_pose
from station.sim.runner.vertical_path import vertical_path


def motion(name: str, **changes) -> RunnerMotion:
    scenario = msgspec.structs.replace(load_scenario(name), strides=3, **changes)
    return RunnerMotion(Body(scenario.body), scenario, scenario.neck_start_deg)


@pytest.fixture(scope="module", params=["good_man", "arms", "uneven", "heavy_rearfoot"])
def runner(request) -> tuple[RunnerMotion, object]:
    return motion(request.param), load_scenario(request.param)


def test_the_foot_moves_with_the_belt_in_mid_stance(runner):
    moving, scenario = runner
    for contact in moving.loop.contacts:
        times = contact.contact_s + contact.contact_time_s * np.array([0.30, 0.35, 0.40, 0.45])
        heels = np.array([moving.body.points(moving.pose(t))[f"{contact.side}_heel"] for t in times])
        assert np.diff(heels[:, 0]) / np.diff(times) == pytest.approx(-scenario.speed_m_s, abs=1e-6)
        assert np.ptp(heels[:, 2]) < 1e-9


def test_the_toes_stay_on_the_belt_until_toe_off(runner):
    moving, scenario = runner
    contact = moving.loop.contacts[0]
    times = contact.contact_s + contact.contact_time_s * np.linspace(0.3, 1.0, 8)
    toes = np.array([moving.body.points(moving.pose(t))["right_foot_index"] for t in times])
    assert np.diff(toes[:, 0]) / np.diff(times) == pytest.approx(-scenario.speed_m_s, abs=0.02)
    assert np.ptp(toes[:, 2]) < 0.003


def test_the_lowest_point_of_the_body_in_stance_is_at_the_belt(runner):
    moving, _ = runner
    for share in np.linspace(0.0, 1.0, 9):
        contact = moving.loop.contacts[2]
        vertices, _ = moving.body.skin(moving.pose(contact.contact_s + share * contact.contact_time_s))
        assert -0.006 < vertices[:, 2].min() < 0.006


def test_both_feet_are_off_the_belt_in_flight(runner):
    moving, _ = runner
    first, second = moving.loop.contacts[:2]
    vertices, _ = moving.body.skin(moving.pose((first.toe_off_s + second.contact_s) / 2))
    assert vertices[:, 2].min() > 0.005


def test_the_motion_closes_over_its_loop_and_does_not_jump(runner):
    moving, _ = runner
    start, end = (moving.body.points(moving.pose(t)) for t in (0.0, moving.loop.length_s))
    assert max(np.linalg.norm(start[n] - end[n]) for n in start) < 1e-9
    times = np.arange(0, moving.loop.length_s, 1 / 120)
    frames = [moving.body.points(moving.pose(t)) for t in times]
    places = np.array([list(f.values()) for f in frames])
    assert np.linalg.norm(np.diff(places, axis=0), axis=2).max() * 120 < 12  # metres a second: a swinging foot


def test_the_sole_has_the_injected_angle_at_contact(runner):
    moving, scenario = runner
    for contact in moving.loop.contacts:
        assert strike_angle_deg(moving.points, contact) == pytest.approx(scenario.strike_angle_deg, abs=0.2)


@pytest.mark.parametrize("name", ["good_man", "good_woman"])
@pytest.mark.parametrize("injected_deg", [-10.0, -4.0, 0.0, 12.0, 25.0])
def test_heel_and_toe_show_every_strike_angle(name, injected_deg):
    moving = motion(name, strike_angle_deg=injected_deg)
    for contact in moving.loop.contacts[:2]:
        assert strike_angle_deg(moving.points, contact) == pytest.approx(injected_deg, abs=0.2)
        _rear_end_comes_down_first(moving, contact, injected_deg)


def _rear_end_comes_down_first(moving: RunnerMotion, contact, injected_deg: float) -> None:
    """The heel of the shoe is on the belt at contact unless the foot lands on its ball."""
    vertices, _ = moving.body.skin(moving.pose(contact.contact_s))
    low = vertices[(vertices[:, 2] < 0.08) & (vertices[:, 0] > 0)]
    rear = low[low[:, 0] < low[:, 0].min() + 0.06, 2].min()
    assert (rear > 0.01) == (injected_deg < 0)
    assert -0.006 < low[:, 2].min() < 0.002


def test_the_toes_come_down_smoothly_on_a_forefoot_landing():
    moving = motion("good_man", strike_angle_deg=-10.0)
    contact = moving.loop.of("right")[1]
    times = contact.contact_s + np.linspace(-0.06, 0.02, 40)
    toes = np.array([moving.body.points(moving.pose(t))["right_foot_index"] for t in times])
    assert np.linalg.norm(np.diff(toes, axis=0), axis=1).max() / (times[1] - times[0]) < 4.5  # metres a second
    assert toes[:, 2].min() > 0.04


def test_the_body_rises_and_falls_as_the_ground_force_says(runner):
    moving, scenario = runner
    path = vertical_path(scenario, moving.loop)
    t = np.linspace(0, moving.loop.length_s, 100)
    assert 0.05 < np.ptp(path(t)) < 0.13
    height = np.array([moving.pose(x).position[0, 2] for x in t])
    assert height - height.mean() == pytest.approx(path(t) - path(t).mean(), abs=1e-9)
    flight = moving.loop.contacts[0].contact_s / 2
    assert path(flight, 2) == pytest.approx(-9.81, abs=0.15)  # without what is slower than the strides


def test_asymmetry_moves_the_body_too():
    even, uneven = motion("uneven", step_time_asymmetry_pct=0.0, contact_time_asymmetry_pct=0.0), motion("uneven")

    def longest_reach_back(moving: RunnerMotion, side: str) -> float:
        ends = [moving.body.points(moving.pose(c.toe_off_s))[f"{side}_foot_index"][0] for c in moving.loop.of(side)]
        return float(np.mean(ends))

    difference = longest_reach_back(uneven, "right") - longest_reach_back(uneven, "left")
    assert difference < -0.06
    assert abs(longest_reach_back(even, "right") - longest_reach_back(even, "left")) < 0.01


def test_the_neck_shows_the_angle_that_was_injected():
    scenario = msgspec.structs.replace(load_scenario("good_man"), strides=2)
    body = Body("man")
    standing = neck_relative_deg(body.points(standing_pose(body, 0.0)))
    for neck_deg in (0.0, 12.0, 26.0):
        moving = RunnerMotion(body, scenario, neck_deg)
        times = np.arange(0, moving.loop.length_s, 1 / 60)
        neck = np.mean([neck_relative_deg(body.points(moving.pose(t))) for t in times])
        assert neck - standing == pytest.approx(neck_deg, abs=0.4)


def test_a_standing_body_is_still_and_upright():
    for name in ("man", "woman"):
        body = Body(name)
        points = [body.points(standing_pose(body, share)) for share in np.linspace(0, 1, 13)]
        assert max(np.linalg.norm(points[0][n] - points[-1][n]) for n in points[0]) < 1e-9
        heels = np.array([p["right_heel"] for p in points])
        assert np.ptp(heels, axis=0).max() < 0.002
        assert all(abs(neck_relative_deg(p)) < 10 for p in points)
        vertices, _ = body.skin(standing_pose(body, 0.3))
        assert -0.006 < vertices[:, 2].min() < 0.006
