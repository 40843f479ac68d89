"""Wrong PINs cost time: after a few, each doubles the wait, whatever is restarted and whatever the clock says.

The count lives in a file of the state directory; the end of a wait is told in seconds since the machine was started
(CLOCK_BOOTTIME), which nobody can set. After a restart of the machine a wait begins anew.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from station.records import disk

log = logging.getLogger(__name__)

FILE = "staff_lockout.json"
FREE_TRIES = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 3600.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class _Count(Struct, frozen=True):
    wrong: Annotated[int, Meta(ge=0)] = 0  # in a row
    until_s: float = 0.0
    boot: str = ""  # of the machine, in which `until_s` is counted


def _since_start_s() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _boot_id() -> str:
    return _BOOT_ID.read_text(encoding="ascii").strip()


class Lockout:
    """For one thread at a time. `now_s` and `boot` are the machine's unless a test gives others."""

    def __init__(
        self, state: Path, now_s: Callable[[], float] = _since_start_s, boot: Callable[[], str] = _boot_id
    ) -> None:
        self._path = state / FILE
        self._now_s = now_s
        self._boot = boot()
        self._not_taken: _Count | None = None  # by a disk that takes nothing: it counts until this process ends

    def seconds_left(self) -> float:
        """Until the next try; 0: now. The first look after a restart of the machine begins the wait anew.

        So does a look at a wait that is longer than any: a damaged file must not lock the staff out for years.
        """
        count = self._read()
        if count.until_s and (count.boot != self._boot or count.until_s - self._now_s() > LONGEST_WAIT_S):
            count = self._waiting(max(count.wrong, FREE_TRIES))
        return max(0.0, count.until_s - self._now_s())

    def wrong(self) -> None:
        """One more wrong PIN. Call it before the PIN is looked at: a process killed meanwhile has used up the try."""
        self._waiting(self._read().wrong + 1)

    def lift(self) -> None:
        """The PIN was right, or there is a new one."""
        self._not_taken = None
        try:
            self._path.unlink(missing_ok=True)
        except OSError as e:
            self._keep_in_memory(_Count(), e)

    def _waiting(self, wrong: int) -> _Count:
        over = wrong - FREE_TRIES
        wait_s = min(FIRST_WAIT_S * 2.0 ** min(over, 10), LONGEST_WAIT_S) if over >= 0 else 0.0
        count = _Count(wrong, self._now_s() + wait_s if wait_s else 0.0, self._boot)
        try:
            disk.write_whole(self._path, msgspec.json.encode(count))
            self._not_taken = None
        except OSError as e:
            self._keep_in_memory(count, e)
        return count

    def _keep_in_memory(self, count: _Count, error: OSError) -> None:
        log.error("%s: %s; wrong PINs are counted in memory only", self._path, error.strerror)
        self._not_taken = count

    def _read(self) -> _Count:
        """What cannot be read counts as locked: only the station's user can have damaged it."""
        if self._not_taken is not None:
            return self._not_taken
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Count)
        except FileNotFoundError:
            return _Count()
        except (OSError, msgspec.MsgspecError):
            return self._waiting(FREE_TRIES)
