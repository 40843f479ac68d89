"""The harness as WireViz reads it: connectors, cables, and which wire goes where, from the netlist."""

from collections.abc import Iterable
from typing import Any

import yaml

from station.config import Force
from station.force.capacity import nearest_e24, shunt_ohm
from station.messages import CHANNELS
from station.wiring.header import PINS, name_of
from station.wiring.netlist import HEADER, STAR, Wire, board, netlist

WIRE_MM2 = 0.25
LENGTH_M = {"Header": 0.2}
BOARD_CABLE_M = 5.0
SERIES_OHM, PULL_DOWN_OHM = 100, 10_000
_HEAD = "# Made by `station wiring` from the configuration: change that, not this.\n"


def harness(force: Force) -> str:
    """YAML for WireViz 0.4."""
    wires = netlist(force)
    tree = {
        "metadata": {"title": "Treadmill station: four load cells"},
        "connectors": {HEADER: _header(), STAR: _star(wires)} | {board(c): _board(c, wires, force) for c in CHANNELS},
        "cables": {name: _cable(name, run) for name, run in _by_cable(wires).items()},
        "connections": [_connection(run) for run in _by_cable(wires).values()],
    }
    return _HEAD + yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=120)


def _header() -> dict[str, Any]:
    return {
        "type": "40-pin header",
        "pins": list(range(1, len(PINS) + 1)),
        "pinlabels": [name_of(pin) for pin in range(1, len(PINS) + 1)],
        "hide_disconnected_pins": True,
    }


def _star(wires: Iterable[Wire]) -> dict[str, Any]:
    """In series with each DT and SCK a resistor, and one that holds each SCK (and the shunt) low."""
    driven = [w.end.terminal for w in wires if w.end.part == STAR and w.signal in ("SCK", "SHUNT")]
    return {
        "type": "terminals on a strip board at the Pi",
        "pinlabels": list(dict.fromkeys(w.end.terminal for w in wires if w.end.part == STAR)),
        "additional_components": [
            {"type": f"Resistor {SERIES_OHM} ohm, in each DT and SCK", "qty": 2 * len(CHANNELS)},
            {"type": f"Resistor {PULL_DOWN_OHM // 1000} kohm, to GND from each SCK and SHUNT", "qty": len(driven)},
        ],
    }


def _board(channel: str, wires: Iterable[Wire], force: Force) -> dict[str, Any]:
    labels = [w.end.terminal for w in wires if w.end.part == board(channel)]
    tree = {"type": "HX711 board, RATE to DVDD (80 SPS)", "pinlabels": labels, "notes": "beside its cell"}
    if "SHUNT" in labels:
        kilohm = nearest_e24(shunt_ohm(force)) / 1e3
        parts = (f"Resistor {kilohm:g} kohm 1 %, shunt", "N-channel MOSFET 2N7000, shunt")
        tree["additional_components"] = [{"type": part, "qty": 1} for part in parts]
    return tree


def _cable(name: str, wires: list[Wire]) -> dict[str, Any]:
    return {
        "category": "bundle" if name == "Header" else None,
        "gauge": WIRE_MM2,
        "length": LENGTH_M.get(name, BOARD_CABLE_M),
        "colors": [w.colour for w in wires],
        "wirelabels": [w.signal for w in wires],
        "shield": name != "Header",
    }


def _connection(wires: list[Wire]) -> list[dict[str, list]]:
    return [
        {wires[0].start.part: [w.start.terminal for w in wires]},
        {wires[0].cable: list(range(1, len(wires) + 1))},
        {wires[0].end.part: [w.end.terminal for w in wires]},
    ]


def _by_cable(wires: Iterable[Wire]) -> dict[str, list[Wire]]:
    runs: dict[str, list[Wire]] = {}
    for wire in wires:
        runs.setdefault(wire.cable, []).append(wire)
    return runs
