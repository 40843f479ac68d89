"""What is where: the wires on the header, and the cells under the treadmill as seen from above."""

from station.config import Force
from station.messages import CHANNELS, spoken
from station.wiring.header import GND, PINS, V3, V5, name_of
from station.wiring.netlist import HEADER, STAR, netlist
from station.wiring.sketch import Sketch

_FILLS = {"DT": "#cfe8ff", "SCK": "#fff3b0", V3: "#ffc9c9", GND: "#d9d9d9", "SHUNT": "#d6c9ff"}
_SAYS = {V3: "3V3 to the star board", GND: "GND to the star board", "SHUNT": "SHUNT to the star board"}
_M = 8.0
"""Drawing units of a metre."""


def header_drawing(force: Force) -> str:
    """SVG of the 40 pins, seen from above, as they lie on the board; those that are used say what for."""
    used = {w.start.terminal: w for w in netlist(force) if w.start.part == HEADER and w.end.part == STAR}
    with Sketch(fontsize=10) as sketch:
        sketch.text((0.5, 1.6), "seen from above; corner of the board and SD card at this end")
        sketch.text((-0.7, 0.9), "odd pins: inside", align="right")
        sketch.text((1.7, 0.9), "even pins: along the edge of the board", align="left")
        for pin in range(1, len(PINS) + 1):
            x, y, right = (pin - 1) % 2, -0.9 * ((pin - 1) // 2), pin % 2 == 0
            wire = used.get(pin)
            sketch.box((x - 0.4, y - 0.4), (x + 0.4, y + 0.4), fill=_FILLS[wire.signal] if wire else "white")
            sketch.text((x, y), str(pin))
            what = f"{name_of(pin)}: {_SAYS.get(wire.signal, wire.end.terminal)}" if wire else _unused(pin)
            sketch.text((x + 0.7, y) if right else (x - 0.7, y), what, align="left" if right else "right")
        sketch.text((0.5, -18.6), "USB and network sockets at this end")
    return sketch.svg()


def _unused(pin: int) -> str:
    return "5V: never; cover it with tape" if PINS[pin - 1] == V5 else name_of(pin)


def deck_drawing(force: Force) -> str:
    """SVG of the cells' places from above, with the axes in which the configuration gives them."""
    cells = force.cells
    front, rear = max(c.x_m for c in cells.values()), min(c.x_m for c in cells.values())
    left, right = max(c.y_m for c in cells.values()), min(c.y_m for c in cells.values())
    with Sketch() as sketch:
        sketch.box((_M * rear - 0.8, _M * right - 0.8), (_M * front + 0.8, _M * left + 0.8))
        sketch.box((_M * rear - 0.2, -_M * 0.22), (_M * front + 0.2, _M * 0.22), style="--")
        sketch.text((_M * rear + 2.2, 0), "belt")
        for channel in CHANNELS:
            x, y = _M * cells[channel].x_m, _M * cells[channel].y_m
            sketch.dots((x, y))
            above = 1 if y > 0 else -1
            sketch.text(
                (x, y + above * 1.6), f"{spoken(channel)}\nx {cells[channel].x_m:+.2f} m\ny {cells[channel].y_m:+.2f} m"
            )
        sketch.arrow((0, 0), (2.6, 0))
        sketch.text((3.3, 0), "x, ahead")
        sketch.arrow((0, 0), (0, 1.4))
        sketch.text((0.2, 1.6), "y, to the left")
        sketch.dots((0, 0))
        sketch.text((0, -0.5), "middle of the belt: x 0, y 0")
        sketch.arrow((_M * front + 1.4, 0), (_M * front + 4, 0))
        sketch.text((_M * front + 2.7, 0.5), "runner faces")
    return sketch.svg()
