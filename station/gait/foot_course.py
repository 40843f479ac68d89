"""How the near foot is pitched, frame by frame: by the network's points, or by the pictures of its shoe."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.posture_angles import foot_pitch_deg
from station.gait.posture_track import PoseTrack
from station.gait.results import SIDES, Side, Step

LEAST_FRAMES = 12
"""About the contacts of a run, for anything to be said of its landings."""
_ABOUT_CONTACT_S = 0.03
"""Frames nearer than this to a contact tell its angle: three or four of 60 a second."""
_FLAT_STANCE = (0.35, 0.50)
_LEAST_FLAT_FRAMES = 5


@dataclass(frozen=True)
class FootCourse:
    """(m,) rising instants of the foot's own image rows, and (m,) angles at them, toe-up positive."""

    t_s: np.ndarray
    angle_deg: np.ndarray

    def about(self, steps: Sequence[Step]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Every frame about every contact: (k,) number of the landing, (k,) seconds since its contact, (k,) angle."""
        contact_s = np.array([step.contact_s for step in steps])
        first, last = np.searchsorted(self.t_s, (contact_s - _ABOUT_CONTACT_S, contact_s + _ABOUT_CONTACT_S))
        frame = np.concatenate([np.zeros(0, int), *(np.arange(a, b) for a, b in zip(first, last, strict=True))])
        landing = np.repeat(np.arange(len(contact_s)), last - first)
        return landing, self.t_s[frame] - contact_s[landing], self.angle_deg[frame]

    def in_mid_stance(self, steps: Sequence[Step]) -> float | None:
        """Median at 35-50 % of the stances; None where too few frames show them."""
        spans_s = np.array([(step.contact_s, step.toe_off_s) for step in steps]).reshape(-1, 2)
        from_s, to_s = (spans_s @ (1 - share, share) for share in _FLAT_STANCE)
        first, last = np.searchsorted(self.t_s, from_s), np.searchsorted(self.t_s, to_s, side="right")
        flat = np.concatenate([np.zeros(0), *(self.angle_deg[a:b] for a, b in zip(first, last, strict=True))])
        return median_deg(flat)


NOWHERE = FootCourse(np.zeros(0), np.zeros(0))


def by_points(track: PoseTrack, near: Side, direction: int) -> FootCourse:
    """Pitch of the line from the heel to the toe point, where both were seen."""
    pitch_deg = foot_pitch_deg(track.point("heel", near), track.point("foot_index", near), direction)
    return _course(track, near, pitch_deg)


def by_shoe(track: PoseTrack, near: Side) -> FootCourse:
    """Turn of the shoe against itself standing, where its pictures tell it."""
    return _course(track, near, track.foot_turn_deg[:, SIDES.index(near)])


def median_deg(angle_deg: np.ndarray) -> float | None:
    """Of a foot that lies flat; None of too few frames."""
    return float(np.median(angle_deg)) if len(angle_deg) >= _LEAST_FLAT_FRAMES else None


def _course(track: PoseTrack, near: Side, angle_deg: np.ndarray) -> FootCourse:
    known = np.isfinite(angle_deg)
    t_s = (track.time_of("heel", near) + track.time_of("foot_index", near)) / 2
    return FootCourse(t_s[known], angle_deg[known])
