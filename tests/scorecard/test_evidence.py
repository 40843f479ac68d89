import json

import numpy as np
import pytest

from station.gait.posture import analyse_posture
from station.gait.posture_track import PoseTrack, index_of
from station.gait.results import MeanCurve
from station.scorecard.evidence import force_curves, picture_at
from station.scorecard.facts import Facts
from station.scorecard.registry import judge_all
from tests.gait.stick_runner import GROUND_Y_PX, HEIGHT_PX, WIDTH_PX, StickRunner
from tests.scorecard.runs import Run

T_S = np.arange(0, 30, 1 / 60)


def stick_facts(runner: StickRunner, row_s: float = 0.0) -> Facts:
    """A stick runner seen by the camera, on forces made of numbers; exposed when the row of the ground is."""
    xy_px, confidence = runner.keypoints(T_S + row_s * GROUND_Y_PX)
    steps = runner.steps(30.0)
    posture = analyse_posture(
        T_S, xy_px, confidence, width_px=WIDTH_PX, height_px=HEIGHT_PX, frame_rate_hz=60, row_s=row_s, contacts=steps
    )
    force = Run(strides=len(steps) // 2).facts(camera=False).force
    track = PoseTrack.of(T_S, xy_px, confidence, WIDTH_PX, HEIGHT_PX, 60.0, row_s)
    return Facts(force, posture, track, speed_m_s=3.0)


def drawn_deg(angle: dict) -> float:
    """The angle between the two rays, as a viewer would measure it on the picture."""
    vertex, a, b = (np.array(angle[key]) for key in ("vertex", "from", "to"))
    u, v = a - vertex, b - vertex
    return float(np.degrees(np.arccos(u @ v / np.hypot(*u) / np.hypot(*v))))


@pytest.mark.parametrize("facing", [1, -1])
def test_the_angle_that_is_printed_is_the_one_that_is_drawn(facing):
    runner = StickRunner(facing=facing, foot_strike_deg=15.0, neck_relative_deg=25.0)
    verdicts = judge_all(stick_facts(runner))
    for name, tolerance in (("head_forward", 0.5), ("arm_movement", 0.5), ("heavy_rearfoot_strike", 3.0)):
        picture = verdicts[name].to_json()["evidence"][0]
        assert picture["kind"] == "picture"
        assert drawn_deg(picture["angle"]) == pytest.approx(abs(picture["angle"]["value_deg"]), abs=tolerance)
        assert all(name in picture["points"] for line in picture["lines"] for name in line)
        assert all(line[0].startswith(runner.near) for line in picture["lines"])
        assert all(0 <= x < WIDTH_PX and 0 <= y < HEIGHT_PX for x, y in picture["points"].values())
        json.dumps(picture)


def test_the_landing_shown_is_a_landing_of_the_near_foot():
    runner = StickRunner(foot_strike_deg=15.0)
    picture = judge_all(stick_facts(runner))["heavy_rearfoot_strike"].to_json()["evidence"][0]
    contacts = np.array([step.contact_s for step in runner.steps(30.0)[::2]])
    assert np.abs(contacts - picture["t_s"]).min() < 1 / 60


def test_the_landing_shown_is_chosen_by_the_time_of_the_foots_own_row():
    row_s = 0.017 / HEIGHT_PX  # the foot is exposed 16 ms after the first row
    runner = StickRunner(foot_strike_deg=15.0)
    picture = judge_all(stick_facts(runner, row_s))["heavy_rearfoot_strike"].to_json()["evidence"][0]
    contacts = np.array([step.contact_s for step in runner.steps(30.0)[::2]])
    foot_s = picture["t_s"] + row_s * picture["points"]["right_heel"][1]
    assert np.abs(contacts - foot_s).min() < 1 / 100
    assert picture["step"] % 2 == 1  # of the near foot, not the one before


def test_without_the_frames_there_is_no_picture_but_the_verdict_stays():
    facts = stick_facts(StickRunner())
    blind = judge_all(Facts(facts.force, facts.posture, None, speed_m_s=3.0))
    assert blind["head_forward"].evidence == ()
    assert blind["head_forward"].verdict != "not_measured"


def test_hidden_points_are_not_drawn():
    xy_px, confidence = StickRunner().keypoints(T_S[:2])
    confidence[:, index_of("right_knee")] = 0.1
    track = PoseTrack.of(T_S[:2], xy_px, confidence, WIDTH_PX, HEIGHT_PX, 60.0)
    picture = picture_at(track, 0, [("right_hip", "right_shoulder")], None, None).to_json()
    assert "right_knee" not in picture["points"]
    assert not any("right_knee" in line for line in picture["skeleton"])


def test_curves_of_both_feet_with_what_they_are():
    force = Run().facts(camera=False).force
    assert force_curves(force) == ()
    t_ms = np.arange(-20, 280, 1.0)
    curve = MeanCurve(t_ms, np.sin(t_ms / 90), np.full_like(t_ms, 0.1), "mean_estimated", 50.0)
    feet = {side: type(foot)(**{**vars(foot), "curve": curve}) for side, foot in force.feet.items()}
    (curves,) = force_curves(type(force)(**{**vars(force), "feet": feet}))
    document = curves.to_json()
    assert document["kind"] == "curves"
    assert (document["label"], document["bandwidth_hz"], document["band"]) == (
        "mean_estimated",
        50.0,
        "sd_between_steps",
    )
    assert set(document["t_ms"]) == set(document["force_bw"]) == {"left", "right"}
    for side in ("left", "right"):
        assert len(document["t_ms"][side]) == len(document["force_bw"][side]) == len(document["sd_bw"][side]) <= 301
        assert np.interp(100, document["t_ms"][side], document["force_bw"][side]) == pytest.approx(0.896, abs=0.002)
