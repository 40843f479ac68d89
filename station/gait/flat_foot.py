"""The near foot flat: the zero of its landings' angles.

Best is the shoe itself: how far its picture is turned against that of the same shoe standing (docs/decisions/0046).
Else it is the pitch of the network's points: standing, where there is a standing reference, since the heel point
follows the shank, which is upright at contact and in standing but leans 30 degrees in mid-stance (0008); else in
mid-stance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from station.gait.foot_course import LEAST_FRAMES, FootCourse, by_points, by_shoe, median_deg
from station.gait.posture_track import PoseTrack
from station.gait.results import Side, Step

_MOST_UNLIKE_DEG = 12.0
_LEAST_SHOE_SHARE = 0.4
"""Of the frames about the contacts: so many must tell the shoe's turn, for it to be used."""
_MOST_SHOE_DEG = 6.0
"""That the shoe may be turned in mid-stance: beyond, it did not stand flat before, or another thing is followed."""


@dataclass(frozen=True)
class FlatFoot:
    """`pitch_deg`: of the foot's points while it is flat, camera tilt and shoe included."""

    pitch_deg: float
    seen_in: Literal["standing_shoe", "standing", "mid_stance"]
    from_flat: FootCourse  # the foot's angle against flat, frame by frame


def flat_foot(
    track: PoseTrack, steps: Sequence[Step], standing: PoseTrack | None, near: Side, direction: int
) -> FlatFoot | None:
    """None where the foot was never seen flat. `steps`: contacts of the near foot only."""
    course = by_points(track, near, direction)
    running_deg = course.in_mid_stance(steps)
    standing_deg = median_deg(by_points(standing, near, direction).angle_deg) if standing is not None else None
    stood_flat = standing_deg is not None and (
        running_deg is None or abs(standing_deg - running_deg) < _MOST_UNLIKE_DEG
    )
    pitch_deg = standing_deg if stood_flat else running_deg
    if pitch_deg is None:
        return None
    shoe = by_shoe(track, near)
    if _follows_the_foot(shoe, course, steps):
        return FlatFoot(pitch_deg, "standing_shoe", shoe)
    from_flat = FootCourse(course.t_s, course.angle_deg - pitch_deg)
    return FlatFoot(pitch_deg, "standing" if stood_flat else "mid_stance", from_flat)


def _follows_the_foot(shoe: FootCourse, points: FootCourse, steps: Sequence[Step]) -> bool:
    """Whether enough frames about the contacts tell the shoe's turn, and mid-stance shows it flat."""
    told, seen = (len(course.about(steps)[0]) for course in (shoe, points))
    enough = told >= max(LEAST_FRAMES, _LEAST_SHOE_SHARE * seen)
    flat_deg = shoe.in_mid_stance(steps)
    return enough and flat_deg is not None and abs(flat_deg) < _MOST_SHOE_DEG
