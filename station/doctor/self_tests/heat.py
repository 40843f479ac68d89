"""How hot the processor is: from 80 degrees on a Pi slows itself down, at 85 more so (Raspberry Pi documentation,
"Frequency management and thermal control")."""

from collections.abc import Sequence

from station.doctor.board import Board
from station.doctor.self_test import SelfTest
from station.messages import Finding
from station.words import N_

SLOWER_C, SLOWEST_C = 80.0, 85.0


def temperature(board: Board) -> Sequence[Finding]:
    now_c = board.temperature_c()
    if now_c is None:
        return [HEAT.finding("not_checked", N_("This machine does not tell its temperature."), "board")]
    if now_c >= SLOWER_C:
        text = N_(
            "The processor is at {now_c:.0f} °C and slows itself down from {slower_c:.0f} °C on. Fit a fan or a heat "
            "sink, and keep the box's slots free and out of the sun."
        ).format(now_c=now_c, slower_c=SLOWER_C)
        verdict = "fault" if now_c >= SLOWEST_C else "warning"
        return [HEAT.finding(verdict, text, "board", temperature_c=now_c)]
    text = N_("The processor is at {now_c:.0f} °C.").format(now_c=now_c)
    return [HEAT.finding("ok", text, "board", temperature_c=now_c)]


HEAT = SelfTest("hot_cpu", 212, N_("Temperature of the processor"), "board", 5.0, lambda b: temperature(b.board))
SELF_TESTS = (HEAT,)
