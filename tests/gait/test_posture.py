import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from station.gait.posture import analyse_posture
from station.gait.posture_strides import without_outliers
from station.gait.posture_track import index_of
from station.gait.results import POSTURE_ANGLES, PostureResult, Series
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner

SIZE = {"width_px": WIDTH_PX, "height_px": HEIGHT_PX}
EVEN_S = np.arange(0, 30, 1 / 60)


def uneven_s(runner: StickRunner, duration_s: float) -> np.ndarray:
    """As the running station asks for them: five a second, and those about the contacts of the near foot."""
    frames = np.arange(0, duration_s, 1 / 60)
    wanted = np.arange(len(frames)) % 12 == 0
    for step in runner.steps(duration_s)[::2]:
        wanted |= np.abs(frames - step.contact_s) < 0.085
        wanted |= np.abs(frames - step.contact_s - 0.43 * step.contact_time_ms / 1000) < 0.02
    return frames[wanted]


def measured(runner: StickRunner, t_s: np.ndarray = EVEN_S, rate_hz: float = 60, **options) -> PostureResult:
    options.setdefault("contacts", runner.steps(float(t_s[-1])))
    return analyse_posture(t_s, *runner.keypoints(t_s), **SIZE, frame_rate_hz=rate_hz, **options)


def values(result: PostureResult) -> dict[str, float | None]:
    return {key: measure.value for key, measure in result.measures.items()}


ANGLES = st.fixed_dictionaries(
    {
        "neck_relative_deg": st.floats(-5, 35),
        "trunk_lean_deg": st.floats(-3, 18),
        "shoulder_rotation_deg": st.floats(5, 32),
        "elbow_deg": st.floats(60, 150),
        "forearm_across_deg": st.floats(25, 65),
        "foot_strike_deg": st.floats(-12, 25),
        "facing": st.sampled_from([1, -1]),
        "noise_px": st.just(1.5),
    }
)


@given(ANGLES)
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])  # each example is a whole run
def test_angles_of_a_known_runner_are_found_in_uneven_frames(angles):
    runner = StickRunner(**angles)
    result = measured(runner, uneven_s(runner, 30.0))
    value = values(result)
    assert result.camera_side == runner.near
    assert value["neck_relative_deg"] == pytest.approx(runner.neck_relative_deg, abs=1.5)
    assert value["neck_inclination_deg"] == pytest.approx(runner.neck_relative_deg + runner.trunk_lean_deg, abs=1.5)
    assert value["trunk_lean_deg"] == pytest.approx(runner.trunk_lean_deg, abs=0.5)
    assert value["elbow_angle_deg"] == pytest.approx(runner.elbow_deg, abs=1.5)
    assert value["shoulder_rotation_deg"] == pytest.approx(runner.shoulder_rotation_deg, abs=2.0, rel=0.05)
    assert value["forearm_across_deg"] == pytest.approx(runner.forearm_across_deg, abs=5.0)
    foot = result.foot_strike_angle_deg[runner.near]
    assert foot.value == pytest.approx(runner.foot_strike_deg, abs=1.5)
    assert foot.low <= foot.value <= foot.high
    assert not result.foot_strike_angle_deg[runner.far].measured


def test_without_load_cells_the_strides_come_from_the_picture():
    result = measured(StickRunner(noise_px=1.0), contacts=None)
    assert result.cadence_spm == pytest.approx(120 / 0.72, rel=0.005)
    assert result.measures["neck_relative_deg"].value == pytest.approx(8.0, abs=1.0)
    assert result.measures["shoulder_rotation_deg"].value == pytest.approx(20.0, abs=2.0)
    for foot in result.foot_strike_angle_deg.values():
        assert foot.value is None
        assert "load cells" in foot.reason or "far side" in foot.reason


def test_unnamed_contacts_still_find_the_near_foot():
    runner = StickRunner(facing=-1, foot_strike_deg=14.0)
    steps = runner.steps(30.0, sides_known=False)
    for chain in (steps, steps[1:], steps[:11] + steps[12:]):
        foot = measured(runner, contacts=chain).foot_strike_angle_deg["left"]
        assert foot.value == pytest.approx(14.0, abs=0.5)


