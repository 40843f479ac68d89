"""What the calibration tells the analysis, and what the camera's own word about its sensor does to the landings."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from station.fusion.filming import Filming
from station.fusion.scoring import Analysed, analyse_session, resonance, scored, setup_of
from station.fusion.session import Session
from station.gait.posture_track import PoseTrack
from station.gait.results import DeckResonance
from station.gait.run_force import SolvedRun
from station.messages import KEYPOINTS, Calibration, DeckCalibration, RunInfo
from tests.fusion.simulated_run import SPEC, plate_of
from tests.gait.blur import blurred, corners, unblurred
from tests.gait.raw_conversions import calibration_of
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner


@pytest.fixture(scope="module")
def run() -> SolvedRun:
    plate = plate_of(3.0, SPEC)
    return SolvedRun(0.0, 3.0, blurred(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m)), ())


def calibrated(run: SolvedRun, **changes: object) -> Calibration:
    return msgspec.structs.replace(calibration_of(run.cells), **changes)


def test_a_tested_station_with_a_stiff_deck_is_absolute(run):
    setup = setup_of(calibrated(run, gain_sd=0.004), run)
    assert (setup.relative_reason, setup.deck, setup.gain_sd) == (None, None, 0.004)
    assert setup_of(None, run).relative_reason is None  # newtons as a user gave them


def test_a_deck_that_the_taps_told_comes_with_its_doubt(run):
    deck = DeckCalibration(
        stiff=False, frequency_hz=31.0, damping_ratio=0.05, frequency_sd_hz=0.4, damping_sd=0.01, at_least_hz=None
    )
    assert resonance(calibrated(run, deck=deck)) == DeckResonance(31.0, 0.05, 0.4, 0.01)
    assert setup_of(calibrated(run, deck=deck), run).relative_reason is None


@pytest.mark.parametrize(("at_least_hz", "known"), [(80.0, True), (75.0, True), (40.0, False), (None, False)])
def test_a_deck_that_rings_nowhere_below_a_bound_counts_as_known_where_that_is_high(run, at_least_hz, known):
    setup = setup_of(calibrated(run, deck=DeckCalibration(stiff=False, at_least_hz=at_least_hz)), run)
    assert (setup.relative_reason is None) == known
    assert setup.deck is None


@pytest.mark.parametrize(("factor", "other"), [(1.03, ()), (0.97, ()), (1.08, ("rear_left",)), (0.125, ("rear_left",))])
def test_a_chip_of_another_speed_than_the_tested_one_is_named(run, factor, other):
    calibration = calibrated(run)
    tested = calibration.cells[2]
    kernel = msgspec.structs.replace(tested.kernel, period_s=tested.kernel.period_s / factor)
    cells = [*calibration.cells[:2], msgspec.structs.replace(tested, kernel=kernel), calibration.cells[3]]
    setup = setup_of(msgspec.structs.replace(calibration, cells=cells), run)
    assert setup.other_speed == other
    assert (setup.relative_reason is None) == (not other)


def test_a_chip_that_was_never_tested_makes_loading_rates_relative(run):
    calibration = calibrated(run)
    cells = [msgspec.structs.replace(cell, kernel=None) for cell in calibration.cells]
    setup = setup_of(msgspec.structs.replace(calibration, cells=cells), run)
    assert "has not been tested" in setup.relative_reason


FILMED = Filming(
    run_s=20.0, frames=1200, dropped=0, interval_counts=(), readout_ms=0.0, readout_half_width_ms=0.0,
    troubles_s={}, pose_troubles_s={},
)  # fmt: skip


HANDS_S, CARRIED = (15.0, 25.0), 0.9
"""When the hands were on the rail, and what the deck then carries of the weight."""


@pytest.fixture(scope="module")
def filmed() -> Session:
    return filmed_run(20.0)


@pytest.fixture(scope="module")
def holding() -> Analysed:
    return analyse_session(filmed_run(40.0, hands_s=HANDS_S))


def filmed_run(seconds: float, hands_s: tuple[float, float] = (0.0, 0.0)) -> Session:
    """A stick runner on both sensors, whose clock is one: half a sine of force in each of the true stances."""
    runner = StickRunner(noise_px=0.5)
    t_s, frame_s = np.arange(0, seconds, 1e-3), np.arange(0, seconds, 1 / 60)
    force_n, left_m = np.zeros(len(t_s)), np.zeros(len(t_s))
    for step in runner.steps(seconds):
        share = (t_s - step.contact_s) / (step.toe_off_s - step.contact_s)
        down = (share > 0) & (share < 1)
        force_n[down] = 700 * np.pi / 4 / runner.duty * np.sin(np.pi * share[down])
        left_m[down] = 0.08 if step.side == "left" else -0.08
    force_n[(t_s >= hands_s[0]) & (t_s < hands_s[1])] *= CARRIED
    poses = PoseTrack.of(frame_s, *runner.keypoints(frame_s), WIDTH_PX, HEIGHT_PX, 60.0)
    cells = unblurred(t_s, corners(force_n, np.zeros(len(t_s)), left_m))
    info = RunInfo(visit_id="stick", version="test", seed=1, inputs={})
    return Session(info, 0.0, seconds, cells=tuple(cells), poses=poses, filming=FILMED)


def test_the_shoes_turn_goes_with_the_leg_whose_labels_were_exchanged(filmed):
    order = [KEYPOINTS.index(mirrored(name)) for name in KEYPOINTS]
    exchanged = np.arange(len(filmed.poses.t_s)) % 300 < 40
    xy_px, turn_deg = filmed.poses.xy_px.copy(), np.full((len(exchanged), 2), np.nan)
    xy_px[exchanged] = xy_px[exchanged][:, order]
    turn_deg[~exchanged, 1] = turn_deg[exchanged, 0] = 10.0
    analysed = analyse_session(replace(filmed, poses=replace(filmed.poses, xy_px=xy_px, foot_turn_deg=turn_deg)))
    assert np.mean(analysed.facts.track.foot_turn_deg[:, 1] == 10.0) > 0.99


def mirrored(name: str) -> str:
    side, _, point = name.partition("_")
    in_leg = point in ("hip", "knee", "ankle", "heel", "foot_index")
    return f"{'right' if side == 'left' else 'left'}_{point}" if in_leg else name


def test_a_sensor_whose_rows_have_no_known_time_makes_the_landings_less_sure(filmed):
    """Of a foot that turns 160 degrees a second, 4 ms at the lower end of the picture are 0.6 degrees."""
    sure, doubted = (
        analyse_session(
            replace(filmed, filming=replace(FILMED, readout_half_width_ms=half_ms))
        ).facts.posture.foot_strike_angle_deg["right"]
        for half_ms in (0.0, 4.0)
    )
    assert doubted.value == sure.value
    assert doubted.high - sure.value == pytest.approx(np.hypot(sure.high - sure.value, 0.6), abs=0.15)


def test_a_sensor_that_nobody_knows_costs_the_landings_and_nothing_else(filmed):
    """Its rows at the feet are up to 14 ms late."""
    unknown = analyse_session(replace(filmed, filming=replace(FILMED, readout_half_width_ms=15.0)))
    landing = unknown.facts.posture.foot_strike_angle_deg["right"]
    assert "up to 10 ms" in landing.reason
    assert all(step.strike is None for step in unknown.facts.force.steps)
    assert unknown.facts.posture.measures["trunk_lean_deg"].measured


def test_the_camera_too_speaks_of_the_judged_part_alone(holding):
    force, posture = holding.facts.force, holding.facts.posture
    held = [step for step in force.steps if HANDS_S[0] + 1 < step.contact_s < HANDS_S[1] - 1]
    assert held
    assert not any(step.judged for step in held)
    assert all(step.strike is None for step in held)
    assert sum(step.strike is not None for step in force.judged_steps) > 20
    for series in posture.series.values():
        assert not np.any((series.t_s > HANDS_S[0] + 1) & (series.t_s < HANDS_S[1] - 1))
    assert posture.measures["trunk_lean_deg"].measured


def test_the_document_lists_what_the_run_was_made_of(holding):
    session = filmed_run(40.0, hands_s=HANDS_S)
    document = msgspec.json.decode(scored(session, holding).json)
    (running,) = document["episodes"]
    assert (running["kind"], running["start_s"], running["end_s"]) == ("running", 0.0, pytest.approx(40, abs=0.1))
    (mark,) = running["marks"]
    assert (mark["kind"], mark["start_s"], mark["end_s"]) == ("hands", *(pytest.approx(t, abs=1.5) for t in HANDS_S))
    assert [block["judged"] for block in running["blocks"]] == [True, True]
    assert document["summary"]["judged_steps"] == sum(step["judged"] for step in document["steps"])
    assert document["summary"]["judged_steps"] < document["summary"]["steps"] == len(document["steps"])
    assert any("your hands carried weight" in note for note in document["summary"]["notes"])
