"""Which frames to pose for scoring: the instants that were asked for, each mapped to a frame, each frame once."""

from station.camera.ring import FrameRing, KeptFrame

_WAIT_NS = 2_000_000_000  # for the frame of an instant that the camera has not reached


class FrameRequests:
    """Instants wait here until the camera has filmed them, or has not."""

    def __init__(self, ring: FrameRing) -> None:
        self._ring = ring
        self._instants: list[int] = []
        self._taken: set[int] = set()

    def add(self, instants_ns: list[int]) -> None:
        self._instants.extend(instants_ns)

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
            if frame is not None and frame.t_ns not in self._taken:
                self._taken.add(frame.t_ns)
                frames.append(frame)
        return frames

    def clear(self) -> None:
        self._instants.clear()
        self._taken.clear()

    def __len__(self) -> int:
        return len(self._instants)
