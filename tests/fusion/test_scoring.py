"""What the calibration tells the analysis."""

import msgspec
import pytest

from station.fusion.scoring import resonance, setup_of
from station.gait.results import DeckResonance
from station.gait.run_force import SolvedRun
from station.messages import Calibration, DeckCalibration
from tests.fusion.simulated_run import SPEC, plate_of
from tests.gait.blur import blurred, corners
from tests.gait.raw_conversions import calibration_of


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
