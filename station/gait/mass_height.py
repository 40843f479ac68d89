"""Height of the body's centre of mass in the picture, from the keypoints of hips and legs.

The force moves the centre of mass, not the hips: a swinging leg is a fifth of the body and lifts it by its own way.
Shares of the body's mass and centres of the segments: de Leva 1996, J Biomech 29:1223, mean of women and men. Trunk,
head and arms move with the hips here; what that leaves out is in the lag of `sync`.
"""

from dataclasses import dataclass

import numpy as np

from station.gait.posture_track import PoseTrack
from station.gait.results import SIDES, Side

_SEGMENTS = (("hip", "knee", 0.1447, 0.385), ("knee", "ankle", 0.0457, 0.437), ("heel", "foot_index", 0.0133, 0.420))
"""Upper and lower end of a leg's segment, its share of the body's mass, its centre from the upper end."""
_TRUNK_SHARE = 1 - 2 * sum(share for _, _, share, _ in _SEGMENTS)
_FAR_CONFIDENCE = 0.3
_LEAST_LEGS_SEEN = 0.5
_LONGEST_FILL_S = 0.06
"""A point lost for longer is not filled: a foot turns round in the air within a tenth of a second."""


@dataclass(frozen=True)
class MassHeight:
    """(n,) instants and (n,) heights in pixels, upwards. `of_legs`: with the legs' own motion, else of the hips."""

    t_s: np.ndarray
    height_px: np.ndarray
    of_legs: bool


def mass_height(track: PoseTrack) -> MassHeight:
    """Of the frames that show enough of the body; of the hips alone where they seldom show both legs."""
    t_s = track.t_s + track.height_px / 2 * track.row_s
    hips = _hips(track, t_s)
    legs = sum(_leg(track, t_s, side) for side in SIDES)
    both, only_hips = np.isfinite(hips + legs), np.isfinite(hips)
    if both.sum() >= _LEAST_LEGS_SEEN * only_hips.sum():
        return MassHeight(t_s[both], (_TRUNK_SHARE * hips + legs)[both], of_legs=True)
    return MassHeight(t_s[only_hips], hips[only_hips], of_legs=False)


def _hips(track: PoseTrack, t_s: np.ndarray) -> np.ndarray:
    """(n,) the mean of both hips, or the better seen one where the other is mostly hidden."""
    hips = np.stack([_height(track, t_s, "hip", side) for side in SIDES])
    seen = np.isfinite(hips)
    if seen.all(axis=0).sum() >= seen.sum(axis=1).max() / 2:
        return hips.mean(axis=0)
    return hips[np.argmax(seen.sum(axis=1))]


def _leg(track: PoseTrack, t_s: np.ndarray, side: Side) -> np.ndarray:
    """(n,) heights of one leg's segments times their shares of the mass."""
    return sum(
        share * ((1 - centre) * _height(track, t_s, upper, side) + centre * _height(track, t_s, lower, side))
        for upper, lower, share, centre in _SEGMENTS
    )


def _height(track: PoseTrack, t_s: np.ndarray, name: str, side: Side) -> np.ndarray:
    """(n,) pixels upwards of one point, a short gap filled from the frames about it; NaN where it was not seen."""
    height = -track.point(name, side, _FAR_CONFIDENCE)[:, 1]
    seen = np.flatnonzero(np.isfinite(height))
    if not len(seen):
        return height
    order = np.searchsorted(seen, np.arange(len(height)))
    last, following = seen[np.maximum(order - 1, 0)], seen[np.minimum(order, len(seen) - 1)]
    fill = (order > 0) & (order < len(seen)) & (t_s[following] - t_s[last] <= _LONGEST_FILL_S)
    return np.where(fill, np.interp(t_s, t_s[seen], height[seen]), height)
