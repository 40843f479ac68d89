"""A look through the camera for some seconds: how its pictures come, and what the still scene looks like in them."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from station.camera.backend import CameraBackEnd, Frame
from station.camera.intervals import FrameIntervals
from station.camera.ring import decode, encode
from station.clock import Clock
from station.errors import DeviceError
from station.words import N_

LOOK_S = 2.0
SETTLE_S = 0.5
"""The first pictures after a start still come unevenly."""
SILENT_S = 2.0
_READ_S = 0.2
_MOST_AVERAGED = 24
_AVERAGED_EVERY = 5


@dataclass(frozen=True)
class CameraLook:
    """`fps` by the usual interval between two pictures' stamps, `dropped` by the longer ones.

    `repeated`: pictures that show what the last one showed. `mean` (h, w): grey levels averaged over the look, without
    compression. `kept_rgb`: one picture as the station keeps it. `noise`: standard deviation of a pixel from picture to
    picture, grey levels; `mean_noise`: what is left of it in `mean`. Rows as in `Frame`.
    """

    fps: float
    frames: int
    dropped: int
    repeated: int
    mean: np.ndarray
    kept_rgb: np.ndarray
    noise: float
    mean_noise: float
    row_ns: float
    row_half_width_ns: float

    @property
    def readout_half_width_ms(self) -> float:
        """What the time from the first row to the last may be off."""
        return self.row_half_width_ns * self.mean.shape[0] / 1e6


def look(back_end: CameraBackEnd, nominal_fps: float, clock: Clock, heed: Callable[[], None]) -> CameraLook:
    """Through an open camera. `heed` is called meanwhile and may raise. Raises DeviceError where nothing comes."""
    intervals, scene = FrameIntervals(nominal_fps), _Scene()
    start_ns = heard_ns = clock.now_ns()
    while (now_ns := clock.now_ns()) - start_ns < (SETTLE_S + LOOK_S) * 1e9:
        heed()
        frame = back_end.read(_READ_S)
        if frame is not None:
            heard_ns = clock.now_ns()
            if now_ns - start_ns >= SETTLE_S * 1e9 and intervals.add(frame.t_ns):
                scene.add(frame)
        elif clock.now_ns() - heard_ns > SILENT_S * 1e9:
            break
    if scene.last is None:
        raise DeviceError(N_("the camera delivers no pictures; check its ribbon cable"))
    return CameraLook(
        fps=1e9 / intervals.usual_ns,
        frames=intervals.frames,
        dropped=intervals.dropped,
        repeated=scene.repeated,
        mean=scene.mean,
        kept_rgb=decode(encode(scene.last.t_ns, scene.last.image_rgb).jpeg),
        noise=scene.noise,
        mean_noise=scene.noise / scene.averaged**0.5,
        row_ns=scene.last.row_ns,
        row_half_width_ns=scene.last.row_half_width_ns,
    )


class _Scene:
    """Sums over some of the pictures: a Pi has no time to look at every one of them."""

    def __init__(self) -> None:
        self.last: Frame | None = None
        self.repeated = 0
        self._frames = 0
        self.averaged = 0
        self._sum = self._squares = np.zeros(0)

    def add(self, frame: Frame) -> None:
        if self.last is not None and np.array_equal(frame.image_rgb, self.last.image_rgb):
            self.repeated += 1
        self.last = frame
        if self._frames % _AVERAGED_EVERY == 0 and self.averaged < _MOST_AVERAGED:
            self._average(cv2.cvtColor(frame.image_rgb, cv2.COLOR_RGB2GRAY).astype(np.float32))
        self._frames += 1

    def _average(self, grey: np.ndarray) -> None:
        if not self.averaged:
            self._sum, self._squares = np.zeros_like(grey), np.zeros_like(grey)
        self._sum += grey
        self._squares += grey**2
        self.averaged += 1

    @property
    def mean(self) -> np.ndarray:
        return self._sum / self.averaged

    @property
    def noise(self) -> float:
        """Median over the pixels: where somebody walks through, a pixel changes more."""
        variance = self._squares / self.averaged - self.mean**2
        return float(np.sqrt(max(0.0, float(np.median(variance)))))
