"""Which way the runner faces in the image, and so which side of the runner the camera sees."""

import numpy as np

from station.gait.posture_track import PoseTrack
from station.gait.results import SIDES, Side

_LEAST_AGREEMENT = 0.75
"""Share of the frames (mean over the cues) that must agree on the direction; half would be a coin."""


def facing(track: PoseTrack) -> int | None:
    """+1 where the runner faces image right, -1 image left, None where it cannot be told.

    Cues, each a share of frames: the nose lies ahead of the ears, and each foot's toe ahead of its heel.
    """
    cues = [_share_ahead(track.point("nose")[:, 0] - track.middle("ear")[:, 0])]
    cues += [_share_ahead(track.point("foot_index", s)[:, 0] - track.point("heel", s)[:, 0]) for s in SIDES]
    shares = [share for share in cues if share is not None]
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


def _share_ahead(dx_px: np.ndarray) -> float | None:
    known = dx_px[np.isfinite(dx_px)]
    return float(np.mean(known > 0)) if len(known) else None
