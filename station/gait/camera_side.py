"""Which way the runner faces in the image, and so which side of the runner the camera sees."""

import numpy as np

from station.gait.posture_track import PoseTrack
from station.gait.results import SIDES, Side

_LEAST_AGREEMENT = 0.75
"""Share of the votes (mean over the cues) that must agree on the direction; half would be a coin."""


def facing(track: PoseTrack) -> int | None:
    """+1 where the runner faces image right, -1 image left, None where it cannot be told.

    Cues: the nose lies ahead of the ears, each foot's toe ahead of its heel, each knee ahead of the line from hip to
    ankle. A frame's vote counts by that distance: a foot that tips over in the air, or a straight leg, says little.
    """
    ahead_px = [track.point("nose")[:, 0] - track.middle("ear")[:, 0]]
    for side in SIDES:
        ahead_px.append(track.point("foot_index", side)[:, 0] - track.point("heel", side)[:, 0])
        ahead_px.append(_knee_ahead_px(track, side))
    shares = [share for share in map(_share_ahead, ahead_px) if share is not None]
    if not shares:
        return None
    share = float(np.mean(shares))
    if share >= _LEAST_AGREEMENT:
        return 1
    return -1 if share <= 1 - _LEAST_AGREEMENT else None


def side_of(direction: int) -> Side:
    """The side of the runner that the camera sees: facing image right shows the right side."""
    return "right" if direction > 0 else "left"


def other(side: Side) -> Side:
    """The other side."""
    return "left" if side == "right" else "right"


def _knee_ahead_px(track: PoseTrack, side: Side) -> np.ndarray:
    """(n,) how far right in the image the knee is of the middle of hip and ankle, which are about as far from it."""
    hip, knee, ankle = (track.point(name, side)[:, 0] for name in ("hip", "knee", "ankle"))
    return knee - (hip + ankle) / 2


def _share_ahead(dx_px: np.ndarray) -> float | None:
    """Share of the votes for image right; a frame's vote grows with its distance, but for the furthest tenth."""
    known = dx_px[np.isfinite(dx_px)]
    furthest = np.quantile(np.abs(known), 0.9) if len(known) else 0.0
    if furthest == 0:
        return None
    votes = np.clip(known / furthest, -1.0, 1.0)
    return float((1 + votes.sum() / np.abs(votes).sum()) / 2)
