"""The camera as a calibration looks through it: still pictures, just as the station keeps them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from station.calibration.static_reading import ReadingTime
from station.camera.backend import CameraBackEnd
from station.camera.ring import decode, encode
from station.clock import Clock
from station.errors import DeviceError
from station.words import N_

SILENT_S = 3.0
_READ_S = 0.2


class CameraEye:
    """An opened camera. `heed` is called while pictures are read, and may raise to end it."""

    def __init__(self, back_end: CameraBackEnd, clock: Clock, heed: Callable[[], None]) -> None:
        self._back_end = back_end
        self._clock = clock
        self._heed = heed

    def pictures(self, time: ReadingTime, count: int) -> list[np.ndarray]:
        """`count` pictures (h, w, 3) spread evenly over the reading, each shrunk and compressed as for a run.

        Raises DeviceError where the camera is gone or silent.
        """
        start_ns = self._clock.now_ns() + round(time.settle_s * 1e9)
        due_ns = [start_ns + round(k * time.mean_s * 1e9 / count) for k in range(count)]
        out: list[np.ndarray] = []
        heard_ns = self._clock.now_ns()
        while len(out) < count:
            self._heed()
            frame = self._back_end.read(_READ_S)
            if frame is not None:
                heard_ns = self._clock.now_ns()
                if heard_ns >= due_ns[len(out)]:
                    out.append(decode(encode(frame.t_ns, frame.image_rgb).jpeg))
            elif self._clock.now_ns() - heard_ns > SILENT_S * 1e9:
                raise DeviceError(N_("the camera delivers no pictures; check its ribbon cable"))
        return out


@contextmanager
def opened(back_end: CameraBackEnd, clock: Clock, heed: Callable[[], None]) -> Iterator[CameraEye]:
    """The camera, for as long as the context lasts. Raises DeviceError where it is missing or busy."""
    back_end.open()
    try:
        yield CameraEye(back_end, clock, heed)
    finally:
        back_end.close()
