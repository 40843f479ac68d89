"""Notices that the configuration is another one than this process was started with."""

import logging
import os
from pathlib import Path

from station import config
from station.errors import ConfigError

log = logging.getLogger(__name__)

_Stamps = dict[Path, tuple[int, int, int] | None]


class ConfigWatch:
    """The files of one configuration, by what stat(2) says of them; they are read only after that has changed.

    `path`: as `config.load` takes it; None: there is nothing to watch.
    """

    def __init__(self, path: str | os.PathLike[str] | None, running: config.Config) -> None:
        self._path = path
        self._running = running
        self._stamps: _Stamps = {}  # of no look yet: what changed while this process started is noticed, too
        self._changed = self._settled = False

    def changed(self) -> bool:
        """Whether the files hold another, valid configuration by now. That they are not valid is logged once.

        A change counts from the second look on that finds it: a page that wrote it is still to be sent by the kiosk
        that would end, and an editor may be half-way.
        """
        if self._path is None:
            return False
        stamps = {file: _stamp(file) for file in config.files(self._path)}
        if stamps != self._stamps:
            self._stamps, self._changed, self._settled = stamps, False, False
        elif not self._settled:
            self._changed, self._settled = self._differs(), True
        return self._changed

    def _differs(self) -> bool:
        try:
            return config.load(self._path) != self._running
        except ConfigError as e:
            log.error("%s. Until then, what it was before is in force", e)
            return False


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """(inode, size, time of the last change); None where it cannot be looked at."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
