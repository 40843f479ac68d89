"""The mean path of the centre of pressure under a foot, against the simulated runner's own roll of the foot."""

import numpy as np
import pytest

from station.gait.belt_ride import BeltSpeed
from station.gait.cop_error import CHIPS, UNBLURRED, cop_error
from station.gait.cop_path import STANCE_PCT, cop_path
from station.sim.runner.foot_path import cop_x_m, heel_x_m
from tests.gait.blur import blurred, corners, unblurred
from tests.gait.seen_force import plate_of, seen, seen_cells, spec_of

BELT = BeltSpeed(3.0, 0.0, "given")


def path_of(plate, belt=BELT, steps=None):
    ground, contacts = seen(plate)
    return cop_path(ground, contacts, np.arange(len(contacts)) if steps is None else steps, belt, UNBLURRED)


def roll_m(plate, **changes):
    """The true way of the pressure along the foot, about its mean of mid-stance."""
    spec, contact = spec_of(**changes), plate.contacts[3]
    t_s = contact.contact_s + STANCE_PCT / 100 * contact.contact_time_s
    along = cop_x_m(spec, contact, t_s) - heel_x_m(spec, contact, t_s)
    return along - along[(STANCE_PCT >= 40) & (STANCE_PCT <= 70)].mean()


@pytest.mark.parametrize("strike_angle_deg", [-8.0, 0.0, 16.0])
def test_the_roll_of_the_foot_is_found(strike_angle_deg):
    plate = plate_of(strike_angle_deg=strike_angle_deg)
    path, truth_m = path_of(plate), roll_m(plate, strike_angle_deg=strike_angle_deg)
    judged = (STANCE_PCT >= 10) & (STANCE_PCT <= 90)
    assert path.x_m[judged] == pytest.approx(truth_m[judged], abs=0.006)
    assert np.all(np.isfinite(path.x_half_width_m))
    assert path.n > 25


def test_where_the_runner_is_on_the_deck_does_not_matter():
    plate = plate_of()
    ground, contacts = seen_cells(plate.t_s, corners(plate.fz_n, plate.cop_x_m + 0.3, plate.cop_y_m - 0.1))
    moved = cop_path(ground, contacts, np.arange(len(contacts)), BELT, UNBLURRED)
    assert moved.x_m == pytest.approx(path_of(plate).x_m, abs=1e-6, nan_ok=True)
    assert moved.y_m == pytest.approx(path_of(plate).y_m, abs=1e-6, nan_ok=True)


def test_sideways_motion_of_the_foot_is_kept_and_left_is_positive():
    plate = plate_of()
    since_s = np.zeros(len(plate.t_s))
    for contact in plate.contacts:
        inside = (plate.t_s >= contact.contact_s) & (plate.t_s <= contact.toe_off_s)
        since_s[inside] = plate.t_s[inside] - contact.contact_s
    ground, contacts = seen_cells(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m + 0.1 * since_s))
    path = cop_path(ground, contacts, np.arange(len(contacts)), BELT, UNBLURRED)
    middle = (STANCE_PCT > 20) & (STANCE_PCT < 80)
    drift_m = np.polyfit(STANCE_PCT[middle] / 100 * contacts.contact_time_s.mean(), path.y_m[middle], 1)[0]
    assert drift_m == pytest.approx(0.1, rel=0.05)


def test_the_ends_of_stance_press_too_lightly():
    path = path_of(plate_of(impact_force_bw=0.0))
    assert np.isnan(path.x_m[0])
    assert np.isnan(path.x_m[-1])
    assert np.all(np.isfinite(path.x_m[STANCE_PCT.searchsorted(20) : STANCE_PCT.searchsorted(80)]))


def test_overlapping_feet_are_judged_only_where_each_stands_alone():
    plate = plate_of(duty_factor=0.55, speed_m_s=2.0, cadence_spm=150, mass_kg=110)
    path = path_of(plate, BeltSpeed(2.0, 0.0, "given"))
    truth_m = roll_m(plate, duty_factor=0.55, speed_m_s=2.0, cadence_spm=150, mass_kg=110)
    told = np.isfinite(path.x_m)
    assert not told[STANCE_PCT <= 6].any()
    assert told[(STANCE_PCT >= 20) & (STANCE_PCT <= 80)].all()
    assert path.x_m[told] == pytest.approx(truth_m[told], abs=0.01)


def test_an_uncertain_belt_widens_the_interval_away_from_mid_stance():
    plate = plate_of()
    sure, unsure = path_of(plate), path_of(plate, BeltSpeed(3.0, 0.15, "centre of pressure"))
    early, middle = STANCE_PCT.searchsorted(10), STANCE_PCT.searchsorted(54)
    assert unsure.x_half_width_m[early] > 2 * sure.x_half_width_m[early]
    assert unsure.x_half_width_m[middle] == pytest.approx(sure.x_half_width_m[middle], rel=0.4)
    assert unsure.y_half_width_m == pytest.approx(sure.y_half_width_m)


def test_three_steps_make_no_path():
    assert path_of(plate_of(), steps=np.arange(3)) is None
    assert path_of(plate_of(), steps=np.arange(4)) is not None


def test_chips_are_less_certain_than_newtons():
    plate = plate_of(2.0)
    cells_n = corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m)
    assert cop_error(blurred(plate.t_s, cells_n)) is CHIPS
    assert cop_error(unblurred(plate.t_s, cells_n)) is UNBLURRED
    assert CHIPS.x_m(0.01, 0.2) > CHIPS.x_m(0.1, 0.1) > UNBLURRED.x_m(0.1, 0.1)
