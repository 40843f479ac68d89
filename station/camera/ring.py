"""The last seconds of frames, as JPEG in RAM. Nothing of it ever touches a disk."""

import bisect
import math
import threading
from dataclasses import dataclass

import cv2
import numpy as np

MAX_HEIGHT_PX = 640  # of a kept frame: more than about 400 px of body height brings the pose network nothing
_QUALITY = 80  # moves keypoints by 2-4 mm, as 90 does, at two thirds of the size
MAX_BYTES = 400_000_000  # some 90 s at 60 frames/s


@dataclass(frozen=True)
class KeptFrame:
    t_ns: int
    width_px: int
    height_px: int
    jpeg: bytes
    row_ns: float = 0.0  # from one row of the kept picture to the next


def encode(t_ns: int, image_rgb: np.ndarray, row_ns: float = 0.0) -> KeptFrame:
    """Shrink a uint8 (h, w, 3) image to MAX_HEIGHT_PX where it is higher, and compress it."""
    height, width = image_rgb.shape[:2]
    if height > MAX_HEIGHT_PX:
        row_ns *= height / MAX_HEIGHT_PX
        width, height = round(width * MAX_HEIGHT_PX / height), MAX_HEIGHT_PX
        image_rgb = cv2.resize(image_rgb, (width, height), interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(image_rgb, cv2.COLOR_RGB2BGR), (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))
    return KeptFrame(t_ns, width, height, jpeg.tobytes(), row_ns)


def decode(jpeg: bytes) -> np.ndarray:
    """JPEG -> uint8 (h, w, 3) RGB."""
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)


class FrameRing:
    """Frames of the last `length_s` seconds, fewer where they would take more than `max_bytes`.

    Safe between the thread that films and the one that serves.
    """

    def __init__(self, length_s: float, max_bytes: int = MAX_BYTES) -> None:
        self._length_ns = round(length_s * 1e9)
        self._max_bytes = max_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._times: list[int] = []
        self._frames: list[KeptFrame] = []

    def append(self, frame: KeptFrame) -> None:
        """Keep a frame that is newer than all others; let go of those that have become too old."""
        with self._lock:
            self._times.append(frame.t_ns)
            self._frames.append(frame)
            self._bytes += len(frame.jpeg)
            old = bisect.bisect_left(self._times, frame.t_ns - self._length_ns)
            self._bytes -= sum(len(f.jpeg) for f in self._frames[:old])
            while self._bytes > self._max_bytes:
                self._bytes -= len(self._frames[old].jpeg)
                old += 1
            del self._times[:old], self._frames[:old]

    def nearest(self, t_ns: int, within_ns: int) -> KeptFrame | None:
        """The frame nearest to an instant, None where there is none within `within_ns` of it."""
        with self._lock:
            i = bisect.bisect_left(self._times, t_ns)
            near = self._frames[max(0, i - 1) : i + 1]
        frame = min(near, key=lambda f: abs(f.t_ns - t_ns), default=None)
        return frame if frame is not None and abs(frame.t_ns - t_ns) <= within_ns else None

    def newest(self) -> KeptFrame | None:
        with self._lock:
            return self._frames[-1] if self._frames else None

    @property
    def lasts_s(self) -> float:
        """How long frames such as the last ones are kept: `length_s`, or until their memory is full."""
        with self._lock:
            span_s = (self._times[-1] - self._times[0]) / 1e9 if self._times else 0.0
            full_after_s = self._max_bytes / self._bytes * span_s if span_s else math.inf
        return min(self._length_ns / 1e9, full_after_s)

    def wipe(self) -> None:
        """Let go of all frames."""
        with self._lock:
            self._times.clear()
            self._frames.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._times)
