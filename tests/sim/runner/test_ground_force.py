import msgspec
import numpy as np
import pytest

from station.messages import CHANNELS
from station.sim.runner.corners import DEFAULT_PLACES, corner_matrix, moments
from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.ground_force import GroundForce
from station.sim.runner.stride_timing import stride_loop
from tests.simulated_plate import simulate_ground_force

from .plate import asymmetry_pct, plate_steps

RUNNER = GaitSpec(mass_kg=75, speed_m_s=3.0, cadence_spm=170, duty_factor=0.365)


def changed(**fields) -> GaitSpec:
    return msgspec.structs.replace(RUNNER, **fields)


@pytest.mark.parametrize(
    "spec",
    [
        RUNNER,
        changed(impact_force_bw=1.5, impact_time_ms=24, strike_angle_deg=18),
        changed(contact_time_asymmetry_pct=12, step_time_asymmetry_pct=14, peak_force_asymmetry_pct=10),
        changed(speed_m_s=1.9, duty_factor=0.55, mass_kg=130),
        changed(gait="walking", speed_m_s=1.3, cadence_spm=112, duty_factor=0.62),
    ],
)
def test_the_mean_force_of_a_loop_is_body_weight(spec):
    loop = stride_loop(spec, 10, 10 * spec.stride_time_s, seed=1)
    force = GroundForce(spec, loop.contacts, 1, loop.length_s)
    t = np.arange(20_000) / 20_000 * loop.length_s
    total = sum(force.moments(t + k * loop.length_s)[0] for k in (0, 1))
    assert total.mean() == pytest.approx(spec.body_weight_n, rel=1e-5)
    assert np.all(total >= 0)


def test_the_force_is_50_n_at_the_events_with_one_foot_on_the_deck():
    recording = simulate_ground_force(RUNNER, 10.0, seed=2, rate_hz=20_000)
    inside = [c for c in recording.contacts if c.contact_s > 0.1 and c.toe_off_s < 9.9]
    at = [t for c in inside for t in (c.contact_s, c.toe_off_s)]
    assert np.interp(at, recording.t_s, recording.fz_n) == pytest.approx(50.0, abs=2.0)


def test_the_plate_reads_the_asymmetries_that_were_injected():
    injected = {"contact_time_s": 12.0, "peak_bw": 10.0}
    spec = changed(contact_time_asymmetry_pct=12, step_time_asymmetry_pct=14.5, peak_force_asymmetry_pct=10)
    steps = plate_steps(simulate_ground_force(spec, 60.0, seed=3))
    for name, percent in injected.items():
        assert asymmetry_pct(steps, name) == pytest.approx(percent, abs=1.2)
    assert asymmetry_pct(steps, "impulse_bw_s") > 15


def test_an_even_runner_reads_even_and_varies_from_step_to_step():
    steps = plate_steps(simulate_ground_force(RUNNER, 60.0, seed=4))
    for name in ("contact_time_s", "peak_bw", "impulse_bw_s"):
        assert abs(asymmetry_pct(steps, name)) < 1.0
    peaks = np.array([s.peak_bw for s in steps])
    assert 0.02 < peaks.std() / peaks.mean() < 0.045


def test_a_harder_landing_loads_faster_and_shows_its_impact_peak():
    soft, hard = (
        plate_steps(simulate_ground_force(changed(impact_force_bw=f, impact_time_ms=t), 20.0, seed=5))
        for f, t in ((0.68, 35.0), (1.5, 24.0))
    )
    assert np.mean([s.loading_rate_bw_s for s in soft]) == pytest.approx(40, abs=5)
    assert np.mean([s.loading_rate_bw_s for s in hard]) > 85
    assert all(s.impact_visible for s in hard)


def test_a_forefoot_landing_has_no_impact_peak():
    steps = plate_steps(simulate_ground_force(changed(impact_force_bw=0.0, strike_angle_deg=-8), 20.0, seed=6))
    assert not any(s.impact_visible for s in steps)


def humps(recording) -> np.ndarray:
    """Per contact, the local maxima above half body weight of its own foot's force."""
    force = recording.fz_n
    top = (force[1:-1] > force[:-2]) & (force[1:-1] >= force[2:]) & (force[1:-1] > 0.5 * recording.body_weight_n)
    tops = recording.t_s[1:-1][top]
    inside = [c for c in recording.contacts if c.contact_s > 0 and c.toe_off_s < recording.t_s[-1]]
    return np.array([np.sum((tops > c.contact_s) & (tops < c.toe_off_s)) for c in inside])


@pytest.mark.parametrize("mass_kg", [50, 90, 130])
@pytest.mark.parametrize("duty", [0.42, 0.50, 0.55])
def test_grounded_running_has_one_hump_a_contact(mass_kg, duty):
    spec = GaitSpec(mass_kg=mass_kg, speed_m_s=1.9, cadence_spm=155, duty_factor=duty, impact_force_bw=0.0)
    recording = simulate_ground_force(spec, 10.0, seed=7)
    single = simulate_ground_force(spec, 10.0, seed=7).fz_n.max() / recording.body_weight_n
    assert np.all(humps(recording) <= 1 + 2 * (duty > 0.5))  # neighbours' humps lie in the overlap
    assert 1.5 < single < 2.6
    overlap = any(a.toe_off_s > b.contact_s for a, b in zip(recording.contacts, recording.contacts[1:], strict=False))
    assert overlap == (duty >= 0.5)


def test_walking_has_two_humps_and_double_support():
    spec = GaitSpec(gait="walking", mass_kg=70, speed_m_s=1.3, cadence_spm=112, duty_factor=0.62)
    recording = simulate_ground_force(spec, 10.0, seed=8)
    assert recording.fz_n[200:-200].min() > 0.5 * recording.body_weight_n
    assert recording.fz_n.max() < 1.6 * recording.body_weight_n
    pairs = list(zip(recording.contacts, recording.contacts[1:], strict=False))
    assert all(a.toe_off_s > b.contact_s for a, b in pairs)


def test_the_centre_of_pressure_lands_ahead_and_goes_back_with_the_belt_on_the_foot_s_own_side():
    recording = simulate_ground_force(RUNNER, 10.0, seed=9)
    for c in recording.contacts[2:-2]:
        own = (recording.t_s > c.contact_s) & (recording.t_s < c.toe_off_s)
        x, y = recording.cop_x_m[own], recording.cop_y_m[own]
        assert y == pytest.approx(0.04 if c.side == "left" else -0.04)
        assert 0.15 < x[0] < 0.35
        travel = RUNNER.speed_m_s * c.contact_time_s
        assert x[0] - x[-1] == pytest.approx(travel - 0.63 * RUNNER.foot_length_m, abs=0.05)


def test_the_same_seed_gives_the_same_recording():
    one, two, other = (simulate_ground_force(RUNNER, 3.0, seed=s).fz_n for s in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_corners_keep_force_and_centre_of_pressure_and_go_negative_outside():
    x, y = np.array([0.0, 0.3, -0.5, 0.9]), np.array([0.0, 0.1, -0.2, 0.1])
    corners = corner_matrix() @ moments(np.full(4, 1000.0), x, y)
    places = np.array([DEFAULT_PLACES[c] for c in CHANNELS])
    assert corners.sum(axis=0) == pytest.approx(1000.0)
    assert places.T @ corners / 1000 == pytest.approx(np.stack([x, y]))
    assert corners[CHANNELS.index("front_left"), 1] == corners[:, 1].max()
    assert corners[:, 3].min() < 0
    assert corners[:, :3].min() >= 0
