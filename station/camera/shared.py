"""One camera for several threads: what is filmed and what is read from a code never hold it at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from station.camera.backend import CameraBackEnd

_WAIT_S = 0.1


class SharedCamera:
    """Lends the back end to one thread at a time, open, and closes it after each."""

    def __init__(self, back_end: CameraBackEnd) -> None:
        self._back_end = back_end
        self._in_use = threading.Lock()
        self.is_open = False

    @contextmanager
    def opened(self, wanted: Callable[[], bool], close_up: bool = False) -> Iterator[CameraBackEnd | None]:
        """The open back end, once every other thread has closed it; None where it is `wanted` no longer by then.

        Raises what opening it raises.
        """
        while not self._in_use.acquire(timeout=_WAIT_S):
            if not wanted():
                yield None
                return
        try:
            if wanted():
                with self._open(close_up):
                    yield self._back_end
            else:
                yield None
        finally:
            self._in_use.release()

    @contextmanager
    def _open(self, close_up: bool) -> Iterator[None]:
        try:
            self._back_end.open(close_up)
            self.is_open = True
            yield
        finally:
            self._back_end.close()
            self.is_open = False
