"""A lasting change of the belt's speed within a run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.belt_ride import ride_velocities
from station.gait.contacts import Contacts
from station.gait.pace_change import lasting_changes, paces
from station.sim.runner.scenario import load_scenario, scenario_names
from station.sim.world import Visit, World
from tests.gait.blur import corners
from tests.gait.plate import data_dir, trials
from tests.gait.seen_force import plate_of, seen_cells

needs_data = pytest.mark.skipif(data_dir() is None, reason="no real recordings on this machine (STATION_DATA)")
STEP_S = 0.36


def changes_in(t_s, cells_n):
    ground, contacts = seen_cells(t_s, cells_n)
    return lasting_changes(contacts.contact_s, paces(contacts, ride_velocities(ground, contacts)))


def pressed(*parts, with_cop=True):
    """Recordings one after the other as one: (times, cell forces)."""
    cells_n = [corners(p.fz_n, p.cop_x_m * with_cop, p.cop_y_m * with_cop) for p in parts]
    period_s = parts[0].t_s[1] - parts[0].t_s[0]
    joined = np.concatenate(cells_n, axis=1)
    return np.arange(joined.shape[1]) * period_s, joined


@needs_data
@pytest.mark.parametrize("runner", ["001", "013", "028"])
@pytest.mark.parametrize("with_cop", [True, False])
@pytest.mark.parametrize("faster", [True, False])
def test_two_trials_of_one_runner_make_a_change(runner, with_cop, faster):
    parts = list(trials(f"RBDS{runner}_T[23]5.npz"))
    parts = parts if faster else parts[::-1]
    (found_s,) = changes_in(*pressed(*parts, with_cop=with_cop))
    assert abs(found_s - len(parts[0].t_s) / 300) < 5


@needs_data
@pytest.mark.parametrize("with_cop", [True, False])
def test_one_speed_makes_none(with_cop):
    found = {trial.name: changes_in(*pressed(trial, with_cop=with_cop)) for trial in trials()}
    assert len(found) >= 27
    assert {name for name, at_s in found.items() if at_s} == set()


@pytest.mark.parametrize("name", scenario_names())
def test_the_scenarios_run_at_one_speed(name):
    world = World(load_scenario(name), Visit(0.0, 2.0), seed=1, run_s=60.0)
    t_s = np.arange(2.2, 62.0, 0.002)
    assert changes_in(t_s, world.cell_force_n(t_s)) == ()


def test_a_belt_that_is_still_speeding_up_is_no_change():
    parts = plate_of(6.0, speed_m_s=1.8, duty_factor=0.44), plate_of(30.0, speed_m_s=3.0, duty_factor=0.34)
    assert changes_in(*pressed(*parts)) == ()


def test_a_belt_that_changes_for_good_is_noticed_and_back_again():
    fast, slow = (plate_of(25.0, speed_m_s=v, duty_factor=d) for v, d in ((3.4, 0.31), (2.6, 0.36)))
    first_s, second_s = changes_in(*pressed(slow, fast, slow))
    assert abs(first_s - 25) < 2
    assert abs(second_s - 50) < 2


def test_another_way_of_running_on_the_same_belt_is_no_change():
    parts = plate_of(25.0, duty_factor=0.31), plate_of(25.0, duty_factor=0.36)
    t_s, cells_n = pressed(*parts)
    _, contacts = seen_cells(t_s, cells_n)
    assert len(lasting_changes(contacts.contact_s, contacts.contact_time_s)) == 1
    assert changes_in(t_s, cells_n) == ()


@given(st.floats(0.7, 1.4), st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_two_unlike_feet_are_no_change(ratio, seed):
    """A blade and a foot, at one speed."""
    rng = np.random.default_rng(seed)
    contact_s = np.cumsum(STEP_S * rng.normal(1, 0.01, 160))
    feet = np.resize([1.0, ratio], 160) * rng.normal(1, 0.02, 160)
    toe_off_s = contact_s + 0.26 * feet
    contacts = Contacts(contact_s, toe_off_s, contact_s, toe_off_s, np.zeros(160, int))
    for velocity_m_s in (-2.8 * feet, np.zeros(160)):  # of a CoP that rides with the belt, and of cells that see none
        found = paces(contacts, np.column_stack([velocity_m_s, np.zeros(160)]))
        assert lasting_changes(contact_s, found) == ()


def test_fatigue_and_a_stumble_are_no_change():
    t_s = np.arange(0, 600, STEP_S)
    rng = np.random.default_rng(1)
    tiring = 0.24 * (1 + 0.20 * t_s / 600) * (1 + 0.03 * rng.standard_normal(len(t_s)))
    assert lasting_changes(t_s, tiring) == ()
    stumbling = np.where(np.abs(t_s - 300) < 2, 0.35, 0.24)
    assert lasting_changes(t_s, stumbling) == ()


def test_without_steps_there_is_none():
    assert lasting_changes(np.zeros(0), np.zeros(0)) == ()
    plate = plate_of(3.0)
    assert changes_in(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m)) == ()


@settings(max_examples=30)
@given(st.integers(0, 2**31), st.floats(0.12, 0.6), st.floats(40, 160))
def test_a_step_of_any_size_is_placed_and_noise_alone_is_none(seed, size, change_s):
    rng = np.random.default_rng(seed)
    t_s = np.arange(0, 200, STEP_S)
    noise = 1 + 0.02 * rng.standard_normal(len(t_s))
    assert lasting_changes(t_s, 0.25 * noise) == ()
    (found_s,) = lasting_changes(t_s, 0.25 * noise * np.where(t_s >= change_s, 1 - size, 1.0))
    assert abs(found_s - change_s) < 2
