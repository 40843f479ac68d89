"""Whether the clocks can be relied on: the monotonic one stamps all data, the time of day names and dates it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from station.clock import Clock, SystemClock
from station.doctor.board import Board, ClockReading
from station.doctor.self_test import SelfTest
from station.messages import Finding
from station.words import N_

WATCH_S, LOOKS = 3.0, 13
MOST_APART_NS = 20_000_000
"""Between two clocks in that time: adjtimex(2) slews by at most 0.05 %, 1.5 ms; the rest is for reading one after the
other on a busy board."""
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""Before it this program was not written: the time of day was never set."""


def clocks(board: Board, clock: Clock) -> Sequence[Finding]:
    """Watch them for some seconds; a finding for each thing that is wrong."""
    seen = [board.clocks()]
    while len(seen) < LOOKS:
        clock.sleep(WATCH_S / (LOOKS - 1))
        seen.append(board.clocks())
    found = [*_monotonic(seen), *_wall(board, seen)]
    return found or [CLOCK.finding("ok", N_("The clocks go on evenly, and the time of day is right."), "board")]


def _monotonic(seen: Sequence[ClockReading]) -> Sequence[Finding]:
    """Against itself, and against the one that also counts while the machine sleeps."""
    if any(b.monotonic_ns < a.monotonic_ns for a, b in pairwise(seen)):
        text = N_(
            "The clock that stamps the data ran backwards: the kernel is at fault. Update the system, restart the Pi."
        )
        return [CLOCK.finding("fault", text, "board")]
    slept_ns = _grown([r.boot_ns - r.monotonic_ns for r in seen])
    if abs(slept_ns) > MOST_APART_NS:
        text = N_("The Pi slept for {slept_s:.1f} s just now: switch suspending off, a station must not sleep.")
        return [CLOCK.finding("fault", text.format(slept_s=slept_ns / 1e9), "board", slept_s=slept_ns / 1e9)]
    return []


def _wall(board: Board, seen: Sequence[ClockReading]) -> Sequence[Finding]:
    stepped_s = _grown([r.wall_ns - r.monotonic_ns for r in seen]) / 1e9
    if abs(stepped_s) > MOST_APART_NS / 1e9:
        text = N_(
            "The time of day was put by {stepped_s:+.1f} s just now. Measurements do not mind; ask again in a minute."
        ).format(stepped_s=stepped_s)
        return [CLOCK.finding("warning", text, "board", stepped_s=stepped_s)]
    now = datetime.fromtimestamp(seen[-1].wall_ns / 1e9, UTC)
    remedy = (
        N_("Connect the network once, or wait for its time server.")
        if board.has_clock_chip()
        else N_("Connect the network, or fit a battery for the clock: without one a Pi forgets the time.")
    )
    if now < EARLIEST:
        text = N_("The date is {date}: the time of day was never set. Runs are dated wrongly. {remedy}")
        return [CLOCK.finding("fault", text.format(date=now.date(), remedy=remedy), "board")]
    if board.time_is_kept() is False:
        text = N_("Nobody keeps the time of day right: runs may be dated wrongly, measurements do not mind. {remedy}")
        return [CLOCK.finding("warning", text.format(remedy=remedy), "board")]
    return []


def _grown(offsets_ns: Sequence[int]) -> int:
    """The largest step between two looks."""
    return max((b - a for a, b in pairwise(offsets_ns)), key=abs)


CLOCK = SelfTest("clock", 230, N_("Clocks"), "board", WATCH_S + 7.0, lambda b: clocks(b.board, SystemClock()))
SELF_TESTS = (CLOCK,)
