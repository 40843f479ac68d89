"""Overstride: how far the near foot lands ahead of the hip, as a share of the leg's length.

Ankle ahead of hip over hip-knee-ankle, both at contact (biomechanics spec, section 5): it needs no scale, only the
picture's roll, which would shift it by the leg's height. The hip is where the network puts it, which is not the joint:
what that is worth is taken out, and its doubt is in the interval.
"""

from collections.abc import Sequence

import numpy as np

from station.gait.bootstrap import block_bootstrap_means, interval
from station.gait.posture_frames import View
from station.gait.posture_track import PoseTrack
from station.gait.results import Measure, Step
from station.words import N_

LEAST_LANDINGS = 4
HIP_LABEL, HIP_LABEL_SD = 0.022, 0.02
"""Leg lengths by which the overstride seems too small. On 33 rendered runners the network's hip is 0.03 ahead of the
joint and 0.02 below it, its ankle within 0.005: 0.022, sd 0.012 (0.07 where a belly hides the hip). On people such
labels are 30-50 mm, 0.04-0.06, off the hip's joint and 1-15 mm off the ankle's (Needham et al. 2021, Sci Rep 11:20673),
so the doubt is taken larger."""
FEW = N_("Too few landings were seen clearly.")
HIDDEN = N_("The near leg is hidden most of the time.")
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
    ahead = at_contact_px[:, 0] / np.median(at_contact_px[:, 1]) + HIP_LABEL
    rng = np.random.default_rng([seed % 2**32, 34])
    means = block_bootstrap_means(ahead, rng)
    low, high = interval(means + rng.normal(0, HIP_LABEL_SD, len(means)))
    return Measure(float(ahead.mean()), low, high, len(ahead))


def _at(contact_s: float, t_s: np.ndarray, values: np.ndarray, apart_s: float) -> np.ndarray | None:
    """Between the frames (rows of `values`) before and after the contact; None where they lie further apart."""
    after = int(np.searchsorted(t_s, contact_s))
    if not 0 < after < len(t_s) or t_s[after] - t_s[after - 1] > apart_s:
        return None
    share = (contact_s - t_s[after - 1]) / (t_s[after] - t_s[after - 1])
    return (1 - share) * values[after - 1] + share * values[after]
