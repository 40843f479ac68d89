"""Reading the code of last time: the camera looks, each text is checked, the first genuine one is held."""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from station.errors import BusError
from station.kiosk import texts
from station.kiosk.take_home import code_text
from station.kiosk.take_home.code_text import CodeError
from station.kiosk.take_home.earlier_run import EarlierRun
from station.messages import CodeSeen
from station.records.card_key import CardKeys
from station.words import N_

log = logging.getLogger(__name__)


NOTHING_SEEN = N_("No code was seen. Hold it nearer, upright and bright, and tap again.")


class Camera(Protocol):
    """Raises BusError."""

    def start(self) -> CodeSeen: ...
    def look(self) -> CodeSeen: ...
    def stop(self) -> CodeSeen: ...


class CodeReading:
    """`looking` and `hint` are for the page: whether the camera is open, and a sentence about what it has seen."""

    def __init__(self, camera: Camera, keys: CardKeys, earlier: EarlierRun) -> None:
        self._camera, self._keys, self._earlier = camera, keys, earlier
        self._lock = threading.Lock()  # two pages may ask at once
        self.looking = False
        self.hint = ""

    def start(self) -> None:
        """The runner wants it: open the camera."""
        with self._lock:
            self.hint = ""
            self.looking = self._asked(self._camera.start) is not None

    def look(self) -> None:
        """Take in what the camera has seen."""
        with self._lock:
            if not self.looking:
                return
            seen = self._asked(self._camera.look)
            self.looking = seen is not None and seen.looking
            if seen is not None:
                self._take(seen)

    def stop(self) -> None:
        """The runner does not want it any more; a camera that does not hear it closes where nobody asks."""
        with self._lock:
            self._end()

    def told(self) -> str:
        """The hint; once only where the camera does not look any more, so that nobody else reads it."""
        with self._lock:
            hint = self.hint
            if not self.looking:
                self.hint = ""
            return hint

    def _take(self, seen: CodeSeen) -> None:
        """The first genuine code ends the looking; of others the page says what is wrong with them."""
        if seen.fault:
            self.hint = seen.fault
        for text in seen.texts:
            if self._accepted(text):
                self._end()
                return
        if not self.looking and not self.hint:
            self.hint = NOTHING_SEEN

    def _accepted(self, text: str) -> bool:
        try:
            self._earlier.hold(code_text.read(text, self._keys, _mistakes()))
        except CodeError as e:
            self.hint = str(e)
            return False
        self.hint = ""
        return True

    def _end(self) -> None:
        if self.looking:
            self.looking = False
            self._asked(self._camera.stop)

    def _asked(self, ask: Callable[[], CodeSeen]) -> CodeSeen | None:
        """None, and a hint that says so, where the camera does not do it."""
        try:
            return ask()
        except BusError as e:
            log.warning("%s", e)
            self.hint = texts.CAMERA_SILENT
            return None


def _mistakes() -> list[str]:
    from station.scorecard.registry import all_mistakes  # with scipy: 80 MB and a second that no other page needs

    return [mistake.id for mistake in all_mistakes()]
