"""The thread that films: opens the camera when told, fills the ring, and comes back from any fault."""

import logging
import threading

from station.camera.backend import CameraBackEnd, Frame
from station.camera.intervals import FrameIntervals
from station.camera.ring import FrameRing, encode
from station.camera.shared import SharedCamera
from station.clock import Clock
from station.errors import DeviceError, StationError
from station.words import N_

log = logging.getLogger(__name__)

_READ_S = 0.2
_SILENT_S = 2.0  # without a frame, or without a new picture: the camera is frozen or unplugged
_RETRY_S = (0.5, 1.0, 2.0, 5.0, 10.0)  # after the first, second, ... fault in a row
_CLOSE_S = 1.0


class Capture:
    """Films into a ring while switched on. All public members may be used from another thread."""

    def __init__(self, camera: SharedCamera, ring: FrameRing, nominal_fps: float, clock: Clock) -> None:
        self._camera = camera
        self._ring = ring
        self._nominal_fps = nominal_fps
        self._clock = clock
        self._wanted = threading.Event()
        self._changed = threading.Event()  # wakes a thread that is waiting to try again
        self._keeping = threading.Lock()
        self._ended = False
        self._readout_ms = 0.0, 0.0
        self._shown = b""  # the last picture, also of before a fault: a frozen camera, reopened, shows it again
        self.intervals = FrameIntervals(nominal_fps)
        self.opened = False
        self.fault: str | None = None
        self.beat_ns = clock.now_ns()  # last sign of life of the thread
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    @property
    def readout_ms(self) -> tuple[float, float]:
        """From a picture's first row to its last, and the half width of what that may be; (0, 0) before the first."""
        return self._readout_ms

    def switch(self, on: bool) -> None:
        """Start or stop filming. After switching off no frame is left in the ring, and none comes."""
        if not on:
            self.hold()
            self._shown = b""
            self._ring.wipe()
            return
        with self._keeping:
            if not self._wanted.is_set():
                self.intervals = FrameIntervals(self._nominal_fps)
            self._wanted.set()
        self._changed.set()

    def hold(self) -> None:
        """Stop filming: no more frames come, and those in the ring stay."""
        with self._keeping:
            self._wanted.clear()
            self.fault = None
        self._changed.set()

    def close(self) -> None:
        """End the thread; a camera that hangs is left to the end of the process."""
        self._ended = True
        self.switch(False)
        self._thread.join(_CLOSE_S)

    def _run(self) -> None:
        faults = 0  # in a row
        while not self._ended:
            self.beat_ns = self._clock.now_ns()
            if not self._wanted.is_set():
                faults = 0
                self._wait(_READ_S)
                continue
            filmed = self.intervals.frames
            try:
                self._film()
            except Exception as e:  # whatever a driver throws: the thread must live to try again
                if not isinstance(e, StationError):
                    log.exception("camera")
                self.fault = (
                    str(e) if isinstance(e, StationError) else N_("the camera failed ({e}); trying again").format(e=e)
                )
                faults = 1 if self.intervals.frames > filmed else min(faults + 1, len(_RETRY_S))
                self._wait(_RETRY_S[faults - 1])

    def _film(self) -> None:
        """Open, film until switched off, close. Raises DeviceError where the camera is gone, silent or frozen.

        While another thread holds the camera there is no sign of life: one that never lets go ends the process.
        """
        self.intervals.interrupt()
        with self._camera.opened(self._wanted.is_set) as back_end:
            if back_end is not None:
                self._fill_ring(back_end)

    def _fill_ring(self, back_end: CameraBackEnd) -> None:
        self.opened = True
        try:
            frame_ns = picture_ns = self._clock.now_ns()  # of the last frame, and of the last that showed something new
            while self._wanted.is_set():
                self.beat_ns = self._clock.now_ns()
                frame = back_end.read(_READ_S)
                if frame is not None and self.intervals.add(frame.t_ns):
                    frame_ns = self._clock.now_ns()
                    if self._keep(frame):
                        picture_ns = frame_ns
                self._check(frame_ns, picture_ns)
        finally:
            self.opened = False

    def _keep(self, frame: Frame) -> bool:
        """Put it into the ring where it shows something new: the noise of a sensor makes no two pictures alike."""
        kept, rows = encode(frame.t_ns, frame.image_rgb, frame.row_ns), frame.image_rgb.shape[0]
        with self._keeping:
            if not self._wanted.is_set() or kept.jpeg == self._shown:
                return False
            self._shown = kept.jpeg
            self.fault = None
            self._readout_ms = rows * frame.row_ns / 1e6, rows * frame.row_half_width_ns / 1e6
            self._ring.append(kept)
        return True

    def _check(self, frame_ns: int, picture_ns: int) -> None:
        silent_ns = self._clock.now_ns() - _SILENT_S * 1e9
        if frame_ns < silent_ns:
            raise DeviceError(N_("the camera delivers no pictures; check its ribbon cable"))
        if picture_ns < silent_ns:
            raise DeviceError(N_("the camera delivers the same picture again and again; check its ribbon cable"))

    def _wait(self, seconds: float) -> None:
        self._changed.wait(seconds)
        self._changed.clear()
