"""The force solved from averaged conversions, against the force that made them."""

import numpy as np
import pytest
from scipy.signal import cont2discrete, lfilter

from station.gait.lowpass import zero_phase_lowpass
from station.gait.restored_force import restored_force
from station.gait.results import DeckResonance
from station.gait.total_force import interpolated_force
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.blur import blurred, corners
from tests.simulated_plate import simulate_ground_force

HEEL = GaitSpec(mass_kg=70, speed_m_s=3.2, cadence_spm=168, duty_factor=0.33, impact_force_bw=1.1, impact_time_ms=26)


@pytest.fixture(scope="module")
def plate():
    return simulate_ground_force(HEEL, 20.0, seed=4)


def residual_bw(ground, plate) -> float:
    """Root mean square of the plate-filtered difference, in body weights, away from the ends."""
    true_n = zero_phase_lowpass(np.interp(ground.t_s, plate.t_s, plate.fz_n), 1000.0)
    difference = zero_phase_lowpass(ground.force_n, 1000.0) - true_n
    return float(np.sqrt(np.mean(difference[1000:-1000] ** 2)) / plate.body_weight_n)


@pytest.mark.parametrize(
    ("rate_sps", "order", "lost", "limit_bw"),
    [(80, 3, 0.0, 0.02), (80, 2, 0.0, 0.02), (80, 4, 0.0, 0.03), (92, 3, 0.05, 0.02), (320, 3, 0.0, 0.006)],
)
def test_restored_force_follows_the_plate(plate, rate_sps, order, lost, limit_bw):
    cells_n = corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m)
    cells = blurred(plate.t_s, cells_n, rate_sps=rate_sps, order=order, lost=lost)
    restored = restored_force(cells, 0.0, plate.t_s[-1], plate.body_weight_n).ground
    assert residual_bw(restored, plate) < limit_bw
    if rate_sps < 100:
        naive = interpolated_force(cells, 0.0, plate.t_s[-1])
        assert residual_bw(restored, plate) < residual_bw(naive, plate) / 3


def test_moments_give_the_centre_of_pressure(plate):
    cells = blurred(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m))
    ground = restored_force(cells, 0.0, plate.t_s[-1], plate.body_weight_n).ground
    force_n = np.interp(ground.t_s, plate.t_s, plate.fz_n)
    loaded = force_n > plate.body_weight_n
    for moment, cop_m in ((ground.moment_x_nm, plate.cop_x_m), (ground.moment_y_nm, plate.cop_y_m)):
        error_m = (
            moment[loaded] / ground.force_n[loaded] - np.interp(ground.t_s, plate.t_s, np.nan_to_num(cop_m))[loaded]
        )
        assert np.sqrt(np.mean(error_m**2)) < 0.01


@pytest.mark.parametrize("deck_hz", [25.0, 40.0, 80.0])
def test_known_deck_resonance_is_taken_out(plate, deck_hz):
    """Ringing by an independent filter; unrestored it is several times further from the truth."""
    w, damping = 2 * np.pi * deck_hz, 0.08
    system = ([2 * damping * w, w * w], [1.0, 2 * damping * w, w * w])
    b, a, _ = cont2discrete(system, 1e-3, method="foh")
    cells_n = lfilter(b.ravel(), a, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m), axis=1)
    cells = blurred(plate.t_s, cells_n)
    end_s, weight_n = plate.t_s[-1], plate.body_weight_n
    known = restored_force(cells, 0.0, end_s, weight_n, DeckResonance(deck_hz, damping)).ground
    ignored = restored_force(cells, 0.0, end_s, weight_n).ground
    assert residual_bw(known, plate) < 0.004
    assert residual_bw(known, plate) < residual_bw(ignored, plate) / 2
