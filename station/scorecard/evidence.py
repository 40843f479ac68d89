"""What a verdict shows: a frame with its skeleton and an angle drawn in, or force curves left against right.

One generic template draws every kind, whatever the mistake.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from station.gait.posture_track import ARM_CONFIDENCE, SEEN_CONFIDENCE, PoseTrack, index_of
from station.gait.results import ForceResult, MeanCurve

Line = tuple[str, str]

SKELETON: tuple[Line, ...] = tuple(
    (f"{side}_{a}", f"{side}_{b}")
    for side in ("left", "right")
    for a, b in (
        ("ear", "shoulder"), ("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"), ("hip", "knee"),
        ("knee", "ankle"), ("ankle", "heel"), ("heel", "foot_index"),
    )
)  # fmt: skip


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
    """Vertical force of the feet against time since contact, by foot. `label` says what kind of curve it is."""

    label: str
    bandwidth_hz: float
    by_foot: Mapping[str, MeanCurve]
    sides_known: bool

    @classmethod
    def of(cls, by_foot: Mapping[str, MeanCurve], *, sides_known: bool) -> "Curves":
        """Curves of one kind, at least one."""
        first = next(iter(by_foot.values()))
        return cls(first.kind, first.bandwidth_hz, by_foot, sides_known)

    def to_json(self) -> dict[str, Any]:
        """`band` says what `sd_bw` is, `rise_ms` where the loading rate is read (20 % and 80 % of the impact)."""
        feet = self.by_foot.items()
        return {
            "kind": "curves",
            "label": self.label,
            "unit": "BW",
            "bandwidth_hz": self.bandwidth_hz,
            "sides_known": self.sides_known,
            "band": "sd_between_steps",
            "n": {foot: curve.n for foot, curve in feet},
            "t_ms": {foot: _numbers(curve.t_ms, 1) for foot, curve in feet},
            "force_bw": {foot: _numbers(curve.force_bw, 3) for foot, curve in feet},
            "sd_bw": {foot: _numbers(curve.sd_bw, 3) for foot, curve in feet if curve.sd_bw is not None},
            "rise_ms": {foot: _numbers(curve.rise_ms, 2) for foot, curve in feet if curve.rise_ms is not None},
        }


class Evidence(Protocol):
    """Anything a verdict shows."""

    def to_json(self) -> dict[str, Any]:
        """As in the public document; `kind` names it."""


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
    return (Curves.of(curves, sides_known=force.sides_known),) if curves else ()


def _pixels(xy: tuple[float, float]) -> list[float]:
    return [round(float(xy[0]), 1), round(float(xy[1]), 1)]


def _numbers(values: Iterable[float], decimals: int) -> list[float]:
    return [round(float(v), decimals) for v in values]
