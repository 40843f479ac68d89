"""Chips and their digital wires, by what the driver of the pins had to say of them while it read.

A chip in step with its driver lowers DOUT for each reading, drives it high after the 25th pulse, and settles for four
readings after power-up (HX711 datasheet V2.0); each of these goes wrong in its own way.
"""

from collections.abc import Sequence

from station.doctor.cell_findings import signs_at_rest, summed_up, wires
from station.doctor.cell_signs import CellSigns
from station.doctor.self_test import Bedside, SelfTest
from station.force.chip_trouble import said
from station.messages import ChipTrouble, Finding, spoken
from station.words import N_

SILENT: tuple[ChipTrouble, ...] = ("open", "high", "clock_high", "low")


def _chip_answers(bedside: Bedside) -> Sequence[Finding]:
    return _in_trouble(bedside, CHIP_ANSWERS, SILENT, N_("All four chips answer."))


def _pins_exchanged(bedside: Bedside) -> Sequence[Finding]:
    return _in_trouble(bedside, PINS_EXCHANGED, ("exchanged",), N_("DOUT and PD_SCK are where they belong."))


def _rate_strap(bedside: Bedside) -> Sequence[Finding]:
    return _in_trouble(bedside, RATE_STRAP, ("slow",), N_("All four chips are strapped to the same rate."))


def _in_trouble(bedside: Bedside, test: SelfTest, named: Sequence[ChipTrouble], all_well: str) -> Sequence[Finding]:
    """A fault for each chip whose trouble is one of `named`; another trouble hides whether it has this one, too."""
    force, signs = bedside.config.force, signs_at_rest(bedside)
    wrong = []
    for cell in signs.cells:
        trouble, rate_sps = cell.recording.trouble, cell.recording.rate_sps
        if trouble in named:
            text = said(trouble, cell.channel, force.cells[cell.channel], rate_sps, force.chip_rate_sps)
            wrong.append(test.finding("fault", text, cell.channel, rate_sps=rate_sps))
        elif test is CHIP_ANSWERS and trouble is None and cell.silent:
            text = N_("{name} load cell: nothing comes, and why is not known; start the station anew and ask again")
            wrong.append(test.finding("fault", text.format(name=spoken(cell.channel)), cell.channel))
    found = {finding.where for finding in wrong}
    examined = [cell for cell in signs.cells if cell.recording.trouble is None or cell.channel in found]
    if test is CHIP_ANSWERS:
        examined = list(signs.cells)
    return summed_up(test, wrong, examined, all_well)


def _loose_contact(bedside: Bedside) -> Sequence[Finding]:
    """A chip that loses its power starts anew, and so do its readings; a disturbed wire takes it out of step."""
    signs, cells = signs_at_rest(bedside), bedside.config.force.cells
    wrong = [_loose(cell, wires(cells[cell.channel])) for cell in signs.cells if _comes_and_goes(cell)]
    if len(wrong) == len(signs.cells):
        text = N_(
            "All four chips lose readings again and again: the 3.3 V or ground wire that they share has a loose "
            "contact, or this computer is too busy. Press the shared plugs and screws home, close other programs, "
            "and ask again."
        )
        wrong = [LOOSE_CONTACT.finding("fault", text)]
    examined = [cell for cell in signs.cells if not cell.silent or _comes_and_goes(cell)]
    return summed_up(LOOSE_CONTACT, wrong, examined, N_("No chip loses power or step."))


def _comes_and_goes(cell: CellSigns) -> bool:
    return cell.loose or cell.recording.trouble == "disturbed"


def _loose(cell: CellSigns, pins: dict[str, int]) -> Finding:
    text = N_(
        "{name} load cell: its chip lost its step {n} times in {seconds:.0f} s; its 3.3 V or ground wire, or the wire "
        "on GPIO {dout} or {pd_sck}, has a loose contact; press plugs and screws home and tug at each wire"
    )
    seconds = float(cell.recording.t_s[-1]) if len(cell.recording.t_s) else 0.0
    text = text.format(name=spoken(cell.channel), n=cell.resets, seconds=seconds, **pins)
    return LOOSE_CONTACT.finding("fault", text, cell.channel, resets=cell.resets)


CHIP_ANSWERS = SelfTest("chip_answers", 100, N_("Every chip answers"), "cells", 60.0, _chip_answers)
PINS_EXCHANGED = SelfTest("pins_exchanged", 101, N_("DOUT and PD_SCK of a chip"), "cells", 60.0, _pins_exchanged)
RATE_STRAP = SelfTest("rate_strap", 102, N_("Readings a second (RATE)"), "cells", 60.0, _rate_strap)
LOOSE_CONTACT = SelfTest("loose_contact", 103, N_("Loose contacts"), "cells", 60.0, _loose_contact)
SELF_TESTS = (CHIP_ANSWERS, PINS_EXCHANGED, RATE_STRAP, LOOSE_CONTACT)
