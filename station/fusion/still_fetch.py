"""The stills of a card, fetched while it is on the screen: a slow board takes seconds for each."""

import logging
import time
from collections import deque
from collections.abc import Mapping

from station.bus import Question
from station.daemon import Life
from station.errors import BusError
from station.messages import Still, StillRequest

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 10.0  # three frames are searched for bystanders


class StillFetch:
    """Frames at named instants as JPEG, one asked for after the other. `turn` often; nothing here waits.

    Those that are no longer there are left out; of a camera that does not answer no more is asked.
    """

    def __init__(self, life: Life, instants_ns: Mapping[str, int]) -> None:
        self._life = life
        self._left = deque(instants_ns.items())
        self._question: Question[Still] | None = None
        self._asked_s = 0.0
        self.found: dict[str, bytes] = {}

    @property
    def done(self) -> bool:
        return not self._left

    def turn(self) -> None:
        if self.done:
            return
        name, t_ns = self._left[0]
        if self._question is None:
            self._ask(t_ns)
        try:
            answer = self._question.answer()
        except BusError as e:
            log.warning("no picture: %s", e)
            self._next()
            return
        if answer is not None:
            if answer.jpeg:
                self.found[name] = answer.jpeg
            self._next()
        elif time.monotonic() - self._asked_s > ANSWER_WITHIN_S:
            log.warning("no more pictures: the camera did not answer within %g s", ANSWER_WITHIN_S)
            self.close()

    def close(self) -> None:
        """Ask for no more."""
        self._left.clear()
        self._end_question()

    def _ask(self, t_ns: int) -> None:
        self._question = Question(self._life.context, self._life.runtime, "camera", StillRequest(t_ns=t_ns), Still)
        self._asked_s = time.monotonic()

    def _next(self) -> None:
        self._left.popleft()
        self._end_question()

    def _end_question(self) -> None:
        if self._question is not None:
            self._question.close()
            self._question = None
