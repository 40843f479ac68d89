"""Reading the code of last time: the camera looks, each text is checked, the first genuine one is held."""

import logging
import threading
from typing import Protocol

from station.errors import BusError
from station.kiosk import take_home_code
from station.kiosk.earlier_run import EarlierRun
from station.kiosk.take_home_code import CodeError
from station.messages import CodeSeen
from station.records.card_key import CardKeys

log = logging.getLogger(__name__)


class Camera(Protocol):
    """Raises BusError."""

    def start(self) -> None: ...
    def look(self) -> CodeSeen: ...
    def stop(self) -> None: ...


class CodeReading:
    """`looking` and `hint` are for the page: whether the camera is open, and a sentence about what it has seen."""

    def __init__(self, camera: Camera, keys: CardKeys, earlier: EarlierRun) -> None:
        self._camera, self._keys, self._earlier = camera, keys, earlier
        self._lock = threading.Lock()  # two pages may ask at once
        self.looking = False
        self.hint = ""

    def start(self) -> None:
        """The runner wants it: open the camera. Raises BusError."""
        with self._lock:
            self.hint = ""
            self._camera.start()
            self.looking = True

    def look(self) -> None:
        """Take in what the camera has seen. Raises BusError."""
        with self._lock:
            if not self.looking:
                return
            seen = self._camera.look()
            self.looking = seen.looking
            if seen.fault:
                self.hint = seen.fault
            for text in seen.texts:
                if self._accepted(text):
                    self._end()
                    return

    def stop(self) -> None:
        """The runner does not want it any more. Never raises: the camera closes by itself where nobody asks."""
        with self._lock:
            self._end()

    def _accepted(self, text: str) -> bool:
        try:
            self._earlier.hold(take_home_code.read(text, self._keys, _mistakes()))
        except CodeError as e:
            self.hint = str(e)
            return False
        self.hint = ""
        return True

    def _end(self) -> None:
        if not self.looking:
            return
        self.looking = False
        try:
            self._camera.stop()
        except BusError as e:
            log.warning("%s", e)


def _mistakes() -> list[str]:
    from station.scorecard.registry import all_mistakes  # with scipy: 80 MB and a second that no other page needs

    return [mistake.id for mistake in all_mistakes()]
