"""The fusion daemon: follows the visit, records it, and has the run scored when it is over."""

import logging
import time
import uuid
from itertools import islice

from station.calibration.in_use import CalibrationInUse
from station.clock import SystemClock
from station.daemon import Life
from station.force.capacity import capacity
from station.forgetting import Forgetting
from station.fusion import announce, notices
from station.fusion.force_link import ForceLink
from station.fusion.kept_run import KeptRun
from station.fusion.leftovers import sweep
from station.fusion.live import LiveGait
from station.fusion.recovery import broken_off
from station.fusion.requests import VisitRequests
from station.fusion.retention import Retention
from station.fusion.session import run_info
from station.fusion.shown_card import ShownCard
from station.fusion.visit import Visit
from station.fusion.visit_camera import VisitCamera
from station.messages import (
    Calibration,
    CameraHealth,
    Choices,
    ForceHealth,
    Keypoints,
    Mark,
    Message,
    Report,
    SampleBatch,
    Scored,
)

log = logging.getLogger(__name__)

STATE_EVERY_S = 0.5
LIVE_EVERY_S = 0.1
MOST_AT_ONCE = 100  # messages in one turn: on a machine that cannot keep up, runner and screen are heard all the same
GIVEN_UP_AFTER_S = 15.0  # without load-cell data, though a dead daemon is started again within seconds
NOTICE_S = 30.0  # how long the attract screen says why the last visit ended without a card


