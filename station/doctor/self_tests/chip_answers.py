"""Does every chip deliver?"""

from collections.abc import Sequence

from station.doctor.self_test import Bedside, SelfTest
from station.messages import CHANNELS, Finding, spoken
from station.words import N_


def _examine(bedside: Bedside) -> Sequence[Finding]:
    recording = bedside.cells.at_rest()
    silent = [name for name, cell in zip(CHANNELS, recording.cells, strict=True) if not len(cell.counts)]
    if not silent:
        return [CHIP_ANSWERS.finding("ok", N_("All four chips deliver."))]
    return [
        CHIP_ANSWERS.finding(
            "fault", recording.fault or N_("{name} load cell: nothing comes.").format(name=spoken(name)), name
        )
        for name in silent
    ]


CHIP_ANSWERS = SelfTest("chip_answers", 100, N_("Every load cell's chip delivers readings"), "cells", 20.0, _examine)
SELF_TESTS = (CHIP_ANSWERS,)
