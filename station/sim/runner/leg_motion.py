"""One leg over the loop: the foot's roll with inverse kinematics in stance, joint-angle splines in swing."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import Akima1DInterpolator

from station.gait.results import Side
from station.sim.runner.blade_leg import bend, blade_leg_angles, tip_xz
from station.sim.runner.body import Body
from station.sim.runner.foot_path import foot_y_m
from station.sim.runner.foot_roll import ankle_xz
from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.limbs import leg_angles
from station.sim.runner.stride_timing import Contact, StrideLoop

_LAST_OF_STANCE = (0.90, 0.95, 1.0)  # shares at which the swing's splines join the stance
_FIRST_OF_STANCE = (0.0, 0.04, 0.08)
_TOES_RELAX, _TOES_LIFT = 0.10, 0.15  # shares of swing: after toe-off, and before a landing on the ball
_MOST_TOE_EXTENSION = np.radians(60)

HipPath = Callable[[float], np.ndarray]
"""Time -> place (3,) of the hip joint."""


@dataclass(frozen=True)
class LegState:
    """Angles of a leg in radians: thigh forward, knee flexed, foot and toes toe-up positive."""

    thigh: float
    knee: float
    foot_pitch: float
    toe_extension: float


class LegMotion:
    """The leg `side`; `hip` gives the place of its hip joint at any time."""

    def __init__(self, body: Body, spec: GaitSpec, loop: StrideLoop, side: Side, hip: HipPath) -> None:
        self._body = body
        self._spec = spec
        self._loop = loop
        self._hip = hip
        self._has_blade = side == body.blade
        self._foot_y_m = foot_y_m(spec, side)
        contacts = loop.of(side)
        after = [*contacts[1:], contacts[0].later(loop.length_s)]
        self._strides = list(zip(contacts, after, strict=True))
        self._swings = [self._swing(this, following) for this, following in self._strides]

    def __call__(self, t_s: float) -> LegState:
        first = self._strides[0][0].contact_s
        t_s = first + (t_s - first) % self._loop.length_s
        k = next(i for i, (_, following) in enumerate(self._strides) if t_s < following.contact_s)
        contact, following = self._strides[k]
        if t_s <= contact.toe_off_s:
            thigh, knee, pitch = self._stance(contact, t_s)
            flexed = 1.0
        else:
            thigh, knee, ankle = (float(x) for x in self._swings[k](t_s))
            pitch = ankle + thigh - knee
            swung = (t_s - contact.toe_off_s) / (following.contact_s - contact.toe_off_s)
            flexed = max(1 - swung / _TOES_RELAX, 1 - (1 - swung) / _TOES_LIFT, 0.0)
        return LegState(thigh, knee, pitch, flexed * float(np.clip(-pitch, 0, _MOST_TOE_EXTENSION)))

    def _stance(self, contact: Contact, t_s: float) -> tuple[float, float, float]:
        """Thigh, knee and foot pitch with the foot (or the blade's tip) on the belt."""
        if self._has_blade:
            x, z = tip_xz(self._spec, contact, t_s)
            bent = bend(contact, t_s)
            thigh, knee = blade_leg_angles(self._body, self._hip(t_s), np.array([x, self._foot_y_m, z]), bent)
            return thigh, knee, thigh - knee + bent
        (x, z), pitch = ankle_xz(self._body, self._spec, contact, t_s)
        thigh, knee = leg_angles(self._body, self._hip(t_s), np.array([x, self._foot_y_m, z]))
        return thigh, knee, pitch

    def _joints(self, contact: Contact, share: float) -> np.ndarray:
        """Thigh, knee and ankle (foot pitch less shank angle) at a share of a stance."""
        thigh, knee, pitch = self._stance(contact, contact.contact_s + share * contact.contact_time_s)
        return np.array([thigh, knee, pitch - (thigh - knee)])

    def _swing(self, contact: Contact, following: Contact) -> Callable[[float], np.ndarray]:
        """Splines of thigh, knee and ankle over time, from the end of one stance to the start of the next.

        The targets in between are ordinary running: the knee folds the more the faster, the thigh leads before contact.
        """
        off = np.array([self._joints(contact, s) for s in _LAST_OF_STANCE])
        on = np.array([self._joints(following, s) for s in _FIRST_OF_STANCE])
        (thigh_off, knee_off, ankle_off), (thigh_on, knee_on, ankle_on) = off[-1], on[0]
        knee_peak = np.radians(72 + 9 * self._spec.speed_m_s)
        thigh_peak = max(thigh_on + np.radians(6), np.radians(24 + 6.5 * self._spec.speed_m_s))
        degree = np.radians(1)
        thigh = (
            (0.10, thigh_off + degree),
            (0.36, 4 * degree),
            (0.55, 0.72 * thigh_peak),
            (0.74, thigh_peak),
            (0.88, thigh_peak - 0.35 * (thigh_peak - thigh_on)),
        )
        knee = (
            (0.16, knee_off + 0.38 * (knee_peak - knee_off)),
            (0.30, 0.93 * knee_peak),
            (0.42, knee_peak),
            (0.55, 0.94 * knee_peak),
            (0.72, 0.58 * knee_peak),
            (0.86, knee_on + 0.14 * (knee_peak - knee_on)),
            (0.95, knee_on - degree),
        )
        ankle = (
            (0.14, 0.65 * ankle_off - 2 * degree),
            (0.35, -2 * degree),
            (0.58, 12 * degree),
            (0.75, 10 * degree),
            (0.90, 0.9 * ankle_on),
        )
        if self._has_blade:
            ankle = tuple((share, 0.0) for share, _ in ankle)
        before = contact.contact_s + contact.contact_time_s * np.array(_LAST_OF_STANCE)
        after = following.contact_s + following.contact_time_s * np.array(_FIRST_OF_STANCE)
        splines = []
        for joint, targets in enumerate((thigh, knee, ankle)):
            shares, values = np.array(targets).T
            between = contact.toe_off_s + shares * (following.contact_s - contact.toe_off_s)
            times = np.concatenate([before, between, after])
            splines.append(Akima1DInterpolator(times, np.concatenate([off[:, joint], values, on[:, joint]])))
        return lambda t_s: np.array([spline(t_s) for spline in splines])
