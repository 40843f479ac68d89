"""Steps, their contacts, flights and feet, in forces whose events are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.contacts import find_contacts
from station.gait.lowpass import zero_phase_lowpass
from station.gait.sides import find_sides
from station.gait.stances import find_stances, rough_body_weight
from station.gait.total_force import GroundForce
from station.sim.runner.gait_spec import GaitSpec
from tests.simulated_plate import SimulatedForce, simulate_ground_force


def ground_of(plate: SimulatedForce, with_cop: bool = True) -> GroundForce:
    """Plate-filtered force and moments at 1000 Hz."""
    x, y = (np.nan_to_num(cop) * plate.fz_n * with_cop for cop in (plate.cop_x_m, plate.cop_y_m))
    return GroundForce(plate.t_s, *(zero_phase_lowpass(v, 1000.0) for v in (plate.fz_n, x, y)))


def steps_of(plate: SimulatedForce, with_cop: bool = True, silences_s=()):
    ground = ground_of(plate, with_cop)
    stances = find_stances(ground.t_s, ground.force_n, rough_body_weight(ground.force_n, 1000.0))
    contacts = find_contacts(ground, stances, 0.0, plate.t_s[-1], silences_s)
    return contacts, find_sides(ground, contacts)


def complete(plate: SimulatedForce) -> list:
    end_s = plate.t_s[-1]
    return [c for c in plate.contacts if c.contact_s >= 0.1 and c.toe_off_s <= end_s - 0.1]


@settings(max_examples=12)
@given(
    st.floats(2.5, 4.5),
    st.floats(40, 200),
    st.floats(150, 215),
    st.floats(0.26, 0.42),
    st.floats(0, 1.2),
    st.integers(0, 999),
)
def test_every_step_of_a_run_with_flight(speed, mass, cadence, duty, impact, seed):
    spec = GaitSpec(
        mass_kg=mass, speed_m_s=speed, cadence_spm=cadence, duty_factor=duty, impact_force_bw=impact, impact_time_ms=28
    )
    plate = simulate_ground_force(spec, 8.0, seed)
    contacts, sides = steps_of(plate)
    true = complete(plate)
    assert len(contacts) == len(true)
    assert contacts.contact_s == pytest.approx([c.contact_s for c in true], abs=0.004)
    assert contacts.toe_off_s == pytest.approx([c.toe_off_s for c in true], abs=0.006)
    assert [sides.name(k) for k in range(len(true))] == [c.side for c in true]
    assert (contacts.chain == 0).all()


@pytest.mark.parametrize("mass_kg", [50, 90, 130])
@pytest.mark.parametrize("speed_m_s", [1.9, 2.2])
def test_overlapping_feet(speed_m_s, mass_kg):
    spec = GaitSpec(mass_kg=mass_kg, speed_m_s=speed_m_s, cadence_spm=152, duty_factor=0.55)
    plate = simulate_ground_force(spec, 10.0, seed=2)
    contacts, sides = steps_of(plate)
    true = {round(c.contact_s, 6): c for c in complete(plate)}
    at_s = np.array(list(true))
    assert len(true) - 3 <= len(contacts) <= len(true)  # where the recording cuts the neighbour, a step cannot be told
    for k, contact_s in enumerate(contacts.contact_s):
        match = true[at_s[np.argmin(np.abs(at_s - contact_s))]]
        assert contact_s == pytest.approx(match.contact_s, abs=0.008)
        assert contacts.toe_off_s[k] == pytest.approx(match.toe_off_s, abs=0.008)
        assert sides.name(k) == match.side
    assert np.nanmean(contacts.flight_time_s) == pytest.approx(-0.05 * 2 * 60 / 152, abs=0.01)


def test_overlapping_feet_without_places_still_overlap():
    spec = GaitSpec(mass_kg=90, speed_m_s=2.0, cadence_spm=152, duty_factor=0.55)
    contacts, sides = steps_of(simulate_ground_force(spec, 10.0, seed=2), with_cop=False)
    assert np.nanmean(contacts.flight_time_s) < 0
    assert not sides.known


def run_of(seconds: float = 12.0, **changes) -> SimulatedForce:
    spec = {"mass_kg": 70, "speed_m_s": 3.0, "cadence_spm": 170, "duty_factor": 0.33} | changes
    return simulate_ground_force(GaitSpec(**spec), seconds, seed=3)


def test_sides_are_not_named_without_lateral_places():
    _, sides = steps_of(run_of(), with_cop=False)
    assert not sides.known
    assert sides.name(0) is None
    assert list(sides.foot[:4]) == [0, 1, 0, 1]


def test_mirrored_deck_swaps_the_names():
    plate = run_of()
    ground = ground_of(plate)
    mirrored = GroundForce(ground.t_s, ground.force_n, ground.moment_x_nm, -ground.moment_y_nm)
    contacts, sides = steps_of(plate)
    assert (find_sides(mirrored, contacts).foot == 1 - sides.foot).all()


def test_a_missed_step_breaks_the_chain_and_both_parts_keep_their_sides():
    plate = run_of()
    gone = complete(plate)[10]
    inside = (plate.t_s > gone.contact_s - 0.03) & (plate.t_s < gone.toe_off_s + 0.03)
    plate.fz_n[inside] = 0.0
    contacts, sides = steps_of(plate)
    true = [c for c in complete(plate) if c is not gone]
    assert len(contacts) == len(true)
    assert contacts.chain.max() == 1
    assert np.isnan(contacts.flight_time_s[9])
    assert [sides.name(k) for k in range(len(true))] == [c.side for c in true]


def test_steps_in_a_silence_are_left_out():
    plate = run_of()
    true = complete(plate)
    contacts, _ = steps_of(plate, silences_s=[(true[5].contact_s + 0.05, true[6].contact_s + 0.05)])
    assert len(contacts) == len(true) - 2
    assert not contacts.follows[4]
    assert contacts.follows[[3, 5]].all()


def test_a_first_step_torn_by_what_lies_before_the_window_is_no_step():
    spec = GaitSpec(
        mass_kg=70, speed_m_s=3.0, cadence_spm=170, duty_factor=0.33, impact_force_bw=0.8, impact_time_ms=28
    )
    plate = simulate_ground_force(spec, 8.0, 4)
    first = complete(plate)[0]
    before = (plate.t_s > first.contact_s - 0.06) & (plate.t_s <= first.contact_s)
    plate.fz_n[before] += 80.0  # a chip's long tail of a stance that the window cuts
    contacts, _ = steps_of(plate)
    assert contacts.contact_s[0] == pytest.approx(complete(plate)[1].contact_s, abs=0.004)


def test_nobody_on_the_deck():
    assert rough_body_weight(np.random.default_rng(1).normal(0, 5, 20000), 1000.0) is None
