"""Lines, boxes and words at given places: what the drawings of header, deck and feet are made of."""

from itertools import pairwise
from types import TracebackType
from typing import Self

import schemdraw
from schemdraw import elements as elm

Point = tuple[float, float]


class Sketch:
    """A white sheet; `svg()` is what was drawn once the context has ended. Lengths in drawing units, y upwards."""

    def __init__(self, fontsize: int = 11, unit: float = 1.2) -> None:
        schemdraw.use("svg")
        self._drawing = schemdraw.Drawing(show=False, fontsize=fontsize, unit=unit, bgcolor="white", margin=0.8)

    def __enter__(self) -> Self:
        self._drawing.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drawing.__exit__(kind, error, trace)

    def svg(self) -> str:
        return self._drawing.get_imagedata("svg").decode()

    def put(self, element: elm.Element) -> elm.Element:
        """Any element of schemdraw, placed by itself."""
        self._drawing += element
        return element

    def line(self, *points: Point, style: str = "-") -> None:
        for start, end in pairwise(points):
            self.put(elm.Line().endpoints(start, end).linestyle(style))

    def arrow(self, start: Point, end: Point) -> None:
        self.put(elm.Arrow().endpoints(start, end))

    def resistor(self, start: Point, end: Point) -> None:
        self.put(elm.Resistor().endpoints(start, end))

    def dots(self, *points: Point) -> None:
        for point in points:
            self.put(elm.Dot().at(point))

    def box(self, low: Point, high: Point, style: str = "-", fill: str | None = None) -> None:
        box = elm.Rect(corner1=low, corner2=high, fill=fill) if fill else elm.Rect(corner1=low, corner2=high)
        self.put(box.theta(0).at((0, 0)).linestyle(style))

    def text(self, point: Point, text: str, align: str = "center") -> None:
        self.put(elm.Label().theta(0).at(point).label(text, loc="center", halign=align))
