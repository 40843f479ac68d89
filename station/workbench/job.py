"""The workbench daemon's end of the process that does its work (`station.workbench.bench`)."""

import contextlib
import itertools
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from station import parent
from station.bus import Line, endpoint
from station.daemon import Life
from station.messages import WorkbenchCommand, WorkbenchState
from station.words import N_

log = logging.getLogger(__name__)

ENDED = N_("It was broken off: the process that measures has ended. Begin again.")
END_WITHIN_S = 1.0
LAST_WORDS_S = 0.05
"""What it sent before it ended is on its way for a moment."""
_numbers = itertools.count(1)  # each has a socket of its own, for the last one's closes in its own time


class Job:
    """One calibration or examination. For one thread; only `end` waits, for END_WITHIN_S at the longest.

    Raises OSError where no process can be started.
    """

    def __init__(self, life: Life, command: WorkbenchCommand) -> None:
        self._address = endpoint(life.runtime, f"bench{next(_numbers)}", "line")
        self._line = Line(life.context, self._address, bind=True)
        self._unsent = [command]
        worker = [sys.executable, "-m", "station.workbench.bench", self._address]
        try:
            self._process = subprocess.Popen(worker, stdin=subprocess.PIPE, env=parent.environment())
        except OSError:
            self._line.close()
            raise
        assert self._process.stdin is not None  # noqa: S101 - narrows the type: it is a pipe
        with contextlib.suppress(BrokenPipeError), self._process.stdin as pipe:  # it has ended: `heard` says so
            pipe.write(msgspec.json.encode(life.config))  # far less than a pipe holds

    def send(self, command: WorkbenchCommand) -> None:
        self._unsent.append(command)

    def heard(self) -> Iterator[WorkbenchState]:
        """What the process has said since the last call; the last one, of one that ended without a word, says so."""
        while self._unsent and self._line.send(self._unsent[0]):
            del self._unsent[0]
        ended = self._process.poll() is not None
        last: WorkbenchState | None = None
        while (message := self._line.receive(LAST_WORDS_S if ended else 0.0)) is not None:
            if isinstance(message, WorkbenchState):
                last = message
                yield message
        if ended and (last is None or last.doing != "nothing"):
            log.error("the workbench's process ended with status %d", self._process.returncode)
            yield WorkbenchState(failed=ENDED)

    def end(self) -> None:
        """End the process, by force where it does not end by itself. What it saved stays."""
        self._process.terminate()
        try:
            self._process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._line.close()
        Path(self._address.removeprefix("ipc://")).unlink(missing_ok=True)
