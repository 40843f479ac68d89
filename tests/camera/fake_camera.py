"""A camera for the tests: plain pictures at a steady rate, and every kind of trouble on demand.

As a sensor's noise does, a grey value that counts up in a corner makes no two pictures alike.
"""

import threading

import numpy as np

from station.camera.backend import Frame
from station.clock import Clock, SystemClock
from station.errors import DeviceError


class SteadyCamera:
    """`images` in turn at `fps`. The events make trouble while they are set."""

    def __init__(self, images: list[np.ndarray], fps: float = 60.0, clock: Clock | None = None) -> None:
        self._images = images
        self._period_s = 1 / fps
        self._clock = clock or SystemClock()
        self._count = 0
        self._stamp_ns = 0
        self.opens = 0
        self.is_open = False
        self.held = False  # from the beginning of `open` to `close`
        self.lets_read = threading.Event()  # while this is not set, opening for a close-up hangs
        self.lets_read.set()
        self.missing = threading.Event()  # cannot be opened
        self.unplugged = threading.Event()  # fails while it films
        self.frozen = threading.Event()  # films on without frames
        self.stuck = threading.Event()  # the same picture again and again, with new stamps
        self.repeating = threading.Event()  # the same frame again and again, stamp and all
        self.broken = threading.Event()  # throws what nobody expects

    def open(self, close_up: bool = False) -> None:
        self.opens += 1
        assert not self.held, "opened for one while it opens or films for another"
        self.held = True
        if close_up:
            self.lets_read.wait()
        if self.missing.is_set():
            raise DeviceError("no camera found; check its ribbon cable")
        self.is_open = True

    def close(self) -> None:
        self.held = self.is_open = False

    def read(self, timeout_s: float) -> Frame | None:
        if self.unplugged.is_set():
            raise DeviceError("the camera stopped; check its ribbon cable")
        if self.broken.is_set():
            raise ZeroDivisionError("driver")
        if self.frozen.is_set():
            self._clock.sleep(timeout_s)
            return None
        self._clock.sleep(self._period_s)
        if not self.stuck.is_set():
            self._count += 1
        if not self.repeating.is_set():
            self._stamp_ns = self._clock.now_ns()
        image = self._images[self._count % len(self._images)].copy()
        image[:8, :8] = 8 * (self._count % 32)
        return Frame(self._stamp_ns, image)
