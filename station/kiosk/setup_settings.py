"""What the set-up in the browser writes: one file beside the main configuration, tried before it is written.

The daemons notice that it has changed and start anew by themselves (station/config_watch.py).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from station import config
from station.config import CONF_D
from station.errors import ConfigError
from station.records import disk
from station.words import N_

FILE = "50-wizard.toml"


class Settings:
    """`config_path`: of the main file; None where the station runs without one."""

    def __init__(self, config_path: Path | None) -> None:
        self._main = config_path
        self._file = config_path and config_path.parent / CONF_D / FILE

    @property
    def offered(self) -> bool:
        """Whether this station is set up in the browser: an installed one has the folder for it."""
        return self._file is not None and self._file.parent.is_dir()

    def write(self, changes: Mapping[str, Any]) -> bool:
        """Add these keys to the file; whether that changes anything.

        Raises ConfigError where the whole configuration would not be valid with them, or cannot be written.
        """
        if self._file is None or self._main is None or not self.offered:
            raise ConfigError(
                N_("this station has no folder {folder} beside its configuration; run install.sh again").format(
                    folder=CONF_D
                )
            )
        before = config.load(self._main)
        tree = config.merged(config.read(self._file) if self._file.exists() else {}, dict(changes))
        if config.load(self._main, {self._file: tree}) == before:
            return False
        _write(self._file, msgspec.toml.encode(tree))
        return True


def _write(file: Path, content: bytes) -> None:
    try:
        disk.write_whole(file, content, mode=0o644)  # the screen's user reads it, too
    except OSError as e:
        raise ConfigError(
            N_("{file}: {error}; the station's kiosk must be allowed to write there, run install.sh again").format(
                file=file, error=e.strerror
            )
        ) from None
