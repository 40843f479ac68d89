"""The circuit, channel by channel: cell, HX711 board, star board, header; and the switch of the kernel test."""

from schemdraw import elements as elm

from station.config import Force
from station.force.capacity import nearest_e24, shunt_ohm
from station.messages import CHANNELS, spoken
from station.wiring.harness import PULL_DOWN_OHM, SERIES_OHM
from station.wiring.header import name_of, pin_of
from station.wiring.netlist import GROUND_PIN, SUPPLY_PIN, board_type
from station.wiring.sketch import Point, Sketch

CHANNEL_HEIGHT, SHUNT_HEIGHT = 7.5, 3.0
"""In drawing units."""
_TOP, _BOTTOM, _LEFT, _RIGHT = (-7.0, 2.6), (-7.0, -2.6), (-9.6, 0.0), (-4.4, 0.0)
"""Of the bridge: E+, E-, A- and A+."""
_LEVELS = (1.8, 0.6, -0.6, -1.8)
"""Of the terminals on either side of a board."""


def schematic(force: Force) -> str:
    """SVG of all four channels."""
    shunted = force.shunt_pin is not None
    with Sketch() as sketch:
        for row, channel in enumerate(CHANNELS):
            drawn = _Channel(sketch, -row * (CHANNEL_HEIGHT + SHUNT_HEIGHT * shunted))
            drawn.board(board_type(force))
            drawn.bridge(f"{spoken(channel)}\ncell, {force.cell_bridge_ohm:g} Ω")
            drawn.star(force.cells[channel].dout, force.cells[channel].pd_sck)
            if shunted:
                drawn.shunt(force)
    return sketch.svg()


class _Channel:
    """Draws one channel about the height `y`."""

    def __init__(self, sketch: Sketch, y: float) -> None:
        self._sketch = sketch
        self._y = y

    def board(self, name: str) -> None:
        self._sketch.box(*self._at((0, -2.4), (3, 2.4)))
        self._text((1.5, 2.75), name)
        for y, left, right in zip(_LEVELS, ("E+", "A+", "A-", "E-"), ("VCC", "DT", "SCK", "GND"), strict=True):
            self._text((0.45, y), left)
            self._text((2.5, y), right)

    def bridge(self, name: str) -> None:
        for start, end in ((_TOP, _LEFT), (_LEFT, _BOTTOM), (_TOP, _RIGHT), (_RIGHT, _BOTTOM)):
            self._sketch.resistor(*self._at(start, end))
        self._text((-7, 0), name)
        self._line(_TOP, (-1.2, 2.6), (-1.2, 1.8), (0, 1.8))
        self._line(_RIGHT, (-2, 0), (-2, 0.6), (0, 0.6))
        self._line(_LEFT, (-9.6, -3.4), (-2, -3.4), (-2, -0.6), (0, -0.6))
        self._line(_BOTTOM, (-3, -2.6), (-3, -1.8), (0, -1.8))

    def star(self, dout: int, pd_sck: int) -> None:
        """Resistors of the star board, and where its wires end on the header."""
        pins = (SUPPLY_PIN, pin_of(dout), pin_of(pd_sck), GROUND_PIN)
        for y, pin in zip(_LEVELS, pins, strict=True):
            self._text((9.4, y), f"{name_of(pin)}: pin {pin}", align="left")
        for y in (_LEVELS[0], _LEVELS[3]):
            self._line((3, y), (9.2, y))
        for y in _LEVELS[1:3]:
            self._line((3, y), (5.4, y))
            self._sketch.resistor(*self._at((5.4, y), (7, y)))
            self._line((7, y), (9.2, y))
        self._sketch.resistor(*self._at((8.2, -0.6), (8.2, -1.8)))
        self._sketch.dots(*self._at((8.2, -0.6), (8.2, -1.8)))
        self._text((6.2, 1.12), f"{SERIES_OHM} Ω")
        self._text((6.2, -1.12), f"{SERIES_OHM} Ω")
        self._text((7.4, -1.3), f"{PULL_DOWN_OHM // 1000} kΩ")
        self._sketch.box(*self._at((5, -2.4), (8.8, 2.4)), style="--")
        self._text((6.9, 2.75), "star board, at the Pi")
        self._text((4, 2.1), "cable")

    def shunt(self, force: Force) -> None:
        """A resistor across the arm A- to E-, when its transistor conducts."""
        self._sketch.resistor(*self._at((-5, -3.4), (-5, -4.8)))
        self._text((-4.0, -4.1), f"{nearest_e24(shunt_ohm(force)) / 1e3:g} kΩ")
        drain = self._at((-5, -4.8))[0]
        transistor = self._sketch.put(elm.NFet(bulk=False).at(drain).anchor("drain").theta(0).reverse())
        source, gate = (transistor.absanchors[name] for name in ("source", "gate"))
        self._sketch.line(source, (-3, source[1]), *self._at((-3, -2.6)))
        self._sketch.dots(*self._at((-5, -3.4), (-3, -2.6)))
        self._sketch.line(gate, (-7.2, gate[1]))
        pin, kilohm = pin_of(force.shunt_pin), PULL_DOWN_OHM // 1000
        text = f"SHUNT, by the star board\n(there {kilohm} kΩ to GND):\n{name_of(pin)}: pin {pin}"
        self._sketch.text((-9.3, gate[1]), text)

    def _at(self, *points: Point) -> list[Point]:
        return [(x, y + self._y) for x, y in points]

    def _line(self, *points: Point) -> None:
        self._sketch.line(*self._at(*points))

    def _text(self, point: Point, text: str, align: str = "center") -> None:
        self._sketch.text(*self._at(point), text, align)
