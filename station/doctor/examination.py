"""The examination: all self-tests one after the other, none longer than its limit, whatever a device does."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import partial

from station import devices
from station.daemon import Life
from station.doctor.board import Board
from station.doctor.camera_at_bedside import CameraAtBedside, OpenCamera
from station.doctor.cells_at_bedside import CellsAtBedside, OpenCells
from station.doctor.registry import chosen
from station.doctor.self_test import Bedside, SelfTest
from station.errors import StationError
from station.messages import CalibrationPrompt, Finding
from station.words import N_

log = logging.getLogger(__name__)

LOOK_S = 0.2
GIVE_UP_S = 2.0
"""How long a self-test that was told to stop may go on; then it is left behind."""

Said = Callable[[Sequence[Finding], int, int], object]
"""Told after each self-test: all findings so far, self-tests done, of how many."""
Ask = Callable[[CalibrationPrompt], object]
"""Shows somebody a prompt and returns once that is done; may raise to give up."""


def _cells_at_hand(life: Life) -> AbstractContextManager:
    return devices.cells_at_hand(life, faulty=True)


_THIS_BOARD = Board()


class ExaminationGivenUpError(StationError):
    """Somebody ended it."""


def examine(
    life: Life,
    said: Said = lambda findings, done, of: None,
    ask: Ask | None = None,
    only: Iterable[str] = (),
    open_cells: OpenCells = _cells_at_hand,
    make_camera: OpenCamera = devices.filming_camera,
    board: Board = _THIS_BOARD,
) -> list[Finding]:
    """The findings of the self-tests named in `only`, or of all; guided ones only where `ask` is given.

    `said` and `ask` are called in this thread and may raise, which ends the examination. Raises ConfigError for an
    unknown name and ExaminationGivenUpError where the life is to end; whatever a device does is a finding.
    """
    tests = chosen(only, guided=ask is not None)
    cells, camera = CellsAtBedside(life, open_cells), CameraAtBedside(life, make_camera)
    turns: list[_Turn] = []
    findings: list[Finding] = []
    try:
        for done, test in enumerate(tests, start=1):
            hung = next((turn for turn in turns if turn.goes_on and turn.test.needs == test.needs), None)
            if hung is None:
                turns.append(_Turn(test, life, partial(Bedside, life, cells, camera, board), ask))
                findings += turns[-1].findings()
            else:
                findings.append(_still_busy(test, hung.test))
            said(tuple(findings), done, len(tests))
    finally:
        cells.end()
        camera.end()
        for turn in turns:
            turn.end()
        if not any(turn.goes_on for turn in turns):
            cells.close()
    return findings


class _Turn:
    """One self-test in a thread of its own, so that a device that hangs keeps nobody waiting."""

    def __init__(
        self,
        test: SelfTest,
        life: Life,
        at_hand: Callable[[Callable[[CalibrationPrompt], None]], Bedside],
        ask: Ask | None,
    ) -> None:
        self.test = test
        self._life = life
        self._ask = ask
        self._events: queue.SimpleQueue[CalibrationPrompt | Sequence[Finding]] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._bedside = at_hand(self._have_asked)
        self._thread = threading.Thread(target=self._examine, name=f"self-test {test.id}", daemon=True)

    @property
    def goes_on(self) -> bool:
        return self._thread.is_alive()

    def findings(self) -> Sequence[Finding]:
        """Run it. The time in which a person does what is asked does not count."""
        self._thread.start()
        left_s = self.test.limit_s
        while left_s > 0:
            if self._life.stopping:
                raise ExaminationGivenUpError(N_("the examination was given up"))
            before_s = time.monotonic()
            try:
                event = self._events.get(timeout=min(left_s, LOOK_S))
            except queue.Empty:
                event = None
            left_s -= time.monotonic() - before_s
            if isinstance(event, CalibrationPrompt):
                if self._ask is not None:
                    self._ask(event)
                self._answers.put(self._ask is not None)
            elif event is not None:
                return event
        return [_overrun(self.test)]

    def end(self) -> None:
        self._answers.put(False)
        if self._thread.is_alive():
            self._thread.join(GIVE_UP_S)

    def _examine(self) -> None:
        try:
            found = self.test.examine(self._bedside)
        except StationError as e:
            found = [self.test.finding("not_checked", N_("Could not be checked: {e}.").format(e=e))]
        except Exception:
            log.exception("self-test %s", self.test.id)
            text = N_("Could not be checked: the self-test itself failed; the log of this command says where.")
            found = [self.test.finding("not_checked", text)]
        self._events.put(found)

    def _have_asked(self, prompt: CalibrationPrompt) -> None:
        self._events.put(prompt)
        if not self._answers.get():
            raise ExaminationGivenUpError(N_("nobody is there to do what is asked"))


def _overrun(test: SelfTest) -> Finding:
    text = N_("Not done after {limit_s:g} s and given up: a device does not answer. Start the station anew.")
    return test.finding("not_checked", text.format(limit_s=test.limit_s))


def _still_busy(test: SelfTest, hung: SelfTest) -> Finding:
    text = N_('Not checked: "{title}" still waits for the same device. Start the station anew and ask again.')
    return test.finding("not_checked", text.format(title=hung.title))
