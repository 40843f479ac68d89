"""Overstride: how far the near foot lands ahead of the hip, as a share of the leg's length.

Ankle ahead of hip over hip-knee-ankle, both at contact (biomechanics spec, section 5): it needs no scale, only the
picture's roll, which would shift it by the leg's height.
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
    roll = np.radians(view.roll_deg)
    ahead_px = (ankle - hip) @ (view.direction * np.array([np.cos(roll), np.sin(roll)]))
    known = np.isfinite(leg_px)
    if not known.any():
        return Measure.missing(HIDDEN)
    pair = np.column_stack([ahead_px, leg_px])[known]
    t_s, apart_s = track.time_of("ankle", view.near)[known], _LOST_FRAME_PERIODS / track.frame_rate_hz
    landings = [at for step in steps if (at := _at(step.contact_s, t_s, pair, apart_s)) is not None]
    if len(landings) < LEAST_LANDINGS:
        return Measure.missing(FEW, len(landings))
    at_contact_px = np.array(landings)
    seen = at_contact_px[:, 0] / np.median(at_contact_px[:, 1])
    low, high = interval(block_bootstrap_means(seen, np.random.default_rng([seed % 2**32, 34])))
    return Measure(float(seen.mean()), low, high, len(seen))


def _at(contact_s: float, t_s: np.ndarray, values: np.ndarray, apart_s: float) -> np.ndarray | None:
    """Between the frames (rows of `values`) before and after the contact; None where they lie further apart."""
    after = int(np.searchsorted(t_s, contact_s))
    if not 0 < after < len(t_s) or t_s[after] - t_s[after - 1] > apart_s:
        return None
    share = (contact_s - t_s[after - 1]) / (t_s[after] - t_s[after - 1])
    return (1 - share) * values[after - 1] + share * values[after]
