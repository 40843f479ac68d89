"""The belt's speed from the centre of pressure."""

import numpy as np
import pytest

from station.gait.belt_ride import CREEP_SD, RIDING, belt_speed, ride_velocities
from station.sim.runner.foot_path import cop_x_m
from tests.gait.blur import corners
from tests.gait.plate import data_dir, trials
from tests.gait.seen_force import plate_of, seen, seen_cells, spec_of

needs_data = pytest.mark.skipif(data_dir() is None, reason="no real recordings on this machine (STATION_DATA)")
SPEEDS_M_S = {"T25": 2.5, "T35": 3.5, "T45": 4.5}


@pytest.mark.parametrize("speed_m_s", [2.0, 3.0, 4.5])
@pytest.mark.parametrize("duty_factor", [0.34, 0.5])
def test_velocity_is_that_of_the_pressure_late_in_stance(speed_m_s, duty_factor):
    changes = {"speed_m_s": speed_m_s, "duty_factor": duty_factor}
    plate, spec = plate_of(**changes), spec_of(**changes)
    ground, contacts = seen(plate)
    true = [
        np.diff(cop_x_m(spec, c, c.contact_s + np.array(RIDING) * c.contact_time_s))[0]
        / (np.diff(RIDING)[0] * c.contact_time_s)
        for c in plate.contacts
    ]
    found_m_s = np.median(ride_velocities(ground, contacts), axis=0)
    assert found_m_s[0] == pytest.approx(np.median(true), rel=0.03)
    assert found_m_s[1] == pytest.approx(0, abs=0.02)


@needs_data
def test_real_feet_tell_the_speed_of_the_belt():
    ratios = []
    for trial in trials():
        ground, contacts = seen_cells(trial.t_s, corners(trial.fz_n, trial.cop_x_m, trial.cop_y_m))
        found = belt_speed(ride_velocities(ground, contacts), None)
        assert found.source == "centre of pressure"
        ratios.append(found.m_s / SPEEDS_M_S[trial.name[-3:]])
    assert np.median(ratios) == pytest.approx(1, abs=0.03)
    assert np.abs(np.array(ratios) - 1).max() < 2.5 * CREEP_SD


def test_a_given_speed_is_taken():
    velocities = ride_velocities(*seen(plate_of()))
    found = belt_speed(velocities, 3.1)
    assert (found.m_s, found.source) == (3.1, "given")
    assert found.sd_m_s < belt_speed(velocities, None).sd_m_s


def test_no_speed_without_places_or_steps():
    plate = plate_of()
    ground, contacts = seen_cells(plate.t_s, corners(plate.fz_n, 0 * plate.t_s, 0 * plate.t_s))
    assert len(contacts) > 20
    assert belt_speed(ride_velocities(ground, contacts), 3.0) is None
    assert belt_speed(np.zeros((0, 2)), 3.0) is None


def test_a_runner_who_drifts_about_the_deck_does_not_change_it():
    plate = plate_of()
    wander_m = 0.2 * np.sin(0.5 * plate.t_s)
    ground, contacts = seen_cells(plate.t_s, corners(plate.fz_n, plate.cop_x_m + wander_m, plate.cop_y_m))
    moved = belt_speed(ride_velocities(ground, contacts), None)
    assert moved.m_s == pytest.approx(belt_speed(ride_velocities(*seen(plate)), None).m_s, rel=0.03)
