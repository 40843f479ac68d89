"""One step as the cells saw it: the chips' averages joined by a curve and filtered as a plate's, nothing restored."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.interpolate import CubicSpline

from station.gait.lowpass import PLATE_CUTOFF_HZ, plate_gain, zero_phase_lowpass
from station.gait.mean_curve import BEYOND_MS, FROM_MS, STEP_MS
from station.gait.results import TAPS_PER_PERIOD, CellSignal, Kernel, MeanCurve, SeenForce
from station.gait.total_force import GRID_RATE_HZ, time_grid

_AROUND_S = 0.3
"""Of conversions and force on either side of the step, for the chips' lag and the filter's ends."""
_LEAST_CONVERSIONS = 4
_MINUS_3_DB = np.sqrt(0.5)
_FREQUENCY_STEP_HZ = 0.1


def blurred_step(seen: SeenForce, contact_s: float, toe_off_s: float, weight_n: float) -> MeanCurve | None:
    """The step in body weights against time since contact; None where a cell was silent then."""
    start_s, end_s = contact_s - _AROUND_S, toe_off_s + _AROUND_S
    cells = [_between(cell, start_s - _AROUND_S, end_s + _AROUND_S) for cell in seen.cells]
    if min((len(cell.t_s) for cell in cells), default=0) < _LEAST_CONVERSIONS:
        return None
    t_s = time_grid(start_s, end_s)
    force_n = zero_phase_lowpass(sum(_joined(cell, t_s) for cell in cells), GRID_RATE_HZ)
    if len(seen.zero_s):
        force_n -= np.interp(t_s, seen.zero_s, seen.zero_n)
    t_ms = np.arange(FROM_MS, np.ceil(1e3 * (toe_off_s - contact_s)) + BEYOND_MS, STEP_MS, dtype=float)
    shown_bw = np.interp(contact_s + t_ms / 1e3, t_s, force_n) / weight_n
    return MeanCurve(t_ms, shown_bw, None, "single_step_blurred", blur_bandwidth_hz(cells))


def blur_bandwidth_hz(cells: Sequence[CellSignal]) -> float:
    """Where the sum of the cells, by their kernels and the plate's filter, passes -3 dB."""
    frequency_hz = np.arange(0.0, PLATE_CUTOFF_HZ, _FREQUENCY_STEP_HZ)
    gain = np.mean([_gain(cell.kernel, frequency_hz) for cell in cells], axis=0) * plate_gain(frequency_hz)
    below = np.flatnonzero(gain < _MINUS_3_DB)
    return float(frequency_hz[below[0]]) if len(below) else PLATE_CUTOFF_HZ


def _gain(kernel: Kernel | None, frequency_hz: np.ndarray) -> np.ndarray:
    """|Frequency response| of one chip: the sinc of each box, and the taps' delays."""
    if kernel is None:
        return np.ones_like(frequency_hz)
    delays_s = np.arange(len(kernel.taps)) * kernel.period_s / TAPS_PER_PERIOD
    taps = np.exp(-2j * np.pi * np.outer(frequency_hz, delays_s)) @ np.array(kernel.taps)
    return np.abs(np.sinc(frequency_hz * kernel.period_s) ** kernel.order * taps)


def _joined(cell: CellSignal, t_s: np.ndarray) -> np.ndarray:
    """The conversions at `t_s`, the chip's delay removed. A cubic spline keeps what the chip lets through."""
    at_s = cell.t_s - (cell.kernel.lag_s if cell.kernel else 0.0)
    return CubicSpline(at_s, cell.force_n)(np.clip(t_s, at_s[0], at_s[-1]))


def _between(cell: CellSignal, start_s: float, end_s: float) -> CellSignal:
    first, last = np.searchsorted(cell.t_s, (start_s, end_s))
    return replace(cell, t_s=cell.t_s[first:last], force_n=cell.force_n[first:last])
