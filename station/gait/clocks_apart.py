"""Where the clocks of camera and load cells are too far apart, no picture shows the instant of contact.

Nor does one where nobody knows when the sensor read the rows that show the foot. The landing foot turns by up to half a
degree a millisecond: 10 ms make a midfoot landing of a heel landing.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from station.gait.foot_strike import landing_turn_deg_s, steps_of_near_foot
from station.gait.posture import FOOT_STRIKE
from station.gait.posture_frames import View
from station.gait.posture_track import PoseTrack
from station.gait.results import SIDES, Measure, PostureResult, Step
from station.words import N_

LIMIT_MS = 10.0


def clocks_apart(offset: Measure, one_clock: bool) -> str | None:
    """Why the instant of contact cannot be found in the pictures; None where it can.

    Of one clock the offset ought to be 0, and is taken as 0 until it is surely beyond the limit; of two clocks it is
    taken out, and must be known to within the limit.
    """
    if not offset.measured:
        return None
    if one_clock and not -LIMIT_MS <= max(offset.low, min(offset.high, 0.0)) <= LIMIT_MS:
        return N_(
            "The camera's clock is {off_ms:.0f} ms away from that of the load cells; the landing foot can be "
            "judged up to {limit_ms:.0f} ms."
        ).format(off_ms=abs(offset.value), limit_ms=LIMIT_MS)
    half_ms = (offset.high - offset.low) / 2
    if not one_clock and half_ms > LIMIT_MS:
        return N_(
            "The clocks of camera and load cells could be put together only to within {half_ms:.0f} ms; the "
            "landing foot can be judged up to {limit_ms:.0f} ms."
        ).format(half_ms=half_ms, limit_ms=LIMIT_MS)
    return None


def row_doubt_ms(track: PoseTrack, readout_half_width_ms: float) -> float:
    """By how much the time of the feet's rows may be wrong where that of the picture's last row may be so much."""
    rows = np.concatenate([track.point("heel", side)[:, 1] for side in SIDES])
    rows = rows[np.isfinite(rows)]
    return readout_half_width_ms * (float(np.median(rows)) / track.height_px if len(rows) else 1.0)


def rows_unknown(doubt_ms: float) -> str | None:
    """Why the instant of contact cannot be found in the pictures of a sensor whose rows have no known time."""
    if doubt_ms <= LIMIT_MS:
        return None
    return N_(
        "How fast this camera's sensor reads its picture is not known: the feet's instant may be {doubt_ms:.0f} "
        "ms off; the landing foot can be judged up to {limit_ms:.0f} ms."
    ).format(doubt_ms=doubt_ms, limit_ms=LIMIT_MS)


def without_landings(posture: PostureResult, reason: str) -> PostureResult:
    """The same posture, its landings not measured."""
    return replace(
        posture,
        series={key: series for key, series in posture.series.items() if key != FOOT_STRIKE},
        foot_strike_angle_deg={side: Measure.missing(reason) for side in posture.foot_strike_angle_deg},
    )


def with_time_doubt(posture: PostureResult, half_ms: float, track: PoseTrack, steps: Sequence[Step]) -> PostureResult:
    """The same posture; its landings' interval holds what a doubt of `half_ms` is worth while the foot turns."""
    side = posture.camera_side
    foot = posture.foot_strike_angle_deg.get(side)
    if foot is None or not foot.measured or half_ms == 0:
        return posture
    view = View.behind(posture)
    near_steps = steps_of_near_foot(track, steps, side, view.near)
    turn_deg_s = landing_turn_deg_s(track, near_steps, view.near, view.direction) or 0.0
    doubt_deg = turn_deg_s * half_ms / 1e3
    wider = replace(
        foot,
        low=foot.value - float(np.hypot(foot.value - foot.low, doubt_deg)),
        high=foot.value + float(np.hypot(foot.high - foot.value, doubt_deg)),
    )
    return replace(posture, foot_strike_angle_deg={**posture.foot_strike_angle_deg, side: wider})
