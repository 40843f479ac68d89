"""The drawn mean landing: its slope, read off the plot by the definition, is the foot's loading rate."""

import numpy as np
import pytest

from station.gait.results import SIDES
from station.scorecard.evidence import force_curves
from tests.gait.analysed import analyse_force
from tests.gait.blur import blurred, corners, unblurred
from tests.gait.plate import data_dir, read_step, trials
from tests.gait.seen_force import plate_of

RUNNERS = {
    "soft": {},
    "heel": {"impact_force_bw": 1.1, "impact_time_ms": 24},
    "slight": {"impact_force_bw": 0.5, "impact_time_ms": 30, "variability": 2.5},
    "no impact": {"impact_force_bw": 0.0},
    "uneven": {"step_time_asymmetry_pct": 8, "contact_time_asymmetry_pct": 10, "peak_force_asymmetry_pct": 6},
    "grounded": {"duty_factor": 0.5},
}


def read_off(t_ms: list[float], force_bw: list[float], contact_bw: float) -> float:
    """Loading rate of the curve as somebody reads it off the plot: by code of its own (`tests.gait.plate`)."""
    t_s, force = np.array(t_ms) / 1e3, np.array(force_bw)
    above = np.flatnonzero(force >= contact_bw)
    first, last = max(above[0] - 1, 0), min(above[-1] + 1, len(force) - 1)
    contact_s = np.interp(contact_bw, force[first : first + 2], t_s[first : first + 2])
    toe_off_s = np.interp(-contact_bw, -force[last - 1 : last + 1], t_s[last - 1 : last + 1])
    return read_step(
        t_s[first : last + 1], force[first : last + 1], float(contact_s), float(toe_off_s)
    ).loading_rate_n_s


def check(result) -> int:
    """Compares each foot whose loading rate the card gives; how many there were."""
    (curves,) = force_curves(result)
    document = curves.to_json()
    rated = [side for side in SIDES if result.feet[side].loading_rate_bw_s.measured]
    for side in rated:
        read = read_off(document["t_ms"][side], document["force_bw"][side], 50 / result.body_weight_n.value)
        assert read == pytest.approx(result.feet[side].loading_rate_bw_s.value, rel=0.01)
    return len(rated)


@pytest.mark.parametrize("kind", RUNNERS)
def test_the_slope_of_the_drawn_mean_is_the_loading_rate(kind):
    plate = plate_of(15.0, **RUNNERS[kind])
    cells_n = corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m)
    for cells in (unblurred(plate.t_s, cells_n), blurred(plate.t_s, cells_n)):
        result = analyse_force(cells, 0.0, plate.t_s[-1], deck_known=True, kernel_known=True, speed_m_s=3.0)
        assert check(result) == 2


@pytest.mark.skipif(data_dir() is None, reason="no real recordings here; set STATION_DATA to their folder")
@pytest.mark.parametrize("name", ["RBDS028_T25", "RBDS018_T45", "RBDS003_T35"])
def test_so_it_is_on_real_runners(name):
    (trial,) = trials(f"{name}*")
    cells = unblurred(trial.t_s, corners(trial.fz_n, trial.cop_x_m, trial.cop_y_m))
    result = analyse_force(cells, 0.0, trial.t_s[-1], deck_known=True, kernel_known=True, speed_m_s=None)
    assert check(result) == 2


def test_the_mean_has_the_steps_peak_and_length_and_its_band_is_their_spread():
    plate = plate_of(15.0, impact_force_bw=1.1, impact_time_ms=24)
    cells = unblurred(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m))
    result = analyse_force(cells, 0.0, plate.t_s[-1], deck_known=True, kernel_known=True, speed_m_s=3.0)
    for side in SIDES:
        curve, foot = result.feet[side].curve, result.feet[side]
        assert curve.kind == "mean_estimated"
        assert curve.n == foot.contact_time_ms.n
        assert curve.force_bw.max() == pytest.approx(foot.peak_force_bw.value, rel=0.02)
        loaded = curve.t_ms[curve.force_bw > 50 / result.body_weight_n.value]
        assert np.ptp(loaded) == pytest.approx(foot.contact_time_ms.value, abs=2.0)
        peaks = [s.peak_force_bw for s in result.steps if s.side == side]
        assert curve.sd_bw[np.argmax(curve.force_bw)] == pytest.approx(np.std(peaks), rel=0.3)
        start_ms, end_ms = curve.rise_ms
        rise = np.interp((start_ms, end_ms), curve.t_ms, curve.force_bw)
        slope = 1e3 * np.diff(rise)[0] / (end_ms - start_ms)
        assert slope == pytest.approx(foot.loading_rate_bw_s.value, rel=0.01)
