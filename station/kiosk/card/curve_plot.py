"""The ground of a drawing of force against time: where values lie on it, its lines, numbers and names."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from station.kiosk import languages, svg, texts
from station.kiosk.languages import gettext as _

Point = tuple[float, float]

_TOP = 12.0
_NEWTON_STEPS = (200, 500, 1000, 2000)
_MOST_NEWTON_TICKS = 5


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

    def at(self, t_ms: float, force_bw: float) -> Point:
        share = (t_ms - self.t_min_ms) / (self.t_max_ms - self.t_min_ms)
        x = self.left + (self.width - self.left - self.right) * share
        return x, self.height - self.bottom - (self.height - self.bottom - _TOP) * force_bw / self.force_max_bw

    def line(self, t_ms: Sequence[float], force_bw: Sequence[float]) -> list[Point]:
        return [self.at(t, f) for t, f in zip(t_ms, force_bw, strict=True)]


def detailed(t_min_ms: float, t_max_ms: float, force_max_bw: float, *, newtons: bool) -> Plot:
    """With room for both axes."""
    return Plot(640, 420, 56, 78 if newtons else 28, 66, t_min_ms, t_max_ms, force_max_bw)


def small(t_min_ms: float, t_max_ms: float, force_max_bw: float) -> Plot:
    """For an overview: no axes."""
    return Plot(160, 120, 6, 6, 8, t_min_ms, t_max_ms, force_max_bw)


def add_axes(drawing: Element, plot: Plot, newtons_per_bw: float | None) -> None:
    """Body weights on the left, time below, and newtons on the right where they may be shown."""
    for force_bw in range(math.floor(plot.force_max_bw) + 1):
        x, y = plot.at(plot.t_min_ms, force_bw)
        svg.add(drawing, "path", class_="grid", d=svg.path([(x, y), plot.at(plot.t_max_ms, force_bw)]))
        svg.add(drawing, "text", str(force_bw), class_="tick", x=x - 10, y=y + 8, text_anchor="end")
    for t_ms in _ticks(plot.t_max_ms):
        x, y = plot.at(t_ms, 0)
        svg.add(drawing, "text", f"{t_ms:g}", class_="tick", x=x, y=y + 28, text_anchor="middle")
    below = plot.height - 8
    svg.add(drawing, "text", _(texts.FORCE_AXIS), class_="tick", x=8, y=below, text_anchor="start")
    end = plot.width - plot.right + 20
    svg.add(drawing, "text", _(texts.TIME_AXIS), class_="tick", x=end, y=below, text_anchor="end")
    if newtons_per_bw:
        _newtons(drawing, plot, newtons_per_bw)


def add_names(drawing: Element, plot: Plot, names: Sequence[tuple[str, str]], font_size: float) -> None:
    """(class, words) of each curve, in its colour, one under the other beneath the hump."""
    x, y = plot.at((plot.t_min_ms + plot.t_max_ms) / 2, 0)
    for row, (css_class, words) in enumerate(reversed(names)):
        above = y - font_size * (0.6 + 1.25 * row)
        svg.add(
            drawing, "text", words, class_=f"name {css_class}", x=x, y=above, font_size=font_size,
            text_anchor="middle",
        )  # fmt: skip


def _newtons(drawing: Element, plot: Plot, newtons_per_bw: float) -> None:
    most_n = plot.force_max_bw * newtons_per_bw
    step_n = next((step for step in _NEWTON_STEPS if most_n / step <= _MOST_NEWTON_TICKS), _NEWTON_STEPS[-1])
    for force_n in range(step_n, math.floor(most_n) + 1, step_n):
        x, y = plot.at(plot.t_max_ms, force_n / newtons_per_bw)
        svg.add(drawing, "path", class_="grid", d=svg.path([(x, y), (x + 6, y)]))
        svg.add(drawing, "text", languages.number(force_n), class_="tick newtons", x=x + 10, y=y + 8)
    x, y = plot.at(plot.t_max_ms, 0)
    svg.add(drawing, "text", _(texts.NEWTONS), class_="tick newtons", x=x + 10, y=y + 8)


def _ticks(t_max_ms: float) -> list[float]:
    """About five round times from zero."""
    step = next(s * 10**e for e in range(5) for s in (1, 2, 5) if s * 10**e * 5 >= t_max_ms)
    return [n * step for n in range(math.floor(t_max_ms / step) + 1)]
