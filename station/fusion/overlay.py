"""What the analysis of a session has to say about single frames of its video."""

from collections.abc import Callable

import numpy as np

from station.camera.overlay import FrameNotes
from station.fusion.scoring import Analysed
from station.gait.camera_side import other
from station.gait.legs import near_side
from station.gait.posture_frames import View, frame_angles
from station.gait.posture_track import PoseTrack
from station.gait.results import PostureResult, Side
from station.gait.video_gait import video_gait

_SAME_FRAME_S = 0.004
_SHOWN_S = 0.1  # how long a landing stays marked
_ANGLES = {
    "neck_relative_deg": "neck",
    "trunk_lean_deg": "trunk",
    "elbow_angle_deg": "elbow",
    "shoulder_rotation_deg": "shoulders",
}


def view_of(track: PoseTrack, posture: PostureResult) -> View:
    """The view that the posture was measured in; where nobody was seen from the side, by the surer labels."""
    if "camera_side_found" in posture.quality:
        return View.behind(posture)
    near = near_side(track.confidence)
    return View(near, 1 if near == "right" else -1, float(posture.quality["roll_deg"]))


def frame_notes(run: Analysed, shift_s: float) -> Callable[[float], FrameNotes | None]:
    """Notes by the video's own time; `shift_s` puts that on the time axis of the run."""
    track, posture = run.facts.track, run.facts.posture
    if track is None or posture is None or not len(track.t_s):
        return lambda t_s: None
    view = view_of(track, posture)
    measured = [key for key in _ANGLES if posture.reason is None and posture.measures[key].measured]
    angles = frame_angles(track, view)
    landings = _landings(run, track, view)

    def notes_at(t_s: float) -> FrameNotes | None:
        k = int(np.argmin(np.abs(track.t_s - t_s - shift_s)))
        if abs(track.t_s[k] - t_s - shift_s) > _SAME_FRAME_S:
            return None
        seen = [f"{_ANGLES[key]} {angles[key][k]:.0f}" for key in measured if np.isfinite(angles[key][k])]
        lines = [f"{track.t_s[k]:.3f} s   {'   '.join(seen)}", *([posture.reason] if posture.reason else [])]
        return FrameNotes(track.xy_px[k], track.confidence[k], _landing_px(track, k, landings), lines)

    return notes_at


def _landings(run: Analysed, track: PoseTrack, view: View) -> list[tuple[float, Side]]:
    """Instants and labels of the feet that land: by the force, else the near foot's as the camera alone tells them."""
    steps = run.facts.force.steps if run.facts.force is not None else ()
    if not steps:
        return [(t_s, view.near) for t_s in video_gait(track, view.near, view.direction).strides.start_s.tolist()]
    seen = run.facts.posture.camera_side
    return [(s.contact_s, view.near if s.side == seen else other(view.near)) for s in steps if s.side is not None]


def _landing_px(track: PoseTrack, k: int, landings: list[tuple[float, Side]]) -> np.ndarray | None:
    """Where the heel is of a foot that has landed within the last moments."""
    for landing_s, side in landings:
        if 0 <= track.time_of("heel", side)[k] - landing_s < _SHOWN_S:
            return track.point("heel", side, least_confidence=0.0)[k]
    return None
