"""A long run solved in blocks: whole at the seams, the same whenever it is solved, broken only where it was broken."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.gait.cell_source import GivenCells, RawCells
from station.gait.force_analysis import BROKEN, ForceSetup, analyse_run
from station.gait.force_blocks import BLOCK_S, MARGIN_S, OVERLAP_S, full_stretch, solve_block, stretches
from station.gait.lowpass import zero_phase_lowpass
from station.gait.run_force import run_force, solve_run
from station.gait.total_force import joined
from station.messages import FLAG_FIRST_AFTER_RESET
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.blur import blurred, corners
from tests.gait.raw_conversions import EPOCH_NS, calibration_of, columns_of
from tests.simulated_plate import simulate_ground_force

SPEC = GaitSpec(mass_kg=70, speed_m_s=3.2, cadence_spm=168, duty_factor=0.33, impact_force_bw=1.1, impact_time_ms=26)
END_S = 75.0
KNOWN = ForceSetup(kernel_known=True, deck_known=True)


@pytest.fixture(scope="module")
def plate():
    return simulate_ground_force(SPEC, END_S, seed=4)


@pytest.fixture(scope="module")
def cells(plate):
    return blurred(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m))


@pytest.fixture(scope="module")
def columns(cells):
    return columns_of(cells)


@pytest.fixture(scope="module")
def whole(cells, columns):
    return solve_run(RawCells(columns, calibration_of(cells), EPOCH_NS), 0.0, END_S)


def source_of(cells, columns, kept=slice(None)) -> RawCells:
    return RawCells({name: values[kept] for name, values in columns.items()}, calibration_of(cells), EPOCH_NS)


@given(st.floats(-5, 1e6), st.floats(2, 4000))
def test_blocks_follow_each_other_and_a_run_that_goes_on_keeps_them(start_s, length_s):
    blocks = stretches(start_s, start_s + length_s)
    assert (blocks[0].start_s, blocks[-1].end_s) == (start_s, start_s + length_s)
    for earlier, later in pairwise(blocks):
        assert earlier.end_s == pytest.approx(later.start_s)
    for block in blocks:
        assert start_s <= block.low_s <= block.start_s < block.end_s <= block.high_s <= start_s + length_s
        assert block.high_s - block.low_s >= min(BLOCK_S, length_s) - 1e-3
        assert block.high_s - block.low_s <= BLOCK_S + 2 * OVERLAP_S + MARGIN_S
    assert stretches(start_s, start_s + length_s + 100)[: len(blocks) - 1] == blocks[:-1]


def test_the_force_is_as_good_at_the_seams_as_elsewhere(plate, whole):
    raw = joined([block.ground for block in whole.blocks])
    assert len(whole.blocks) == 3
    assert np.diff(raw.t_s) == pytest.approx(1e-3)
    true_n = zero_phase_lowpass(np.interp(raw.t_s, plate.t_s, plate.fz_n), 1000.0)
    error_bw = (zero_phase_lowpass(raw.force_n, 1000.0) - true_n) / plate.body_weight_n
    usual_bw = np.sqrt(np.mean(error_bw[2000:-2000] ** 2))
    assert usual_bw < 0.02
    for seam_s in (30, 60):
        near = slice(1000 * seam_s - 500, 1000 * seam_s + 500)
        assert np.sqrt(np.mean(error_bw[near] ** 2)) < 2 * usual_bw


def test_a_run_may_begin_in_the_middle_of_a_step(plate):
    slow = blurred(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m), order=4)
    landed = np.flatnonzero((plate.fz_n[1:] > 50) & (plate.fz_n[:-1] <= 50))
    start_s = float(plate.t_s[landed[20]]) + 0.1
    ground = solve_block(GivenCells(slow), full_stretch(start_s, 0), None).ground
    error_bw = (ground.force_n - np.interp(ground.t_s, plate.t_s, plate.fz_n)) / plate.body_weight_n
    assert ground.t_s[0] == pytest.approx(start_s)
    assert np.abs(error_bw[:200]).max() < 2 * np.abs(error_bw[5000:-5000]).max()


def test_a_block_solved_during_the_run_is_the_block_of_the_whole_run(cells, columns, whole):
    stretch = full_stretch(0.0, 1)
    so_far = columns["t_low_ns"] - EPOCH_NS < (stretch.high_s + MARGIN_S + 0.1) * 1e9
    early = solve_block(source_of(cells, columns, so_far), stretch, None)
    assert early.ground.force_n.tobytes() == whole.blocks[1].ground.force_n.tobytes()
    again = solve_run(source_of(cells, columns), 0.0, END_S, early=[early])
    assert again.blocks[1] is early
    assert analyse_run(again, KNOWN).steps == analyse_run(whole, KNOWN).steps


def test_every_conversion_is_there_once(cells, whole):
    for given_cell, solved in zip(cells, whole.cells, strict=True):
        own = given_cell.t_s[(given_cell.t_s > 0) & (given_cell.t_s < END_S)]
        inside = (solved.t_s > 0) & (solved.t_s < END_S)
        assert len(own) == pytest.approx(inside.sum(), abs=1)
        assert np.diff(solved.t_s) == pytest.approx(given_cell.kernel.period_s, rel=0.01)


def test_a_chip_started_again_costs_the_steps_there_and_no_others(cells, columns, whole):
    """Half a second gone and another phase afterwards, over the seam of two blocks."""
    gone = (columns["channel"] == 2) & (np.abs(columns["t_low_ns"] - EPOCH_NS - 30.1e9) < 0.25e9)
    changed = {name: values[~gone].copy() for name, values in columns.items()}
    later = (changed["channel"] == 2) & (changed["t_low_ns"] - EPOCH_NS > 30.1e9)
    for name in ("t_high_ns", "t_low_ns"):
        changed[name][later] += 5_000_000
    changed["flags"][np.flatnonzero(later)[0]] = FLAG_FIRST_AFTER_RESET
    order = np.argsort(changed["t_low_ns"], kind="stable")
    run = solve_run(source_of(cells, {n: v[order] for n, v in changed.items()}), 0.0, END_S)
    before, after = run_force(whole, 690.0).contacts.contact_s, run_force(run, 690.0).contacts.contact_s
    missing = [s for s in before if np.abs(after - s).min() > 0.01]
    assert 1 <= len(missing) <= 4
    assert all(29.4 < s < 30.6 for s in missing)
    assert len(before) - len(missing) == len(after)


def test_a_cell_silent_for_longer_than_a_block_leaves_the_rest(cells):
    gone = (cells[1].t_s > 25) & (cells[1].t_s < 70)
    broken = replace(cells[1], t_s=cells[1].t_s[~gone], force_n=cells[1].force_n[~gone])
    result = analyse_run(solve_run(GivenCells([cells[0], broken, *cells[2:]]), 0.0, END_S), KNOWN)
    contact_s = np.array([step.contact_s for step in result.steps])
    assert len(contact_s) > 75
    assert not np.any((contact_s > 25) & (contact_s < 69.5))


def test_where_a_run_is_cut_to_pieces_that_is_the_reason(cells):
    def torn(cell):
        kept = cell.t_s % 0.5 > 0.09
        return replace(cell, t_s=cell.t_s[kept], force_n=cell.force_n[kept])

    result = analyse_run(solve_run(GivenCells([*cells[:3], torn(cells[3])]), 0.0, 12.0), KNOWN)
    assert result.reason == BROKEN
    foot = result.feet["left"]
    assert (foot.loading_rate_status, foot.loading_rate_reason) == ("not_measured", BROKEN)


@pytest.mark.parametrize(
    ("setup", "words"),
    [
        (replace(KNOWN, deck_known=False, deck_at_least_hz=80.0), None),
        (replace(KNOWN, deck_known=False, deck_at_least_hz=40.0), "how the deck rings"),
        (replace(KNOWN, deck_known=False), "how the deck rings"),
        (replace(KNOWN, other_speed=("rear_left",)), "load cell rear left does not run at the speed"),
    ],
)
def test_what_is_not_known_is_the_reason(whole, setup, words):
    foot = analyse_run(whole, setup).feet["left"]
    assert foot.loading_rate_status == ("relative" if words else "absolute")
    assert words is None or words in foot.loading_rate_reason


def test_the_masses_of_the_grid_widen_the_weight_and_nothing_else(whole):
    exact, vague = (analyse_run(whole, replace(KNOWN, gain_sd=sd)) for sd in (0.0, 0.02))
    half = (vague.body_weight_n.high - vague.body_weight_n.low) / 2
    assert half == pytest.approx(1.2816 * 0.02 * vague.body_weight_n.value, rel=0.02)
    assert vague.feet["left"].peak_force_bw == exact.feet["left"].peak_force_bw
