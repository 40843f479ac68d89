"""Reads QR codes that somebody holds before the camera, for a minute at most; no picture is kept."""

import logging
import threading

from station.camera.backend import CameraBackEnd
from station.camera.code_search import CodeSearch
from station.camera.shared import SharedCamera
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
_CLOSE_S = 1.0
_MOST_TEXTS = 16  # a wall of posters


class CodeReader:
    """Looks for codes while it may. Never waits for the camera: a look that was stopped closes it by itself."""

    def __init__(self, camera: SharedCamera, clock: Clock) -> None:
        self._camera = camera
        self._clock = clock
        self._look: _Look | None = None  # the last one, unless it was stopped
        self._running: list[_Look] = []  # also those that were stopped and have not ended yet

    @property
    def looking(self) -> bool:
        return self._look is not None and self._look.goes_on

    @property
    def beat_ns(self) -> int:
        """Last sign of life of whichever of its threads is silent the longest; now, where there is none."""
        return min((look.beat_ns for look in self._running if look.goes_on), default=self._clock.now_ns())

    def answer(self, request: CodeRequest, nobody_there: bool) -> CodeSeen | Done:
        """Carry out a request; it looks only while nobody's visit goes on."""
        if request.action == "start":
            if not nobody_there:
                return Done(error=N_("a visit is going on; codes are read before it"))
            self.start()
        elif request.action == "stop":
            self.stop()
        elif self._look is not None:
            self._look.asked()
        texts = self._look.new_texts() if self._look is not None else []
        return CodeSeen(looking=self.looking, texts=texts, fault=self._look.fault if self._look is not None else None)

    def start(self) -> None:
        """Look for LOOK_NS from now on, and no longer than somebody asks."""
        if self._look is not None and self._look.goes_on:
            self._look.extend()
            return
        self._look = _Look(self._camera, self._clock)
        self._running = [*(look for look in self._running if look.goes_on), self._look]

    def stop(self) -> None:
        """Forget what was seen, and have the camera closed soon."""
        if self._look is not None:
            self._look.stop()
        self._look = None

    def close(self) -> None:
        """End the threads; a camera that hangs is left to the end of the process."""
        self.stop()
        for look in self._running:
            look.join(_CLOSE_S)


class _Look:
    """One look for codes, on a thread of its own; all public members are for other threads."""

    def __init__(self, camera: SharedCamera, clock: Clock) -> None:
        self._camera = camera
        self._clock = clock
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._texts: list[str] = []
        self._seen: set[str] = set()
        self.fault: str | None = None
        self.beat_ns = clock.now_ns()
        self.extend()
        self._thread = threading.Thread(target=self._run, name="codes", daemon=True)
        self._thread.start()

    @property
    def goes_on(self) -> bool:
        return self._thread.is_alive()

    def asked(self) -> None:
        """Somebody is still there."""
        self._asked_ns = self._clock.now_ns()

    def extend(self) -> None:
        self.asked()
        self._end_ns = self._asked_ns + LOOK_NS

    def new_texts(self) -> list[str]:
        """What was read since this was last asked."""
        with self._lock:
            texts, self._texts = self._texts, []
        return texts

    def stop(self) -> None:
        self._stopping.set()
        with self._lock:
            self._texts.clear()
            self._seen.clear()

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            with self._camera.opened(self._wanted, close_up=True) as back_end:
                if back_end is not None:
                    self._read(back_end)
        except Exception as e:  # whatever a driver throws
            if not isinstance(e, StationError):
                log.exception("camera")
            self.fault = (
                str(e) if isinstance(e, StationError) else N_("the camera failed ({e}); please try again").format(e=e)
            )

    def _read(self, back_end: CameraBackEnd) -> None:
        search, due_ns = CodeSearch(), 0
        while self._wanted():
            frame, began_ns = back_end.read(_READ_S), self._clock.now_ns()
            if frame is None or began_ns < due_ns:
                continue
            texts = search.texts(frame.image_rgb)
            done_ns = self._clock.now_ns()
            due_ns = done_ns + max(EVERY_NS - (done_ns - began_ns), done_ns - began_ns)
            self._tell(texts)

    def _wanted(self) -> bool:
        """Whether to look on; asked at every turn, it is also the thread's sign of life."""
        self.beat_ns = now_ns = self._clock.now_ns()
        return not self._stopping.is_set() and now_ns < self._end_ns and now_ns - self._asked_ns < UNWATCHED_NS

    def _tell(self, texts: list[str]) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            new = [text for text in texts if text not in self._seen and len(self._seen) < _MOST_TEXTS]
            self._seen.update(new)
            self._texts += new
