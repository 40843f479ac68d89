"""One visit's phases: weigh -> ready -> run -> score -> card. Driven by data time alone, so a replay may run faster."""

import logging
import math

from station.config import Run
from station.fusion.live import LiveGait
from station.fusion.live_contacts import LiveContact
from station.gait.force_blocks import MARGIN_S
from station.messages import Choices, Phase
from station.words import N_

log = logging.getLogger(__name__)

CELLS_TOO_SMALL = N_("The load cells of this station are too small for this run. Please ask the staff for another one.")
"""Of the station, not of the person: it says what cannot be measured here."""
BEYOND = "a visit was ended: its load is beyond what these load cells bear (`station wiring` says what that is)"
WEIGH_TIMEOUT_S = 90.0
READY_TIMEOUT_S = 180.0
START_CONTACTS = 6  # contacts within START_WINDOW_S make a run
START_WINDOW_S = 3.0
END_S = 1.5
"""The run ends so long after the last movement: enough to see that somebody stands, or has left."""
WALK_S = 240.0
"""So long a walk ends the run: a minute more than beginners' plans walk between two runs (docs/decisions/0033)."""
LEAD_IN_S = 0.5  # the run's time axis begins this long before the first contact
_PROGRESS_STEPS = 4


class Visit:
    """The phases of one visit; `observe` is called with every new stretch of data.

    `greatest_n`: weight up to which the load cells are large enough.
    """

    def __init__(
        self, settings: Run, visit_id: str, choices: Choices, now_ns: int, greatest_n: float = math.inf
    ) -> None:
        self.id = visit_id
        self.choices = choices
        self.phase: Phase = "weigh"
        self.marks_ns: dict[str, int] = {"weigh": now_ns}
        self.progress = 0.0
        self.pictures_coming = False  # of a card that is shown already
        self.notice: str | None = N_("Step onto the belt and stand still.")
        self.contacts: list[LiveContact] = []
        self.may_end_ns: int | None = None  # the end of the run, unless somebody moves again
        self._settings = settings
        self._greatest_n = greatest_n
        self._data_began = False
        self._ran_ns = 0  # when the runner last ran; a step alone may also be a walker's

    @property
    def run_s(self) -> float:
        """Length of the run so far."""
        if "run" not in self.marks_ns or not self.contacts:
            return 0.0
        return max(0.0, (self.contacts[-1].toe_off_ns - self.marks_ns["run"]) / 1e9)

    def enter(self, phase: Phase, at_ns: int, notice: str | None = None) -> None:
        self.phase = phase
        self.marks_ns[phase] = at_ns
        self.progress = 0.0
        self.notice = notice

    def observe(self, gait: LiveGait, contacts: list[LiveContact]) -> bool:
        """Take in new data; True when the phase changed. Phase "idle" afterwards: the visit was abandoned."""
        before = self.phase
        self.contacts += contacts
        if not self._data_began and gait.now_ns:
            self._data_began = True
            self.marks_ns["weigh"] = gait.now_ns  # from here on by the data's own clock
        if self.phase == "weigh":
            self._weigh(gait)
        elif self.phase == "ready":
            self._await_running(gait)
        elif self.phase == "run":
            self._await_end(gait)
        return self.phase != before

    def _weigh(self, gait: LiveGait) -> None:
        window_s = self._settings.weigh_s
        weight_n = gait.steady_weight_n(window_s)
        if weight_n is not None:
            self._weighed(gait, weight_n)
            return
        shares = [k / _PROGRESS_STEPS for k in range(1, _PROGRESS_STEPS)]
        steady = [share for share in shares if gait.steady_weight_n(share * window_s) is not None]
        self.progress = max(steady, default=0.0)
        self.notice = N_("Stand still.") if steady else N_("Step onto the belt and stand still.")
        if self._since_s("weigh", gait) > WEIGH_TIMEOUT_S:
            self.enter("idle", gait.now_ns)

    def _weighed(self, gait: LiveGait, weight_n: float) -> None:
        if weight_n > self._greatest_n:
            log.warning("%s", BEYOND)
            self.enter("idle", gait.now_ns, CELLS_TOO_SMALL)
            return
        gait.weight_n = weight_n
        self.enter("ready", gait.now_ns, N_("Start the belt and run when you are ready."))

    def _await_running(self, gait: LiveGait) -> None:
        recent = [c for c in self.contacts if gait.now_ns - c.contact_ns < START_WINDOW_S * 1e9]
        if len(recent) >= START_CONTACTS:
            self.contacts = recent
            self._ran_ns = recent[-1].toe_off_ns
            self.enter("run", recent[0].contact_ns - round(LEAD_IN_S * 1e9))
        elif gait.now_ns - max(self.marks_ns["ready"], gait.moved_ns) > READY_TIMEOUT_S * 1e9:  # who walks is there
            self.enter("idle", gait.now_ns)

    def _await_end(self, gait: LiveGait) -> None:
        """Over when no step came for a while, of walking neither: counted only where there were data to see one in.

        Walking alone goes on for WALK_S at most.
        """
        last = self.contacts[-START_CONTACTS:]
        if last[-1].toe_off_ns - last[0].contact_ns < START_WINDOW_S * 1e9:
            self._ran_ns = last[-1].toe_off_ns
        seen_since_ns = max(self.contacts[-1].toe_off_ns, gait.moved_ns, gait.unbroken_since_ns)
        end_ns = seen_since_ns + round(END_S * 1e9)
        self.may_end_ns = end_ns if gait.now_ns - end_ns > MARGIN_S * 1e9 else None
        stood_s, walked_s = ((gait.now_ns - since_ns) / 1e9 for since_ns in (seen_since_ns, self._ran_ns))
        if stood_s > self._settings.end_after_s or walked_s > WALK_S:
            self.end(gait.now_ns)

    def end(self, now_ns: int) -> None:
        """The run is over, by itself or because the runner said so: a while after the last movement at the latest."""
        self.enter("score", min(now_ns, self.may_end_ns or now_ns), N_("Working out your scorecard."))

    def _since_s(self, phase: Phase, gait: LiveGait) -> float:
        return (gait.now_ns - self.marks_ns[phase]) / 1e9