@pytest.mark.parametrize("contacts", [True, False])
def test_a_mirrored_picture_gives_the_same_angles_and_the_other_side(contacts):
    runner = StickRunner()
    options = {} if contacts else {"contacts": None}
    right, left = measured(runner, **options), measured(replace(runner, facing=-1), **options)
    assert (right.camera_side, left.camera_side) == ("right", "left")
    for key, value in values(right).items():
        assert values(left)[key] == pytest.approx(value, abs=1e-6)


def test_walking_is_refused():
    for stride_s, speed in ((1.3, 0.9), (1.0, 1.6), (0.85, 2.1)):
        walker = StickRunner(running=False, stride_s=stride_s, duty=0.58, speed_m_s=speed, noise_px=2.0)
        result = measured(walker, contacts=None)
        assert result.gait == "walking"
        assert "walking" in result.reason
        assert not any(measure.measured for measure in result.measures.values())


@pytest.mark.parametrize("duty", [0.30, 0.42, 0.50, 0.55])
def test_grounded_running_is_running(duty):
    assert measured(StickRunner(duty=duty, speed_m_s=2.0, noise_px=2.0), contacts=None).gait == "running"


def test_drift_needs_a_long_run_and_is_found_in_one():
    runner = StickRunner(neck_drift_deg_per_min=2.0, noise_px=1.0)
    short = measured(runner)
    assert "two and a half minutes" in short.measures["neck_drift_deg"].reason
    frames_s = np.arange(0, 240, 1 / 20)
    drift = measured(runner, frames_s).measures["neck_drift_deg"]
    assert drift.value == pytest.approx(2.0 * (200 - 90) / 60, abs=0.3)  # middles of the last third and of minute 2
    assert drift.low < drift.value < drift.high


def test_standing_reference_gives_its_own_angles():
    runner = StickRunner(neck_relative_deg=22.0)
    still = replace(runner, neck_relative_deg=4.0, trunk_lean_deg=1.0, shoulder_rotation_deg=0.0)
    result = measured(runner, standing=still.keypoints(np.arange(0, 2, 1 / 60)))
    assert result.standing["neck_relative_deg"] == pytest.approx(4.0, abs=1.0)
    assert result.standing["trunk_lean_deg"] == pytest.approx(1.0, abs=0.5)
    assert "shoulder_rotation_deg" not in result.standing


def test_roll_of_the_picture_is_taken_out():
    """A picture turned clockwise by 3 degrees: the belt's edge falls towards image right by 3 degrees."""
    runner = StickRunner()
    xy_px, confidence = runner.keypoints(EVEN_S)
    turn = np.radians(3.0)
    centre = np.array([WIDTH_PX, HEIGHT_PX]) / 2
    turned = (xy_px - centre) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + centre
    options = {**SIZE, "frame_rate_hz": 60, "contacts": runner.steps(30.0)}
    straight = analyse_posture(EVEN_S, xy_px, confidence, **options)
    rolled = analyse_posture(EVEN_S, turned, confidence, roll_deg=3.0, **options)
    for key in ("neck_inclination_deg", "trunk_lean_deg", "neck_relative_deg"):
        assert rolled.measures[key].value == pytest.approx(straight.measures[key].value, abs=0.05)
    assert rolled.foot_strike_angle_deg["right"].value == pytest.approx(12.0, abs=0.3)


def test_the_foot_strike_angle_is_the_mean_of_the_landings():
    """Two of five landings 6 degrees steeper: their mean is 2.4 above the others, their median is not."""
    runner = StickRunner(noise_px=0.5)
    xy_px, confidence = runner.keypoints(EVEN_S)
    heel, toe = index_of("right_heel"), index_of("right_foot_index")
    for k, step in enumerate(runner.steps(30.0)[::2]):
        about = np.abs(EVEN_S - step.contact_s) < 0.03
        turn = np.radians(6.0) * (k % 5 < 2)
        up = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        xy_px[about, toe] = xy_px[about, heel] + (xy_px[about, toe] - xy_px[about, heel]) @ up.T
    result = analyse_posture(EVEN_S, xy_px, confidence, **SIZE, frame_rate_hz=60, contacts=runner.steps(30.0))
    landings, foot = result.series["foot_strike_angle_deg"].value, result.foot_strike_angle_deg["right"]
    assert foot.n == len(landings)
    assert foot.value == pytest.approx(landings.mean())
    assert foot.value == pytest.approx(12.0 + 2.4, abs=0.6)
    assert abs(np.median(landings) - foot.value) > 1.0
    assert foot.low < foot.value < foot.high


