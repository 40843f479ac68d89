"""Whether the power supply holds its voltage under load, and whether the processor is slowed down.

Bits of `vcgencmd get_throttled` (Raspberry Pi documentation, "vcgencmd"): 0 under-voltage, 1 frequency capped, 2
throttled, 3 soft temperature limit, now; the same from bit 16 on: since the Pi was started.
"""

from collections.abc import Sequence

from station.doctor.board import Board
from station.doctor.self_test import SelfTest
from station.messages import Finding
from station.words import N_

UNDER_VOLTAGE, CAPPED, THROTTLED, SOFT_LIMIT = (1 << bit for bit in range(4))
SINCE_START = 16
SUPPLY = N_(
    "Use the Pi's own power supply (Pi 4: 5.1 V 3 A, Pi 5: 5.1 V 5 A) and its short cable, and give the camera's "
    "light a supply of its own."
)


def under_voltage(board: Board) -> Sequence[Finding]:
    """By the firmware, which remembers; else by the kernel's driver, which tells of now alone."""
    bits = board.throttled()
    if bits is not None:
        measured = {"throttled_bits": float(bits)}
        if bits & UNDER_VOLTAGE:
            text = N_("The voltage is too low now (below 4.63 V). {supply}").format(supply=SUPPLY)
            return [POWER.finding("fault", text, "board", **measured)]
        if bits >> SINCE_START & UNDER_VOLTAGE:
            text = N_("The voltage was too low since the Pi was started (below 4.63 V). {supply}").format(supply=SUPPLY)
            return [POWER.finding("fault", text, "board", **measured)]
        return [POWER.finding("ok", N_("The voltage was never too low since the Pi was started."), "board", **measured)]
    alarm = board.low_voltage_alarm()
    if alarm is None:
        text = N_("This machine does not tell its voltage: it is no Raspberry Pi, or vcgencmd is missing.")
        return [POWER.finding("not_checked", text, "board")]
    if alarm:
        text = N_("The voltage is too low now (below 4.63 V). {supply}").format(supply=SUPPLY)
        return [POWER.finding("fault", text, "board")]
    return [POWER.finding("ok", N_("The voltage is not too low now."), "board")]


def slowed_down(board: Board) -> Sequence[Finding]:
    """Whatever the reason: the processor does not run as fast as it could."""
    bits = board.throttled()
    if bits is None:
        text = N_("This machine does not tell whether it slows its processor down.")
        return [SPEED.finding("not_checked", text, "board")]
    measured = {"throttled_bits": float(bits)}
    slow = CAPPED | THROTTLED | SOFT_LIMIT
    if bits & slow:
        text = N_("The processor is slowed down now: verdicts come late. Look after power supply and cooling.")
        return [SPEED.finding("fault", text, "board", **measured)]
    if bits >> SINCE_START & slow:
        text = N_("The processor was slowed down since the Pi was started. Look after power supply and cooling.")
        return [SPEED.finding("warning", text, "board", **measured)]
    return [SPEED.finding("ok", N_("The processor was never slowed down."), "board", **measured)]


POWER = SelfTest("under_voltage", 210, N_("Power supply"), "board", 10.0, lambda b: under_voltage(b.board))
SPEED = SelfTest("slowed_down", 211, N_("Speed of the processor"), "board", 10.0, lambda b: slowed_down(b.board))
SELF_TESTS = (POWER, SPEED)
