"""When each foot touches and leaves the belt: the events that the force and the picture share."""

import math
from dataclasses import dataclass, replace

import numpy as np

from station.gait.results import SIDES, Side
from station.sim.runner.gait_spec import GaitSpec

STRIDE_TIME_CV = 0.011  # common to both steps of a stride; with STEP_TIME_CV about 1.2 % per stride
STEP_TIME_CV = 0.006
CONTACT_TIME_CV = 0.015
"""Step-to-step variability of healthy runners (reference figures: below 2.5 % for spatio-temporal values)."""
_LEAD_S = 0.03  # before the loop's first contact: the foot touches a little before it carries 50 N


@dataclass(frozen=True)
class Contact:
    """One foot on the belt. Contact and toe-off are the instants at which it carries 50 N."""

    side: Side
    contact_s: float
    toe_off_s: float

    @property
    def contact_time_s(self) -> float:
        return self.toe_off_s - self.contact_s

    def later(self, seconds: float) -> "Contact":
        return replace(self, contact_s=self.contact_s + seconds, toe_off_s=self.toe_off_s + seconds)


@dataclass(frozen=True)
class StrideLoop:
    """A whole number of strides that follow themselves without a seam: contacts in order of time, right foot first.

    `contacts[k].contact_s` lies in [0, length_s); a contact may end behind `length_s`.
    """

    contacts: tuple[Contact, ...]
    length_s: float

    def of(self, side: Side) -> list[Contact]:
        return [c for c in self.contacts if c.side == side]


def stride_loop(spec: GaitSpec, strides: int, length_s: float, seed: int) -> StrideLoop:
    """`strides` strides with natural variability in exactly `length_s`, starting in the flight before a right contact.

    The means of step and contact time over the loop are exactly those of `spec`, scaled to `length_s`.
    """
    rng = np.random.default_rng(seed)
    stride_s = length_s / strides
    common = rng.normal(0, spec.variability * STRIDE_TIME_CV, strides)
    step_s, contact_s = {}, {}
    for side, sign in zip(SIDES, (-1, 1), strict=True):
        step_mean = stride_s / 2 * (1 + sign * spec.step_time_asymmetry_pct / 200)
        contact_mean = stride_s * spec.duty_factor * (1 + sign * spec.contact_time_asymmetry_pct / 200)
        step_s[side] = _with_mean(1 + common + rng.normal(0, spec.variability * STEP_TIME_CV, strides), step_mean)
        contact_s[side] = _with_mean(1 + rng.normal(0, spec.variability * CONTACT_TIME_CV, strides), contact_mean)
    first = max(_LEAD_S, stride_s * (0.5 - spec.duty_factor))
    right = first + np.concatenate([[0.0], np.cumsum(step_s["right"] + step_s["left"])[:-1]])
    left = right + step_s["right"]
    contacts = [Contact("right", float(t), float(t + d)) for t, d in zip(right, contact_s["right"], strict=True)]
    contacts += [Contact("left", float(t), float(t + d)) for t, d in zip(left, contact_s["left"], strict=True)]
    return StrideLoop(tuple(sorted(contacts, key=lambda c: c.contact_s)), length_s)


def loop_length_s(spec: GaitSpec, strides: int, fps: float) -> float:
    """The length of `strides` strides, to the nearest whole frame."""
    return round(strides * spec.stride_time_s * fps) / fps


def contacts_between(spec: GaitSpec, start_s: float, end_s: float, seed: int) -> tuple[Contact, ...]:
    """Contacts of an unbroken run that cover [start_s, end_s] and at least a stride on either side."""
    strides = math.ceil((end_s - start_s) / spec.stride_time_s) + 4
    loop = stride_loop(spec, strides, strides * spec.stride_time_s, seed)
    phase = np.random.default_rng([seed, 1]).uniform(0, 1)
    return tuple(c.later(start_s - (1.5 + phase) * spec.stride_time_s) for c in loop.contacts)


def _with_mean(values: np.ndarray, mean: float) -> np.ndarray:
    return values * (mean / values.mean())