GATES = {
    "too slow": ({"rate_hz": 20.0}, {}),
    "Another person": ({}, {"people": np.array([1, 2] * 20)}),
    "camera moves": ({}, {"background_px_s": np.full(900, 400.0)}),
    "tilted by 7 degrees": ({}, {"roll_deg": -7.0}),
}


@pytest.mark.parametrize("words", GATES)
def test_a_gate_that_fails_says_why(words):
    arguments, options = GATES[words]
    result = measured(StickRunner(), **arguments, **options)
    assert words in result.reason
    assert all(words in measure.reason for measure in result.measures.values())


def test_the_landing_foot_needs_fifty_pictures_a_second():
    t_s = np.arange(0, 30, 1 / 30)
    result = measured(StickRunner(), t_s, 30)
    assert result.measures["neck_relative_deg"].measured
    assert "too slow" in result.foot_strike_angle_deg["right"].reason


def test_a_leg_that_ends_in_no_foot_gets_no_landing_angle_and_no_blame():
    """As the network sees a running blade: heel and toe hang under the shank, 45 degrees toe-down in mid-stance."""
    runner = StickRunner(foot_strike_deg=12.0, noise_px=1.0)
    xy_px, confidence = runner.keypoints(EVEN_S)
    heel, toe = index_of("right_heel"), index_of("right_foot_index")
    turn = np.radians(45.0)
    down = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    xy_px[:, toe] = xy_px[:, heel] + (xy_px[:, toe] - xy_px[:, heel]) @ down.T
    result = analyse_posture(EVEN_S, xy_px, confidence, **SIZE, frame_rate_hz=60, contacts=runner.steps(30.0))
    foot = result.foot_strike_angle_deg["right"]
    assert "were not seen lying along the belt" in foot.reason
    assert foot.n == 0
    assert "foot_strike_angle_deg" not in result.series
    assert result.measures["neck_relative_deg"].value == pytest.approx(8.0, abs=1.0)


def test_a_number_says_of_how_many_strides_it_was_judged():
    runner = StickRunner(noise_px=1.0)
    frames_s = EVEN_S[EVEN_S < 15.0]
    result = analyse_posture(
        frames_s, *runner.keypoints(frames_s), **SIZE, frame_rate_hz=60, contacts=runner.steps(30.0)
    )
    strides, landings = len(runner.steps(30.0)[::2]) - 1, len(runner.steps(30.0)[::2])
    for key in ("neck_relative_deg", "elbow_angle_deg", "shoulder_rotation_deg"):
        measure = result.measures[key]
        assert measure.of == strides
        assert 0.4 * strides < measure.n < 0.6 * strides
    assert result.foot_strike_angle_deg["right"].of == landings


def test_a_runner_out_of_the_picture_or_wandering_is_refused():
    runner = StickRunner()
    xy_px, confidence = runner.keypoints(EVEN_S)
    options = {**SIZE, "frame_rate_hz": 60, "contacts": runner.steps(30.0)}
    outside = analyse_posture(EVEN_S, xy_px + np.array([0, 120.0]), confidence, **options)
    assert "not fully in the picture" in outside.reason
    options["width_px"] = 6000
    passing = analyse_posture(
        EVEN_S, xy_px + np.linspace(0, 3000, len(EVEN_S))[:, None, None] * [1, 0], confidence, **options
    )
    assert "moves through the picture" in passing.reason


