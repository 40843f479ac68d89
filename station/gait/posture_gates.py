"""What must hold of the picture before posture is measured; each gate answers with a reason in the runner's words."""

import numpy as np

from station.gait.flat_foot import FlatFoot
from station.gait.posture_track import PoseTrack
from station.gait.results import SIDES
from station.words import N_

LEAST_FPS = 25.0
LEAST_FPS_FOOT = 50.0
NOBODY = N_("Nobody could be followed in the picture.")
TOO_SLOW = N_("The camera is too slow: {rate_hz:.0f} pictures a second, {needed:.0f} are needed.")
MOST_ROLL_DEG = 5.0
"""Roll is measured and taken out; the biomechanics spec (1.1) asks for 3 degrees where it is not."""
_LEAST_FRAMES = 20
LEAST_BODY_PX = 150.0
LEAST_IN_FRAME = 0.90
MOST_FRAMES_WITH_OTHERS = 0.10
_FASTEST_BACKGROUND_BODIES_S = 0.15
_WIDEST_WALK_BODIES = 1.0
_JUMP_BODIES = 0.5
_JUMP_LONGEST_S = 0.2
_MOST_JUMPS_SHARE = 0.01
_EAR_TO_ANKLE_LEGS = 1.82
"""Ear to ankle over hip to ankle, upright (Drillis & Contini 1966: 0.936, 0.530 and 0.039 of the stature)."""
_STEEPEST_FLAT_DEG = 25.0
"""Heel to toe in mid-stance: 4-13 degrees toe-down on rendered feet, 45 on a running blade."""
_WHOLE_BODY = ("ear", "shoulder", "hip", "knee", "ankle")


def body_height_px(track: PoseTrack) -> float | None:
    """Height of the runner in the image, ear to the lower ankle, or by the legs where no frame shows the ears.

    None where no frame shows the ankles, or neither ear nor hip, or the ankles are not below them.
    """
    ankles = np.stack([track.point("ankle", side)[:, 1] for side in SIDES])
    lowest = np.where(np.isfinite(ankles), ankles, -np.inf).max(axis=0, initial=-np.inf)
    for upper, lengths in (("ear", 1.0), ("hip", _EAR_TO_ANKLE_LEGS)):
        heights = lowest - track.middle(upper)[:, 1]
        heights = heights[np.isfinite(heights)]
        if len(heights):
            height_px = lengths * float(np.quantile(heights, 0.75))
            return height_px if height_px > 0 else None
    return None


def refuse_picture(
    track: PoseTrack, people: np.ndarray | None, background_px_s: np.ndarray | None, roll_deg: float
) -> str | None:
    """Why nothing at all can be measured from this track; None where it can."""
    found = np.isfinite(track.xy_px).all(axis=2).any(axis=1)
    height_px = body_height_px(track)
    if found.sum() < _LEAST_FRAMES or height_px is None:
        return NOBODY
    if track.frame_rate_hz < LEAST_FPS:
        return TOO_SLOW.format(rate_hz=track.frame_rate_hz, needed=LEAST_FPS)
    if (others_share(people) or 0.0) > MOST_FRAMES_WITH_OTHERS:
        return N_("Another person is in the picture.")
    if abs(roll_deg) > MOST_ROLL_DEG:
        return N_("The camera is tilted by {roll_deg:.0f} degrees: have it levelled and calibrated again.").format(
            roll_deg=abs(roll_deg)
        )
    if height_px < LEAST_BODY_PX:
        return N_("The runner is too small in the picture: move the camera closer.")
    if in_frame_share(track) < LEAST_IN_FRAME:
        return N_("The runner is not fully in the picture.")
    if _camera_moves(background_px_s, height_px):
        return N_("The camera moves: angles against the vertical cannot be measured.")
    return _wanders(track, height_px)


def not_a_flat_foot(flat: FlatFoot | None) -> str | None:
    """Why landings have no angle: heel and toe never lay along the belt, as those of every foot do in mid-stance.

    So it is where the leg ends in something else than a foot, or where the foot is covered.
    """
    if flat is None or abs(flat.pitch_deg) <= _STEEPEST_FLAT_DEG:
        return None
    return N_("Heel and toe of the near foot were not seen lying along the belt: its landing has no angle.")


def others_share(people: np.ndarray | None) -> float | None:
    """Share of the checks in which somebody else was seen; None where nobody looked."""
    return float(np.mean(np.asarray(people) > 1)) if people is not None and len(people) else None


def in_frame_share(track: PoseTrack) -> float:
    """Share of the frames in which the points from ear to ankle, where seen, lie inside the image."""
    points = np.stack([track.point(name, side) for side in SIDES for name in _WHOLE_BODY], axis=1)
    seen = np.isfinite(points).all(axis=2)
    limits = np.array([track.width_px, track.height_px])
    inside = ((points >= 0) & (points < limits)).all(axis=2)
    frames = seen.any(axis=1)
    return float(np.mean((inside | ~seen)[frames].all(axis=1))) if frames.any() else 0.0


def _camera_moves(background_px_s: np.ndarray | None, height_px: float) -> bool:
    if background_px_s is None:
        return False
    speed = np.abs(np.asarray(background_px_s, float))
    speed = speed[np.isfinite(speed)]
    return bool(len(speed)) and float(np.median(speed)) > _FASTEST_BACKGROUND_BODIES_S * height_px


def _wanders(track: PoseTrack, height_px: float) -> str | None:
    """On a treadmill the runner stays in one place, and a person cannot jump across the picture."""
    hips = track.middle("hip")
    seen = np.isfinite(hips).all(axis=1)
    t_s, hips = track.t_s[seen], hips[seen]
    if len(hips) < _LEAST_FRAMES:
        return NOBODY
    soon = np.diff(t_s) < _JUMP_LONGEST_S
    jumps = np.hypot(*np.diff(hips, axis=0).T)[soon] > _JUMP_BODIES * height_px
    if np.sum(jumps) > max(1, _MOST_JUMPS_SHARE * len(hips)):
        return N_("The picture jumps from one person to another.")
    left, right = np.quantile(hips[:, 0], (0.02, 0.98))
    if right - left > _WIDEST_WALK_BODIES * height_px:
        return N_("The runner moves through the picture: this is not a treadmill seen from the side.")
    return None
