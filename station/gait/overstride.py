"""Overstride: how far the near foot lands ahead of the hip, as a share of the leg's length.

Ankle ahead of hip at contact over hip-knee-ankle (biomechanics spec, section 5): it needs no scale, only the picture's
roll, which would shift it by the leg's height.
"""

from collections.abc import Sequence

import numpy as np

from station.gait.bootstrap import block_bootstrap_means, interval
from station.gait.posture_frames import View
from station.gait.posture_track import PoseTrack
from station.gait.results import Measure, Step

LEAST_LANDINGS = 4
FEW = "Too few landings were seen clearly."
HIDDEN = "The near leg is hidden most of the time."
_LOST_FRAME_PERIODS = 1.5
"""Frames further apart have lost one between them."""


def overstride(track: PoseTrack, steps: Sequence[Step], view: View, seed: int = 1) -> Measure:
    """Mean over the contacts `steps` of the near foot, in leg lengths, forward positive."""
    hip, knee, ankle = (track.point(name, view.near) for name in ("hip", "knee", "ankle"))
    leg_px = np.hypot(*(hip - knee).T) + np.hypot(*(knee - ankle).T)
    if not np.isfinite(leg_px).any():
        return Measure.missing(HIDDEN)
    roll = np.radians(view.roll_deg)
    forward = view.direction * np.array([np.cos(roll), np.sin(roll)])
    ahead = (ankle - hip) @ forward / np.nanmedian(leg_px)
    known = np.isfinite(ahead)
    t_s, ahead, rate_hz = track.time_of("ankle", view.near)[known], ahead[known], track.frame_rate_hz
    values = [_at(step.contact_s, t_s, ahead, _LOST_FRAME_PERIODS / rate_hz) for step in steps]
    seen = np.array([value for value in values if value is not None])
    if len(seen) < LEAST_LANDINGS:
        return Measure.missing(FEW, len(seen))
    low, high = interval(block_bootstrap_means(seen, np.random.default_rng([seed % 2**32, 34])))
    return Measure(float(seen.mean()), low, high, len(seen))


def _at(contact_s: float, t_s: np.ndarray, values: np.ndarray, apart_s: float) -> float | None:
    """Between the frames before and after the contact; None where they lie further apart."""
    after = int(np.searchsorted(t_s, contact_s))
    if not 0 < after < len(t_s) or t_s[after] - t_s[after - 1] > apart_s:
        return None
    return float(np.interp(contact_s, t_s[after - 1 : after + 1], values[after - 1 : after + 1]))
