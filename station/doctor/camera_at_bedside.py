"""The camera during an examination: opened once, for as long as a look takes."""

from collections.abc import Callable
from contextlib import closing

from station.bus import Subscriber
from station.camera.backend import CameraBackEnd
from station.clock import SystemClock
from station.daemon import Life
from station.doctor.camera_look import CameraLook, look
from station.errors import DeviceError
from station.messages import CameraHealth
from station.words import N_

OpenCamera = Callable[[Life], CameraBackEnd]
SAYS_WITHIN_S = 1.5
"""The camera daemon says once a second how it is."""


class CameraFilmingError(DeviceError):
    """The station itself films with it."""


class CameraAtBedside:
    """`make` gives the camera, closed. `end` makes a look that goes on in another thread end soon."""

    def __init__(self, life: Life, make: OpenCamera) -> None:
        self._life = life
        self._make = make
        self._look: CameraLook | None = None
        self._error: DeviceError | None = None
        self._ended = False

    def look(self) -> CameraLook:
        """What the camera shows; looked at once. Raises DeviceError, the same one again, or ConfigError."""
        if self._error is not None:
            raise self._error
        if self._look is None:
            try:
                self._look = self._looked()
            except DeviceError as e:
                self._error = e
                raise
        return self._look

    def end(self) -> None:
        self._ended = True

    def _looked(self) -> CameraLook:
        """The camera daemon may run: it holds the camera only while somebody is filmed."""
        if self._filming():
            raise CameraFilmingError(N_("the station films with it just now; ask again when no visit is going on"))
        back_end = self._make(self._life)
        back_end.open()
        try:
            return look(back_end, self._life.config.camera.fps, SystemClock(), self._heed)
        finally:
            back_end.close()

    def _filming(self) -> bool:
        """Whether the camera daemon holds it; False where there is no such daemon."""
        subscriber = Subscriber(self._life.context, self._life.runtime, ["camera"], [CameraHealth])
        with closing(subscriber):
            health = subscriber.receive(SAYS_WITHIN_S)
            return isinstance(health, CameraHealth) and health.opened

    def _heed(self) -> None:
        if self._ended:
            raise DeviceError(N_("the examination was given up"))
