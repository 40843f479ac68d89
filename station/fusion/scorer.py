"""Fusion's end of the scoring worker: feeds it the run as it goes on, and has it score the run when it is over.

The worker is a process of its own at low priority, so that neither a solve nor a defect in it holds up the daemon. All
that it knows came as the messages of the run: another one that is given them again says the same.
"""

import itertools
import logging
import subprocess
import sys
import time
from pathlib import Path

from station import parent
from station.bus import Line, endpoint
from station.daemon import Life
from station.fusion.scoring_worker import FAILED
from station.messages import Done, Message, Scored, ScoreNow, SolvedSteps
from station.words import N_

log = logging.getLogger(__name__)

GIVEN_UP_AFTER_S = 180.0
TOO_LONG = N_("Scoring this run took too long and was given up.")
NICE = 10
MOST_LOST = 2  # workers; a run that has ended more than that is given up
LINE = "scoring"
"""Beginning of the names of the workers' sockets, `<LINE><number>.line`."""
MOST_AT_ONCE = 500  # messages in one turn: 10 s of a run
LAST_WORDS_S = 0.05  # what a worker sent before it ended is on its way for a moment
_numbers = itertools.count(1)  # of the workers: each has a socket of its own, for the last one's closes in its own time


class Scorer:
    """One run. For one thread; nothing here waits, but for the last words of a worker that has ended."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._messages: list[Message] = []
        self._fed = 0  # messages that the worker was sent
        self._address = ""
        self._line: Line | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lost = 0
        self._finished_s: float | None = None
        self._outcome: Scored | str | None = None
        self._solved: list[SolvedSteps] = []

    @property
    def finished(self) -> bool:
        """The run is over and is being scored."""
        return self._finished_s is not None

    def add(self, message: Message) -> None:
        """One more message of the run, in the order they are recorded."""
        self._messages.append(message)

    def finish(self) -> None:
        """All messages of the run are there: score it."""
        self._messages.append(ScoreNow())
        self._finished_s = time.monotonic()
        self._lost = 0

    def turn(self) -> None:
        """Feed the worker and hear it; start one where there is none. Call it often."""
        if self._outcome is not None:
            return
        ended = self._process is None or self._process.poll() is not None
        self._hear(LAST_WORDS_S if ended else 0.0)
        if self._outcome is None and ended:
            self._replace()
        self._feed()
        if self._finished_s is not None and time.monotonic() - self._finished_s > GIVEN_UP_AFTER_S:
            self._end_with(TOO_LONG)

    def solved(self) -> list[SolvedSteps]:
        """Stretches of the run that were solved since the last call."""
        out, self._solved = self._solved, []
        return out

    def outcome(self) -> Scored | str | None:
        """The result, or why there is none (a sentence for the runner); None while it goes on."""
        return self._outcome

    def end(self) -> None:
        """End the worker; nothing of the run stays in memory."""
        self._messages.clear()
        self._stop()

    def _replace(self) -> None:
        """Start a worker where there is none (any more); give up where that is of no use."""
        if self._process is not None:
            log.error("the scoring worker ended with status %d", self._process.returncode)
            self._lost += 1
        self._stop()
        if self._lost <= MOST_LOST:
            self._start()
        elif self.finished:
            self._end_with(FAILED)

    def _start(self) -> None:
        self._fed = 0
        self._address = endpoint(self._life.runtime, f"{LINE}{next(_numbers)}", "line")
        worker = [sys.executable, "-m", "station.fusion.scoring_worker", self._address]
        try:
            self._process = subprocess.Popen(["nice", "-n", str(NICE), *worker], env=parent.environment())
        except OSError as e:
            log.error("no scoring worker: %s", e.strerror)
            self._lost += 1
            return
        self._line = Line(self._life.context, self._address, bind=True)

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._line is not None:
            self._line.close()
            self._line = None
            Path(self._address.removeprefix("ipc://")).unlink(missing_ok=True)

    def _feed(self) -> None:
        if self._line is None:
            return
        for message in self._messages[self._fed : self._fed + MOST_AT_ONCE]:
            if not self._line.send(message):
                return
            self._fed += 1

    def _hear(self, timeout_s: float) -> None:
        while self._line is not None and (message := self._line.receive(timeout_s)) is not None:
            if isinstance(message, SolvedSteps):
                self._solved.append(message)
            elif isinstance(message, Scored):
                self._end_with(message)
            elif isinstance(message, Done):
                self._end_with(message.error or FAILED)

    def _end_with(self, outcome: Scored | str) -> None:
        self._outcome = outcome
        self.end()
