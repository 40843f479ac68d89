"""Evidence as curves: the force under the left foot against the right, in body weights over the time of a landing."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from markupsafe import Markup

from station.kiosk import svg, texts, tolerant
from station.kiosk.languages import gettext as _

_SIDES = {"left": texts.LEFT, "right": texts.RIGHT}
_MAX_POINTS = 5000
_LONGEST_MS = 10_000
_LARGEST_BW = 100
"""What lies beyond is no landing but a damaged report."""


@dataclass(frozen=True)
class Curve:
    """One foot's curve; `sd_bw` is empty where it has no band."""

    t_ms: list[float]
    force_bw: list[float]
    sd_bw: list[float]


@dataclass(frozen=True)
class Plot:
    """Places values on a drawing of `width` x `height` with room for labels around."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    t_min_ms: float
    t_max_ms: float
    force_max_bw: float

    def at(self, t_ms: float, force_bw: float) -> tuple[float, float]:
        top = 8.0
        share = (t_ms - self.t_min_ms) / (self.t_max_ms - self.t_min_ms)
        x = self.left + (self.width - self.left - self.right) * share
        return x, self.height - self.bottom - (self.height - self.bottom - top) * force_bw / self.force_max_bw


def draw_curves(evidence: Mapping[str, Any], title: str, *, axes: bool) -> Markup | None:
    """SVG of one `curves`; None where it has no curve to draw. Without `axes` only the curves and their sides."""
    curves = _curves(evidence)
    if not curves:
        return None
    t_min_ms = min(min(c.t_ms) for c in curves.values())
    t_max_ms = max(max(c.t_ms) for c in curves.values())
    force_max_bw = max(1.0, *(max(c.force_bw) for c in curves.values())) * 1.08
    if not -_LONGEST_MS < t_min_ms < t_max_ms < _LONGEST_MS or t_max_ms <= 0 or force_max_bw > _LARGEST_BW:
        return None
    extent = (t_min_ms, t_max_ms, force_max_bw)
    plot = Plot(640, 400, 56, 28, 66, *extent) if axes else Plot(160, 120, 6, 6, 8, *extent)
    drawing = svg.root(0, 0, plot.width, plot.height, title, "curves")
    if axes:
        _axes(drawing, plot)
    for side, curve in curves.items():
        _curve(drawing, plot, side, curve, detailed=axes)
    _legend(drawing, plot, list(curves), 24 if axes else 19)
    return svg.markup(drawing)


def _curves(evidence: Mapping[str, Any]) -> dict[str, Curve]:
    """Side -> curve, of the sides that have as many times as forces."""
    found = {}
    for side in _SIDES:
        t_ms = tolerant.numbers(tolerant.mapping(evidence, "t_ms"), side)
        force_bw = tolerant.numbers(tolerant.mapping(evidence, "force_bw"), side)
        sd_bw = tolerant.numbers(tolerant.mapping(evidence, "sd_bw"), side)
        if 2 <= len(t_ms) == len(force_bw) <= _MAX_POINTS:
            found[side] = Curve(t_ms, force_bw, sd_bw if len(sd_bw) == len(t_ms) else [])
    return found


def _curve(drawing: Element, plot: Plot, side: str, curve: Curve, *, detailed: bool) -> None:
    if detailed and curve.sd_bw:
        band = list(zip(curve.t_ms, curve.force_bw, curve.sd_bw, strict=True))
        upper = [plot.at(t, f + sd) for t, f, sd in band]
        lower = [plot.at(t, f - sd) for t, f, sd in reversed(band)]
        svg.add(drawing, "path", class_=f"band {side}", d=svg.path(upper + lower) + "Z")
    line = [plot.at(t, f) for t, f in zip(curve.t_ms, curve.force_bw, strict=True)]
    svg.add(drawing, "path", class_=f"curve {side}", d=svg.path(line), stroke_width=4 if detailed else 3)


def _axes(drawing: Element, plot: Plot) -> None:
    for force_bw in range(math.floor(plot.force_max_bw) + 1):
        x, y = plot.at(plot.t_min_ms, force_bw)
        svg.add(drawing, "path", class_="grid", d=svg.path([(x, y), plot.at(plot.t_max_ms, force_bw)]))
        svg.add(drawing, "text", str(force_bw), class_="tick", x=x - 10, y=y + 8, text_anchor="end")
    for t_ms in _ticks(plot.t_max_ms):
        x, y = plot.at(t_ms, 0)
        svg.add(drawing, "text", f"{t_ms:g}", class_="tick", x=x, y=y + 28, text_anchor="middle")
    svg.add(drawing, "text", _(texts.TIME_AXIS), class_="tick", x=plot.width - 8, y=plot.height - 8, text_anchor="end")
    svg.add(drawing, "text", _(texts.FORCE_AXIS), class_="tick", x=8, y=plot.height - 8, text_anchor="start")


def _ticks(t_max_ms: float) -> list[float]:
    """About five round times from zero."""
    step = next(s * 10**e for e in range(5) for s in (1, 2, 5) if s * 10**e * 5 >= t_max_ms)
    return [n * step for n in range(math.floor(t_max_ms / step) + 1)]


def _legend(drawing: Element, plot: Plot, sides: list[str], font_size: float) -> None:
    """Names in the colours of their curves, under the hump, where there is room."""
    x, y = plot.at((plot.t_min_ms + plot.t_max_ms) / 2, 0)
    for row, side in enumerate(reversed(sides)):
        above = y - font_size * (0.6 + 1.25 * row)
        svg.add(
            drawing,
            "text",
            _(_SIDES[side]),
            class_=f"name {side}",
            x=x,
            y=above,
            font_size=font_size,
            text_anchor="middle",
        )
