"""The calibration that a running daemon uses: read again when a part was added, so that it needs no restart."""

import logging
from pathlib import Path

from station.calibration import artefact
from station.config import Config
from station.errors import CalibrationError
from station.messages import Calibration
from station.words import N_

log = logging.getLogger(__name__)


class CalibrationInUse:
    """What the parts under the state directory make together. `calibration` None: nothing yet, and `fault` says why."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._parts: list[tuple[Path, int]] | None = None  # file and time of each that was read
        self.calibration: Calibration | None = None
        self.fault: str | None = None
        self.look()

    def look(self) -> Calibration | None:
        """The calibration of now. Where nothing has changed since the last look this only lists a directory."""
        try:
            parts = [(path, _changed_ns(path)) for path in artefact.newest_files(self._config.state)]
            if parts != self._parts:
                self._parts = parts
                self.calibration = artefact.latest(self._config.state, self._config.force.cells)
                self.fault = None
        except CalibrationError as e:
            self._give_up(str(e))
        return self.calibration

    def _give_up(self, why: str) -> None:
        fault = N_("The load cells are not calibrated: {e}").format(e=why)
        if fault != self.fault:
            log.error("%s", why)
        self.calibration, self.fault = None, fault


def _changed_ns(path: Path) -> int:
    """0 where the file has just been taken away."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
