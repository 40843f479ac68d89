"""What is kept of a visit while it lasts: each message goes into its recording, and to the worker that scores it."""

import logging
from collections.abc import Callable

from station.daemon import Life
from station.errors import RecordingError
from station.fusion.live_correction import LiveCorrection, learned
from station.fusion.scorer import Scorer
from station.fusion.store import RunStore
from station.fusion.visit import Visit
from station.messages import Message, Report, RunMayEnd
from station.words import N_

log = logging.getLogger(__name__)

NOT_RECORDED = N_("This run cannot be recorded; it is scored all the same.")
NOT_KEPT = N_("This run could not be stored completely; its card is shown all the same.")


class KeptRun:
    """One visit after the other. A recording that fails is no end of the visit: `fault` says so to the runner."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self.store = RunStore(life.config)
        self.scorer = Scorer(life)
        self.fault: str | None = None
        self._may_end_ns: int | None = None  # as the scorer was told last
        self.correction: LiveCorrection | None = None  # of live steps, as the last solved stretch told it

    def begin(self, visit_id: str, *, again: bool = False) -> None:
        """Of a new visit, which is not to be found with anything of the last one; `again`: of a recovered one."""
        self._record(lambda: self.store.begin(visit_id, again=again))

    def keep(self, message: Message, t_ns: int) -> None:
        """One more message, in the order of the recording."""
        self.scorer.add(message)
        self._record(lambda: self.store.add(message, t_ns))

    def take_over(self, messages: list[Message]) -> None:
        """Of a visit that a crash broke off, whose recording holds them already."""
        for message in messages:
            self.scorer.add(message)

    def follow(self, visit: Visit) -> None:
        """The run goes on. Call it often."""
        if visit.may_end_ns not in (None, self._may_end_ns):
            self._may_end_ns = visit.may_end_ns
            self.scorer.add(RunMayEnd(t_ns=visit.may_end_ns))
        self.scorer.turn()
        for steps in self.scorer.solved():
            self.correction = learned(visit.contacts, visit.marks_ns["run"], steps) or self.correction

    def finish(self) -> None:
        """All messages of the run are there: score it."""
        self.store.close()
        self.scorer.finish()

    def forget(self) -> None:
        """Nothing of the last visit stays in memory."""
        self.scorer.end()
        self.scorer = Scorer(self._life)
        self.fault = self.correction = self._may_end_ns = None

    def keep_report(self, report: Report) -> None:
        """The run is scored: what a clinic keeps of it is stored."""
        if not self.store.keep_report(report):
            self.fault = NOT_KEPT

    def end(self, *, ran: bool) -> None:
        """The daemon ends, and the visit with it; `ran`: of that there is something worth scoring later."""
        self.scorer.end()
        if ran:
            self.store.set_aside()
        else:
            self.store.discard()

    def _record(self, write: Callable[[], None]) -> None:
        try:
            write()
        except RecordingError as e:
            log.error("%s", e)
            self.fault = NOT_RECORDED
