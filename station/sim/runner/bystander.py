"""The second person in the picture: stands beside or behind the treadmill, or walks past it."""

import numpy as np

from station.sim.runner.body import Body, Pose
from station.sim.runner.camera_view import CameraView
from station.sim.runner.filming import Filming, SecondPerson
from station.sim.runner.gait_motion import RunnerMotion
from station.sim.runner.gym_scene import FLOOR_Z_M
from station.sim.runner.rotations import about_z
from station.sim.runner.scenario import BodyName, Scenario
from station.sim.runner.standing import standing_pose

STANDS: dict[SecondPerson, tuple[float, float, float]] = {"beside": (0.35, 1.0, -90.0), "behind": (-1.6, 0.25, 0.0)}
"""Who stays: metres forward of the treadmill's middle and away from the camera; degrees of the face from ahead."""
_WALKS: dict[SecondPerson, float] = {"passing": 1.7, "crossing": -1.5}
"""The line, metres away from the camera of the treadmill's middle."""
_LEAST_WALK_M_S = 1.3
_OUTSIDE_M = 0.6  # of the picture's edge: nobody to be seen
_SWAY_S = 2.0


class Bystander:
    """A person of the body `name` over a clip of `length_s`, which the movement closes."""

    def __init__(self, name: BodyName, filming: Filming, view: CameraView, length_s: float) -> None:
        self.body = Body(name)
        self._where = filming.second_person
        self._away = 1.0 if filming.side == "right" else -1.0
        self._length_s = length_s
        if self._where in _WALKS:
            self._line_m = _WALKS[self._where]
            half_view = np.tan(np.radians(view.vertical_field_deg / 2)) * view.width_px / view.height_px
            self._reach_m = half_view * (abs(view.eye_m[1]) + self._line_m) + _OUTSIDE_M
            self._speed_m_s = max(_LEAST_WALK_M_S, 2 * self._reach_m / length_s)
            self._walk = RunnerMotion(self.body, _walker(name, self._speed_m_s), 0.0)

    def pose(self, t_s: float) -> Pose:
        if self._where in _WALKS:
            forward = (t_s - self._length_s / 2) * self._speed_m_s
            return _placed(self._walk.pose(t_s), (forward, self._away * self._line_m), 0.0)
        forward, away, turn = STANDS[self._where]
        return _placed(standing_pose(self.body, t_s / _SWAY_S), (forward, self._away * away), self._away * turn)


def _placed(pose: Pose, place_m: tuple[float, float], turn_deg: float) -> Pose:
    """The pose on the gym's floor."""
    turn = about_z(np.radians(turn_deg))
    return Pose(turn @ pose.rotation, pose.position @ turn.T + [*place_m, FLOOR_Z_M])


def _walker(name: BodyName, speed_m_s: float) -> Scenario:
    return Scenario(
        title="walks past",
        mistakes=[],
        body=name,
        gait="walking",
        mass_kg=70,
        speed_m_s=speed_m_s,
        cadence_spm=116,
        duty_factor=0.62,
        strike_angle_deg=18,
        heel_ahead_m=0.30,
        lean_deg=2,
        shoulder_rotation_deg=8,
        arm_swing_deg=35,
        elbow_deg=150,
    )
