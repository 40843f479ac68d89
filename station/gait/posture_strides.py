"""From values in single frames to one value a stride, however unevenly the frames lie.

Angles of a runner repeat with the stride. The mean waveform within a stride is estimated from all strides together and
taken out before a stride's frames are averaged, so that a stride with few frames is not biased by where they fall.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.results import Series, Side, Step
from station.gait.robust_centre import MAD_TO_SD, OUTLIER_LIMIT, is_outlier

HARMONICS = 3
_LEAST_FRAMES_MEAN = 3
_LEAST_FRAMES_SHAPE = 21
_NEIGHBOURS = 2
_WIDEST_PHASE_GAP = 0.25
_CURVE_POINTS = 100
_LEAST_LIMIT_DEG = 3.0
_STRIDE_RANGE_S = (0.4, 1.3)


@dataclass(frozen=True)
class Strides:
    """Strides of a run: [start, end) in seconds, rising, from one contact of a foot to the next of the same foot."""

    start_s: np.ndarray
    end_s: np.ndarray

    def __len__(self) -> int:
        return len(self.start_s)

    @property
    def middle_s(self) -> np.ndarray:
        return (self.start_s + self.end_s) / 2

    def locate(self, t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n,) number of each instant's stride (-1: none) and (n,) phase 0..1 within it."""
        if not len(self):
            return np.full(len(t_s), -1), np.zeros(len(t_s))
        stride = np.searchsorted(self.start_s, t_s, side="right") - 1
        inside = (stride >= 0) & (t_s < self.end_s[stride])
        phase = (t_s - self.start_s[stride]) / (self.end_s - self.start_s)[stride]
        return np.where(inside, stride, -1), np.where(inside, phase, 0.0)


def strides_between(contact_s: np.ndarray) -> Strides:
    """Strides between successive contacts of one foot; an interval no stride can have is left out."""
    contact_s = np.unique(np.asarray(contact_s, float))
    length = np.diff(contact_s)
    usual = (length >= _STRIDE_RANGE_S[0]) & (length <= _STRIDE_RANGE_S[1])
    if usual.any():
        usual &= np.abs(length / np.median(length[usual]) - 1) < 0.4
    return Strides(contact_s[:-1][usual], contact_s[1:][usual])


def strides_of_steps(steps: Sequence[Step], side: Side | None) -> Strides:
    """Strides from the contacts of the foot `side`; of every second contact where the sides are not known."""
    if side is not None and any(step.side is not None for step in steps):
        return strides_between(np.array([step.contact_s for step in steps if step.side == side]))
    return strides_between(np.array([step.contact_s for step in steps[::2]]))


def stride_means(t_s: np.ndarray, values: np.ndarray, strides: Strides) -> Series:
    """Mean of `values` (n,) in each stride of at least three frames, the waveform within the stride taken out."""
    stride, phase = strides.locate(t_s)
    used = np.isfinite(values) & (stride >= 0)
    stride, phase, values = stride[used], phase[used], values[used]
    flat = values - _waveform(stride, phase, values)
    kept = ~_far_from_stride(stride, flat)
    count = np.bincount(stride[kept], minlength=len(strides))
    total = np.bincount(stride[kept], flat[kept], minlength=len(strides))
    enough = count >= _LEAST_FRAMES_MEAN
    return without_outliers(Series(strides.middle_s[enough], total[enough] / count[enough]))


