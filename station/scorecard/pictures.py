"""The frame to show for a stride or a landing, with the angle that was judged drawn in."""

import numpy as np

from station.gait.posture_frames import View, frame_angles
from station.gait.posture_joints import at_joints
from station.gait.posture_track import ARM_CONFIDENCE, PoseTrack
from station.gait.results import ForceResult, Series
from station.scorecard.evidence import Angle, Line, Picture, picture_at
from station.scorecard.facts import Facts

_WORST_SHARE = 0.95
_HALF_STRIDE_S = 0.4
_RAY_PX = 90.0


def worst(series: Series) -> int:
    """Number of the stride to show: high, but not the very highest, which is a slip of the keypoints as like as not."""
    order = np.argsort(series.value, kind="stable")
    return int(order[round(_WORST_SHARE * (len(order) - 1))])


def neck_picture(facts: Facts, series: Series) -> tuple[Picture, ...]:
    """Shoulder to ear against the trunk's line, in a stride with the head far forward."""
    track, view = facts.track, View.behind(facts.posture)
    frame = _frame_like(track, view, "neck_relative_deg", series)
    if frame is None:
        return ()
    shoulder, ear, hip = (track.point(name, view.near)[frame] for name in ("shoulder", "ear", "hip"))
    up = _along(shoulder, shoulder - hip)
    value = frame_angles(_only(track, frame), view)["neck_relative_deg"][0]
    angle = Angle("neck to trunk", float(value), tuple(shoulder), tuple(up), tuple(ear))
    step = _step_at(facts.force, track.t_s[frame])
    return (_picture(facts, track, frame, angle, [("hip", "shoulder"), ("shoulder", "ear")], step),)


def arm_picture(facts: Facts, series: Series) -> tuple[Picture, ...]:
    """The near arm at its front reach, in a stride with much movement."""
    view = View.behind(facts.posture)
    if facts.track is None or not len(series.value):
        return ()
    track = at_joints(facts.track, view.near)
    shoulder = track.point("shoulder", view.near)
    wrist, elbow = (track.point(name, view.near, ARM_CONFIDENCE) for name in ("wrist", "elbow"))
    reach = view.direction * (wrist[:, 0] - shoulder[:, 0])
    near_stride = np.abs(track.t_s - series.t_s[worst(series)]) <= _HALF_STRIDE_S
    usable = np.flatnonzero(near_stride & np.isfinite(reach + elbow[:, 0]))
    if not len(usable):
        return ()
    frame = int(usable[np.argmax(reach[usable])])
    value = frame_angles(_only(facts.track, frame), view)["elbow_angle_deg"][0]
    angle = Angle("elbow", float(value), tuple(elbow[frame]), tuple(shoulder[frame]), tuple(wrist[frame]))
    step = _step_at(facts.force, track.t_s[frame])
    return (_picture(facts, track, frame, angle, [("shoulder", "elbow"), ("elbow", "wrist")], step),)


def landing_picture(facts: Facts, landings: Series) -> tuple[Picture, ...]:
    """The near foot as it lands, against the belt."""
    track, view = facts.track, View.behind(facts.posture)
    if track is None or not len(landings.value):
        return ()
    k = worst(landings)
    heel, toe = (track.point(name, view.near) for name in ("heel", "foot_index"))
    away_s = np.abs(track.time_of("heel", view.near) - landings.t_s[k])
    away_s[~np.isfinite(heel[:, 0] + toe[:, 0])] = np.inf
    frame = int(np.argmin(away_s))
    if not np.isfinite(away_s[frame]):
        return ()
    ahead = _along(heel[frame], np.array([view.direction, 0.0]))
    angle = Angle("foot at landing", float(landings.value[k]), tuple(heel[frame]), tuple(ahead), tuple(toe[frame]))
    step = _step_at(facts.force, float(landings.t_s[k]))
    return (_picture(facts, track, frame, angle, [("knee", "ankle"), ("heel", "foot_index")], step),)


def _frame_like(track: PoseTrack | None, view: View, key: str, series: Series) -> int | None:
    """The frame of the worst stride that shows the stride's own mean best."""
    if track is None or not len(series.value):
        return None
    k = worst(series)
    off_deg = np.abs(frame_angles(track, view)[key] - series.value[k])
    off_deg[np.abs(track.t_s - series.t_s[k]) > _HALF_STRIDE_S] = np.nan
    return int(np.nanargmin(off_deg)) if np.isfinite(off_deg).any() else None


def _picture(
    facts: Facts, track: PoseTrack, frame: int, angle: Angle, segments: list[tuple[str, str]], step: int | None
) -> Picture:
    side = View.behind(facts.posture).near
    lines: list[Line] = [(f"{side}_{a}", f"{side}_{b}") for a, b in segments]
    return picture_at(track, frame, lines, angle, step)


def _step_at(force: ForceResult | None, t_s: float) -> int | None:
    """Number of the step that began last before (or just after) an instant."""
    if force is None or not force.steps:
        return None
    contact_s = np.array([step.contact_s for step in force.steps])
    k = int(np.searchsorted(contact_s, t_s + 0.02)) - 1
    return force.steps[k].n if k >= 0 else None


def _along(start: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """The end of a ray to draw."""
    return start + _RAY_PX * direction / max(float(np.hypot(*direction)), 1e-9)


def _only(track: PoseTrack, frame: int) -> PoseTrack:
    return track.within(track.t_s[frame], track.t_s[frame])
