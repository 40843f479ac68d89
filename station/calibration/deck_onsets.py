"""When something was struck: the sudden rise of a set of signals above what still rings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from station.errors import CalibrationError

BIN_S = 0.025
"""A blow shows in the changes between samples, as the largest in bins of this length."""
RISE = 2.5
"""A blow shakes so many times more than what was left of the one before."""
RISE_BINS = 5
"""Looked back for that: more than one swing of the slowest deck."""
LEAST_TO_NOISE = 40.0
"""Weaker blows tell nothing."""
QUIET_BLOCK = 24
QUIET_SHARE = 0.25
"""The quieter quarter of the blocks of samples shows the noise."""


@dataclass(frozen=True)
class Signal:
    """Samples (n,) at increasing times, and the sd of one where nothing happens."""

    t_s: np.ndarray
    value: np.ndarray
    noise: float


def onsets_s(signals: Sequence[Signal]) -> np.ndarray:
    """Seconds: the bins in which the signals are shaken much more than in any of the last few."""
    start_s = min(signal.t_s[0] for signal in signals)
    bins = int((max(signal.t_s[-1] for signal in signals) - start_s) / BIN_S) + 1
    shaken = np.zeros(bins)
    for signal in signals:
        where = ((signal.t_s[1:] - start_s) / BIN_S).astype(int)
        np.maximum.at(shaken, where, np.abs(np.diff(signal.value)) / signal.noise)
    before = sliding_window_view(np.append(np.zeros(RISE_BINS), shaken[:-1]), RISE_BINS).max(axis=1)
    risen = (shaken > LEAST_TO_NOISE) & (shaken > RISE * before)
    first = np.flatnonzero(risen & ~np.append(False, risen[:-1]))
    return start_s + first * BIN_S


def noise(value: np.ndarray, place: str) -> float:
    """Sd of a sample where nothing happens, from second differences. Raises CalibrationError."""
    bent = np.diff(value, 2)
    blocks = bent[: len(bent) // QUIET_BLOCK * QUIET_BLOCK].reshape(-1, QUIET_BLOCK)
    if not len(blocks):
        raise CalibrationError(f"{place}: the recording is too short; record at least ten seconds")
    quiet = float(np.quantile(np.sqrt(np.mean(blocks**2, axis=1) / 6), QUIET_SHARE))  # 1 + 4 + 1
    return max(quiet, 1e-9 * float(np.ptp(value)), 1e-12)
