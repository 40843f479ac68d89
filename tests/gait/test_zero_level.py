"""Drift of the zero, seen and taken out in the flights."""

import numpy as np
import pytest

from station.gait.body_weight import body_weight_n
from station.gait.cell_source import GivenCells
from station.gait.run_force import run_force, solve_run
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.blur import blurred, corners, unblurred
from tests.simulated_plate import simulate_ground_force


@pytest.fixture(scope="module")
def plate():
    spec = GaitSpec(mass_kg=70, speed_m_s=2.8, cadence_spm=165, duty_factor=0.36, impact_force_bw=0.5)
    return simulate_ground_force(spec, 24.0, seed=5)


def solved(plate, drift_n, chips: bool):
    cells_n = corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m) + drift_n / 4
    cells = blurred(plate.t_s, cells_n) if chips else unblurred(plate.t_s, cells_n)
    return run_force(solve_run(GivenCells(cells), 0.0, float(plate.t_s[-1])), plate.body_weight_n)


@pytest.mark.parametrize("chips", [True, False])
def test_a_fast_drift_is_taken_out(plate, chips):
    drift_n = 120 * np.sin(2 * np.pi * plate.t_s / 30)
    run = solved(plate, drift_n, chips)
    still = solved(plate, 0.0, chips)
    assert run.zero.applied
    assert len(run.contacts) == len(still.contacts)
    assert body_weight_n(run.raw, run.contacts) == pytest.approx(plate.body_weight_n, rel=0.005)
    assert run.contacts.contact_time_s.mean() == pytest.approx(still.contacts.contact_time_s.mean(), rel=0.01)


def test_a_good_tare_is_kept(plate):
    run = solved(plate, 4.0, chips=True)
    assert not run.zero.applied
    assert run.zero.level_n.sum(axis=0) == pytest.approx(4.0, abs=3.0)


def test_a_bad_tare_is_taken_out(plate):
    run = solved(plate, 40.0, chips=True)
    assert run.zero.applied
    assert body_weight_n(run.raw, run.contacts) == pytest.approx(plate.body_weight_n, rel=0.005)


def test_a_slow_drift_over_many_blocks_is_taken_out(plate):
    t_s = np.arange(0, 5 * plate.t_s[-1], plate.t_s[1] - plate.t_s[0])
    fz_n, x_m, y_m = (np.resize(v, len(t_s)) for v in (plate.fz_n, plate.cop_x_m, plate.cop_y_m))
    cells = unblurred(t_s, corners(fz_n, x_m, y_m) + 0.15 * t_s / 4)
    run = run_force(solve_run(GivenCells(cells), 0.0, float(t_s[-1])), plate.body_weight_n)
    late = run.raw.t_s > 90
    assert run.raw.force_n[late].mean() == pytest.approx(fz_n[t_s > 90].mean(), rel=0.015)


def test_a_steady_drift_is_measured(plate):
    run = solved(plate, 60 / 60 * plate.t_s, chips=True)
    assert run.zero.drift_n_per_min == pytest.approx(60, rel=0.1)


def test_without_flight_the_tare_stays():
    spec = GaitSpec(mass_kg=90, speed_m_s=1.9, cadence_spm=150, duty_factor=0.55)
    run = solved(simulate_ground_force(spec, 12.0, seed=5), 30.0, chips=True)
    assert not run.zero.applied
    assert run.zero.drift_n_per_min is None
