"""The four wires between a cell's bridge and its chip, and the cell itself, on an empty deck.

With E+ or E- on a signal wire three of the four gauges lie across the supply, and the chip sees a third of it where
the end of its range is 3.9 mV/V: it stays at that end. Inputs that hang in the air are charged by their own leakage,
slowly, to wherever that takes them: within the range they wander, beyond it they look the same.
"""

from collections.abc import Sequence

from station.doctor.cell_findings import signs_at_rest, summed_up, unquiet
from station.doctor.cell_signs import CellSigns
from station.doctor.self_test import Bedside, SelfTest
from station.force.capacity import capacity
from station.gravity import GRAVITY_M_S2
from station.messages import Finding, spoken
from station.words import N_

ZERO_SHARE = 0.10
"""Of its capacity: a cell's zero balance (2 % is usual on data sheets), a deck screwed down askew, and room."""


def _cell_connected(bedside: Bedside) -> Sequence[Finding]:
    signs = signs_at_rest(bedside)
    adrift = [cell for cell in signs.cells if signs.adrift(cell)]
    wrong = [_adrift(cell) for cell in adrift]
    examined = [cell for cell in signs.speaking if cell in adrift or not cell.loose]
    return summed_up(CELL_CONNECTED, wrong, examined, N_("Every cell holds its reading."))


def _adrift(cell: CellSigns) -> Finding:
    text = N_(
        "The {name} load cell is not connected: its reading wanders by {moves_kg:.0f} kg while nothing moves. Check "
        "its plug and its four wires; one of the signal wires (A+, A-) is open, or the whole cell is unplugged."
    )
    text = text.format(name=spoken(cell.channel), moves_kg=cell.moves_n / GRAVITY_M_S2)
    return CELL_CONNECTED.finding("fault", text, cell.channel, moves_n=cell.moves_n)


def _bridge_wires(bedside: Bedside) -> Sequence[Finding]:
    signs = signs_at_rest(bedside)
    at_the_end = [cell for cell in signs.cells if cell.recording.trouble == "out_of_range"]
    text = N_(
        "The {name} load cell stays at the end of its range with nothing on the deck: an excitation wire (E+ or E-) is "
        "exchanged with a signal wire (A+ or A-), or the cell is unplugged or a signal wire open; the readings alone "
        "cannot tell which. Compare the four colours with the cell's data sheet, then check the plug."
    )
    wrong = [BRIDGE_WIRES.finding("fault", text.format(name=spoken(c.channel)), c.channel) for c in at_the_end]
    examined = [*signs.speaking, *at_the_end]
    return summed_up(BRIDGE_WIRES, wrong, examined, N_("No cell is at the end of its range."))


def _cell_load(bedside: Bedside) -> Sequence[Finding]:
    """Which way is down is not known before the calibration: the way in which all four together are pressed."""
    signs, force = signs_at_rest(bedside), bedside.config.force
    if signs.restless:
        return unquiet(CELL_LOAD)
    sound = signs.sound
    down = 1.0 if sum(cell.level_n for cell in sound) >= 0 else -1.0
    spare_kg = ZERO_SHARE * force.cell_capacity_kg
    wrong = []
    for cell in sound:
        load_kg = down * cell.level_n / GRAVITY_M_S2
        if load_kg > capacity(force).dead_kg + spare_kg:
            wrong.append(_overloaded(cell, load_kg, force.cell_capacity_kg))
        elif load_kg < -spare_kg:
            wrong.append(_lifted(cell, -load_kg))
    measured = {f"{cell.channel}_kg": round(down * cell.level_n / GRAVITY_M_S2, 1) for cell in sound}
    all_well = N_("No cell carries more than its corner of the treadmill.")
    return summed_up(CELL_LOAD, wrong, sound, all_well, **measured)


def _overloaded(cell: CellSigns, load_kg: float, capacity_kg: float) -> Finding:
    text = N_(
        "The {name} load cell shows {load_kg:.0f} kg on an empty deck, of {capacity_kg:.0f} kg that it bears: "
        "something stands or jams on that corner, or the cell was bent by an overload. Lift that corner off: if it "
        "still shows more than a tenth of what it bears, replace it."
    )
    text = text.format(name=spoken(cell.channel), load_kg=load_kg, capacity_kg=capacity_kg)
    return CELL_LOAD.finding("fault", text, cell.channel, load_kg=load_kg)


def _lifted(cell: CellSigns, lifted_kg: float) -> Finding:
    text = N_(
        "The {name} load cell shows {lifted_kg:.0f} kg of pull where the others are pressed: its signal wires (A+ and "
        "A-) are exchanged, or it is mounted upside down, or bent. Run the guided self-tests, which tell."
    )
    text = text.format(name=spoken(cell.channel), lifted_kg=lifted_kg)
    return CELL_LOAD.finding("fault", text, cell.channel, load_kg=-lifted_kg)


CELL_CONNECTED = SelfTest("cell_connected", 110, N_("Cells that are not connected"), "cells", 60.0, _cell_connected)
BRIDGE_WIRES = SelfTest("bridge_wires", 111, N_("The four wires of a cell"), "cells", 60.0, _bridge_wires)
CELL_LOAD = SelfTest("cell_load", 112, N_("Overloaded and bent cells"), "cells", 60.0, _cell_load)
SELF_TESTS = (CELL_CONNECTED, BRIDGE_WIRES, CELL_LOAD)
