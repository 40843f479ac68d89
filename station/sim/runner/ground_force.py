"""Vertical force and centre of pressure of a simulated gait, from its contacts.

Each contact's impulse is what turns the fall after one flight into the rise before the next, so the mean force over
whole strides is body weight.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import brentq

from station.gait.results import Side
from station.sim.runner.corners import moments
from station.sim.runner.foot_path import cop_x_m, foot_y_m
from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.stance_curve import StanceCurve, running_curve, walking_curve
from station.sim.runner.stride_timing import Contact

CONTACT_THRESHOLD_N = 50.0
IMPACT_CV = 0.05
SHARPNESS_SD = 0.11  # 2.5 % of peak force at constant impulse; with the contact times 3 %
_TAIL_S = 0.05  # a curve reaches at most this far outside [contact, toe-off]


class GroundForce:
    """The force under both feet over a sequence of contacts (in order of time).

    The seed varies impact and active peak step by step (None: they vary with the contact time only).
    With `period_s` the contacts repeat after that time (a loop), and the mean over it is exactly body weight.
    """

    def __init__(
        self,
        spec: GaitSpec,
        contacts: Sequence[Contact],
        seed: int | Sequence[int] | None,
        period_s: float | None = None,
    ) -> None:
        self.contacts = tuple(contacts)
        self._spec = spec
        vary = np.zeros((2, len(contacts)))
        if seed is not None:
            vary = np.random.default_rng(seed).standard_normal(vary.shape)
        self._curves = _curves(spec, self.contacts, _momentum_impulses_s(self.contacts, period_s), vary)

    def moments(self, t_s: np.ndarray, until_s: float = math.inf) -> np.ndarray:
        """Times (n,) in any order -> (4, n): F in newtons, F x, F y, F x y (see `corners`).

        Contacts that begin after `until_s` are left out.
        """
        out = np.zeros((4, len(t_s)))
        for contact, mask, force_n in self._feet(t_s):
            if contact.contact_s > until_s:
                break
            x_m = cop_x_m(self._spec, contact, t_s[mask])
            out[:, mask] += moments(force_n, x_m, foot_y_m(self._spec, contact.side))
        return out

    def _feet(self, t_s: np.ndarray) -> Iterator[tuple[Contact, np.ndarray, np.ndarray]]:
        """Each contact that touches `t_s`, which of the times it loads, and its force there."""
        if not len(t_s):
            return
        first, last = t_s.min(), t_s.max()
        for contact, curve in zip(self.contacts, self._curves, strict=True):
            if contact.contact_s - _TAIL_S <= last and contact.toe_off_s + _TAIL_S >= first:
                since = t_s - contact.contact_s
                mask = (since > curve.start_s) & (since < curve.start_s + curve.duration_s)
                yield contact, mask, curve(since[mask]) * self._spec.body_weight_n


def _curves(spec: GaitSpec, contacts: Sequence[Contact], impulses_s: np.ndarray, vary: np.ndarray) -> list[StanceCurve]:
    """One curve a contact; `vary` (2, n): standard deviations of impact and sharpness from their means."""
    factor = _impulse_factors(spec)
    skewed = impulses_s * np.array([factor[c.side] for c in contacts])
    skewed *= impulses_s.sum() / skewed.sum()
    impacts = np.maximum(1 + IMPACT_CV * vary[0], 0.0)
    sharpness = np.maximum(1 + SHARPNESS_SD * vary[1], 0.5)
    rows = zip(contacts, skewed, impacts, sharpness, strict=True)
    return [_curve(spec, c.side, c.contact_time_s, impulse, impact, sharp) for c, impulse, impact, sharp in rows]


def _momentum_impulses_s(contacts: Sequence[Contact], period_s: float | None) -> np.ndarray:
    """Impulse over body weight of each contact when the flights around it are free falls of equal height.

    An unbroken run has no flight before its first and after its last contact: their other flight stands in.
    """
    landing = np.array([c.contact_s for c in contacts])
    toe_off = np.array([c.toe_off_s for c in contacts])
    flights = landing[1:] - toe_off[:-1]
    first, last = flights[0], flights[-1]
    if period_s is not None:
        first = last = landing[0] + period_s - toe_off[-1]
    return toe_off - landing + (np.r_[first, flights] + np.r_[flights, last]) / 2


def _curve(
    spec: GaitSpec,
    side: Side,
    contact_time_s: float,
    impulse_bw_s: float,
    impact: float = 1.0,
    sharpness: float = 1.0,
) -> StanceCurve:
    threshold = CONTACT_THRESHOLD_N / spec.body_weight_n
    if spec.gait == "walking":
        hump_fall = float(np.interp(spec.speed_m_s, (0.8, 2.0), (0.48, 0.38)))  # faster walking, deeper trough
        return walking_curve(contact_time_s, impulse_bw_s, threshold, hump_fall, sharpness)
    impact_bw = spec.impact_on(side) * impact
    return running_curve(contact_time_s, impulse_bw_s, threshold, impact_bw, spec.impact_time_ms / 1000, sharpness)


def _impulse_factors(spec: GaitSpec) -> dict[Side, float]:
    """Per side, the impulse relative to the mean of both that gives the spec's asymmetry of peak force."""
    half = spec.stride_time_s / 2
    contact = spec.stride_time_s * spec.duty_factor
    skew = spec.contact_time_asymmetry_pct / 200
    ratio = (1 + spec.peak_force_asymmetry_pct / 200) / (1 - spec.peak_force_asymmetry_pct / 200)

    def excess(share: float) -> float:
        right = _curve(spec, "right", contact * (1 + skew), half * (1 + share)).active_peak_bw
        left = _curve(spec, "left", contact * (1 - skew), half * (1 - share)).active_peak_bw
        return right - ratio * left

    share = brentq(excess, -0.45, 0.45, xtol=1e-6)
    natural = skew * contact / half  # what the contact times alone make of it, see _momentum_impulses_s
    return {"right": (1 + share) / (1 + natural), "left": (1 - share) / (1 - natural)}
