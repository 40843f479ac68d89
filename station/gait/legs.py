"""Left and right of the legs, repaired over a whole run: BlazePose swaps them in side view, at the right positions.

For each frame the labels of hip to toe are kept or swapped; the cheapest sequence is found exactly (min-sum over two
states). Three things speak for or against a swap:

* motion: a joint stays near its place in the previous frame. Worth less the longer ago that frame is, and nothing over
  long gaps, so that frames taken around contacts only are judged by the other two.
* the near arm: it swings against the leg of its own side, in every runner and from either side of the camera. The
  arms are not swapped by the network, since the far one is hidden. On a treadmill recording elbow and ankles
  correlate with -0.9; motion alone goes wrong for good where the legs once cross in a blurred frame.
* the force, where it is known: a foot that the load cells have just felt landing is the lower one.

The network's confidence cannot tell the legs apart: it follows the labels through the swap (measured).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.results import Side
from station.messages import KEYPOINTS

_LEG = ("hip", "knee", "ankle", "heel", "foot_index")
_LEFT = np.array([KEYPOINTS.index(f"left_{joint}") for joint in _LEG])
_RIGHT = np.array([KEYPOINTS.index(f"right_{joint}") for joint in _LEG])
_ANKLE, _FOOT = 2, slice(2, 5)  # in the order of _LEG

_PLACE_SD = 0.03  # body heights: noise of a keypoint
_SPEED = np.array([0.3, 1.3, 2.5, 2.5, 2.7])  # body heights a second, hip to toe, against a standing camera
_CAP = 4.0  # most that one joint may cost: a misplaced one must not decide
_LONG_GAP_S = 0.1  # a third of a step: beyond, the nearer leg of the last frame is as likely the other one
_ELBOW_SWING, _ANKLE_SWING = 0.05, 0.17  # body heights, standard deviation over a stride; the elbow's at the least
_RANGE_SD = 2.8  # 5 % to 95 % range of a swing, in standard deviations
_ARM_WEIGHT, _ARM_CAP = 3.0, 2.0  # log-odds of two signals with correlation -0.75: 2 * 0.75 / (1 - 0.75**2)
_INDEPENDENT_S = 0.1  # arms seen in frames nearer than this say the same thing
_LANDING_S = (-0.03, 0.12)  # around a contact: that foot is down, the other one swings
_LANDING_HEIGHT = 0.03  # body heights by which the landing foot is lower at the least
_LANDING_CAP = 10.0
_SWAP_COST = 1.5  # log-odds that the labels are right as they come


@dataclass(frozen=True)
class Legs:
    """Keypoints with the legs' labels put right."""

    xy_px: np.ndarray  # (n, 33, 2)
    confidence: np.ndarray  # (n, 33)
    swapped: np.ndarray  # (n,) bool: the labels of these frames were exchanged
    margin: np.ndarray  # (n,) by how much the other choice would have cost more; below about 1 it is a guess


def near_side(confidence: np.ndarray) -> Side:
    """The side of the body towards the camera, by the network's labels: its arm and knee are seen more surely.

    `confidence` is (n, 33).
    """
    seen = {
        side: sum(np.median(confidence[:, KEYPOINTS.index(f"{side}_{j}")]) for j in ("elbow", "wrist", "knee"))
        for side in ("left", "right")
    }
    return "left" if seen["left"] > seen["right"] else "right"


def repair_legs(
    t_s: np.ndarray,
    xy_px: np.ndarray,
    confidence: np.ndarray,
    body_height_px: float,
    contacts: Sequence[tuple[float, Side]] = (),
    row_s: float = 0.0,
) -> Legs:
    """Keep or swap the leg labels of each frame.

    `t_s` (n,) rising, spaced as it comes; `xy_px` (n, 33, 2) with NaN where nothing was found; `confidence` (n, 33);
    `contacts`: instants on the same axis at which the load cells felt a foot of that side land. `row_s`: from one
    image row to the next (rolling shutter); `t_s` is then that of the first row.
    """
    seen = np.flatnonzero(np.isfinite(xy_px[:, np.r_[_LEFT, _RIGHT]]).any(axis=(1, 2)))
    t, xy = t_s[seen], xy_px[seen] / body_height_px
    side = near_side(confidence) if len(seen) else "left"
    news = _news(t)
    landed = _landing_evidence(t + row_s * _lowest_row(xy_px[seen]), xy, contacts)
    favours_swap = news * (_arm_evidence(xy, side) - _SWAP_COST) + landed
    difference = _cheapest_labels(favours_swap, _switch_cost(t, xy))
    swapped, margin = np.zeros(len(t_s), bool), np.zeros(len(t_s))
    swapped[seen], margin[seen] = difference < 0, np.abs(difference)
    return Legs(_exchanged(xy_px, swapped), _exchanged(confidence, swapped), swapped, margin)


