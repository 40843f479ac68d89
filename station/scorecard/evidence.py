"""What a verdict shows: a frame with its skeleton and an angle drawn in, or force curves left against right.

One generic template draws every kind, whatever the mistake.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from station.gait.posture_track import ARM_CONFIDENCE, SEEN_CONFIDENCE, PoseTrack, index_of
from station.gait.results import ForceResult

Line = tuple[str, str]

SKELETON: tuple[Line, ...] = tuple(
    (f"{side}_{a}", f"{side}_{b}")
    for side in ("left", "right")
    for a, b in (
        ("ear", "shoulder"), ("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"), ("hip", "knee"),
        ("knee", "ankle"), ("ankle", "heel"), ("heel", "foot_index"),
    )
)  # fmt: skip
_CURVE_STEP_MS = 1.0


@dataclass(frozen=True)
class Angle:
    """An angle to draw: between the rays from `vertex_px` to `from_px` and to `to_px`; `value_deg` is printed."""

    label: str
    value_deg: float
    vertex_px: tuple[float, float]
    from_px: tuple[float, float]
    to_px: tuple[float, float]

    def to_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "value_deg": round(self.value_deg, 1),
            "vertex": _pixels(self.vertex_px),
            "from": _pixels(self.from_px),
            "to": _pixels(self.to_px),
        }


@dataclass(frozen=True)
class Picture:
    """One frame of the run. `lines` are the segments that matter; `step` is the step's number where it is known."""

    t_s: float
    step: int | None
    points_px: Mapping[str, tuple[float, float]]
    width_px: int
    height_px: int
    lines: tuple[Line, ...]
    angle: Angle | None

    def to_json(self) -> dict[str, Any]:
        """`id` is filled in by whoever keeps the still of that instant."""
        return {
            "kind": "picture",
            "id": None,
            "t_s": round(self.t_s, 4),
            "step": self.step,
            "points": {name: _pixels(xy) for name, xy in self.points_px.items()},
            "width_px": self.width_px,
            "height_px": self.height_px,
            "lines": [list(line) for line in self.lines],
            "skeleton": [list(line) for line in SKELETON if line[0] in self.points_px and line[1] in self.points_px],
            "angle": self.angle.to_json() if self.angle else None,
        }


@dataclass(frozen=True)
class Curves:
    """Vertical force of the feet against time since contact. `label` says what kind of curve it is."""

    label: str
    bandwidth_hz: float
    t_ms: Mapping[str, np.ndarray]
    force_bw: Mapping[str, np.ndarray]
    sd_bw: Mapping[str, np.ndarray]

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": "curves",
            "label": self.label,
            "unit": "BW",
            "bandwidth_hz": self.bandwidth_hz,
            "t_ms": {foot: _numbers(t, 1) for foot, t in self.t_ms.items()},
            "force_bw": {foot: _numbers(f, 3) for foot, f in self.force_bw.items()},
            "sd_bw": {foot: _numbers(sd, 3) for foot, sd in self.sd_bw.items()},
        }


Evidence = Picture | Curves


def picture_at(track: PoseTrack, frame: int, lines: Sequence[Line], angle: Angle | None, step: int | None) -> Picture:
    """The frame with index `frame`, with the points seen in it; those of `lines` were judged, so they are shown."""
    judged = {name for line in lines for name in line}
    points = {}
    for name in dict.fromkeys(name for line in (*SKELETON, *lines) for name in line):
        least = ARM_CONFIDENCE if name in judged else SEEN_CONFIDENCE
        x, y = track.xy_px[frame, index_of(name)]
        if track.confidence[frame, index_of(name)] >= least:
            points[name] = (float(x), float(y))
    return Picture(
        float(track.t_s[frame]), step, points, track.width_px, track.height_px,
        tuple(line for line in lines if line[0] in points and line[1] in points), angle,
    )  # fmt: skip


def force_curves(force: ForceResult) -> tuple[Curves, ...]:
    """The feet's mean curves as one piece of evidence; none where no foot has a curve."""
    curves = {side: foot.curve for side, foot in force.feet.items() if foot.curve is not None}
    if not curves:
        return ()
    first = next(iter(curves.values()))
    kept = {side: _thinned(curve.t_ms) for side, curve in curves.items()}
    return (
        Curves(
            first.kind,
            first.bandwidth_hz,
            {side: curve.t_ms[kept[side]] for side, curve in curves.items()},
            {side: curve.force_bw[kept[side]] for side, curve in curves.items()},
            {side: curve.sd_bw[kept[side]] for side, curve in curves.items() if curve.sd_bw is not None},
        ),
    )


def _thinned(t_ms: np.ndarray) -> slice:
    """Enough points for a drawing, not thousands."""
    spacing = float(np.median(np.diff(t_ms))) if len(t_ms) > 1 else _CURVE_STEP_MS
    return slice(None, None, max(1, round(_CURVE_STEP_MS / max(spacing, 1e-6))))


def _pixels(xy: tuple[float, float]) -> list[float]:
    return [round(float(xy[0]), 1), round(float(xy[1]), 1)]


def _numbers(values: np.ndarray, decimals: int) -> list[float]:
    return [round(float(v), decimals) for v in values]
