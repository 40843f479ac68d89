"""The shipped clips say what their scenarios inject, by the points that were rendered."""

import msgspec
import numpy as np
import pytest

from station.sim.runner.clip import FOLDER, ClipTruth
from station.sim.runner.posture_truth import (
    elbow_angle_deg,
    foot_angle_deg,
    forearm_across_deg,
    neck_relative_deg,
    shoulder_turn_deg,
)
from station.sim.runner.scenario import EMPTY_CLIP, Scenario, load_scenario, scenario_names
from tests.sim.runner.truth import load_truth, m_array, px_array
from tests.simulated_plate import simulate_ground_force

from .plate import asymmetry_pct, plate_steps

SIZE_LIMIT = 14e6
RUNNING = [clip for name in scenario_names() for clip in load_scenario(name).clip_names()]


def frames(truth: ClipTruth) -> list[dict[str, np.ndarray]]:
    return [dict(zip(truth.points, places, strict=True)) for places in m_array(truth)]


def over_frames(clip: str, angle) -> np.ndarray:
    return np.array([angle(points) for points in frames(load_truth(clip))])


def neck_over_standing(name: str, clip: str) -> float:
    standing = over_frames(load_scenario(name).standing_clip, neck_relative_deg).mean()
    return over_frames(clip, neck_relative_deg).mean() - standing


def strike_angle(clip: str, side: str) -> float:
    """Heel to toe at the contact less the flat foot in mid-stance, interpolated between frames."""
    truth = load_truth(clip)
    angle = over_frames(clip, lambda points: foot_angle_deg(points, side))
    times = np.arange(truth.frames) / truth.fps
    inside = [c for c in truth.contacts() if c.side == side and c.toe_off_s < times[-1]]
    landing = np.interp([c.contact_s for c in inside], times, angle)
    flat = np.interp([c.contact_s + 0.42 * c.contact_time_s for c in inside], times, angle)
    return float(np.mean(landing - flat))


def test_everything_ships_within_the_limit():
    wanted = {EMPTY_CLIP, "standing_man", "standing_woman", *RUNNING}
    assert {p.stem for p in FOLDER.glob("*.mp4")} == wanted == {p.stem for p in FOLDER.glob("*.json")}
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) < SIZE_LIMIT


@pytest.mark.parametrize("name", scenario_names())
def test_clips_were_rendered_from_the_scenario_as_it_is_now(name):
    scenario = load_scenario(name)
    for stage, clip in enumerate(scenario.clip_names()):
        truth = load_truth(clip)
        assert msgspec.convert(truth.scenario, Scenario) == scenario
        assert truth.speed_m_s == scenario.speed_m_s
        assert truth.neck_deg == scenario.stage_neck_deg(stage)
        loop = scenario.loop()
        assert truth.length_s == pytest.approx(loop.length_s)
        assert len(truth.events) >= 20
        for event, contact in zip(truth.events, loop.contacts, strict=True):
            assert event.side == contact.side
            assert event.contact_s == pytest.approx(contact.contact_s, abs=1e-6)
            assert event.toe_off_s == pytest.approx(contact.toe_off_s, abs=1e-6)


@pytest.mark.parametrize("clip", RUNNING)
def test_pixels_are_the_projected_metres_and_the_runner_is_in_the_picture(clip):
    truth = load_truth(clip)
    px, m = px_array(truth), m_array(truth)
    assert px.shape == (truth.frames, len(truth.points), 2)
    clip_space = np.concatenate([m, np.ones((*m.shape[:2], 1))], axis=2) @ np.array(truth.camera_matrix).T
    ndc = clip_space[..., :2] / clip_space[..., 3:]
    again = np.stack([(ndc[..., 0] + 1) * truth.width_px / 2, (1 - ndc[..., 1]) * truth.height_px / 2], axis=2)
    assert np.abs(again - px).max() < 0.3
    assert px.min() > 0
    assert np.all(px.max(axis=(0, 1)) < (truth.width_px, truth.height_px))
    nose, ear = (px[:, truth.points.index(n), 0].mean() for n in ("nose", "right_ear"))
    assert nose > ear  # faces image right


@pytest.mark.parametrize("name", [n for n in scenario_names() if n != "head_forward"])
def test_the_head_is_over_the_shoulders_as_in_standing(name):
    assert abs(neck_over_standing(name, name)) < 1.0


def test_the_head_comes_forward_over_the_run():
    necks = [neck_over_standing("head_forward", clip) for clip in load_scenario("head_forward").clip_names()]
    assert abs(necks[0]) < 1.0
    assert np.all(np.diff(necks) > 5)
    assert necks[-1] > 20


@pytest.mark.parametrize("name", [n for n in scenario_names() if n != "arms"])
def test_quiet_arms(name):
    for clip in load_scenario(name).clip_names():
        assert np.ptp(over_frames(clip, shoulder_turn_deg)) <= 20
        assert over_frames(clip, forearm_across_deg).max() < 30
        assert over_frames(clip, elbow_angle_deg).mean() == pytest.approx(90, abs=5)


def test_restless_arms():
    assert np.ptp(over_frames("arms", shoulder_turn_deg)) >= 60
    assert over_frames("arms", forearm_across_deg).max() >= 55


@pytest.mark.parametrize("name", scenario_names())
def test_strike_angles(name):
    heavy = "heavy_rearfoot_strike" in load_scenario(name).mistakes
    for clip in load_scenario(name).clip_names():
        for side in ("left", "right"):
            angle = strike_angle(clip, side)
            assert 16 <= angle <= 21 if heavy else 2 <= angle <= 7


@pytest.mark.parametrize("name", scenario_names())
def test_loading_rates(name):
    steps = plate_steps(simulate_ground_force(load_scenario(name), 30.0, seed=1))
    rate = np.mean([s.loading_rate_bw_s for s in steps])
    share = np.mean([s.interest_bw / s.peak_bw for s in steps])
    if "heavy_rearfoot_strike" in load_scenario(name).mistakes:
        assert rate == pytest.approx(95, abs=6)
        assert share >= 0.75
        assert np.mean([s.impact_visible for s in steps]) > 0.95
    else:
        assert rate == pytest.approx(40, abs=3)
        assert share < 0.56


@pytest.mark.parametrize("name", scenario_names())
def test_symmetry(name):
    scenario = load_scenario(name)
    steps = plate_steps(simulate_ground_force(scenario, 60.0, seed=1))
    landing = [c.contact_s for c in scenario.loop().contacts] + [scenario.loop().contacts[0].contact_s]
    landing[-1] += scenario.loop().length_s
    right, left = np.diff(landing)[::2].mean(), np.diff(landing)[1::2].mean()
    found = [200 * (right - left) / (right + left)]
    found += [asymmetry_pct(steps, n) for n in ("contact_time_s", "peak_bw", "impulse_bw_s")]
    if "uneven_gait" in scenario.mistakes:
        watch = np.array([5.5, 7.0, 14.0, 12.0])  # step time, contact time, peak force, impulse
        assert np.all(np.array(found)[[0, 1, 3]] > 1.55 * watch[[0, 1, 3]])
        assert found[2] > 0
    else:
        assert np.all(np.abs(found) < 1.0)
