"""Live steps against the true ones, before and after the first stretch of the run was solved."""

import numpy as np
import pytest

from station.fusion import announce
from station.fusion.live import LiveGait
from station.fusion.live_contacts import ContactFinder, LiveContact
from station.fusion.live_correction import NO_CORRECTION, learned
from station.fusion.visit import Visit
from station.messages import Calibration, Choices, SampleBatch, SolvedSteps
from station.sim.runner.gait_spec import GaitSpec
from tests.fusion.simulated_run import SPEC, plate_of, run_messages
from tests.gait.raw_conversions import EPOCH_NS

RUN_S = 40.0
SHAPES = {
    "heel": SPEC,
    "soft": GaitSpec(mass_kg=60, speed_m_s=2.8, cadence_spm=178, duty_factor=0.38, impact_force_bw=0.0),
    "slow": GaitSpec(mass_kg=85, speed_m_s=2.2, cadence_spm=160, duty_factor=0.45, impact_force_bw=0.5),
}


def live_contacts(spec: GaitSpec) -> list[LiveContact]:
    messages = run_messages(RUN_S, spec=spec)
    (calibration,) = (m for m in messages if isinstance(m, Calibration))
    gait = LiveGait(calibration)
    gait.weight_n = plate_of(RUN_S, spec).body_weight_n
    return [c for m in messages if isinstance(m, SampleBatch) for c in gait.push(m)]


def true_steps(spec: GaitSpec, start_s: float, end_s: float) -> SolvedSteps:
    plate = plate_of(RUN_S, spec)
    inside = [c for c in plate.contacts if start_s < c.contact_s and c.toe_off_s < end_s]
    span = lambda c: slice(*np.searchsorted(plate.t_s, (c.contact_s, c.toe_off_s)))  # noqa: E731
    return SolvedSteps(
        contact_s=[c.contact_s for c in inside],
        contact_time_ms=[1e3 * (c.toe_off_s - c.contact_s) for c in inside],
        peak_force_bw=[float(plate.fz_n[span(c)].max()) / plate.body_weight_n for c in inside],
    )


def errors(contacts: list[LiveContact], true: SolvedSteps, by=NO_CORRECTION) -> tuple[np.ndarray, np.ndarray]:
    """Contact time in ms and peak force in per cent, of every true step."""
    at_s = np.array([(c.contact_ns - EPOCH_NS) / 1e9 for c in contacts])
    nearest = [contacts[int(np.argmin(np.abs(at_s - t_s)))] for t_s in true.contact_s]
    times_ms = np.array([c.contact_time_ms + by.contact_time_ms for c in nearest]) - true.contact_time_ms
    peaks = np.array([c.peak_bw * by.peak_factor for c in nearest]) / true.peak_force_bw
    return times_ms, 100 * (peaks - 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_last_solved_stretch_takes_the_bias_out_of_later_steps(shape):
    contacts = live_contacts(SHAPES[shape])
    by = learned(contacts, EPOCH_NS, true_steps(SHAPES[shape], 1.0, 20.0))
    later = true_steps(SHAPES[shape], 20.0, 39.0)
    assert len(later.contact_s) > 45
    before, after = errors(contacts, later), errors(contacts, later, by)
    for raw, corrected, limit in zip(before, after, (1.0, 0.2), strict=True):
        assert abs(corrected.mean()) < limit
        assert abs(corrected.mean()) < abs(raw.mean())
    assert abs(before[0].mean()) < 6.0
    assert np.abs(after[0]).max() < 8.0


def test_steps_that_cannot_be_matched_teach_nothing():
    contacts = live_contacts(SPEC)
    nothing = SolvedSteps(contact_s=[], contact_time_ms=[], peak_force_bw=[])
    true = true_steps(SPEC, 1.0, 20.0)
    shifted = SolvedSteps(
        contact_s=[t + 0.18 for t in true.contact_s],
        contact_time_ms=true.contact_time_ms,
        peak_force_bw=true.peak_force_bw,
    )
    assert learned(contacts, EPOCH_NS, nothing) is None
    assert learned(contacts, EPOCH_NS, shifted) is None
    assert learned([], EPOCH_NS, true) is None


def test_a_live_step_says_that_it_is_blurred_and_whether_it_was_corrected():
    contacts = live_contacts(SPEC)
    visit = Visit(None, "v", Choices(), EPOCH_NS)
    visit.marks_ns["run"] = EPOCH_NS
    visit.contacts = contacts[:20]
    by = learned(contacts, EPOCH_NS, true_steps(SPEC, 1.0, 20.0))
    raw, corrected = (announce.live_step(visit, contacts[19], c) for c in (None, by))
    assert (raw.kind, raw.corrected, corrected.corrected) == ("single_step_blurred", False, True)
    assert corrected.contact_time_ms - raw.contact_time_ms == pytest.approx(by.contact_time_ms)
    step_ms = (contacts[19].contact_ns - contacts[18].contact_ns) / 1e6
    assert corrected.flight_time_ms == pytest.approx(step_ms - contacts[18].contact_time_ms - by.contact_time_ms)
    assert corrected.cadence_spm == pytest.approx(168, rel=0.03)
    assert corrected.peak_force_bw == pytest.approx(contacts[19].peak_bw * by.peak_factor)


def test_where_the_feet_overlap_a_contact_ends_in_the_valley():
    finder = ContactFinder()
    t_s = np.arange(0, 3, 0.005)
    bw = 1 + 0.7 * np.sin(2 * np.pi * 2.5 * t_s)
    contacts = [c for c in map(finder.take, t_s, bw) if c]
    assert len(contacts) == 7
    for began_s, ended_s in contacts[1:]:
        assert (ended_s / 0.4) % 1 == pytest.approx(0.75, abs=0.02)
        assert ended_s - began_s == pytest.approx(0.4, abs=0.01)


def test_somebody_who_stepped_on_long_before_begins_with_the_first_swing():
    finder = ContactFinder()
    t_s = np.arange(0, 2, 0.005)
    bw = np.interp(t_s, [0, 0.1, 1.5, 1.55, 1.7, 1.75], [0, 1, 1, 2, 2, 0])
    ((began_s, ended_s),) = (c for c in map(finder.take, t_s, bw) if c)
    assert began_s == pytest.approx(1.515, abs=0.005)
    assert ended_s == pytest.approx(1.7475, abs=0.001)
