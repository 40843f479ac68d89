"""The workbench daemon: answers WorkbenchCommand and publishes WorkbenchState. The work is done by a child process."""

import logging
import time

from msgspec.structs import replace

from station.calibration.machine import FINISHED
from station.daemon import Life
from station.messages import (
    CalibrationPrompt,
    Done,
    Message,
    StationState,
    WorkbenchCommand,
    WorkbenchState,
)
from station.words import N_
from station.workbench.job import Job
from station.workbench.live_cells import LiveCells

log = logging.getLogger(__name__)

TURN_S = 0.1
PUBLISH_S = 0.5
UNTOUCHED_S = 1800.0
"""A calibration that nobody went on with for so long is given up: the next runner waits for the station."""

VISITED = N_("A runner is using the station; calibrate when that visit is over.")
BUSY = N_("Another calibration or examination is going on; carry it through or give it up first.")
ELSEWHERE = N_("Somebody uses the station or works on it in a terminal; begin when that is over.")
NOTHING_TO_DO = N_("There is nothing to measure now.")
OTHER_STEP = N_("The calibration is at another step by now; look at the screen again.")
NO_PROCESS = N_("The station is out of memory. Switch it off, wait ten seconds, and switch it on again.")
GIVEN_UP = N_("It was given up; nothing was saved.")
INTERRUPTED = N_("A visit has begun, so it was given up; nothing was saved.")
FORGOTTEN = N_("Nobody went on with it for half an hour, so it was given up; nothing was saved.")


def run(life: Life) -> None:
    """Serve until told to stop."""
    server, publisher = life.server(), life.publisher()
    workbench = Workbench(life)
    life.ready()
    published, due_s = None, 0.0
    try:
        while not life.stopping:
            asked = server.receive(TURN_S)
            if asked is not None:
                server.reply(asked[0], workbench.answer(asked[1]))
            for prompt in workbench.turn():
                publisher.send(prompt)
            now_s = time.monotonic()
            if workbench.state != published or now_s >= due_s:
                published, due_s = workbench.state, now_s + PUBLISH_S
                publisher.send(workbench.live())
            life.alive()
    finally:
        workbench.end()


class Workbench:
    """One job at a time, and what there is to say about it."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._visits = life.subscriber(["fusion"], [StationState])
        self._visited = False
        self._cells = LiveCells(life)
        self._job: Job | None = None
        self._touched_s = 0.0
        self._measuring_until_s: float | None = None
        self._prompts: list[CalibrationPrompt] = []  # to be published
        self.state = WorkbenchState()

    def answer(self, message: Message) -> Done:
        """Carry out what is asked, as far as it can be done at once."""
        match message:
            case WorkbenchCommand(action="begin", kind=kind) if kind is not None:
                return Done(error=self._begin(message))
            case WorkbenchCommand(action="examine"):
                return Done(error=self._begin(message))
            case WorkbenchCommand(action="measure"):
                return Done(error=self._measure(message))
            case WorkbenchCommand(action="give_up"):
                if self._job is not None:
                    self._give_up(GIVEN_UP)
                return Done()
        return Done(error=f"{message.topic} is no request to this daemon")

    def turn(self) -> list[CalibrationPrompt]:
        """Hear the job and the visits. The prompts that are carried out from now on, for whoever obeys them."""
        for visit in self._visits.drain():
            self._visited = isinstance(visit, StationState) and visit.phase != "idle"
        if self._job is not None:
            self._hear(self._job)
        if self._job is not None and self._visited:
            self._give_up(INTERRUPTED)
        elif self._job is not None and time.monotonic() - self._touched_s > UNTOUCHED_S:
            self._give_up(FORGOTTEN)
        prompts, self._prompts = self._prompts, []
        return prompts

    def live(self) -> WorkbenchState:
        """The state with what changes by itself."""
        force_n, calibrated = self._cells.look()
        until_s = self._measuring_until_s
        left_s = None if until_s is None else max(0.0, until_s - time.monotonic())
        return replace(self.state, force_n=force_n, calibrated=calibrated, left_s=left_s)

    def end(self) -> None:
        """End the job, if there is one."""
        if self._job is not None:
            self._job.end()
            self._job = None
        self._life.in_use.hold(False)

    def _begin(self, command: WorkbenchCommand) -> str | None:
        if self._job is not None:
            return BUSY
        if self._visited:
            return VISITED
        if not self._life.in_use.begin():
            return ELSEWHERE
        try:
            self._job = Job(self._life, command)
        except OSError as e:
            log.error("a job cannot be begun: %s", e)
            self._life.in_use.hold(False)
            return NO_PROCESS
        self._touched_s = time.monotonic()
        doing = "examination" if command.action == "examine" else "calibration"
        self.state = WorkbenchState(doing=doing, kind=command.kind)
        return None

    def _measure(self, command: WorkbenchCommand) -> str | None:
        if self._job is None or self.state.prompt is None or self.state.measuring:
            return NOTHING_TO_DO
        if command.step not in (None, self.state.step):
            return OTHER_STEP
        self._touched_s = time.monotonic()
        self._job.send(command)
        return None

    def _give_up(self, why: str) -> None:
        self.state = replace(self.state, doing="nothing", prompt=None, measuring=False, failed=why)
        self._finish()

    def _hear(self, job: Job) -> None:
        for said in job.heard():
            if said.measuring and not self.state.measuring and said.prompt is not None:
                self._prompts.append(said.prompt)
                self._measuring_until_s = time.monotonic() + (said.left_s or 0.0)
            if not said.measuring:
                self._measuring_until_s = None
            self.state = replace(said, left_s=None)
        if self.state.doing == "nothing":
            self._finish()

    def _finish(self) -> None:
        self.end()
        self._measuring_until_s = None
        self._prompts.append(FINISHED)
