"""The frames to show of single strides and steps, with the angle that was judged drawn in."""

from collections.abc import Sequence

import numpy as np

from station.gait.posture_frames import View, frame_angles
from station.gait.posture_joints import at_joints
from station.gait.posture_track import ARM_CONFIDENCE, PoseTrack
from station.gait.results import Series, Step
from station.scorecard.evidence import Angle, Line, Picture, picture_at
from station.scorecard.facts import Facts
from station.scorecard.shown_steps import step_at
from station.words import N_

_HALF_STRIDE_S = 0.4
_MID_STANCE, _ABOUT_MID_STANCE_S = 0.4, 0.06
_RAY_PX = 90.0


def neck_picture(facts: Facts, series: Series, k: int) -> Picture | None:
    """Shoulder to ear against the trunk's line, in the frame of stride `k` that shows its mean best."""
    track, view = facts.track, View.behind(facts.posture)
    frame = _frame_like(track, view, "neck_relative_deg", series, k)
    if frame is None:
        return None
    shoulder, ear, hip = (track.point(name, view.near)[frame] for name in ("shoulder", "ear", "hip"))
    up = _along(shoulder, shoulder - hip)
    value = frame_angles(_only(track, frame), view)["neck_relative_deg"][0]
    angle = Angle(N_("neck to trunk"), float(value), tuple(shoulder), tuple(up), tuple(ear))
    return _picture(facts, track, frame, angle, [("hip", "shoulder"), ("shoulder", "ear")])


def arm_picture(facts: Facts, series: Series, k: int) -> Picture | None:
    """The near arm at its front reach in stride `k`."""
    view = View.behind(facts.posture)
    if facts.track is None:
        return None
    track = at_joints(facts.track, view.near)
    shoulder = track.point("shoulder", view.near)
    wrist, elbow = (track.point(name, view.near, ARM_CONFIDENCE) for name in ("wrist", "elbow"))
    reach = view.direction * (wrist[:, 0] - shoulder[:, 0])
    near_stride = np.abs(track.t_s - series.t_s[k]) <= _HALF_STRIDE_S
    usable = np.flatnonzero(near_stride & np.isfinite(reach + elbow[:, 0]))
    if not len(usable):
        return None
    frame = int(usable[np.argmax(reach[usable])])
    value = frame_angles(_only(facts.track, frame), view)["elbow_angle_deg"][0]
    angle = Angle(N_("elbow"), float(value), tuple(elbow[frame]), tuple(shoulder[frame]), tuple(wrist[frame]))
    return _picture(facts, track, frame, angle, [("shoulder", "elbow"), ("elbow", "wrist")])


def landing_picture(facts: Facts, landings: Series, k: int) -> Picture | None:
    """The near foot in landing `k`, against the belt."""
    track, view = facts.track, View.behind(facts.posture)
    if track is None:
        return None
    heel, toe = (track.point(name, view.near) for name in ("heel", "foot_index"))
    away_s = np.abs(track.time_of("heel", view.near) - landings.t_s[k])
    away_s[~np.isfinite(heel[:, 0] + toe[:, 0])] = np.inf
    frame = int(np.argmin(away_s))
    if not np.isfinite(away_s[frame]):
        return None
    ahead = _along(heel[frame], np.array([view.direction, 0.0]))
    angle = Angle(N_("foot at landing"), float(landings.value[k]), tuple(heel[frame]), tuple(ahead), tuple(toe[frame]))
    step = step_at(facts.force, float(landings.t_s[k]))
    return _picture(facts, track, frame, angle, [("knee", "ankle"), ("heel", "foot_index")], step)


def stance_picture(facts: Facts, step: Step) -> Picture | None:
    """The runner in the middle of a stance, without an angle; its leg is marked where its side is known."""
    track = facts.track
    if track is None or not len(track.t_s):
        return None
    middle_s = step.contact_s + _MID_STANCE * (step.toe_off_s - step.contact_s)
    frame = int(np.argmin(np.abs(track.t_s - middle_s)))
    if abs(track.t_s[frame] - middle_s) > _ABOUT_MID_STANCE_S:
        return None
    leg = [("hip", "knee"), ("knee", "ankle"), ("heel", "foot_index")]
    lines: list[Line] = [(f"{step.side}_{a}", f"{step.side}_{b}") for a, b in leg] if step.side else []
    return picture_at(track, frame, lines, None, step.n)


def _frame_like(track: PoseTrack | None, view: View, key: str, series: Series, k: int) -> int | None:
    """The frame of stride `k` that shows the stride's own mean best."""
    if track is None:
        return None
    off_deg = np.abs(frame_angles(track, view)[key] - series.value[k])
    off_deg[np.abs(track.t_s - series.t_s[k]) > _HALF_STRIDE_S] = np.nan
    return int(np.nanargmin(off_deg)) if np.isfinite(off_deg).any() else None


def _picture(
    facts: Facts,
    track: PoseTrack,
    frame: int,
    angle: Angle,
    segments: Sequence[tuple[str, str]],
    step: Step | None = None,
) -> Picture:
    side = View.behind(facts.posture).near
    lines: list[Line] = [(f"{side}_{a}", f"{side}_{b}") for a, b in segments]
    step = step or step_at(facts.force, float(track.t_s[frame]))
    return picture_at(track, frame, lines, angle, step.n if step else None)


def _along(start: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """The end of a ray to draw."""
    return start + _RAY_PX * direction / max(float(np.hypot(*direction)), 1e-9)


def _only(track: PoseTrack, frame: int) -> PoseTrack:
    return track.within(track.t_s[frame], track.t_s[frame])
