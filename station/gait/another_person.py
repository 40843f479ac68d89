"""Whether the person in the picture is the one who runs on the load cells.

A bystander behind the treadmill may be all that the network follows. The runner's mass rises and falls with the force:
on rendered runners the two correlate with 0.95 and more, a bystander with 0.1.
"""

from dataclasses import replace

from station.gait.results import Measure, PostureResult
from station.gait.sync import UNLIKE


def another_person(offset: Measure, one_clock: bool) -> str | None:
    """Why the picture is not the runner's; None where it may be. Clocks of their own may be too far apart to tell."""
    return UNLIKE if one_clock and offset.reason == UNLIKE else None


def without_posture(posture: PostureResult, reason: str) -> PostureResult:
    """Nothing that was seen is the runner's."""
    return replace(
        posture,
        measures={key: Measure.missing(reason) for key in posture.measures},
        series={},
        foot_strike_angle_deg={side: Measure.missing(reason) for side in posture.foot_strike_angle_deg},
        standing={},
        cadence_spm=None,
        reason=reason,
    )
