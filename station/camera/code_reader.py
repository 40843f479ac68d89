"""Reads QR codes that somebody holds before the camera, for a minute at most; no picture is kept."""

import logging
import threading

import cv2
import numpy as np

from station.camera.backend import CameraBackEnd
from station.clock import Clock
from station.errors import StationError
from station.messages import CodeRequest, CodeSeen, Done
from station.words import N_

log = logging.getLogger(__name__)

LOOK_NS = 60_000_000_000
UNWATCHED_NS = 5_000_000_000
"""Without a question what was seen nobody is there any more; the page asks twice a second."""
EVERY_NS = 250_000_000
"""From one picture that is searched to the next; a slow board rests for as long as it searched."""
_READ_S = 0.2
_STOP_S = 1.0
_MOST_TEXTS = 16  # a wall of posters
_STRAIGHT_PX = 900
_MARGIN = 1.12  # of the corners found, about their middle: the code's quiet zone


class CodeReader:
    """Opens `back_end` on a thread of its own while it looks; all members may be used from another one."""

    def __init__(self, back_end: CameraBackEnd, clock: Clock) -> None:
        self._back_end = back_end
        self._clock = clock
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._end_ns = 0
        self._asked_ns = 0
        self._forget()

    @property
    def looking(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def answer(self, request: CodeRequest, nobody_there: bool) -> CodeSeen | Done:
        """Carry out a request; it looks only while nobody's visit goes on."""
        self._asked_ns = self._clock.now_ns()
        if request.action == "start":
            if not nobody_there:
                return Done(error=N_("a visit is going on; codes are read before it"))
            self.start()
        elif request.action == "stop":
            self.stop()
        with self._lock:
            texts, self._texts = self._texts, []
            return CodeSeen(looking=self.looking, texts=texts, fault=self._fault)

    def start(self) -> None:
        """Look for LOOK_NS from now on, and no longer than somebody asks."""
        self._asked_ns = self._clock.now_ns()
        self._end_ns = self._asked_ns + LOOK_NS
        if self.looking:
            return
        self._forget()
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="codes", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the camera, forget what was seen; a camera that hangs is left to itself after a while."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOP_S)
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        self._texts: list[str] = []
        self._seen: set[str] = set()
        self._fault: str | None = None

    def _run(self) -> None:
        try:
            self._back_end.open(close_up=True)
            self._look()
        except Exception as e:  # whatever a driver throws
            if not isinstance(e, StationError):
                log.exception("camera")
            self._fault = (
                str(e) if isinstance(e, StationError) else N_("the camera failed ({e}); please try again").format(e=e)
            )
        finally:
            self._back_end.close()

    def _look(self) -> None:
        search, due_ns = CodeSearch(), 0
        while not self._stopping.is_set() and self._wanted():
            frame, began_ns = self._back_end.read(_READ_S), self._clock.now_ns()
            if frame is None or began_ns < due_ns:
                continue
            texts = search.texts(frame.image_rgb)
            done_ns = self._clock.now_ns()
            due_ns = done_ns + max(EVERY_NS - (done_ns - began_ns), done_ns - began_ns)
            self._tell(texts)

    def _wanted(self) -> bool:
        now_ns = self._clock.now_ns()
        return now_ns < self._end_ns and now_ns - self._asked_ns < UNWATCHED_NS

    def _tell(self, texts: list[str]) -> None:
        with self._lock:
            new = [text for text in texts if text not in self._seen and len(self._seen) < _MOST_TEXTS]
            self._seen.update(new)
            self._texts += new


class CodeSearch:
    """Finds all codes of a picture by one of OpenCV's detectors; what it cannot decode is straightened for the other.

    So codes of 3 pixels a module are read, where either alone needs 5 (tests.benchmarks.code_reading).
    """

    def __init__(self) -> None:
        self._finder, self._decoder = cv2.QRCodeDetectorAruco(), cv2.QRCodeDetector()

    def texts(self, image_rgb: np.ndarray) -> list[str]:
        """What the codes in a uint8 (h, w, 3) picture say."""
        grey = cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY)
        try:
            found, texts, corners, _ = self._finder.detectAndDecodeMulti(grey)
        except (cv2.error, UnicodeDecodeError):  # of patterns that only look like a code
            return []
        if not found:
            return []
        texts = (text or self._straightened(grey, each) for text, each in zip(texts, corners, strict=True))
        return [text for text in texts if text]

    def _straightened(self, grey: np.ndarray, corners: np.ndarray) -> str:
        middle = corners.mean(axis=0)
        around = np.float32(middle + _MARGIN * (corners - middle))
        square = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]]) * _STRAIGHT_PX
        straighten = cv2.getPerspectiveTransform(around, square)
        straight = cv2.warpPerspective(grey, straighten, (_STRAIGHT_PX, _STRAIGHT_PX), flags=cv2.INTER_CUBIC)
        try:
            return self._decoder.detectAndDecode(straight)[0]
        except (cv2.error, UnicodeDecodeError):
            return ""
