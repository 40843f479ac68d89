"""Evidence as curves: the force under the feet over the time of a landing, in body weights and, if asked, newtons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from markupsafe import Markup

from station.kiosk import languages, svg, texts, tolerant
from station.kiosk.card.curve_plot import Plot, add_axes, add_names, detailed, small
from station.kiosk.languages import gettext as _

SIDES = ("left", "right")
_MAX_POINTS = 5000
_LONGEST_MS = 10_000
_LARGEST_BW = 100
"""What lies beyond is no landing but a damaged report."""


@dataclass(frozen=True)
class Curve:
    """One foot's curve; `sd_bw` is empty where it has no band, `rise_ms` where its slope is not to be read."""

    t_ms: list[float]
    force_bw: list[float]
    sd_bw: list[float]
    rise_ms: list[float]

    def at(self, t_ms: float) -> float:
        """Force at an instant, between the points."""
        after = next((k for k, t in enumerate(self.t_ms) if t >= t_ms), len(self.t_ms) - 1)
        if after == 0:
            return self.force_bw[0]
        (t0, t1), (f0, f1) = self.t_ms[after - 1 : after + 1], self.force_bw[after - 1 : after + 1]
        return f0 + (f1 - f0) * min((t_ms - t0) / max(t1 - t0, 1e-9), 1.0)

    @property
    def loading_rate_bw_s(self) -> float | None:
        """The slope of the drawn curve where the loading rate is defined."""
        if not self.rise_ms:
            return None
        start_ms, end_ms = self.rise_ms
        return 1e3 * (self.at(end_ms) - self.at(start_ms)) / (end_ms - start_ms)


def draw_curves(
    evidence: Mapping[str, Any], title: str, *, axes: bool, newtons_per_bw: float | None = None
) -> Markup | None:
    """SVG of one `curves`, both feet; None where it has no curve to draw. Without `axes`: curves and names alone."""
    curves = read_curves(evidence)
    plot = _plot([*curves.values()], axes=axes, newtons=bool(newtons_per_bw))
    if plot is None:
        return None
    drawing = svg.root(0, 0, plot.width, plot.height, title, "curves")
    if axes:
        add_axes(drawing, plot, newtons_per_bw)
    for side, curve in curves.items():
        if axes:
            _band(drawing, plot, curve, side)
        _line(drawing, plot, curve, f"curve {side}", 4 if axes else 3)
        if axes:
            _rise(drawing, plot, curve, side)
    names = [(side, _named(side, evidence, curve if axes else None)) for side, curve in curves.items()]
    add_names(drawing, plot, names, 24 if axes else 19)
    return svg.markup(drawing)


def draw_step(
    step: Mapping[str, Any],
    mean: Mapping[str, Any],
    foot: str | None,
    title: str,
    *,
    newtons_per_bw: float | None = None,
) -> Markup | None:
    """SVG of a single step over the mean and band of its `foot`, and of the other foot's step where it has one."""
    steps, means = read_curves(step), read_curves(mean)
    foot = foot if foot in steps else next(iter(steps), None)
    own_mean = means.get(foot)
    plot = _plot([*steps.values(), *([own_mean] if own_mean else [])], axes=True, newtons=bool(newtons_per_bw))
    if plot is None or foot is None:
        return None
    drawing = svg.root(0, 0, plot.width, plot.height, title, "curves")
    add_axes(drawing, plot, newtons_per_bw)
    names = []
    if own_mean:
        _band(drawing, plot, own_mean, foot)
        _line(drawing, plot, own_mean, f"curve {foot}", 3)
        names.append((foot, _(texts.MEAN_OF[_key(foot, step)])))
    for side, curve in steps.items():
        if side != foot:
            _line(drawing, plot, curve, f"curve other {side}", 3)
            names.append((side, _(texts.OTHER_STEP)))
    _line(drawing, plot, steps[foot], "curve this", 5)
    add_names(drawing, plot, [("this", _(texts.THIS_STEP)), *names], 24)
    return svg.markup(drawing)


def read_curves(evidence: Mapping[str, Any]) -> dict[str, Curve]:
    """Side -> curve, of the sides that have as many times as forces."""
    found = {}
    for side in SIDES:
        t_ms, force_bw, sd_bw, rise_ms = (
            tolerant.numbers(tolerant.mapping(evidence, key), side) for key in ("t_ms", "force_bw", "sd_bw", "rise_ms")
        )
        rises = len(rise_ms) == 2 and rise_ms[0] < rise_ms[1]
        if 2 <= len(t_ms) == len(force_bw) <= _MAX_POINTS:
            found[side] = Curve(t_ms, force_bw, sd_bw if len(sd_bw) == len(t_ms) else [], rise_ms if rises else [])
    return found


def _plot(curves: list[Curve], *, axes: bool, newtons: bool) -> Plot | None:
    """None where there is nothing to draw, or where it is no landing."""
    if not curves:
        return None
    t_min_ms, t_max_ms = min(min(c.t_ms) for c in curves), max(max(c.t_ms) for c in curves)
    force_max_bw = max(1.0, *(max(c.force_bw) for c in curves)) * 1.08
    if not -_LONGEST_MS < t_min_ms < t_max_ms < _LONGEST_MS or t_max_ms <= 0 or force_max_bw > _LARGEST_BW:
        return None
    extent = (t_min_ms, t_max_ms, force_max_bw)
    return detailed(*extent, newtons=newtons) if axes else small(*extent)


def _band(drawing: Element, plot: Plot, curve: Curve, side: str) -> None:
    if not curve.sd_bw:
        return
    upper = plot.line(curve.t_ms, [f + sd for f, sd in zip(curve.force_bw, curve.sd_bw, strict=True)])
    lower = plot.line(curve.t_ms, [f - sd for f, sd in zip(curve.force_bw, curve.sd_bw, strict=True)])
    svg.add(drawing, "path", class_=f"band {side}", d=svg.path(upper + lower[::-1]) + "Z")


def _line(drawing: Element, plot: Plot, curve: Curve, css_class: str, width: float) -> None:
    svg.add(drawing, "path", class_=css_class, d=svg.path(plot.line(curve.t_ms, curve.force_bw)), stroke_width=width)


def _rise(drawing: Element, plot: Plot, curve: Curve, side: str) -> None:
    """Where the loading rate is read: the ends of the slope, and the line between."""
    if not curve.rise_ms:
        return
    ends = [plot.at(t, curve.at(t)) for t in curve.rise_ms]
    svg.add(drawing, "path", class_=f"rise {side}", d=svg.path(ends), stroke_width=2)
    for x, y in ends:
        svg.add(drawing, "circle", class_=f"rise {side}", cx=x, cy=y, r=5)


def _named(side: str, evidence: Mapping[str, Any], curve: Curve | None) -> str:
    """The foot's name, with the slope of its curve where that is to be read."""
    name = _(texts.FEET[_key(side, evidence)])
    rate = curve.loading_rate_bw_s if curve else None
    if rate is None:
        return name
    return _(texts.FOOT_AND_RATE).format(foot=name, rate=languages.number(rate), unit=_(texts.UNITS["BW/s"]))


def _key(side: str, evidence: Mapping[str, Any]) -> tuple[str, bool]:
    return side, evidence.get("sides_known") is not False
