"""What the analysis of a session has to say about single frames of its video."""

from collections.abc import Callable

import numpy as np

from station.camera.overlay import FrameNotes
from station.fusion.scoring import Analysed
from station.gait.camera_side import facing, other, side_of
from station.gait.legs import near_side
from station.gait.posture_frames import View, frame_angles
from station.gait.posture_track import PoseTrack
from station.gait.results import Side
from station.gait.video_gait import video_gait

_SAME_FRAME_S = 0.004
_SHOWN_S = 0.1  # how long a landing stays marked
_ANGLES = {
    "neck_relative_deg": "neck",
    "trunk_lean_deg": "trunk",
    "elbow_angle_deg": "elbow",
    "shoulder_rotation_deg": "shoulders",
}


def near_labels(track: PoseTrack) -> Side:
    """The labels that the side towards the camera bears."""
    direction = facing(track)
    return side_of(direction) if direction is not None else near_side(track.confidence)


def frame_notes(run: Analysed, shift_s: float) -> Callable[[float], FrameNotes | None]:
    """Notes by the video's own time; `shift_s` puts that on the time axis of the run."""
    track, posture = run.facts.track, run.facts.posture
    if track is None or posture is None or not len(track.t_s):
        return lambda t_s: None
    near = near_labels(track)
    direction = 1 if near == "right" else -1
    measured = [key for key in _ANGLES if posture.reason is None and posture.measures[key].measured]
    angles = frame_angles(track, View(near, direction, float(posture.quality.get("roll_deg") or 0.0)))
    landings = _landings(run, track, near, direction)

    def notes_at(t_s: float) -> FrameNotes | None:
        k = int(np.argmin(np.abs(track.t_s - t_s - shift_s)))
        if abs(track.t_s[k] - t_s - shift_s) > _SAME_FRAME_S:
            return None
        seen = [f"{_ANGLES[key]} {angles[key][k]:.0f}" for key in measured if np.isfinite(angles[key][k])]
        lines = [f"{track.t_s[k]:.3f} s   {'   '.join(seen)}", *([posture.reason] if posture.reason else [])]
        return FrameNotes(track.xy_px[k], track.confidence[k], _landing_px(track, k, landings), lines)

    return notes_at


def _landings(run: Analysed, track: PoseTrack, near: Side, direction: int) -> list[tuple[float, Side]]:
    """Instants and labels of the feet that land: by the force, else the near foot's as the camera alone tells them."""
    steps = run.facts.force.steps if run.facts.force is not None else ()
    if not steps:
        return [(t_s, near) for t_s in video_gait(track, near, direction).strides.start_s.tolist()]
    seen = run.facts.posture.camera_side
    return [(s.contact_s, near if s.side == seen else other(near)) for s in steps if s.side is not None]


def _landing_px(track: PoseTrack, k: int, landings: list[tuple[float, Side]]) -> np.ndarray | None:
    """Where the heel is of a foot that has landed within the last moments."""
    for landing_s, side in landings:
        if 0 <= track.t_s[k] - landing_s < _SHOWN_S:
            return track.point("heel", side, least_confidence=0.0)[k]
    return None
