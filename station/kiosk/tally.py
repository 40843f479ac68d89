"""What the station has done since the kiosk began, by what its daemons said: counts alone, nothing of a visit."""

import threading
from collections import Counter
from dataclasses import dataclass, field

from station.clock import Clock
from station.messages import CameraHealth, DaemonHealth, ForceHealth, Message, Phase, StationState

FRESH_S = 5.0
"""The daemons say once a second how they are; what they said before is not told any more."""
SCORE_BUCKETS_S = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0)


@dataclass
class Counts:
    """`visits`: by the phase they were left in. `score_s`: from the end of a run to its card."""

    visits: Counter[Phase] = field(default_factory=Counter)
    scored: int = 0
    score_s: list[int] = field(default_factory=lambda: [0] * len(SCORE_BUCKETS_S))  # at most so long, each bucket
    score_total_s: float = 0.0
    frames: int = 0
    dropped: int = 0
    restarts: Counter[str] = field(default_factory=Counter)


class Tally:
    """`hear` is called by the thread that owns the subscriber; everything else by any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts = Counts()
        self._visit: tuple[str | None, Phase] | None = None  # id and phase, as fusion said last
        self._ended_ns: int | None = None
        self._last: dict[str, tuple[Message, int]] = {}  # by topic, of daemons by name

    def hear(self, message: Message) -> None:
        with self._lock:
            match message:
                case StationState():
                    self._follow(message)
                case CameraHealth():
                    self._count_frames(message)
                    self._keep(message.topic, message)
                case ForceHealth():
                    self._keep(message.topic, message)
                case DaemonHealth():
                    self._count_restarts(message)
                    self._keep(message.daemon, message)

    def counts(self) -> Counts:
        """The same object that goes on counting: read it within one call of `collect`."""
        return self._counts

    def fresh(self, name: str) -> Message | None:
        """What "force_health", "camera_health" or a daemon said last, unless that is too long ago."""
        with self._lock:
            message, at_ns = self._last.get(name, (None, 0))
            return message if self._clock.now_ns() - at_ns <= FRESH_S * 1e9 else None

    def _follow(self, state: StationState) -> None:
        """A visit ends when another begins, or none goes on."""
        before, self._visit = self._visit, (state.visit_id, state.phase)
        if before is None:
            return
        visit_id, phase = before
        if visit_id is not None and state.visit_id != visit_id:
            self._counts.visits[phase] += 1
            self._ended_ns = None
        if state.phase == "score" and phase != "score":
            self._ended_ns = self._clock.now_ns()
        if state.phase == "card" and phase == "score" and self._ended_ns is not None:
            self._count_score((self._clock.now_ns() - self._ended_ns) / 1e9)

    def _count_score(self, took_s: float) -> None:
        self._counts.scored += 1
        self._counts.score_total_s += took_s
        for k, bucket_s in enumerate(SCORE_BUCKETS_S):
            self._counts.score_s[k] += took_s <= bucket_s

    def _count_frames(self, health: CameraHealth) -> None:
        """The camera's own counters begin anew whenever it is switched on."""
        last = self._last.get(health.topic, (None, 0))[0]
        before = last if isinstance(last, CameraHealth) and last.frames <= health.frames else None
        self._counts.frames += health.frames - (before.frames if before else 0)
        self._counts.dropped += max(0, health.dropped - (before.dropped if before else 0))

    def _count_restarts(self, health: DaemonHealth) -> None:
        last = self._last.get(health.daemon, (None, 0))[0]
        if isinstance(last, DaemonHealth) and (last.pid, last.since_ns) != (health.pid, health.since_ns):
            self._counts.restarts[health.daemon] += 1

    def _keep(self, name: str, message: Message) -> None:
        self._last[name] = (message, self._clock.now_ns())
