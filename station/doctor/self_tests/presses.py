"""Guided: somebody stands near each corner in turn. Which cell feels it, and which way?

A person near a corner puts most of the weight on its cell, some on its two neighbours and next to nothing on the cell
across: whoever that is, and whatever the cells' gains are.
"""

from collections.abc import Sequence

import numpy as np

from station.doctor.cell_findings import signs_at_rest, spoken_list
from station.doctor.cell_signs import Signs
from station.doctor.self_test import Bedside, SelfTest
from station.messages import CHANNELS, CalibrationPrompt, Finding, spoken
from station.words import N_

TOWARDS = 0.8
"""Of the way from the deck's centre to the cell: 0.81 of the weight is on it, 0.09 on each neighbour."""
SETTLE_S, READ_S = 2.0, 3.0
LEAST_N = 100.0
"""Of the best felt press: a child of 13 kg on its corner."""
FELT_SHARE = 0.15
"""Of what the cells feel at their own corners (the median): below that a cell feels nothing."""
WEIGHT_SHARE = 0.6
"""Of the weight that all cells together feel at the other corners: less at a cell's own, and it is the cell that is
numb; as much, and nobody stood there."""
EMPTY = CalibrationPrompt(action="unload", text=N_("Stop the belt, take everything off the deck and step back."))


def _corner_presses(bedside: Bedside) -> Sequence[Finding]:
    if len(signs_at_rest(bedside).speaking) < len(CHANNELS):
        return [_silent()]  # nobody is asked to walk about for it
    empty = _signs(bedside, EMPTY)
    pressed = [_signs(bedside, _prompt(bedside, name)) for name in CHANNELS]
    bedside.ask(EMPTY)
    every = [empty, *pressed]
    if any(len(signs.speaking) < len(CHANNELS) for signs in every):
        return [_silent()]
    levels_n = np.array([[cell.level_n for cell in signs.cells] for signs in every])
    return judged(levels_n[1:] - levels_n[0])


def _silent() -> Finding:
    text = N_("Not checked: a cell's chip did not answer; see what else was found, mend that and ask again.")
    return CORNER_PRESSES.finding("not_checked", text)


def _signs(bedside: Bedside, prompt: CalibrationPrompt) -> Signs:
    bedside.ask(prompt)
    bedside.cells.read(SETTLE_S)
    return Signs.of(bedside.cells.read(READ_S), bedside.config.force)


def _prompt(bedside: Bedside, name: str) -> CalibrationPrompt:
    text = N_("Stand near the {name} corner of the deck, as seen by a runner, on one foot if need be, and stand still.")
    cell = bedside.config.force.cells[name]
    return CalibrationPrompt(
        action="place", text=text.format(name=spoken(name)), x_m=TOWARDS * cell.x_m, y_m=TOWARDS * cell.y_m
    )


def judged(felt_n: np.ndarray) -> Sequence[Finding]:
    """`felt_n` (4, 4): what each cell (column) felt while somebody stood near each corner (row)."""
    best = np.abs(felt_n).max(axis=0)
    usual_n = float(np.median(best))
    if usual_n < LEAST_N:
        text = N_("Not checked: the cells felt only {n:.0f} N. Stand on the deck itself, where it says, and ask again.")
        return [CORNER_PRESSES.finding("not_checked", text.format(n=usual_n))]
    weights_n = np.abs(felt_n).sum(axis=1)
    missing = weights_n < WEIGHT_SHARE * np.median(weights_n)
    numb = [c for c in range(len(CHANNELS)) if best[c] < FELT_SHARE * usual_n and missing[c]]
    findings = [_numb(c) for c in numb]
    feeling = [c for c in range(len(CHANNELS)) if c not in numb]
    findings += _exchanged(felt_n, feeling) + _reversed(felt_n, feeling)
    return findings or [CORNER_PRESSES.finding("ok", N_("Each corner presses its own cell, and all the same way."))]


def _numb(c: int) -> Finding:
    text = N_(
        "The {name} load cell feels nothing: a supply wire of it (E+ or E-) or a signal wire is open, or the deck does "
        "not rest on it. Check its plug, and that no other foot of the treadmill touches the floor."
    )
    return CORNER_PRESSES.finding("fault", text.format(name=spoken(CHANNELS[c])), CHANNELS[c])


def _exchanged(felt_n: np.ndarray, feeling: Sequence[int]) -> list[Finding]:
    """Cells that feel another corner most than the one they belong to."""
    corners = {c: int(np.abs(felt_n[:, c]).argmax()) for c in feeling}
    elsewhere = [c for c in feeling if corners[c] != c]
    if not elsewhere:
        return []
    if len(elsewhere) < 2 or len(set(corners.values())) < len(corners):
        text = N_(
            "The {cells} load cell felt another corner more than its own: somebody stood at the wrong corner, or the "
            "deck touches something else than the four cells. Ask again, and stand exactly where it says."
        )
        return [CORNER_PRESSES.finding("warning", text.format(cells=_spoken(elsewhere)))]
    text = N_(
        "The {cells} load cells are exchanged (if you stood where it said): exchange their plugs, or their pins in "
        "force.cells of the configuration."
    )
    return [CORNER_PRESSES.finding("fault", text.format(cells=_spoken(elsewhere)))]


def _reversed(felt_n: np.ndarray, feeling: Sequence[int]) -> list[Finding]:
    """Those whose reading falls where that of most others rises; which way is right, the calibration finds out."""
    signs = {c: np.sign(felt_n[int(np.abs(felt_n[:, c]).argmax()), c]) for c in feeling}
    falling, rising = ([c for c in feeling if signs[c] == sign] for sign in (-1, 1))
    if not falling or not rising:
        return []
    if len(falling) == len(rising):
        text = N_(
            "The {falling} load cells weigh one way and the {rising} ones the other; two of them are reversed, and "
            "which two the readings cannot tell. Compare the colours of the signal wires (A+, A-) at the four chips."
        )
        text = text.format(falling=_spoken(falling), rising=_spoken(rising))
        return [CORNER_PRESSES.finding("fault", text)]
    text = N_(
        "The {name} load cell weighs backwards: exchange its signal wires (A+ and A-) at the chip, or turn the cell "
        "over if it is mounted upside down."
    )
    fewer = min((falling, rising), key=len)
    return [CORNER_PRESSES.finding("fault", text.format(name=spoken(CHANNELS[c])), CHANNELS[c]) for c in fewer]


def _spoken(cells: Sequence[int]) -> str:
    return spoken_list(CHANNELS[c] for c in cells)


CORNER_PRESSES = SelfTest(
    "corner_presses", 140, N_("Each corner presses its own cell"), "cells", 120.0, _corner_presses, guided=True
)
SELF_TESTS = (CORNER_PRESSES,)
