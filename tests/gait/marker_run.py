"""Markers of real runners on a force-measuring treadmill, as the keypoints a camera beside it would give.

Fukuchi, Fukuchi & Duarte 2017, PeerJ 5:e3298. A running trial has marker clusters on pelvis, thigh and shank; hip, knee
and ankle are carried by them rigidly from their places in the standing trial (Cappozzo et al. 1995, Clin Biomech
10:171). Axes as in docs/axes.md, about the plate's centre.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from station.gait.posture_track import PoseTrack, index_of
from station.gait.results import SIDES, Side
from station.messages import KEYPOINTS
from tests.gait.plate import data_dir

PX_PER_M = 300.0
WIDTH_PX, HEIGHT_PX = 960, 640
_BELT_Y_PX = 560.0
_CLUSTERS = {"pelvis": ("ASIS", "PSIS", "Iliac.Crest"), "shank": ("Shank.Bottom", "Shank.Top")}
_JOINTS = {"hip": ("pelvis", ("GTR",)), "knee": ("shank", ("Knee", "Knee.Medial")),
           "ankle": ("shank", ("Ankle", "Ankle.Medial"))}  # fmt: skip
_ON_FOOT = {"heel": "Heel.Bottom", "foot_index": "MT5"}
POINTS = (*_JOINTS, *_ON_FOOT)
_RIGID_M = 0.03
"""A marker further than this from where its body carries it was lost or taken for another one."""
_MOST_LOST_MARKERS = 2


@dataclass(frozen=True)
class MarkerRun:
    """One trial. `points`: (n, 3) metres of each (side, name of POINTS) at the instants `t_s` (n,)."""

    t_s: np.ndarray
    points: dict[tuple[Side, str], np.ndarray]

    @classmethod
    def read(cls, file: Path) -> "MarkerRun":
        """The trial `running_markers/<file>`, with the standing trial of the same runner beside it."""
        still = _Markers.read(file.with_name(f"{file.stem.split('_')[0]}_static.npz"))
        run = _Markers.read(file)
        points = {(side, name): run.point(_ON_FOOT[name], side) for side in SIDES for name in _ON_FOOT}
        for side in SIDES:
            for name, (cluster, markers) in _JOINTS.items():
                joint = np.mean([still.point(marker, side).mean(axis=0) for marker in markers], axis=0)
                points[side, name] = run.carried(joint, still, cluster, side)
        return cls(np.arange(run.frames) / run.rate_hz, points)

    def pitch_deg(self, side: Side) -> np.ndarray:
        """(n,) angle of the line from heel to toe seen from the side, toe-up positive."""
        along = self.points[side, "foot_index"] - self.points[side, "heel"]
        return np.degrees(np.arctan2(along[:, 2], along[:, 0]))

    def keypoints(
        self, frame_s: np.ndarray, camera_side: Side, noise_m: float, lost: float, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """(m, 33, 2) pixels and (m, 33) confidence of the frames; NaN and 0 where there is no such point.

        `noise_m`: standard deviation of each coordinate; `lost`: share of the points that are not seen.
        """
        xy_px = np.full((len(frame_s), len(KEYPOINTS), 2), np.nan)
        for (side, name), place_m in self.points.items():
            x_m, _, z_m = (np.interp(frame_s, self.t_s, axis) + rng.normal(0, noise_m, len(frame_s))
                           for axis in place_m.T)  # fmt: skip
            facing = 1 if camera_side == "right" else -1
            xy_px[:, index_of(f"{side}_{name}"), 0] = WIDTH_PX / 2 + facing * PX_PER_M * x_m
            xy_px[:, index_of(f"{side}_{name}"), 1] = _BELT_Y_PX - PX_PER_M * z_m
        xy_px[rng.random(xy_px.shape[:2]) < lost] = np.nan
        return xy_px, np.where(np.isfinite(xy_px[..., 0]), 1.0, 0.0)

    def track(
        self, frame_s: np.ndarray, camera_side: Side, rate_hz: float, rng: np.random.Generator,
        noise_m: float = 0.008, lost: float = 0.03,
    ) -> PoseTrack:  # fmt: skip
        """The keypoints as the station holds them."""
        keypoints = self.keypoints(frame_s, camera_side, noise_m, lost, rng)
        return PoseTrack.of(frame_s, *keypoints, WIDTH_PX, HEIGHT_PX, rate_hz)


@dataclass(frozen=True)
class _Markers:
    rate_hz: float
    labels: tuple[str, ...]
    xyz_m: np.ndarray  # (n, markers, 3)

    @classmethod
    def read(cls, file: Path) -> "_Markers":
        with np.load(file) as z:
            lab_m = z["xyz_mm"].astype(float) / 1000
            labels, rate_hz = tuple(str(label) for label in z["labels"]), float(z["rate_hz"])
        plate = data_dir() / "running_force" / file.name
        centre = np.zeros(3)
        if plate.exists():
            with np.load(plate) as z:
                corners = z["corners_mm"] / 1000
            centre = (corners.min(axis=1) + corners.max(axis=1)) / 2
        x, up, right = np.moveaxis(lab_m - centre, -1, 0)
        return cls(rate_hz, labels, np.stack([x, -right, up], axis=-1))

    @property
    def frames(self) -> int:
        return len(self.xyz_m)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {label: i for i, label in enumerate(self.labels)}

    def point(self, marker: str, side: Side) -> np.ndarray:
        """(n, 3) metres."""
        return self.xyz_m[:, self._index[f"{side[0].upper()}.{marker}"]]

    def carried(self, joint_m: np.ndarray, still: "_Markers", cluster: str, side: Side) -> np.ndarray:
        """(n, 3) place of a joint that the cluster carries from `joint_m` in the standing trial."""
        labels = [label for label in self.labels if _belongs(label, cluster, side) and label in still.labels]
        before = np.stack([still.xyz_m[:, still._index[label]].mean(axis=0) for label in labels])
        now = np.stack([self.xyz_m[:, self._index[label]] for label in labels], axis=1)
        kept = np.ones(now.shape[:2])
        for _ in range(_MOST_LOST_MARKERS):
            off_m = np.linalg.norm(now - _moved_with(before, now, kept, before), axis=2) * kept
            worst = np.argmax(off_m, axis=1)
            kept[np.arange(len(now)), worst] = off_m.max(axis=1) < _RIGID_M
        return _moved_with(before, now, kept, joint_m[None])[:, 0]


def _moved_with(before: np.ndarray, now: np.ndarray, weight: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(n, k, 3): where the motion that takes the markers `before` (m, 3) to `now` (n, m, 3) takes `points` (k, 3)."""
    share = (weight / weight.sum(axis=1, keepdims=True))[..., None]
    middle, middle_before = (now * share).sum(axis=1), (before * share).sum(axis=1)
    spread = np.swapaxes((now - middle[:, None]) * share, 1, 2) @ (before - middle_before[:, None])
    u, _, vt = np.linalg.svd(spread)
    handed = np.repeat(np.eye(3)[None], len(now), axis=0)
    handed[:, 2, 2] = np.sign(np.linalg.det(u @ vt))  # a rotation, not a mirror
    return middle[:, None] + (points - middle_before[:, None]) @ np.swapaxes(u @ handed @ vt, 1, 2)


def _belongs(label: str, cluster: str, side: Side) -> bool:
    """The pelvis is one body of both sides; a shank is of its own."""
    letter, marker = label.split(".", 1)
    return marker.startswith(_CLUSTERS[cluster]) and (cluster == "pelvis" or letter == side[0].upper())
