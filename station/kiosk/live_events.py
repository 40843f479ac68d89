"""Bus messages -> the JSON that the browser gets. Never anything a public screen must not show, such as weight."""

import json

import numpy as np

from station.kiosk.snapshot import Snapshot
from station.kiosk.translate import translated
from station.messages import KEYPOINTS, Keypoints, LiveForce, LiveStep

BONES = (
    ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"), ("left_shoulder", "left_hip"),
    ("right_shoulder", "right_hip"), ("left_ear", "left_shoulder"), ("right_ear", "right_shoulder"),
    ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"), ("right_shoulder", "right_elbow"),
    ("right_elbow", "right_wrist"), ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
    ("right_hip", "right_knee"), ("right_knee", "right_ankle"), ("left_ankle", "left_heel"),
    ("left_heel", "left_foot_index"), ("left_ankle", "left_foot_index"), ("right_ankle", "right_heel"),
    ("right_heel", "right_foot_index"), ("right_ankle", "right_foot_index"),
)  # fmt: skip
"""Pairs of keypoints joined by a line wherever a runner is drawn."""

BONE_INDICES = tuple((KEYPOINTS.index(a), KEYPOINTS.index(b)) for a, b in BONES)


def state(snapshot: Snapshot, boot: str) -> str:
    """Where the visit stands. `boot` names this run of the kiosk: a page of an earlier one reloads itself."""
    told = {"screen": snapshot.screen, "boot": boot, "visit": snapshot.visit_id or ""}
    if snapshot.state is not None:
        told |= {
            "progress": round(snapshot.state.progress, 3),
            "run_s": round(snapshot.state.run_s, 1),
            "steps": snapshot.state.steps,
            "pictures_coming": snapshot.pictures_coming,
            "notice": snapshot.state.notice and translated(snapshot.state.notice),
        }
    return json.dumps(told)


def health(snapshot: Snapshot) -> str:
    return json.dumps({"problems": [{"part": p.part, "text": translated(p.text)} for p in snapshot.problems]})


def force(message: LiveForce) -> str:
    t_s = np.frombuffer(message.t_s, "<f4")
    force_bw = np.frombuffer(message.force_bw, "<f4")
    return json.dumps({"t_s": _rounded(t_s, 3), "force_bw": _rounded(force_bw, 3)})


def step(message: LiveStep) -> str:
    return json.dumps({"n": message.n, "side": message.side, "cadence_spm": message.cadence_spm})


def pose(message: Keypoints) -> str:
    xy_px, confidence = message.points()
    points = [
        None if not np.isfinite(c) or not np.isfinite(p).all() else [*_rounded(p, 1), round(float(c), 2)]
        for p, c in zip(xy_px, confidence, strict=True)
    ]
    return json.dumps({"width_px": message.width_px, "height_px": message.height_px, "points": points})


def _rounded(values: np.ndarray, digits: int) -> list[float | None]:
    return [round(float(v), digits) if np.isfinite(v) else None for v in values]
