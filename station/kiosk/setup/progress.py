"""How far the first set-up in the browser has come, kept in the state directory."""

import contextlib
import threading

import msgspec

from station.calibration import artefact
from station.config import Config
from station.errors import CalibrationError
from station.kiosk.setup.settings import Settings
from station.kiosk.staff.pin import StaffPin
from station.records import disk

FILE = "setup.json"
FINISHED = "done"
"""The last step."""


class Progress:
    """Of one station. What cannot be read or written is forgotten: it only guides."""

    def __init__(self, config: Config, settings: Settings) -> None:
        self._state = config.state
        self._path = config.state / FILE
        self._pin = StaffPin(config.state)
        self._settings = settings
        self._adding = threading.Lock()  # of two browsers none loses what the other one did

    @property
    def fresh(self) -> bool:
        """Nobody has set up anything: whoever stands at the screen now may. A PIN or any calibration ends that."""
        return self._settings.offered and not self._pin.is_set and not self._calibrated()

    @property
    def offered(self) -> bool:
        return self._settings.offered

    @property
    def open(self) -> bool:
        """It is offered and has not been finished."""
        return self._settings.offered and FINISHED not in self.done()

    def done(self) -> set[str]:
        """Steps that were carried through."""
        try:
            return set(msgspec.json.decode(self._path.read_bytes(), type=list[str]))
        except (OSError, msgspec.MsgspecError):
            return set()

    def add(self, step: str) -> None:
        """Note that this step was carried through."""
        with self._adding, contextlib.suppress(OSError):
            disk.write_whole(self._path, msgspec.json.encode(sorted({*self.done(), step})))

    def _calibrated(self) -> bool:
        """A folder that cannot be looked into was made by somebody: it protects as a calibration does."""
        try:
            return bool(artefact.newest_files(self._state))
        except CalibrationError:
            return True
