"""The latest of everything the other daemons publish, shared between the bus thread and the web threads."""

import threading
from collections import deque
from collections.abc import Callable

from station.clock import Clock
from station.kiosk import live_events, texts
from station.kiosk.problems import STATE_SILENT_S, Heard, Problem, find_problems
from station.kiosk.snapshot import Snapshot
from station.kiosk.tally import Tally
from station.messages import (
    CameraHealth,
    ForceHealth,
    Keypoints,
    LiveForce,
    LiveStep,
    Message,
    StationState,
    WorkbenchState,
)

FOLLOW_S = 1.5
"""How long an action waits for what it brings about, so that the next page is already the right one."""

_KEPT = {"force": 20, "step": 4, "pose": 1}
"""Live events kept for a browser that is late or new; older ones are dropped."""


class Feed:
    """`accept` is called by the one thread that owns the subscriber; everything else by any thread."""

    def __init__(self, clock: Clock, *, camera_expected: bool, follow_s: float = FOLLOW_S) -> None:
        """`follow_s`: the longest wait of `follow` and `follow_workbench`."""
        self._clock = clock
        self._camera_expected = camera_expected
        self._follow_s = follow_s
        self._changed = threading.Condition()
        self._closed = False
        self._version = 0
        self.tally = Tally(clock)
        self._live: dict[str, deque[tuple[int, str]]] = {kind: deque(maxlen=n) for kind, n in _KEPT.items()}
        start_ns = clock.now_ns()
        self._last: dict[type[Message], tuple[Message | None, int]] = {
            kind: (None, start_ns) for kind in (StationState, ForceHealth, CameraHealth, WorkbenchState)
        }

    def accept(self, message: Message) -> None:
        """Take one message from the bus. Messages the kiosk does not show are ignored."""
        self.tally.hear(message)
        with self._changed:
            match message:
                case StationState():
                    self._forget_live_of_another_phase(message)
                    self._remember(message)
                case ForceHealth() | CameraHealth() | WorkbenchState():
                    self._remember(message)
                case LiveForce():
                    self._queue("force", live_events.force(message))
                case LiveStep():
                    self._queue("step", live_events.step(message))
                case Keypoints(purpose="live"):
                    self._queue("pose", live_events.pose(message))
            self._changed.notify_all()

    def snapshot(self) -> Snapshot:
        with self._changed:
            return self._snapshot()

    def workbench(self) -> WorkbenchState | None:
        """What the workbench does; None while it is silent."""
        with self._changed:
            return self._workbench()

    @property
    def being_worked_on(self) -> bool:
        """A calibration or an examination goes on: nobody may run."""
        state = self.workbench()
        return state is not None and state.doing != "nothing"

    def follow_workbench(self, reached: Callable[[WorkbenchState], bool]) -> None:
        """Wait until the workbench is where it was told to go, or the time is over."""

        def there() -> bool:
            state = self._workbench()
            return self._closed or (state is not None and reached(state))

        with self._changed:
            self._changed.wait_for(there, self._follow_s)

    def heard(self, kind: type[Message]) -> Heard:
        """The last message of one kind of which the last is kept, and how old it is."""
        with self._changed:
            return self._heard(kind)

    def follow(self, reached: Callable[[Snapshot], bool]) -> bool:
        """Wait until a snapshot satisfies `reached`; False when it did not in time, or the feed was closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or reached(self._snapshot()), self._follow_s)
            return not self._closed and reached(self._snapshot())

    def live_after(self, version: int, timeout_s: float) -> tuple[list[tuple[str, str]], int]:
        """Live events younger than `version` as (kind, JSON), in order, and the version to ask with next.

        Waits up to `timeout_s` for any change, so that the list may be empty.
        """
        with self._changed:
            if self._version <= version and not self._closed:
                self._changed.wait(timeout_s)
            young = [(v, kind, data) for kind, queue in self._live.items() for v, data in queue if v > version]
            return [(kind, data) for _, kind, data in sorted(young)], self._version

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """End all waiting: the kiosk is about to stop."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _snapshot(self) -> Snapshot:
        state = self._heard(StationState)
        camera = self._heard(CameraHealth) if self._camera_expected else None
        workbench = self._workbench()
        problems = find_problems(state, self._heard(ForceHealth), camera)
        if workbench is not None and workbench.doing != "nothing":
            problems = (*problems, Problem("force", texts.BEING_WORKED_ON))
        fresh = state.message if state.age_s <= STATE_SILENT_S else None
        return Snapshot(fresh, problems, state.message)

    def _workbench(self) -> WorkbenchState | None:
        heard = self._heard(WorkbenchState)
        fresh = isinstance(heard.message, WorkbenchState) and heard.age_s <= STATE_SILENT_S
        return heard.message if fresh else None

    def _heard(self, kind: type[Message]) -> Heard:
        message, at_ns = self._last[kind]
        return Heard(message, (self._clock.now_ns() - at_ns) / 1e9)

    def _remember(self, message: Message) -> None:
        self._last[type(message)] = (message, self._clock.now_ns())

    def _queue(self, kind: str, data: str) -> None:
        self._version += 1
        self._live[kind].append((self._version, data))

    def _forget_live_of_another_phase(self, state: StationState) -> None:
        last = self._last[StationState][0]
        if last is None or (last.phase, last.visit_id) != (state.phase, state.visit_id):
            for queue in self._live.values():
                queue.clear()
