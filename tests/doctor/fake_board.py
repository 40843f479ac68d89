"""A board made of files: a /proc and /sys of its own, a firmware that answers, clocks that go as they are told."""

import stat
import time
from pathlib import Path

from station.doctor.board import Board

SECOND = 1_000_000_000
START = {
    time.CLOCK_MONOTONIC: 5000 * SECOND,
    time.CLOCK_BOOTTIME: 5000 * SECOND,
    time.CLOCK_REALTIME: 1_800_000_000 * SECOND,
}


class FakeClocks:
    """Passes only by sleeping. `jumps`: (clock, seconds) that befall it at its third sleep."""

    def __init__(self, *jumps: tuple[int, float]) -> None:
        self._now_ns = dict(START)
        self._jumps = jumps
        self._slept = 0

    def read(self, clock: int) -> int:
        return self._now_ns[clock]

    def now_ns(self) -> int:
        return self.read(time.CLOCK_MONOTONIC)

    def sleep(self, seconds: float) -> None:
        self._slept += 1
        for clock in self._now_ns:
            self._now_ns[clock] += round(seconds * SECOND)
        for clock, jump_s in self._jumps if self._slept == 3 else ():
            self._now_ns[clock] += round(jump_s * SECOND)


def board(root: Path, files: dict[str, str] | None = None, throttled: str | None = None, **fields: object) -> Board:
    """`files`: path below the root -> text. `throttled`: what the firmware's command prints; None: there is none."""
    for path, text in (files or {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    firmware = root / "vcgencmd"
    if throttled is not None:
        firmware.write_text(f'#!/bin/sh\n[ "$1" = get_throttled ] && echo "{throttled}"\n')
        firmware.chmod(firmware.stat().st_mode | stat.S_IXUSR)
    return Board(root=root, firmware=str(firmware), **fields)