HIDDEN = {
    "right_ear": {"neck_inclination_deg", "neck_relative_deg", "neck_drift_deg"},
    "right_wrist": {"forearm_across_deg", "elbow_angle_deg"},
    "nose": {"shoulder_rotation_deg"},
}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_hidden_keypoint_takes_only_its_own_angles(name):
    runner = StickRunner()
    xy_px, confidence = runner.keypoints(EVEN_S)
    confidence[np.arange(len(EVEN_S)) % 3 > 0, index_of(name)] = 0.1
    result = analyse_posture(EVEN_S, xy_px, confidence, **SIZE, frame_rate_hz=60, contacts=runner.steps(30.0))
    missing = {key for key in POSTURE_ANGLES if not result.measures[key].measured}
    assert missing == HIDDEN[name] | {"neck_drift_deg"}


def test_keypoints_that_jump_now_and_then_do_not_move_the_angles():
    runner = StickRunner()
    xy_px, confidence = runner.keypoints(EVEN_S)
    rng = np.random.default_rng(3)
    for name in ("right_ear", "right_wrist", "right_heel"):
        jumps = rng.random(len(EVEN_S)) < 0.04
        xy_px[jumps, index_of(name)] += rng.normal(0, 60, (jumps.sum(), 2))
    result = analyse_posture(EVEN_S, xy_px, confidence, **SIZE, frame_rate_hz=60, contacts=runner.steps(30.0))
    assert result.measures["neck_relative_deg"].value == pytest.approx(8.0, abs=1.0)
    assert result.measures["elbow_angle_deg"].value == pytest.approx(90.0, abs=1.5)
    assert result.foot_strike_angle_deg["right"].value == pytest.approx(12.0, abs=1.5)


@given(
    hnp.arrays(float, st.tuples(st.integers(0, 40), st.just(33), st.just(2)), elements=st.floats(-3000, 3000)),
    st.sampled_from([25.0, 60.0]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60)
def test_any_keypoints_end_in_values_or_reasons(xy_px, rate_hz, with_contacts, random):
    n = len(xy_px)
    t_s = np.cumsum([random.choice([0.0, 1 / rate_hz, 0.3]) for _ in range(n)])
    confidence = np.array([random.choice([0.0, 0.4, 0.9, np.nan]) for _ in range(n * 33)]).reshape(n, 33)
    xy_px[np.array([random.random() < 0.1 for _ in range(n)], bool)] = np.nan
    contacts = StickRunner().steps(8.0) if with_contacts else None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = analyse_posture(t_s, xy_px, confidence, **SIZE, frame_rate_hz=rate_hz, contacts=contacts)
    for measure in (*result.measures.values(), *result.foot_strike_angle_deg.values()):
        assert measure.reason if not measure.measured else np.isfinite([measure.value, measure.low, measure.high]).all()


@given(st.floats(0.3, 0.7), st.floats(-20, 20))
@settings(max_examples=20, deadline=None)
def test_a_posture_that_changes_in_mid_run_is_no_outlier(share, step_deg):
    rng = np.random.default_rng(1)
    t_s = np.arange(60) * 0.7
    value = rng.normal(0, 1.0, 60) + step_deg * (t_s > share * t_s[-1])
    value[[7, 45]] += 30.0
    kept = without_outliers(Series(t_s, value))
    assert not {t_s[7], t_s[45]} & set(kept.t_s)
    assert len(kept.value) >= 55


def test_a_few_keypoints_of_the_near_side_are_enough():
    """A file of keypoints need not have all 33."""
    runner = StickRunner(neck_relative_deg=18.0)
    xy_px, confidence = runner.keypoints(EVEN_S)
    known = [f"right_{name}" for name in ("ear", "shoulder", "hip", "ankle", "heel", "foot_index")]
    confidence[:, [i for i in range(33) if i not in [index_of(name) for name in known]]] = 0.0
    result = analyse_posture(EVEN_S, xy_px, confidence, **SIZE, frame_rate_hz=60, contacts=runner.steps(30.0))
    assert result.measures["neck_relative_deg"].value == pytest.approx(18.0, abs=1.0)
    assert result.foot_strike_angle_deg["right"].value == pytest.approx(12.0, abs=1.0)
    assert "forearm in too few" in result.measures["elbow_angle_deg"].reason
    assert "face in too few" in result.measures["shoulder_rotation_deg"].reason
