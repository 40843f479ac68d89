"""Which strides the expensive pose net should look at: force aims the camera, as far as the board carries.

Strides of the near foot are posed in windows of a few in a row, because the swing of arms and shoulders is read from
neighbours. A board that keeps up poses window after window; a slower one lags behind within a window, then begins the
next with the newest stride. As a run grows long, windows are begun more rarely, so that its last third always holds
about as many: enough for the change over the run, and no more work to score minute 40 than minute 10.
Nobody knows when the run will end: it may at any time, so no more is asked for at once than `room`.
"""

from collections import deque
from dataclasses import dataclass
from itertools import accumulate

from station.fusion.live_contacts import LiveContact
from station.fusion.stride_frames import instants_of, stride_between
from station.gait.results import Side
from station.scorecard.gates import LEAST_STRIDE_PAIRS

STANDING_SPACING_NS = 200_000_000
WINDOW_STRIDES = 12
EVERY_SHARE = 1 / 15
"""Of the run so far, from the beginning of one window to that of the next: six windows in its last third. Below two
minutes a window is longer than that."""
NEWEST_NS = 2_000_000_000  # a window begins with a stride of the last two seconds
LAG_NS = 20_000_000_000  # behind which a window ends unfinished
ENOUGH_STRIDES = LEAST_STRIDE_PAIRS + 6  # some strides are not seen clearly, the first and last of a window less so
_MOST_WAITING = 100  # a minute or more: within a window they wait no longer than LAG_NS


@dataclass(frozen=True)
class _Stride:
    contact_ns: int
    instants_ns: list[int]


class Aim:
    """One run. Keeps what was asked for, so that nothing is asked twice; `oldest_ns`: how long frames are kept."""

    def __init__(self, oldest_ns: int) -> None:
        self.oldest_ns = oldest_ns
        self._before: LiveContact | None = None
        self._landed = 0
        self._asked = 0  # strides
        self._waiting: deque[_Stride] = deque(maxlen=_MOST_WAITING)
        self._passed_over: deque[_Stride] = deque(maxlen=_MOST_WAITING)
        self._in_hand: list[int] = []  # instants of the stride that is being asked for
        self._in_hand_before: list[int] = []  # ... before what was due last
        self._begun: list[_Stride] = []  # with what was due last
        self._window_ns: int | None = None  # when it began
        self._window_strides = 0

    def standing(self, start_ns: int, end_ns: int) -> list[int]:
        """The standing reference: an even sample of the time the runner stood still."""
        return list(range(start_ns, end_ns, STANDING_SPACING_NS))

    def landed(self, contact: LiveContact, near: Side | None, frame_ns: float) -> None:
        """One more contact; nothing for the far foot. `frame_ns`: from one frame of the camera to the next."""
        if near is not None and contact.side is not None and contact.side != near:
            return
        stride_ns = stride_between(self._before, contact)
        self._waiting.append(_Stride(contact.contact_ns, instants_of(contact, stride_ns, frame_ns, self._landed)))
        self._before = contact
        self._landed += 1

    def due(self, run_ns: int, now_ns: int, room: int, *, paused: bool = False) -> list[int]:
        """What to ask for now, at most `room` instants, in a run that began at `run_ns`.

        `paused`: nobody moves, so that there is time for the rest.
        """
        instants: list[int] = []
        self._in_hand_before, self._begun = list(self._in_hand), []
        while len(instants) < room and (
            self._in_hand or self._take_next(run_ns, now_ns) or (paused and self._take_of_rest(now_ns))
        ):
            instants.append(self._in_hand.pop(0))
        return instants

    def not_taken(self) -> None:
        """The camera did not take what was due last: it is due again, or left for the rest."""
        self._waiting.extendleft(reversed(self._begun))
        self._asked -= len(self._begun)
        self._window_strides = max(0, self._window_strides - len(self._begun))
        self._in_hand = self._in_hand_before

    def rest(self, now_ns: int, most: int) -> list[int]:
        """At the end of the run: strides that are worth a wait, `most` frames of them at most.

        Nothing where there are enough for a verdict, or where that wait would not make them enough.
        """
        newest_first = self._missing(now_ns)
        frames = accumulate(len(stride.instants_ns) for stride in newest_first)
        chosen = newest_first[: sum(n <= most for n in frames)]
        if self._asked + len(chosen) < LEAST_STRIDE_PAIRS:
            return []
        return [instant for stride in reversed(chosen) for instant in stride.instants_ns]

    def _take_next(self, run_ns: int, now_ns: int) -> bool:
        """Take the next stride in hand; False where none is due."""
        if self._window_is_over(now_ns) and not self._begin_window(run_ns, now_ns):
            return False
        if not self._waiting:
            return False
        self._take(self._waiting.popleft())
        self._window_strides += 1
        return True

    def _missing(self, now_ns: int) -> list[_Stride]:
        """Strides that would make enough for a verdict, the newest first."""
        fresh = [s for s in (*self._passed_over, *self._waiting) if now_ns - s.contact_ns < self.oldest_ns]
        return fresh[::-1][: max(0, ENOUGH_STRIDES - self._asked)]

    def _take_of_rest(self, now_ns: int) -> bool:
        """Take a stride of the rest in hand; False where none is missing."""
        missing = self._missing(now_ns)
        if not missing:
            return False
        newest = missing[0]
        (self._passed_over if newest in self._passed_over else self._waiting).remove(newest)
        self._take(newest)
        return True

    def _take(self, stride: _Stride) -> None:
        self._begun.append(stride)
        self._in_hand = list(stride.instants_ns)
        self._asked += 1

    def _window_is_over(self, now_ns: int) -> bool:
        if self._window_ns is None or self._window_strides >= WINDOW_STRIDES:
            return True
        return bool(self._waiting) and now_ns - self._waiting[0].contact_ns > min(LAG_NS, self.oldest_ns)

    def _begin_window(self, run_ns: int, now_ns: int) -> bool:
        """Pass over what is not of the last moments; False while no window is due."""
        while self._waiting and now_ns - self._waiting[0].contact_ns > NEWEST_NS:
            self._passed_over.append(self._waiting.popleft())
        if self._window_ns is not None and now_ns - self._window_ns < EVERY_SHARE * (now_ns - run_ns):
            return False
        if not self._waiting:
            return False
        self._window_ns, self._window_strides = now_ns, 0
        return True
