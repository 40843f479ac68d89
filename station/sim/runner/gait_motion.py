"""The running body: contacts, posture and arm swing -> the pose at any time.

Stance is exact (the foot does not slip, contact and toe-off are those of the loop), the rest is parametric. Posture
angles are what they say: the rig's own angles are solved so that the named points show the scenario's.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from station.errors import ConfigError
from station.gait.results import SIDES, Side
from station.sim.runner.blade_leg import bend, blade_reach_m, tip_xz
from station.sim.runner.body import Body, Pose, bone
from station.sim.runner.body_phase import BodyPhase
from station.sim.runner.foot_path import foot_y_m
from station.sim.runner.foot_roll import ankle_xz
from station.sim.runner.leg_motion import LegMotion
from station.sim.runner.limbs import arm_rotations, fist_rotations, leg_rotations, reach_m
from station.sim.runner.posture_truth import Points, forearm_across_deg, neck_relative_deg
from station.sim.runner.rotations import about_x, about_y, about_z
from station.sim.runner.scenario import Scenario
from station.sim.runner.standing import standing_pose
from station.sim.runner.trunk import neck_rotations, spine_rotations, thorax_rotation
from station.sim.runner.vertical_path import vertical_path

_LEAST_KNEE = np.radians(11)
_EXTENDED_AT = np.array([0.0, 0.7, 0.8, 0.9, 1.0])  # shares of stance at which the leg is long
_UPPER_BODY_LAG = 0.02  # of a stride behind the contacts
_ARM_MIDDLE = np.radians(-20)  # of the upper arm's swing, from vertical
_ELBOW_SWING = np.radians(10)
_SAMPLES = 24  # of a stride, to solve for mean angles


class RunnerMotion:
    """A runner of the scenario with the neck of one stage."""

    def __init__(self, body: Body, scenario: Scenario, neck_deg: float) -> None:
        self.body = body
        self.loop = scenario.loop()
        self._scenario = scenario
        self._phase = BodyPhase(scenario, self.loop)
        self._rise_m = vertical_path(scenario, self.loop)
        self._fists = fist_rotations(body, "left") | fist_rotations(body, "right")
        self._pelvis_height_m = height = self._height_in_reach()
        self._legs = {
            side: LegMotion(body, scenario, self.loop, side, lambda t_s, side=side: self._hip(side, t_s, height))
            for side in SIDES
        }
        standing = neck_relative_deg(body.points(standing_pose(body, 0.0)))
        self._forearm_inward = self._inward_for(scenario.forearm_across_deg)
        self._neck_flexion = self._flexion_for(standing + neck_deg)

    def pose(self, t_s: float) -> Pose:
        """The pose at a time of the loop (any time: the loop repeats)."""
        legs: dict[str, np.ndarray] = {}
        for side in SIDES:
            leg = self._legs[side](t_s)
            hip, line = self._hip(side, t_s, self._pelvis_height_m), foot_y_m(self._scenario, side)
            legs |= leg_rotations(self.body, side, hip, line, leg.thigh, leg.knee, leg.foot_pitch, leg.toe_extension)
        return self._with_upper_body(t_s, legs, self._neck_flexion, self._forearm_inward)

    def points(self, t_s: float) -> Points:
        """The named points (3,) at a time."""
        return self.body.points(self.pose(t_s))

    def _with_upper_body(self, t_s: float, legs: dict[str, np.ndarray], neck_flexion: float, inward: float) -> Pose:
        phase = self._phase(t_s)
        turn = -np.radians(self._scenario.shoulder_rotation_deg / 2) * np.cos(2 * np.pi * (phase - _UPPER_BODY_LAG))
        side_bend = np.radians(1.5) * np.cos(2 * np.pi * (phase - 0.12))
        lean = np.radians(self._scenario.lean_deg + 1.5 * np.cos(4 * np.pi * (phase - 0.12)))
        nod = np.radians(1.0 * np.cos(4 * np.pi * (phase - 0.2)) + 2.0)
        root = self._root(t_s, self._pelvis_height_m)
        pelvis, thorax = self._pelvis(phase), thorax_rotation(turn, side_bend, lean)
        absolute = {"root": pelvis, "clavicle.L": thorax, "clavicle.R": thorax, **legs}
        absolute |= neck_rotations(turn, neck_flexion, nod)
        for side in SIDES:
            swing, elbow = self._arm(side, phase)
            absolute |= arm_rotations(self.body, side, about_z(turn), swing, elbow, inward)
        return self.body.pose(absolute, self._fists | spine_rotations(pelvis, thorax), root)

    def _arm(self, side: Side, phase: float) -> tuple[float, float]:
        """Upper arm's swing and elbow flexion: the arm is back when the foot of its side lands."""
        contact = 0.0 if side == "right" else self._phase.left_contact
        back = np.cos(2 * np.pi * (phase - contact - _UPPER_BODY_LAG))
        swing = _ARM_MIDDLE - np.radians(self._scenario.arm_swing_deg / 2) * back
        return swing, np.radians(180 - self._scenario.elbow_deg) - _ELBOW_SWING * back

    def _pelvis(self, phase: float) -> np.ndarray:
        turn = np.radians(5) * np.cos(2 * np.pi * phase)
        drop = np.radians(-4) * np.cos(2 * np.pi * (phase - 0.12))
        return about_z(turn) @ about_x(drop) @ about_y(np.radians(4 + 0.4 * self._scenario.lean_deg))

    def _root(self, t_s: float, mean_height_m: float) -> np.ndarray:
        phase = self._phase(t_s)
        forward = 0.012 * np.cos(4 * np.pi * (phase - 0.30))
        leftward = -0.008 * np.cos(2 * np.pi * (phase - 0.17))
        return np.array([forward, leftward, mean_height_m + float(self._rise_m(t_s % self.loop.length_s))])

    def _hip(self, side: Side, t_s: float, mean_height_m: float) -> np.ndarray:
        from_root = self.body.joint(bone("upperleg01", side)) - self.body.joint("root")
        return self._root(t_s, mean_height_m) + self._pelvis(self._phase(t_s)) @ from_root

    def _height_in_reach(self) -> float:
        """The greatest height of the pelvis at which no knee in stance is straighter than `_LEAST_KNEE`."""
        body, heights = self.body, []
        for contact in self.loop.contacts:
            for t_s in contact.contact_s + contact.contact_time_s * _EXTENDED_AT:
                if contact.side == body.blade:
                    x, z = tip_xz(self._scenario, contact, t_s)
                    reach = blade_reach_m(body, bend(contact, t_s), _LEAST_KNEE)
                else:
                    (x, z), _ = ankle_xz(body, self._scenario, contact, t_s)
                    reach = reach_m(body.thigh_m, body.shank_m, _LEAST_KNEE)
                hip = self._hip(contact.side, t_s, 0.0)
                sideways = hip[1] - foot_y_m(self._scenario, contact.side)
                heights.append(z + np.sqrt(reach**2 - (x - hip[0]) ** 2 - sideways**2) - hip[2])
        return min(heights)

    def _points_over_stride(self, neck_flexion: float, inward: float) -> list[Points]:
        first, second = (c.contact_s for c in self.loop.of("right")[:2])
        times = first + (second - first) * np.arange(_SAMPLES) / _SAMPLES
        return [self.body.points(self._with_upper_body(t, {}, neck_flexion, inward)) for t in times]

    def _flexion_for(self, target_deg: float) -> float:
        """Neck flexion, radians, at which the mean relative neck inclination is the target."""

        def miss(flexion: float) -> float:
            points = self._points_over_stride(flexion, 0.0)
            return float(np.mean([neck_relative_deg(p) for p in points])) - target_deg

        return self._solved(miss, (-30, 85), f"a neck {target_deg:.0f} deg forward of the trunk")

    def _inward_for(self, target_deg: float) -> float:
        """Inward turn of the forearms, radians, at which the right one is across by the target at the front reach."""

        def miss(inward: float) -> float:
            points = self._points_over_stride(0.0, inward)
            return max(forearm_across_deg(p) for p in points) - target_deg

        return self._solved(miss, (-40, 90), f"a forearm {target_deg:.0f} deg across the body")

    def _solved(self, miss: Callable[[float], float], between_deg: tuple[float, float], what: str) -> float:
        """Where `miss` is 0, in radians. Raises ConfigError where this body cannot do it."""
        low, high = np.radians(between_deg)
        if miss(low) * miss(high) > 0:
            name = self._scenario.name
            raise ConfigError(f"scenario {name!r} wants {what}, which this body with these arms cannot; choose less")
        return brentq(miss, low, high, xtol=1e-3)
