"""Which frames to pose for scoring: the instants that were asked for, each mapped to a frame, each frame once.

The frames are kept when the ring has let go of them: the picture of a step that a verdict shows is one of them.
"""

from station.camera.ring import FrameRing, KeptFrame

MAX_KEPT_BYTES = 100_000_000  # some 1,600 frames, as a Pi 4 poses in five minutes
_WAIT_NS = 2_000_000_000  # for the frame of an instant that the camera has not reached


class FrameRequests:
    """Instants wait here until the camera has filmed them, or has not."""

    def __init__(self, ring: FrameRing, max_kept_bytes: int = MAX_KEPT_BYTES) -> None:
        self._ring = ring
        self._max_kept_bytes = max_kept_bytes
        self.clear()

    def add(self, instants_ns: list[int], standing: bool = False) -> None:
        self.taken += 1
        self._instants.extend(instants_ns)
        if standing:
            self._standing_ns.extend(instants_ns)

    def due(self, now_ns: int, usual_interval_ns: float) -> list[KeptFrame]:
        """Frames for the instants that are filmed by now, in the order of the requests, without those given before.

        An instant without a frame within one and a half usual intervals was dropped by the camera, or is over.
        """
        newest = self._ring.newest()
        filmed_ns = newest.t_ns if newest is not None else 0
        ready = [t for t in self._instants if t <= filmed_ns]
        self._instants = [t for t in self._instants if filmed_ns < t and now_ns - t < _WAIT_NS]
        frames = []
        for t in ready:
            frame = self._ring.nearest(t, within_ns=round(1.5 * usual_interval_ns))
            if frame is not None and frame.t_ns not in self._given_ns:
                self._keep(frame)
                if t in self._standing_ns:
                    self._shown_standing_ns.add(frame.t_ns)
                frames.append(frame)
        return frames

    def nearest_given(self, t_ns: int, within_ns: int) -> KeptFrame | None:
        """Of the frames given so far the nearest to an instant, None where none is within `within_ns` of it."""
        frame = min(self._kept.values(), key=lambda f: abs(f.t_ns - t_ns), default=None)
        return frame if frame is not None and abs(frame.t_ns - t_ns) <= within_ns else None

    def shows_standing(self, frame: KeptFrame) -> bool:
        """Whether this frame was asked for as one of the standing runner."""
        return frame.t_ns in self._shown_standing_ns

    def clear(self) -> None:
        """Forget all instants and let go of all frames."""
        self.taken = 0  # requests since then
        self._instants: list[int] = []
        self._standing_ns: list[int] = []
        self._shown_standing_ns: set[int] = set()
        self._given_ns: set[int] = set()
        self._kept: dict[int, KeptFrame] = {}  # by time stamp, in the order they were given
        self._kept_bytes = 0

    def __len__(self) -> int:
        return len(self._instants)

    def _keep(self, frame: KeptFrame) -> None:
        self._given_ns.add(frame.t_ns)
        self._kept[frame.t_ns] = frame
        self._kept_bytes += len(frame.jpeg)
        while self._kept_bytes > self._max_kept_bytes:
            oldest_ns = next(iter(self._kept))
            self._kept_bytes -= len(self._kept.pop(oldest_ns).jpeg)
