"""Intervals follow what the run itself says of its errors."""

import numpy as np
import pytest

from station.gait.measurement_error import USUAL_MISFIT_BW, errors_of, mean_measure
from station.gait.results import CellSignal, DeckResonance, Kernel

RATE = "loading_rate_bw_s"


def cells(rate_sps: float = 80.0) -> list[CellSignal]:
    t_s = np.arange(100) / rate_sps
    return [CellSignal(t_s, np.zeros(100), x, y, Kernel(3, 1 / rate_sps)) for x in (0.7, -0.7) for y in (0.3, -0.3)]


def width(error, n: int = 40) -> float:
    measure = mean_measure(np.full(n, 60.0), error)
    return measure.high - measure.low


def test_a_poor_fit_widens_every_interval():
    usual, poor = (errors_of(cells(), misfit) for misfit in (USUAL_MISFIT_BW, 3 * USUAL_MISFIT_BW))
    assert all(width(poor[name]) == pytest.approx(3 * width(usual[name]), rel=0.03) for name in usual)


def test_a_perfect_fit_leaves_some_error():
    perfect = errors_of(cells(), 0.0)
    assert all(width(error) > 0 for error in perfect.values())


def test_what_the_taps_left_open_widens_the_loading_rate_alone():
    known = errors_of(cells(), USUAL_MISFIT_BW, DeckResonance(60.0, 0.08))
    vague = errors_of(cells(), USUAL_MISFIT_BW, DeckResonance(60.0, 0.08, frequency_sd_hz=4.0, damping_sd=0.02))
    assert width(vague[RATE]) > 1.2 * width(known[RATE])
    assert {n: e for n, e in vague.items() if n != RATE} == {n: e for n, e in known.items() if n != RATE}


def test_a_deck_taken_for_stiff_widens_the_loading_rate():
    stiff, ignored = (errors_of(cells(), USUAL_MISFIT_BW, deck_ignored=flag) for flag in (False, True))
    assert width(ignored[RATE]) > 1.5 * width(stiff[RATE])


def test_the_lower_the_deck_rings_the_less_is_known():
    low, high, unknown = (
        errors_of(cells(), USUAL_MISFIT_BW, deck, deck_unknown=deck is None)
        for deck in (DeckResonance(25.0, 0.05), DeckResonance(50.0, 0.05), None)
    )
    for name in ("contact_time_ms", "peak_force_bw", RATE):
        assert width(low[name]) > 1.2 * width(high[name])
        assert width(unknown[name]) > 1.2 * width(high[name])
