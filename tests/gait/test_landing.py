"""Point of interest and loading rate by their definitions, on curves whose answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.gait.landing import landing

T_S = np.arange(-0.05, 0.4, 1e-3)


def ramp(rate_bw_s: float, stance_s: float = 0.25) -> np.ndarray:
    """Straight rise to 2 BW, plateau that still creeps up, straight fall: no impact peak."""
    up = np.clip(rate_bw_s * T_S, 0, 2 + 0.5 * np.clip(T_S, 0, stance_s / 2))
    return np.minimum(up, np.clip(40 * (stance_s - T_S), 0, None))


@given(st.floats(15.0, 50.0))
def test_rate_of_a_straight_rise_is_its_slope(rate_bw_s):
    got = landing(T_S, ramp(rate_bw_s), 0.0, 0.25)
    assert not got.impact_visible
    assert got.loading_rate_bw_s == pytest.approx(rate_bw_s, rel=1e-3)
    assert got.poi_bw == pytest.approx(min(0.13 * 0.25 * rate_bw_s, 2 + 0.5 * 0.13 * 0.25), rel=1e-2)


def bells(impact_at_s: float, impact_bw: float) -> np.ndarray:
    bell = lambda top, half, height: np.where(  # noqa: E731
        np.abs(T_S - top) < half, height / 2 * (1 + np.cos(np.pi * (T_S - top) / half)), 0.0
    )
    return bell(impact_at_s, impact_at_s, impact_bw) + bell(0.13, 0.13, 2.0)


@given(st.floats(0.015, 0.030), st.floats(1.3, 2.0))
def test_impact_peak_is_the_point_of_interest(at_s, height_bw):
    force = bells(at_s, height_bw)
    got = landing(T_S, force, 0.0, 0.26)
    early = np.abs(T_S - at_s) < 0.02
    assert got.impact_visible
    assert got.poi_bw == pytest.approx(force[early].max(), rel=0.02)


def test_active_peak_is_never_the_impact_peak():
    early_active = np.interp(T_S, [0, 0.05, 0.2], [0, 2.0, 0.0], left=0, right=0)
    assert not landing(T_S, early_active, 0.0, 0.2).impact_visible


def test_maximum_beyond_sixty_milliseconds_is_no_impact():
    assert not landing(T_S, bells(0.07, 1.5), 0.0, 0.26).impact_visible


def test_stance_outside_the_curve_is_none():
    assert landing(T_S, ramp(30.0), 5.0, 5.3) is None
