"""The strike index where the foot's place is known."""

from dataclasses import replace

import numpy as np
import pytest

from station.gait.belt_ride import BeltSpeed
from station.gait.cop_error import UNBLURRED
from station.gait.results import FootPlaces
from station.gait.strike_index import early_cop, strike_index
from station.sim.runner.foot_path import cop_x_m, foot_y_m, heel_x_m
from tests.gait.seen_force import plate_of, seen, spec_of

BELT = BeltSpeed(3.0, 0.09, "given")


def truth(plate, spec, contacts, flat=0.3):
    """(places at `flat` of stance, true index) of the steps found."""
    mine = [min(plate.contacts, key=lambda c, at=at: abs(c.contact_s - at)) for at in contacts.contact_s]
    t_s = contacts.contact_s + flat * contacts.contact_time_s
    heel_x = np.array([heel_x_m(spec, c, t) for c, t in zip(mine, t_s, strict=True)])
    y = np.array([foot_y_m(spec, c.side) for c in mine])
    at_s = [c.contact_s + 0.1 * c.contact_time_s for c in mine]
    index = [(cop_x_m(spec, c, t) - heel_x_m(spec, c, t)) / spec.foot_length_m for c, t in zip(mine, at_s, strict=True)]
    return FootPlaces(t_s, heel_x, y, heel_x + spec.foot_length_m, y, sd_m=0.0), float(np.mean(index))


@pytest.fixture(scope="module")
def run():
    plate, spec = plate_of(), spec_of()
    ground, contacts = seen(plate)
    return early_cop(ground, contacts, BELT, UNBLURRED), *truth(plate, spec, contacts)


@pytest.mark.parametrize("strike_angle_deg", [-8.0, 0.0, 8.0, 16.0])
@pytest.mark.parametrize("flat", [0.1, 0.4])
def test_it_is_found_wherever_the_strike_is(strike_angle_deg, flat):
    plate, spec = plate_of(strike_angle_deg=strike_angle_deg), spec_of(strike_angle_deg=strike_angle_deg)
    ground, contacts = seen(plate)
    places, index = truth(plate, spec, contacts, flat)
    found = strike_index(early_cop(ground, contacts, BELT, UNBLURRED), places, np.arange(len(contacts)))
    assert found.value == pytest.approx(index, abs=0.02)
    assert found.low < index < found.high
    assert found.n == len(contacts)


def test_a_foot_turned_outwards_is_measured_along_itself(run):
    cop, places, index = run
    turn = np.radians(15)
    middle_x = places.heel_x_m + index * 0.28
    turned = replace(
        places,
        heel_x_m=middle_x - index * 0.28 * np.cos(turn),
        toe_x_m=middle_x + (1 - index) * 0.28 * np.cos(turn),
        heel_y_m=places.heel_y_m - index * 0.28 * np.sin(turn),
        toe_y_m=places.toe_y_m + (1 - index) * 0.28 * np.sin(turn),
    )
    straight, along = (strike_index(cop, p, np.arange(len(cop.t_s))) for p in (places, turned))
    assert along.value == pytest.approx(straight.value, abs=0.002)


def test_only_steps_with_a_known_place_count(run):
    cop, places, index = run
    partly = replace(places, toe_x_m=np.where(np.arange(len(places.t_s)) % 3 == 0, places.toe_x_m, np.nan))
    found = strike_index(cop, partly, np.arange(len(cop.t_s)))
    assert found.n == -(-len(cop.t_s) // 3)
    assert found.value == pytest.approx(index, abs=0.02)
    nowhere = replace(places, heel_x_m=np.full(len(places.t_s), np.nan))
    assert "camera" in strike_index(cop, nowhere, np.arange(len(cop.t_s))).reason
    assert not strike_index(cop, places, np.arange(3)).measured


def test_what_is_uncertain_widens_the_interval(run):
    cop, places, _ = run
    every = np.arange(len(cop.t_s))
    width = [m.high - m.low for m in (strike_index(cop, replace(places, sd_m=sd_m), every) for sd_m in (0.0, 0.03))]
    assert width[1] > 2 * width[0]
    faster = strike_index(replace(cop, belt_sd_m_s=0.6), places, every)
    assert faster.high - faster.low > 2 * width[0]


def test_a_step_that_begins_under_the_other_foot_or_too_lightly_does_not_count(run):
    cop, places, _ = run
    every = np.arange(len(cop.t_s))
    halved = replace(cop, force_n=np.where(every % 2, cop.force_n, 0.0))
    assert strike_index(halved, places, every).n == len(every) // 2
    assert "pressure" in strike_index(replace(cop, force_n=np.full(len(every), 90.0)), places, every).reason
