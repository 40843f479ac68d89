"""What a clinic keeps is bounded: runs that are too old go, and the oldest ones where there are too many.

Each deletion is logged, and noted in `deleted_runs.txt` in the state directory, which `station runs list` shows.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from station.config import Config
from station.doctor.board import Board
from station.records import run_files
from station.records.run_files import RunFiles

log = logging.getLogger(__name__)

FILE = "deleted_runs.txt"
LOOK_EVERY_S = 60.0
CLOCK_SETTLED_S = 3600.0
"""A run is too old only by a wall clock that was not set for so long: one that is wrong by years for a while, after a
start or by a wrong time server, must not cost what is stored."""
PLAUSIBLE_GAP_S = 60 * 86400.0
"""Of a clinic in which nobody runs. Where no time server keeps the clock, a longer one is taken for a clock that is
wrong: a clock chip whose battery is flat or new comes up years off, and nobody sets it."""
_SET_S = 60.0  # a wall clock that moved so far against the time since the start was set
_MOST_NOTED = 1000  # deletions
_DAY_S = 86400.0


class SettledClock:
    """The wall clock, and for how long nobody has set it."""

    def __init__(
        self,
        wall_s: Callable[[], float] = time.time,
        running_s: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
    ) -> None:
        self._wall_s, self._running_s = wall_s, running_s
        self._apart_s = wall_s() - running_s()
        self._settled_s = running_s()

    def now_s(self) -> float:
        """Seconds since the epoch. Call it often: in between the clock may be set."""
        now_s, running_s = self._wall_s(), self._running_s()
        if abs(now_s - running_s - self._apart_s) > _SET_S:
            self._settled_s = running_s
        self._apart_s = now_s - running_s
        return now_s

    @property
    def settled(self) -> bool:
        return self._running_s() - self._settled_s > CLOCK_SETTLED_S


class Retention:
    """Deletes what the configuration does not keep; in a gym there is nothing to delete."""

    def __init__(
        self,
        config: Config,
        clock: SettledClock | None = None,
        time_is_kept: Callable[[], bool | None] | None = None,
    ) -> None:
        self._limits = config.retention
        self._folder = config.state / "runs" if config.mode == "clinic" else None
        self._notes = config.state / FILE
        self._clock = clock or SettledClock()
        self._time_is_kept = time_is_kept or Board().time_is_kept
        self._due_s = 0.0
        self._complained: set[str] = set()  # about which runs

    def look(self) -> None:
        """Once a minute: delete what is due. Call it often, while nobody is there."""
        if self._folder is None or time.monotonic() < self._due_s:
            return
        self._due_s = time.monotonic() + LOOK_EVERY_S
        now_s = self._clock.now_s()
        try:
            runs = run_files.kept(self._folder)
        except OSError as e:
            self._complain("", f"{self._folder}: {e.strerror}: nothing there can be deleted")
            return
        for run, why in self.due(runs, now_s):
            self._delete(run, why, now_s)

    def due(self, runs: list[RunFiles], now_s: float) -> Iterator[tuple[RunFiles, str]]:
        """Which of these, oldest first, have to go, and why. None that was recorded today."""
        today = datetime.fromtimestamp(now_s).date()
        left_bytes = sum(run.bytes for run in runs)
        dated_since_s = self._dated_since_s(runs, now_s)
        for run in runs:
            if datetime.fromtimestamp(run.written_s).date() >= today:
                continue
            if self._too_old(run, now_s, dated_since_s):
                why = f"older than {self._limits.days} days"
            elif left_bytes > self._limits.gigabytes * 1e9:
                why = f"the oldest when more than {self._limits.gigabytes:g} GB were stored"
            else:
                continue
            left_bytes -= run.bytes
            yield run, why

    def _too_old(self, run: RunFiles, now_s: float, dated_since_s: float) -> bool:
        days = self._limits.days
        if days is None or not self._clock.settled or now_s - run.written_s <= days * _DAY_S:
            return False
        if run.written_s < dated_since_s:
            self._complain(
                "the clock",
                f"run {run.id} and those before it stay though older than {days} days: no time server keeps the clock, "
                f"and nobody ran in a span of over {PLAUSIBLE_GAP_S / _DAY_S:g} days since: connect the station to a "
                "network once, or delete them: station runs delete",
            )
            return False
        return True

    def _dated_since_s(self, runs: list[RunFiles], now_s: float) -> float:
        """How old a run is, is known of those written since then: up to now no span is implausibly long."""
        if self._time_is_kept():
            return -math.inf
        dates_s = [*(run.written_s for run in runs if run.written_s < now_s), now_s]
        return max((end for begin, end in pairwise(dates_s) if end - begin > PLAUSIBLE_GAP_S), default=-math.inf)

    def _delete(self, run: RunFiles, why: str, now_s: float) -> None:
        try:
            run.delete()
        except OSError as e:
            self._complain(run.id, f"run {run.id} is to be deleted ({why}) and cannot: {e.strerror}")
            return
        log.warning("run %s is deleted: %s", run.id, why)
        recorded, now = (datetime.fromtimestamp(t_s).isoformat(" ", "minutes") for t_s in (run.written_s, now_s))
        _note(self._notes, f"{run.id}  recorded {recorded}, deleted {now}: {why}")

    def _complain(self, about: str, text: str) -> None:
        """Once: this is looked at every minute."""
        if about not in self._complained:
            self._complained.add(about)
            log.error("%s", text)


def noted(state: Path) -> list[str]:
    """A line for each of the last deletions, oldest first. Raises OSError."""
    try:
        return (state / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _note(path: Path, line: str) -> None:
    """Add a line; of more than twice as many as are wanted, only the last ones stay."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        lines = noted(path.parent)
        if len(lines) > 2 * _MOST_NOTED:
            path.write_text("".join(f"{each}\n" for each in lines[-_MOST_NOTED:]), encoding="utf-8")
    except OSError as e:
        log.error("%s: %s", path, e.strerror)
