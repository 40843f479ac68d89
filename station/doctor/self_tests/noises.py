"""What the cells say beside a load: electrical noise and hum, and the shaking of belt, motor or floor.

A deck that shakes is felt by all cells, and at the frequencies of what turns; noise has no frequency, spikes no length.
What one cell alone hears comes by its own wires; what all hear without a frequency, by the supply that they share.
"""

from collections.abc import Sequence

import numpy as np

from station.doctor.cell_findings import signs_at_rest, summed_up, unquiet
from station.doctor.cell_signs import CellSigns, Signs
from station.doctor.self_test import Bedside, SelfTest
from station.messages import Finding, spoken
from station.words import N_

NOISE_N = 1.0
"""Standard deviation of a reading. A chip alone makes 0.02 N, on the common boards up to 0.2 N (force.md section 1)."""
SPIKES = 2
"""In some seconds: a single one may have been a door."""
LINE_N = 8.5
"""Of one cell: lines of 24 N on the whole deck, which still do a long run no harm; a short one loses 5 % of its loading
rate's certainty (force.md section 4.3)."""
ALONE = 5.0
"""A hum that one cell hears, the others do not: this many times theirs."""


def _electrical_noise(bedside: Bedside) -> Sequence[Finding]:
    signs = signs_at_rest(bedside)
    if signs.restless:
        return unquiet(ELECTRICAL_NOISE)
    sound = signs.sound
    noisy = [cell for cell in sound if cell.noise_n > NOISE_N or cell.spikes >= SPIKES or _hums_alone(cell, sound)]
    if len(noisy) > 1 and len(noisy) * 2 > len(sound):
        wrong = [_noisy_supply(noisy)]
    else:
        wrong = [_noisy_cell(cell) for cell in noisy]
    measured = {f"{cell.channel}_noise_n": round(cell.noise_n, 3) for cell in sound}
    return summed_up(ELECTRICAL_NOISE, wrong, sound, N_("No cell hears more than its own chip."), **measured)


def _hums_alone(cell: CellSigns, sound: Sequence[CellSigns]) -> bool:
    others = [other.line_n for other in sound if other is not cell]
    return bool(others) and cell.line_n > NOISE_N and cell.line_n > ALONE * float(np.median(others))


def _noisy_supply(noisy: Sequence[CellSigns]) -> Finding:
    text = N_(
        "The cells hear electrical noise together (up to {noise_n:.1f} N, {spikes} spikes): the 3.3 V supply that they "
        "share is noisy or weak, or a shield or ground is open at the star board. Use the Raspberry Pi's own power "
        "supply, give the chips 3.3 V from the Pi alone, and keep their cables away from the treadmill's motor and "
        "mains lead."
    )
    noise_n, spikes = max(cell.noise_n for cell in noisy), max(cell.spikes for cell in noisy)
    return ELECTRICAL_NOISE.finding(
        "fault", text.format(noise_n=noise_n, spikes=spikes), None, noise_n=noise_n, spikes=spikes
    )


def _noisy_cell(cell: CellSigns) -> Finding:
    text = N_(
        "The {name} load cell alone hears electrical noise ({noise_n:.1f} N, {spikes} spikes, {hum_n:.1f} N of hum): "
        "a shield or a wire of its cables has no good contact, or they run beside a mains lead. Connect the shield of "
        "the long cable at the star board alone, that of the cell's own lead at the chip's board alone, and lead the "
        "cables elsewhere."
    )
    text = text.format(name=spoken(cell.channel), noise_n=cell.noise_n, spikes=cell.spikes, hum_n=cell.line_n)
    return ELECTRICAL_NOISE.finding(
        "fault", text, cell.channel, noise_n=cell.noise_n, spikes=cell.spikes, hum_n=cell.line_n
    )


def _belt_vibration(bedside: Bedside) -> Sequence[Finding]:
    return vibration(BELT_VIBRATION, signs_at_rest(bedside))


def vibration(test: SelfTest, signs: Signs) -> Sequence[Finding]:
    """All cells, or most of them, at the frequencies of something that turns."""
    if signs.restless:
        return unquiet(test)
    sound = signs.sound
    shaking = [cell for cell in sound if cell.line_n > LINE_N]
    wrong = []
    if len(shaking) > 1 and len(shaking) * 2 > len(sound):
        worst_n = max(cell.line_n for cell in shaking)
        text = N_(
            "Something shakes the deck by {line_n:.0f} N at each corner: the belt, the motor, or the floor. Stop the "
            "belt and ask again; if it is the running belt, tighten the deck's screws, grease the belt, and put the "
            "treadmill on a hard floor."
        )
        wrong = [test.finding("warning", text.format(line_n=worst_n), None, line_n=worst_n)]
    measured = {f"{cell.channel}_line_n": round(cell.line_n, 3) for cell in sound}
    return summed_up(test, wrong, sound, N_("The deck is quiet."), **measured)


ELECTRICAL_NOISE = SelfTest("electrical_noise", 120, N_("Electrical noise"), "cells", 60.0, _electrical_noise)
BELT_VIBRATION = SelfTest("belt_vibration", 121, N_("A deck that shakes"), "cells", 60.0, _belt_vibration)
SELF_TESTS = (ELECTRICAL_NOISE, BELT_VIBRATION)
