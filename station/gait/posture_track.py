"""The keypoints of a run as one object, and how a single keypoint is taken out of it by name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from station.gait.results import SIDES, Side
from station.messages import KEYPOINTS

SEEN_CONFIDENCE = 0.5
"""A keypoint below this confidence counts as not seen (engineering choice, biomechanics spec 1.1)."""
ARM_CONFIDENCE = 0.2
"""For elbow and wrist: the network's confidence in them falls when the hand crosses the body, which is what the arm
verdict looks for, while their error hardly grows (near wrist on a rendered runner: 3 px above 0.8, 5 px at 0.1-0.3)."""

_INDEX = {name: i for i, name in enumerate(KEYPOINTS)}


def index_of(name: str) -> int:
    """Place of a keypoint in every array with an axis of 33 keypoints."""
    return _INDEX[name]


@dataclass(frozen=True)
class PoseTrack:
    """Poses of one person. Frames may be uneven in time: a thin even sample and clusters around contacts."""

    t_s: np.ndarray  # (n,) rising
    xy_px: np.ndarray  # (n, 33, 2) image x right, y down; NaN where not seen
    confidence: np.ndarray  # (n, 33) 0..1
    foot_turn_deg: np.ndarray  # (n, 2) left, right: the shoe toe-up against itself standing, NaN where not known
    width_px: int
    height_px: int
    frame_rate_hz: float  # of the camera, not of the frames chosen from it
    row_s: float = 0.0  # from one image row to the next: rolling shutter; `t_s` is then that of the first row

    @classmethod
    def of(
        cls, t_s: np.ndarray, xy_px: np.ndarray, confidence: np.ndarray, width_px: int, height_px: int,
        frame_rate_hz: float, row_s: float = 0.0, foot_turn_deg: np.ndarray | None = None,
    ) -> "PoseTrack":  # fmt: skip
        """In order of time, each instant once; a point that is not finite gets no confidence."""
        t_s = np.asarray(t_s, float)
        t_s, first = np.unique(t_s, return_index=True)
        first, t_s = first[np.isfinite(t_s)], t_s[np.isfinite(t_s)]
        xy_px = np.array(np.asarray(xy_px, float).reshape(-1, len(KEYPOINTS), 2)[first])
        confidence = np.nan_to_num(np.asarray(confidence, float).reshape(-1, len(KEYPOINTS))[first])
        confidence[~np.isfinite(xy_px).all(axis=2)] = 0.0
        xy_px[~np.isfinite(xy_px).all(axis=2)] = np.nan
        turns_deg = np.full((len(t_s), 2), np.nan) if foot_turn_deg is None else np.asarray(foot_turn_deg, float)[first]
        rate_hz, row_s = float(frame_rate_hz), float(row_s)
        return cls(t_s, xy_px, confidence, turns_deg, int(width_px), int(height_px), rate_hz, row_s)

    def within(self, start_s: float, end_s: float) -> "PoseTrack":
        """The frames from `start_s` to `end_s`."""
        return self.during([(start_s, end_s)])

    def during(self, spans_s: Sequence[tuple[float, float]]) -> "PoseTrack":
        """The frames within any of these spans."""
        keep = np.any([(self.t_s >= start_s) & (self.t_s <= end_s) for start_s, end_s in spans_s], axis=0)
        return replace(
            self,
            t_s=self.t_s[keep],
            xy_px=self.xy_px[keep],
            confidence=self.confidence[keep],
            foot_turn_deg=self.foot_turn_deg[keep],
        )

    def point(self, name: str, side: Side | None = None, least_confidence: float = SEEN_CONFIDENCE) -> np.ndarray:
        """(n, 2) pixels of one keypoint (of one side: `point("ear", "left")`), NaN where not seen."""
        i = index_of(f"{side}_{name}" if side else name)
        return np.where(self.confidence[:, i, None] >= least_confidence, self.xy_px[:, i], np.nan)

    def time_of(self, name: str, side: Side | None = None) -> np.ndarray:
        """(n,) when the row of one keypoint was exposed; of the image's middle row where the point is not known."""
        i = index_of(f"{side}_{name}" if side else name)
        row = self.xy_px[:, i, 1]
        return self.t_s + np.where(np.isfinite(row), row, self.height_px / 2) * self.row_s

    def middle(self, name: str) -> np.ndarray:
        """(n, 2) pixels of the middle between left and right, or of the one that was seen; NaN where neither was."""
        both = np.stack([self.point(name, side) for side in SIDES])
        seen = np.isfinite(both)
        total = np.where(seen, both, 0.0).sum(axis=0)
        return np.where(seen.any(axis=0), total / np.maximum(seen.sum(axis=0), 1), np.nan)

    def seen_share(self, name: str, side: Side | None = None, least_confidence: float = SEEN_CONFIDENCE) -> float:
        """Share of the frames in which a keypoint was seen."""
        if not len(self.t_s):
            return 0.0
        i = index_of(f"{side}_{name}" if side else name)
        return float(np.mean(self.confidence[:, i] >= least_confidence))
