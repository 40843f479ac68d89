"""The chip's clock from late-only brackets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.chip_clock import fit_chip_clock


def brackets(period_s: float, seed: int, n: int = 2000, lost: float = 0.0, poll_s: float = 4e-4, late: float = 0.0):
    """(true instants, index, t_high_ns, t_low_ns) of a polled chip; a share `late` of polls comes 2 ms later."""
    rng = np.random.default_rng(seed)
    index = np.flatnonzero(rng.random(n) >= lost)
    true_s = 5.0 + rng.uniform(0, period_s) + index * period_s
    before_s = rng.uniform(0, poll_s, len(true_s))
    after_s = poll_s - before_s + np.where(rng.random(len(true_s)) < late, 2e-3, 0.0)
    to_ns = lambda t: np.round(t * 1e9).astype(np.int64)  # noqa: E731
    return true_s, index, to_ns(true_s - before_s), to_ns(true_s + after_s)


@settings(max_examples=15)
@given(st.floats(1 / 95, 1 / 70), st.integers(0, 10**6), st.floats(0, 0.05), st.floats(0, 0.2))
def test_instants_within_a_tenth_of_a_millisecond(period_s, seed, lost, late):
    true_s, index, t_high, t_low = brackets(period_s, seed, lost=lost, late=late)
    clock = fit_chip_clock(t_high, t_low)
    assert clock.steady
    assert np.array_equal(clock.index, index - index[0])
    assert clock.lost == index[-1] - index[0] + 1 - len(index)
    assert np.abs(clock.t_s - true_s).max() < 1e-4
    assert clock.period_s == pytest.approx(period_s, abs=2 * 1e-4 / clock.index[-1])  # as good as its two ends


@pytest.mark.parametrize("seed", range(8))
def test_pauses_of_the_host_are_counted_over(seed):
    """The newest of the conversions that ended meanwhile is read, late by any share of a period."""
    rng = np.random.default_rng(seed)
    true_s = 5.0 + np.arange(600) * 0.0124321  # no multiple of the looks
    looks_s = np.arange(5.0, true_s[-1], 4e-4)
    for pause_s in rng.uniform(5.3, true_s[-1] - 0.3, 6):
        looks_s = looks_s[(looks_s < pause_s) | (looks_s > pause_s + rng.uniform(0.01, 0.06))]
    ended = np.searchsorted(true_s, looks_s)
    read = np.flatnonzero(np.diff(ended)) + 1
    t_high, t_low = (np.round(looks_s[k] * 1e9).astype(np.int64) for k in (read - 1, read))
    clock = fit_chip_clock(t_high, t_low)
    assert clock.steady
    in_time = t_low - t_high < 1e6
    assert np.abs(clock.t_s - true_s[ended[read] - 1])[in_time].max() < 1e-4


def test_epoch_is_the_zero_of_the_times():
    true_s, _, t_high, t_low = brackets(0.0125, 1)
    assert np.abs(fit_chip_clock(t_high, t_low, epoch_ns=5_000_000_000).t_s - (true_s - 5.0)).max() < 5e-5


def test_slow_wander_is_followed():
    true_s, _, _, _ = brackets(0.0125, 2, n=6000)
    wandered_s = true_s + 1e-3 * np.sin(2 * np.pi * true_s / 60)
    t_low = np.round((wandered_s + 3e-4) * 1e9).astype(np.int64)
    clock = fit_chip_clock(t_low - 400_000, t_low)
    assert np.abs(clock.t_s - wandered_s).max() < 3e-4


def test_a_slip_of_half_a_period_is_not_steady():
    true_s, _, _, _ = brackets(0.0125, 3)
    slipped_s = true_s + np.where(np.arange(len(true_s)) > 1000, 0.5 * 0.0125, 0.0)
    stamps = np.round(slipped_s * 1e9).astype(np.int64)
    assert not fit_chip_clock(stamps - 400_000, stamps).steady


def test_too_few_conversions_are_refused():
    with pytest.raises(ValueError, match="too few"):
        fit_chip_clock(np.arange(5) * 12_500_000, np.arange(5) * 12_500_000 + 100)
