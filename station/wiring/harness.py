"""The harness as WireViz reads it: connectors, cables, and which wire goes where, from the netlist."""

from collections.abc import Iterable
from typing import Any

import yaml

from station.config import Force
from station.force.capacity import nearest_e24, shunt_ohm
from station.messages import CHANNELS
from station.wiring.header import PINS, name_of
from station.wiring.netlist import BRIDGE, HEADER, STAR, Wire, board, board_type, cell_name, netlist, shields

WIRE_MM2 = 0.25
HEADER_M, BOARD_CABLE_M = 0.2, 5.0
SERIES_OHM, PULL_DOWN_OHM = 100, 10_000
_HEAD = "# Made by `station wiring` from the configuration: change that, not this.\n"


def harness(force: Force) -> str:
    """YAML for WireViz 0.4."""
    wires = netlist(force)
    runs, shielded = _by_cable(wires), [cable for _, cable in shields()]
    boards = {board(c): _board(c, wires, force) for c in CHANNELS}
    cells = {cell_name(c): _cell(force) for c in CHANNELS}
    tree = {
        "metadata": {"title": "Treadmill station: four load cells"},
        "connectors": {HEADER: _header(), STAR: _star(wires)} | boards | cells,
        "cables": {name: _cable(run, name in shielded) for name, run in runs.items()},
        "connections": [
            *(_connection(run) for run in runs.values()),
            *([{end.part: [end.terminal]}, {cable: ["s"]}] for end, cable in shields()),
        ],
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
    labels = [end.terminal for w in wires for end in (w.end, w.start) if end.part == board(channel)]
    tree = {"type": board_type(force), "pinlabels": labels, "notes": "beside its cell"}
    if "SHUNT" in labels:
        kilohm = nearest_e24(shunt_ohm(force)) / 1e3
        parts = (f"Resistor {kilohm:g} kohm 1 %, shunt", "N-channel MOSFET 2N7000, shunt")
        tree["additional_components"] = [{"type": part, "qty": 1} for part in parts]
    return tree


def _cell(force: Force) -> dict[str, Any]:
    what = f"load cell, full bridge, {force.cell_capacity_kg:g} kg, {force.cell_sensitivity_mv_v:g} mV/V"
    return {"type": f"{what}, {force.cell_bridge_ohm:g} ohm", "pinlabels": list(BRIDGE)}


def _cable(wires: list[Wire], shielded: bool) -> dict[str, Any]:
    tree = {"colors": [w.colour for w in wires], "wirelabels": [w.signal for w in wires], "shield": shielded}
    if wires[0].signal in BRIDGE:
        return tree | {"type": "the cell's own lead", "notes": "colours differ: see its data sheet"}
    if wires[0].start.part == HEADER:
        return tree | {"category": "bundle", "gauge": WIRE_MM2, "length": HEADER_M}
    return tree | {"gauge": WIRE_MM2, "length": BOARD_CABLE_M}


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
