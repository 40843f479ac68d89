"""Vertical force of one foot over one contact, as a sum of raised-cosine bells.

Running: an impact bell (the foot and shank stop) and an active bell (the rest of the body), the form of
Clark, Ryan and Weyand 2017, J Exp Biol 220:247. Walking: two equal bells, weight acceptance and push-off.
Forces are in body weights, times in seconds from the instant the foot carries `threshold_bw`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import gamma

ACTIVE_PEAK_AT = 0.45  # of the loaded time
IMPACT_FALL = 1.3  # fall of the impact bell as a multiple of its rise
WALK_HUMP_AT = 0.23  # of the loaded time, from either end


@dataclass(frozen=True)
class Bell:
    """`height * (cos^2)^sharpness` with its top at `top_s`; 0 outside [top - rise, top + fall]."""

    height_bw: float
    top_s: float
    rise_s: float
    fall_s: float
    sharpness: float = 1.0

    def __call__(self, t_s: np.ndarray) -> np.ndarray:
        x = np.where(t_s < self.top_s, (self.top_s - t_s) / self.rise_s, (t_s - self.top_s) / self.fall_s)
        return self.height_bw * np.cos(np.pi / 2 * np.minimum(x, 1.0)) ** (2 * self.sharpness)

    @property
    def impulse_bw_s(self) -> float:
        return self.height_bw * mean_height(self.sharpness) * (self.rise_s + self.fall_s)


def mean_height(sharpness: float) -> float:
    """Mean of a bell of height 1 over its width: 1/2 for a raised cosine."""
    return float(gamma(sharpness + 0.5) / gamma(sharpness + 1) / np.sqrt(np.pi))


@dataclass(frozen=True)
class StanceCurve:
    """The bells of one contact, loaded from `start_s` (just before contact) for `duration_s`."""

    bells: tuple[Bell, ...]
    start_s: float
    duration_s: float

    def __call__(self, t_s: np.ndarray) -> np.ndarray:
        return sum(bell(t_s - self.start_s) for bell in self.bells)

    @property
    def active_peak_bw(self) -> float:
        return self.bells[-1].height_bw


def running_curve(
    contact_time_s: float,
    impulse_bw_s: float,
    threshold_bw: float,
    impact_bw: float,
    impact_time_s: float,
    sharpness: float = 1.0,
) -> StanceCurve:
    """The curve with this impulse that is above `threshold_bw` for exactly `contact_time_s`.

    `sharpness` moves the active peak at constant impulse. Raises ValueError where the impact alone exceeds the impulse.
    """
    impact = Bell(impact_bw, impact_time_s, impact_time_s, IMPACT_FALL * impact_time_s)
    active_impulse = impulse_bw_s - impact.impulse_bw_s
    if active_impulse <= 0:
        raise ValueError(f"an impact of {impact_bw} BW has more impulse than the whole contact of {contact_time_s} s")

    def bells(duration_s: float) -> tuple[Bell, ...]:
        height = active_impulse / (mean_height(sharpness) * duration_s)
        top = ACTIVE_PEAK_AT * duration_s
        return impact, Bell(height, top, top, duration_s - top, sharpness)

    return _above_threshold_for(contact_time_s, threshold_bw, bells)


def walking_curve(
    contact_time_s: float, impulse_bw_s: float, threshold_bw: float, hump_fall: float, sharpness: float = 1.0
) -> StanceCurve:
    """Two mirrored humps; `hump_fall` (share of the loaded time) sets the trough: smaller = deeper."""

    def bells(duration_s: float) -> tuple[Bell, ...]:
        rise, fall = WALK_HUMP_AT * duration_s, hump_fall * duration_s
        height = impulse_bw_s / 2 / (mean_height(sharpness) * (rise + fall))
        return (
            Bell(height, rise, rise, fall, sharpness),
            Bell(height, duration_s - rise, fall, rise, sharpness),
        )

    return _above_threshold_for(contact_time_s, threshold_bw, bells)


def _above_threshold_for(
    contact_time_s: float, threshold_bw: float, bells: Callable[[float], tuple[Bell, ...]]
) -> StanceCurve:
    """Lengthen the loaded time until the force is above the threshold for `contact_time_s`."""
    duration = contact_time_s
    for _ in range(12):
        curve = StanceCurve(bells(duration), 0.0, duration)
        last = curve.bells[-1]
        rise = brentq(lambda t, f=curve: float(f(t)) - threshold_bw, 0.0, last.top_s, xtol=1e-7)
        fall = brentq(lambda t, f=curve: float(f(t)) - threshold_bw, last.top_s, duration, xtol=1e-7)
        change = contact_time_s - (fall - rise)
        duration += change
        if abs(change) < 1e-6:
            break
    return StanceCurve(curve.bells, -rise, curve.duration_s)