class Fusion:
    """State of the daemon; `run` turns its loop."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._calibration = CalibrationInUse(life.config)
        self._kept = KeptRun(life)
        self._retention = Retention(life.config)
        self._publisher = life.publisher()
        self._requests = VisitRequests(life.server(), self)
        self._messages = life.subscriber(["force", "camera"], [SampleBatch, Keypoints, ForceHealth, CameraHealth])
        self._camera = VisitCamera(life)
        self._card = ShownCard(self._kept, self._camera)
        self._cells = ForceLink()
        self._forgetting = Forgetting(SystemClock(), after_s=0.0)
        self._due_s = {"state": 0.0, "live": 0.0}
        self._notice: str | None = None
        self._forget()

    def _forget(self) -> None:
        """Back to nobody there: nothing of the last visit stays in memory."""
        self._visit: Visit | None = None
        self._gait: LiveGait | None = None
        self._cells.forget()
        self._kept.forget()
        self._camera.forget()
        self._ended_s = 0.0  # when the run, later the scoring, later the visit was over
        self._card.forget()

    def run(self) -> None:
        """Serve until the life ends."""
        self._recover()
        self._life.ready()
        try:
            while not self._life.stopping:
                self._turn()
        finally:
            self._kept.end(ran=self._visit is not None and "run" in self._visit.marks_ns)

    def _turn(self) -> None:
        for message in islice(self._messages.drain(timeout_s=0.02), MOST_AT_ONCE):
            self._take(message)
        self._requests.serve()
        self._advance()
        self._publish()
        self._life.in_use.hold(self._visit is not None)
        self._forgetting.look(self._visit.id if self._visit else None)
        if self._data_stands_still_s() < GIVEN_UP_AFTER_S:
            self._life.alive()

    # --- data -----------------------------------------------------------------------------------

    def _take(self, message: Message) -> None:
        if isinstance(message, Keypoints | CameraHealth):
            self._camera.hear(message, self._visit)
            if self._camera.belongs(message, self._visit) and not self._kept.scorer.finished:
                self._kept.keep(message, message.t_ns)
        elif isinstance(message, SampleBatch | ForceHealth):
            self._cells.hear(message)
        if isinstance(message, SampleBatch):
            self._take_samples(message)

    def _take_samples(self, batch: SampleBatch) -> None:
        visit, gait = self._visit, self._gait
        if visit is None or gait is None or visit.phase not in ("weigh", "ready", "run"):
            return
        self._kept.keep(batch, gait.now_ns)
        contacts = gait.push(batch)
        self._cells.moved_to(gait.now_ns)
        if visit.observe(gait, contacts):
            self._phase_changed(visit)
        if visit.phase == "run":
            for contact in contacts:
                self._publisher.send(announce.live_step(visit, contact, self._kept.correction))
                self._camera.landed(contact)
            self._camera.ran_on(visit, gait.now_ns)

    def _data_stands_still_s(self) -> float:
        """How long a visit that needs load-cell data has waited for some."""
        waiting = self._visit is not None and self._visit.phase in ("weigh", "ready", "run")
        return self._cells.stood_still_s if waiting else 0.0

    # --- requests -------------------------------------------------------------------------------

    def start(self, choices: Choices, *, again: bool = False) -> str | None:
        """Begin a visit, or one `again` that was broken off; why there can be none, in words."""
        if self._visit is not None and self._visit.phase != "card":
            return notices.GOING_ON
        calibration = self._calibration.look()
        if calibration is None:
            return notices.NOT_CALIBRATED
        if not self._life.in_use.begin():
            return notices.WORKED_ON
        if self._visit is not None:
            self._wipe()
        self._begin(choices, calibration, again)
        return None

    def stop(self, visit_id: str | None) -> str | None:
        """End the run of that visit and have it scored."""
        if self._visit is None or self._visit.id != visit_id:
            return notices.VISIT_OVER
        if self._visit.phase != "run":
            return notices.NOBODY_RUNS
        self._visit.end(self._cells.grid_ns)
        self._phase_changed(self._visit)
        return None

    def stay(self, visit_id: str | None) -> str | None:
        """Somebody reads the card of that visit."""
        if self._visit is None or self._visit.id != visit_id:
            return notices.VISIT_OVER
        self._card.touched()
        return None

    def leave(self, visit_id: str | None, *, forget: bool) -> str | None:
        """End that visit; `forget`: with what a clinic has kept of it already."""
        if self._visit is None or self._visit.id != visit_id:
            return notices.VISIT_OVER
        forgotten = self._kept.store.forget() if forget else True
        self._wipe(None if forgotten else notices.NOT_FORGOTTEN)
        return None

    def report(self, visit_id: str) -> Report | None:
        """The scorecard of that visit, while it is shown."""
        return self._card.report(visit_id)

    # --- phases ---------------------------------------------------------------------------------

    def _begin(self, choices: Choices, calibration: Calibration, again: bool) -> None:
        self._forget()
        self._notice = notices.ONCE_MORE if again else None
        now_ns = time.monotonic_ns()
        greatest_n = capacity(self._life.config.force).runner_n
        visit = self._visit = Visit(self._life.config.run, uuid.uuid4().hex, choices, now_ns, greatest_n)
        self._gait = LiveGait(calibration)
        self._kept.begin(visit.id, again=again)
        self._camera.link.switch(choices.camera)
        self._kept.keep(run_info(self._life.config, visit.id, choices), now_ns)
        self._kept.keep(calibration, now_ns)
        self._phase_changed(visit)

    def _phase_changed(self, visit: Visit) -> None:
        log.info("visit: %s", visit.phase)
        self._due_s["state"] = 0.0
        if visit.phase == "idle":
            self._wipe(visit.notice)
            return
        at_ns = visit.marks_ns[visit.phase]
        self._kept.keep(Mark(t_ns=at_ns, phase=visit.phase), at_ns)
        if visit.phase == "ready":
            self._notice = None  # the runner did stand still once more
            self._camera.stood_still(visit)
            place = self._camera.place(visit, self._calibration.calibration)
            if place is not None:
                self._kept.keep(place, place.t_ns)
        elif visit.phase == "score":
            self._camera.run_ended(visit)
            self._ended_s = time.monotonic()

    def _advance(self) -> None:
        visit = self._visit
        if visit is None:
            if time.monotonic() - self._ended_s > NOTICE_S:
                self._notice = None
            return
        if self._data_stands_still_s() > GIVEN_UP_AFTER_S:
            self._end_without_data(visit)
        elif visit.phase == "run":
            self._kept.follow(visit)
        elif visit.phase == "score":
            self._kept.scorer.turn()
            self._advance_scoring(visit)
        elif visit.phase == "card":
            if self._card.follow(visit):
                self._due_s["state"] = 0.0
            if self._card.given_up:
                self._wipe()

    def _end_without_data(self, visit: Visit) -> None:
        if visit.phase == "run":
            self._notice = notices.CELLS_SILENT
            visit.end(self._cells.grid_ns)
            self._phase_changed(visit)
        else:
            self._wipe(notices.CELLS_GAVE_UP)

    def _advance_scoring(self, visit: Visit) -> None:
        if not self._kept.scorer.finished:
            waited_s = time.monotonic() - self._ended_s
            if self._camera.posed(visit, waited_s):
                self._kept.finish()
            share = self._camera.posed_share
            visit.progress = 0.1 if share is None else 0.6 * share
            return
        visit.progress = min(0.95, max(0.6, visit.progress) + 0.002)
        outcome = self._kept.scorer.outcome()
        if isinstance(outcome, Scored):
            self._card.show(visit, outcome)
            self._ended_s, self._due_s["state"] = time.monotonic(), 0.0
        elif outcome is not None:
            self._kept.store.set_aside()  # another version may score it
            self._wipe(outcome)

    def _wipe(self, notice: str | None = None) -> None:
        """End the visit; in gym mode nothing of it can be read afterwards. `notice`: why there is no card."""
        self._camera.link.switch(False)
        self._kept.store.discard()
        self._forget()
        self._notice, self._ended_s = notice, time.monotonic()
        self._due_s["state"] = 0.0

    def _recover(self) -> None:
        """Go on with the visit in which this daemon died: score its run, or weigh its runner once more.

        Each visit once: what ends this daemon again and again must not do so for ever.
        """
        sweep(self._life.runtime, self._life.config.state / "runs")
        found = broken_off(self._kept.store)
        if found is None:
            self._say_lost(notices.NOT_AGAIN if self._kept.store.gave_up else None)
            return
        if not found.ran:
            self._kept.store.discard()
            why = self.start(found.choices, again=True)
            self._say_lost(why and notices.NOT_NOW.format(why=why))
            return
        self._kept.take_over(found.messages)
        self._visit = found.visit(self._life.config.run)
        self._notice, self._ended_s = notices.RESTARTED, time.monotonic()

    def _say_lost(self, why: str | None) -> None:
        """To a runner whose visit is gone; None: nothing is lost."""
        if why is not None:
            log.error("%s", why)
            self._notice, self._ended_s = why, time.monotonic()

    # --- state ----------------------------------------------------------------------------------

    @property
    def notice(self) -> str | None:
        """A sentence for the runner that goes before what the visit itself has to say."""
        return self._notice or self._kept.fault

    def _faults(self) -> list[str]:
        return announce.faults(self._cells, self._camera.link, self._calibration.fault)

    def _publish(self) -> None:
        now_s = time.monotonic()
        if now_s >= self._due_s["state"]:
            self._due_s["state"] = now_s + STATE_EVERY_S
            if self._visit is None:
                self._calibration.look()
                self._retention.look()
            ready = self._cells.health is not None and self._camera.link.health is not None
            self._publisher.send(announce.state(self._visit, ready, self._faults(), self.notice))
        if self._visit and self._gait and self._visit.phase == "run" and now_s >= self._due_s["live"]:
            self._due_s["live"] = now_s + LIVE_EVERY_S
            self._publisher.send(announce.live_force(self._gait, self._visit.marks_ns["run"]))


def run(life: Life) -> None:
    """The fusion daemon."""
    Fusion(life).run()
