"""Rate and dropped frames of a camera, by the intervals between its time stamps."""

from collections import deque

import numpy as np

_WINDOW = 120  # intervals: two seconds at 60 frames/s
_LEAST = 30  # by which the usual one is known, whatever rate was asked for
_BINS = 8


class FrameIntervals:
    """Counts as the frames come. An interval of about k usual intervals (k >= 2) means k - 1 dropped frames.

    The camera may run at another rate than was asked, so the first intervals are counted when the usual one is known.

    `counts[k - 1]`: intervals of about k usual ones; the last of them: that long and longer.
    """

    def __init__(self, nominal_fps: float) -> None:
        self._usual_ns = 1e9 / nominal_fps
        self._recent: deque[int] = deque(maxlen=_WINDOW)
        self._uncounted: list[int] = []
        self._last_ns: int | None = None
        self._interrupted = False
        self.frames = 0
        self.dropped = 0
        self.counts = [0] * _BINS

    def add(self, t_ns: int) -> bool:
        """Count the next frame; False where its stamp is not later than the last one's."""
        if self._last_ns is not None and t_ns <= self._last_ns:
            return False
        if self._last_ns is not None and not self._interrupted:
            self._count(t_ns - self._last_ns)
        self._last_ns, self._interrupted = t_ns, False
        self.frames += 1
        return True

    def interrupt(self) -> None:
        """The camera was closed and is to be opened again: the next interval says nothing of it."""
        self._interrupted = True
        self._recent.clear()

    def _count(self, interval_ns: int) -> None:
        self._recent.append(interval_ns)
        self._uncounted.append(interval_ns)
        if len(self._recent) < _LEAST:
            return
        self._usual_ns = float(np.median(self._recent))
        for each_ns in self._uncounted:
            usual_ones = max(1, round(each_ns / self._usual_ns))
            self.dropped += usual_ones - 1
            self.counts[min(usual_ones, _BINS) - 1] += 1
        self._uncounted.clear()

    @property
    def usual_ns(self) -> float:
        """The usual interval between two frames; the nominal one until enough were seen."""
        return self._usual_ns

    @property
    def fps(self) -> float:
        """Frames a second over the last two seconds, dropped ones not counted; 0 before the second frame."""
        return 1e9 * len(self._recent) / sum(self._recent) if self._recent else 0.0
