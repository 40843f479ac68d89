"""Every wire of a station, from the pins that the configuration names: the one list that all drawings are made of."""

from dataclasses import dataclass

from station.config import Force
from station.messages import CHANNELS
from station.wiring.header import GND, V3, pin_of, pins_with

HEADER, STAR = "Raspberry Pi", "Star board"
SUPPLY_PIN = pins_with(V3)[1]
"""17: in the middle of the header; pin 1 stays free for other things."""
GROUND_PIN = pins_with(GND)[-1]
"""39: next to the default pins of the cells."""
BRIDGE = ("E+", "E-", "A+", "A-")
COLOURS = {
    V3: "RD", GND: "BK", "DT": "WH", "SCK": "YE", "SHUNT": "BU",
    "E+": "RD", "E-": "BK", "A+": "GN", "A-": "WH",  # usual for a cell's own lead; a cell's data sheet goes before
}  # fmt: skip
"""IEC 60757 letters of the wires' colours."""


@dataclass(frozen=True)
class End:
    """A terminal: of the header (its number), of the star board, a chip's board or a cell (its label)."""

    part: str
    terminal: str | int


@dataclass(frozen=True)
class Wire:
    """One wire, and the cable it runs in."""

    cable: str
    signal: str
    start: End
    end: End

    @property
    def colour(self) -> str:
        return COLOURS[self.signal]


def board(channel: str) -> str:
    """Name of the board of a cell's chip."""
    return f"Board {channel.replace('_', ' ')}"


def board_type(force: Force) -> str:
    """Which chip, and how it is strapped."""
    return "HX711 board, RATE to DVDD" if force.chip_rate_sps == 80 else f"HX717 board, {force.chip_rate_sps} SPS"


def cell_name(channel: str) -> str:
    return f"Cell {channel.replace('_', ' ')}"


def terminal(channel: str, signal: str) -> str:
    """Of the star board."""
    return f"{channel.replace('_', ' ')} {signal}"


def cable(channel: str) -> str:
    return f"Cable {channel.replace('_', ' ')}"


def lead(channel: str) -> str:
    """The cell's own."""
    return f"Lead {channel.replace('_', ' ')}"


def netlist(force: Force) -> tuple[Wire, ...]:
    """From the header to the star board, on to each board and its cell; the shunt's where its pin is configured."""
    wires = [_from_header(V3, SUPPLY_PIN, V3), _from_header(GND, GROUND_PIN, GND)]
    if force.shunt_pin is not None:
        wires.append(_from_header("SHUNT", pin_of(force.shunt_pin), "SHUNT"))
    for channel in CHANNELS:
        cell = force.cells[channel]
        wires += [
            _from_header("DT", pin_of(cell.dout), terminal(channel, "DT")),
            _from_header("SCK", pin_of(cell.pd_sck), terminal(channel, "SCK")),
        ]
    for channel in CHANNELS:
        wires += _to_board(channel, shunt=force.shunt_pin is not None)
        wires += [Wire(lead(channel), s, End(board(channel), s), End(cell_name(channel), s)) for s in BRIDGE]
    return tuple(wires)


def shields() -> tuple[tuple[End, str], ...]:
    """The one terminal of each shield, and its cable: at the star board, and of a cell's lead at its chip."""
    return tuple(
        earthed
        for channel in CHANNELS
        for earthed in ((End(STAR, GND), cable(channel)), (End(board(channel), GND), lead(channel)))
    )


def _from_header(signal: str, pin: int, at: str) -> Wire:
    return Wire("Header", signal, End(HEADER, pin), End(STAR, at))


def _to_board(channel: str, shunt: bool) -> list[Wire]:
    ends = {V3: (V3, "VCC"), GND: (GND, "GND"), **{s: (terminal(channel, s), s) for s in ("DT", "SCK")}}
    if shunt:
        ends["SHUNT"] = ("SHUNT", "SHUNT")
    return [
        Wire(cable(channel), signal, End(STAR, start), End(board(channel), label))
        for signal, (start, label) in ends.items()
    ]
