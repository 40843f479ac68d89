"""The deck from above, front up, true to the places of its cells: where the plate goes, where to tap."""

from xml.etree.ElementTree import Element

from markupsafe import Markup

from station.config import Cell
from station.kiosk import languages, svg
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated
from station.messages import CHANNELS, CalibrationPrompt

_PER_M = 100.0  # units of the drawing
_EDGE = 9.0  # of the deck around its cells
_CELL = 3.2
_PLATE = 11.0
_BOARD_M = 0.21
_NUMBERS = 62.0  # room for a cell's number, to either side
_FRONT = 18.0  # room for the word, above
_LETTERS = 11.0  # height of a line


def deck_picture(cells: dict[str, Cell], prompt: CalibrationPrompt | None = None) -> Markup:
    """SVG. The numbers of the cells are empty texts with `data-cell`, to be filled as they come."""
    across = max(abs(c.y_m) for c in cells.values()) * _PER_M + _EDGE
    along = max(abs(c.x_m) for c in cells.values()) * _PER_M + _EDGE
    height = 2 * along + 2 * _FRONT
    drawing = svg.root(-across - _NUMBERS, -along - _FRONT, 2 * (across + _NUMBERS), height, _title(prompt), "deck")
    svg.add(drawing, "rect", x=-across, y=-along, width=2 * across, height=2 * along, rx=4.0, class_="plate-of-deck")
    svg.add(drawing, "path", d=f"M0 {along - 6:.1f}V{-along + 8:.1f}m-5 7 5 -7 5 7", class_="forward")
    svg.add(drawing, "text", _("front"), x=0.0, y=-along - 5, class_="end")
    svg.add(drawing, "text", _("rear"), x=0.0, y=along + _LETTERS + 2, class_="end")
    for k, name in enumerate(CHANNELS):
        _add_cell(drawing, k, cells[name], across)
    if prompt is not None and prompt.x_m is not None and prompt.y_m is not None:
        _add_target(drawing, prompt, -_PER_M * prompt.y_m, -_PER_M * prompt.x_m)
    return svg.markup(drawing)


def _title(prompt: CalibrationPrompt | None) -> str:
    said = _("The deck from above, its front at the top")
    return said if prompt is None else f"{said}. {translated(prompt.text)}"


def _add_cell(drawing: Element, k: int, cell: Cell, across: float) -> None:
    x, y = -_PER_M * cell.y_m, -_PER_M * cell.x_m
    left = x < 0
    svg.add(drawing, "rect", x=x - _CELL, y=y - _CELL, width=2 * _CELL, height=2 * _CELL, class_="cell")
    beside = -across - 3 if left else across + 3
    anchor = "end" if left else "start"
    svg.add(drawing, "text", x=beside, y=y + _LETTERS / 3, class_="number", text_anchor=anchor, data_cell=k)


def _add_target(drawing: Element, prompt: CalibrationPrompt, x: float, y: float) -> None:
    """With how far it is from the deck's middle, along and across."""
    svg.add(drawing, "path", d=f"M0 0V{y:.1f}H{x:.1f}", class_="way")
    if prompt.action == "place" and prompt.mass_kg is not None:
        svg.add(drawing, "circle", cx=x, cy=y, r=_PLATE, class_="target")
        mass = languages.localised(f"{prompt.mass_kg:g}")
        svg.add(drawing, "text", mass, x=x, y=y + 3.5, class_="mass")
    elif prompt.action == "tap":
        for radius in (3.0, 7.0, _PLATE):
            svg.add(drawing, "circle", cx=x, cy=y, r=radius, class_="tap")
    elif prompt.action == "board":
        half = _BOARD_M / 2 * _PER_M
        svg.add(drawing, "path", d=f"M{x:.1f} {y - half:.1f}V{y + half:.1f}", class_="board")
        svg.add(drawing, "circle", cx=x, cy=y, r=2.2, class_="middle")