def stride_extremes(t_s: np.ndarray, values: np.ndarray, strides: Strides) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(m,) middles, lowest and highest of the waveform of `values` (n,) about each stride."""
    t_mid, coefficients = _local_waveforms(t_s, values, strides)
    curves = coefficients @ _harmonics(np.linspace(0, 1, _CURVE_POINTS, endpoint=False)).T
    return t_mid, curves.min(axis=1, initial=np.inf), curves.max(axis=1, initial=-np.inf)


def stride_ranges(t_s: np.ndarray, values: np.ndarray, strides: Strides) -> Series:
    """Highest minus lowest of the waveform of `values` (n,) about each stride."""
    t_mid, lowest, highest = stride_extremes(t_s, values, strides)
    return without_outliers(Series(t_mid, highest - lowest))


def stride_swings(t_s: np.ndarray, values: np.ndarray, strides: Strides) -> Series:
    """Peak to peak of the first harmonic of `values` (n,) about each stride.

    Each is projected on the phase of the run's harmonic, so that noise does not add to the amplitude.
    """
    t_mid, coefficients = _local_waveforms(t_s, values, strides)
    first = coefficients[:, 1] + 1j * coefficients[:, 1 + HARMONICS]
    mean = first.sum()
    if mean == 0:
        return Series(np.zeros(0), np.zeros(0))
    return without_outliers(Series(t_mid, 2 * (first * mean.conjugate()).real / abs(mean)))


def without_outliers(series: Series) -> Series:
    """Without the values that lie far from their neighbours (`station.gait.robust_centre`), counted."""
    kept = ~is_outlier(series.value, _LEAST_LIMIT_DEG)
    side = None if series.side is None else series.side[kept]
    return Series(series.t_s[kept], series.value[kept], side, outliers=series.outliers + int((~kept).sum()))


def _harmonics(phase: np.ndarray) -> np.ndarray:
    """(n, 1 + 2 * HARMONICS) columns: one, the cosines, the sines."""
    turns = 2 * np.pi * np.outer(phase, np.arange(1, HARMONICS + 1))
    return np.hstack([np.ones((len(phase), 1)), np.cos(turns), np.sin(turns)])


def _waveform(stride: np.ndarray, phase: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The part of `values` that repeats in every stride: regression with a level of its own for each stride."""
    design = _harmonics(phase)[:, 1:]
    if len(values) < 4 * design.shape[1]:
        return np.zeros(len(values))
    within = _minus_stride_mean(stride, np.column_stack([design, values]))
    return design @ np.linalg.lstsq(within[:, :-1], within[:, -1], rcond=None)[0]


def _local_waveforms(t_s: np.ndarray, values: np.ndarray, strides: Strides) -> tuple[np.ndarray, np.ndarray]:
    """(m,) middles and (m, 1 + 2 * HARMONICS) coefficients of the waveform about each stride.

    Fitted to the frames of the stride and of the two on either side, so that a few frames a stride will do; a stride
    whose frames leave a wide gap in the phase is left out.
    """
    stride, phase = strides.locate(t_s)
    used = np.isfinite(values) & (stride >= 0)
    stride, phase, values = stride[used], phase[used], values[used]
    design = _harmonics(phase)
    t_mid, fits = [], []
    for i in np.unique(stride):
        first, last = np.searchsorted(stride, (i - _NEIGHBOURS, i + _NEIGHBOURS + 1))
        inside = slice(int(first), int(last))
        ordered = np.sort(phase[inside])
        if len(ordered) < _LEAST_FRAMES_SHAPE or np.diff(ordered, prepend=ordered[-1] - 1).max() > _WIDEST_PHASE_GAP:
            continue
        t_mid.append(strides.middle_s[i])
        fits.append(_robust_fit(design[inside], values[inside]))
    return np.array(t_mid), np.array(fits).reshape(-1, design.shape[1])


def _robust_fit(design: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Least squares, once more without the values that lie far from the first fit."""
    coefficients = np.linalg.lstsq(design, values, rcond=None)[0]
    residual = np.abs(values - design @ coefficients)
    kept = residual <= OUTLIER_LIMIT * MAD_TO_SD * np.median(residual)
    if kept.all() or kept.sum() < _LEAST_FRAMES_SHAPE:
        return coefficients
    return np.linalg.lstsq(design[kept], values[kept], rcond=None)[0]


def _minus_stride_mean(stride: np.ndarray, columns: np.ndarray) -> np.ndarray:
    count = np.maximum(np.bincount(stride), 1)
    means = np.column_stack([np.bincount(stride, column) / count for column in columns.T])
    return columns - means[stride]


def _far_from_stride(stride: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Frames far from the others of their stride: a keypoint that jumped."""
    if not len(flat):
        return np.zeros(0, bool)
    of_one_stride = np.split(flat, np.flatnonzero(np.diff(stride)) + 1)
    deviation = np.abs(np.concatenate([values - np.median(values) for values in of_one_stride]))
    return deviation > max(OUTLIER_LIMIT * MAD_TO_SD * np.median(deviation), _LEAST_LIMIT_DEG)