def _switch_cost(t: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """(n-1,) how much dearer it is, by motion, to change the labels between two frames than to go on with them."""
    legs = xy[:, np.stack([_LEFT, _RIGHT])]  # n, side, joint, xy
    gap = np.diff(t)
    variance = _PLACE_SD**2 + (_SPEED * gap[:, None, None]) ** 2  # n-1, 1, joint
    same, crossed = (
        np.minimum(((legs[1:] - before) ** 2).sum(-1) / (2 * variance), _CAP) for before in (legs[:-1], legs[:-1, ::-1])
    )
    cost = np.nansum(crossed - same, axis=(1, 2))  # a joint that is missing in either frame says nothing
    return np.where(gap < _LONG_GAP_S, cost, 0.0)


def _news(t: np.ndarray) -> np.ndarray:
    """(n,) 0..1: how much each frame says that its neighbours do not say already."""
    if len(t) < 2:
        return np.ones(len(t))
    gap = np.diff(t)
    return np.minimum(np.minimum(np.r_[gap[0], gap], np.r_[gap, gap[-1]]) / _INDEPENDENT_S, 1.0)


def _arm_evidence(xy: np.ndarray, side: Side) -> np.ndarray:
    """(n,) positive where the near arm swings with, not against, the leg that bears its side's label."""
    elbow = xy[:, KEYPOINTS.index(f"{side}_elbow"), 0] - xy[:, KEYPOINTS.index(f"{side}_shoulder"), 0]
    own, other = (_LEFT, _RIGHT) if side == "left" else (_RIGHT, _LEFT)
    ahead = xy[:, own[_ANKLE], 0] - xy[:, other[_ANKLE], 0]
    if not np.isfinite(elbow).any():
        return np.zeros(len(xy))
    back, front = np.nanquantile(elbow, (0.05, 0.95))  # their middle, not the mean: the frames cluster at contacts
    swing = max((front - back) / _RANGE_SD, _ELBOW_SWING)
    agreement = (elbow - (back + front) / 2) / swing * (ahead / _ANKLE_SWING)
    return np.nan_to_num(_ARM_WEIGHT * np.clip(agreement, -_ARM_CAP, _ARM_CAP))


def _lowest_row(xy_px: np.ndarray) -> np.ndarray:
    """(n,) row of the lowest point of the feet, which has landed or is the next to; 0 where no foot was seen."""
    rows = xy_px[:, np.r_[_LEFT[_FOOT], _RIGHT[_FOOT]], 1]
    return np.where(np.isfinite(rows), rows, 0.0).max(axis=1)


def _landing_evidence(t: np.ndarray, xy: np.ndarray, contacts: Sequence[tuple[float, Side]]) -> np.ndarray:
    """(n,) positive where the foot that has just landed is labelled with the other side; `t`: of the feet's rows."""
    left_lower = np.nan_to_num(xy[:, _LEFT[_FOOT], 1] - xy[:, _RIGHT[_FOOT], 1]).mean(axis=1)
    evidence = np.zeros(len(t))
    for contact_s, side in contacts:
        landing = (t >= contact_s + _LANDING_S[0]) & (t <= contact_s + _LANDING_S[1])
        own_lower = left_lower[landing] if side == "left" else -left_lower[landing]
        evidence[landing] = np.clip(-own_lower / _LANDING_HEIGHT, -1.0, 1.0) * _LANDING_CAP
    return evidence


def _cheapest_labels(favours_swap: np.ndarray, switch_cost: np.ndarray) -> np.ndarray:
    """(n,) cost of the cheapest sequence that swaps a frame minus that of the cheapest which keeps it.

    Min-sum over two states: only cost differences (swap minus keep) need to be carried. Passing a switch that costs
    c on, a difference d becomes d clipped to -c..c (for c < 0, where a change is cheaper: -d clipped to c..-c).
    """

    def pass_on(d: float, c: float) -> float:
        return min(max(d, -c), c) if c >= 0 else min(max(-d, c), -c)

    own = -favours_swap
    n = len(own)
    from_past, from_future = np.zeros(n), np.zeros(n)
    for i in range(1, n):
        from_past[i] = pass_on(from_past[i - 1] + own[i - 1], switch_cost[i - 1])
        from_future[n - 1 - i] = pass_on(from_future[n - i] + own[n - i], switch_cost[n - 1 - i])
    return from_past + own + from_future


def _exchanged(values: np.ndarray, swapped: np.ndarray) -> np.ndarray:
    """A copy with the legs' labels exchanged in the frames `swapped`."""
    out = values.copy()
    rows = np.flatnonzero(swapped)[:, None]
    out[rows, _LEFT], out[rows, _RIGHT] = values[rows, _RIGHT], values[rows, _LEFT]
    return out
