"""Running, walking or neither, told by the shape of the force and not by flight.

A walker vaults over a stiff leg: at mid-stance the body is at its highest and the deck carries less than body weight.
A runner bounces on a soft leg: at mid-stance the body is at its lowest and the deck carries the peak of the force
(Cavagna, Heglund & Taylor 1977, Am J Physiol 233:R243; the same for grounded running: Rubenson et al. 2004,
Proc R Soc B 271:1091). Mid-stance is where the fore-aft centre of pressure is half-way through its ride with the
belt, between two jumps to the next foot. So the force at mid-sweep decides: above body weight = running.

Without the centre of pressure mid-stance is not known. Then: walkers never unload the deck below 0.3 BW; nobody
walks with a single clear hump of the force at more than 132 steps a minute; a fast walker's force has two humps a step.
"""

from typing import Literal

import numpy as np
from scipy.signal import butter, hilbert, sosfiltfilt

Gait = Literal["running", "walking", "other"]

SMOOTH_HZ = 8.0
STEP_RATE_HZ = (0.7, 4.5)
ON_FOOT_BW = 0.2
"""The centre of pressure is read above this force."""
MIN_SWEEP_M = 0.1
"""Peak to peak: below, the feet do not ride back with a belt, or the recording has no centre of pressure."""
MID_STANCE_RUNNING_BW = 1.1
MIN_REPEAT = 0.5
"""Correlation of the signal with itself one stride later, below which it is no gait."""
MIN_SWING_BW = 0.02
UNLOADED_BW = 0.3
MIN_RUNNING_RATE_HZ = 1.8
RUNNING_RATE_HZ = (2.2, 4.2)
SINGLE_HUMP_RATIO = 0.4
SINGLE_HUMP_BW = 0.3


def segment_gait(force: np.ndarray, moment: np.ndarray, rate_hz: float) -> Gait:
    """The gait of one stretch of a few seconds: force and fore-aft moment (n,) in body weights, below SMOOTH_HZ."""
    if force.std() < MIN_SWING_BW:
        return "other"
    cop = _fore_aft_cop(force, moment)
    if cop is not None and np.quantile(cop, 0.95) - np.quantile(cop, 0.05) >= MIN_SWEEP_M:
        step_hz = _strongest_hz(cop, rate_hz)
        if not _repeats(cop, step_hz, rate_hz):
            return "other"
        return "running" if _mid_stance_force(force, cop, step_hz, rate_hz) > MID_STANCE_RUNNING_BW else "walking"
    hump_hz = _strongest_hz(force, rate_hz)
    if not _repeats(force, hump_hz, rate_hz):
        return "other"
    return "running" if _runs_by_force_alone(force, hump_hz, rate_hz) else "walking"


def _fore_aft_cop(force: np.ndarray, moment: np.ndarray) -> np.ndarray | None:
    """Fore-aft centre of pressure in metres, backward in stance, carried straight through the flights."""
    loaded = np.flatnonzero(force > ON_FOOT_BW)
    if len(loaded) < 2:
        return None
    cop = np.interp(np.arange(len(force)), loaded, moment[loaded] / force[loaded])
    rides_back = np.median(np.diff(cop)) <= 0  # most of the time is stance; else front and rear cells are exchanged
    return cop if rides_back else -cop


def _spectrum(values: np.ndarray, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    window = np.hanning(len(values))
    power = np.abs(np.fft.rfft((values - values.mean()) * window)) ** 2
    return np.fft.rfftfreq(len(values), 1 / rate_hz), power


def _strongest_hz(values: np.ndarray, rate_hz: float) -> float:
    hz, power = _spectrum(values, rate_hz)
    inside = (hz >= STEP_RATE_HZ[0]) & (hz <= 2 * STEP_RATE_HZ[1])
    return float(hz[inside][np.argmax(power[inside])])


def _line_power(values: np.ndarray, line_hz: float, rate_hz: float) -> float:
    hz, power = _spectrum(values, rate_hz)
    half_width_hz = max(0.06 * line_hz, 2 * rate_hz / len(values))
    return float(power[np.abs(hz - line_hz) <= half_width_hz].sum())


def _repeats(values: np.ndarray, step_hz: float, rate_hz: float) -> bool:
    """Whether the signal is like itself about two steps later."""
    moved = values - values.mean()
    lags = range(
        int(1.85 * rate_hz / step_hz), min(len(moved) // 2, int(2.15 * rate_hz / step_hz)) + 1, _lag_step(rate_hz)
    )
    return any(np.corrcoef(moved[:-lag], moved[lag:])[0, 1] >= MIN_REPEAT for lag in lags)


def _lag_step(rate_hz: float) -> int:
    """5 ms, or one sample."""
    return max(1, round(0.005 * rate_hz))


def _mid_stance_force(force: np.ndarray, cop: np.ndarray, step_hz: float, rate_hz: float) -> float:
    """Mean force while the centre of pressure passes the middle of its backward sweep.

    The sweep is a falling sawtooth that jumps at phase 0; its first harmonic is a sine, so mid-stance is phase pi,
    where the analytic signal of a sine has the angle +pi/2.
    """
    band = butter(2, (0.6 * step_hz, 1.4 * step_hz), btype="bandpass", fs=rate_hz, output="sos")
    angle = np.angle(hilbert(sosfiltfilt(band, cop - cop.mean())))
    return float(force[np.abs(angle - np.pi / 2) < np.pi / 8].mean())


def _runs_by_force_alone(force: np.ndarray, hump_hz: float, rate_hz: float) -> bool:
    if np.quantile(force, 0.03) < UNLOADED_BW and hump_hz >= MIN_RUNNING_RATE_HZ:
        return True
    if not RUNNING_RATE_HZ[0] <= hump_hz <= RUNNING_RATE_HZ[1]:
        return False
    first, second = (np.sqrt(_line_power(force, k * hump_hz, rate_hz)) for k in (1, 2))
    half_hz = np.sqrt(_line_power(force, hump_hz / 2, rate_hz))
    single = second < SINGLE_HUMP_RATIO * first and half_hz < SINGLE_HUMP_RATIO * first
    return bool(single and np.sqrt(2) * force.std() > SINGLE_HUMP_BW)
