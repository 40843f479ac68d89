"""Scores one run in a thread of its own, so that the station goes on speaking; what goes wrong in it stays in it."""

import logging
import threading
import time
from collections.abc import Callable

from station.errors import StationError
from station.fusion.scoring import Scored, score
from station.fusion.session import Session

log = logging.getLogger(__name__)

GIVEN_UP_AFTER_S = 180.0
FAILED = "This run could not be scored."
TOO_LONG = "Scoring this run took too long and was given up."


class Scorer:
    """One scoring at a time. The thread is a daemon: it never keeps the process from ending."""

    def __init__(self, build: Callable[[], Session]) -> None:
        self._outcome: Scored | str | None = None
        self._began_s = time.monotonic()
        threading.Thread(target=self._run, args=(build,), name="scorer", daemon=True).start()

    def _run(self, build: Callable[[], Session]) -> None:
        try:
            self._outcome = score(build())
        except StationError as e:
            self._outcome = f"{FAILED} {str(e)[:1].upper()}{str(e)[1:]}."
        except Exception:  # a defect of ours in one run must not take the station down
            log.exception("scoring failed")
            self._outcome = FAILED

    def outcome(self) -> Scored | str | None:
        """The result, or why there is none (a sentence for the runner); None while it goes on."""
        if self._outcome is None and time.monotonic() - self._began_s > GIVEN_UP_AFTER_S:
            return TOO_LONG
        return self._outcome
