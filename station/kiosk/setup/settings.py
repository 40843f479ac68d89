"""What the set-up in the browser writes: one file beside the main configuration, tried before it is written.

The daemons notice that it has changed and start anew by themselves (station/config_watch.py).
"""

import threading
from collections.abc import Mapping
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import msgspec

from station import config
from station.config import CONF_D, Config
from station.errors import ConfigError
from station.records import disk
from station.words import N_

FILE = "50-wizard.toml"


class Settings:
    """`config_path`: of the main file; None where the station runs without one."""

    def __init__(self, config_path: Path | None) -> None:
        self._main = config_path
        self._file = config_path and config_path.parent / CONF_D / FILE
        self._writing = threading.Lock()  # of two browsers none loses what the other one writes

    @property
    def offered(self) -> bool:
        """Whether this station is set up in the browser: an installed one has the folder for it."""
        return self._file is not None and self._file.parent.is_dir()

    def write(self, changes: Mapping[str, Any]) -> bool:
        """Put these keys into the file, and take those out that are None here; whether that changes anything.

        Raises ConfigError where the whole configuration would not be valid with them, another of its files says
        otherwise and counts, or the file cannot be written.
        """
        if self._file is None or self._main is None or not self.offered:
            raise ConfigError(
                N_("this station has no folder {folder} beside its configuration; run install.sh again").format(
                    folder=CONF_D
                )
            )
        with self._writing:
            before = config.load(self._main)
            own = config.read(self._file) if self._file.exists() else {}
            tree = config.without_none(config.merged(own, dict(changes)))
            made = config.load(self._main, {self._file: tree})
            self._check_counts(changes, before, made)
            if made == before:
                return False
            _write(self._file, msgspec.toml.encode(tree))
            return True

    def _check_counts(self, changes: Mapping[str, Any], before: Config, made: Config) -> None:
        """A later file wins over this one, and what an earlier one says cannot be taken out here.

        A key that cannot be empty and is taken out counts when another value holds without it.
        """
        was, holds, unsaid = (msgspec.to_builtins(tree) for tree in (before, made, Config()))
        for path, asked in _keys(changes).items():
            value = reduce(getitem, path, holds)
            can_be_empty = reduce(getitem, path, unsaid) is None
            counts = value == asked if asked is not None or can_be_empty else value != reduce(getitem, path, was)
            if not counts:
                others = [file for file in config.files(self._main) if file != self._file]
                says = [file for file in others if path in _keys(config.read(file))]
                raise ConfigError(
                    N_("set elsewhere: {file} says {key}, and these pages do not change that; change it there").format(
                        key=".".join(path), file=says[-1]
                    )
                )


def _keys(tree: Mapping[str, Any], above: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """What stands in a tree, by the whole path to it."""
    found: dict[tuple[str, ...], Any] = {}
    for key, value in tree.items():
        found |= _keys(value, (*above, key)) if isinstance(value, Mapping) else {(*above, key): value}
    return found


def _write(file: Path, content: bytes) -> None:
    try:
        disk.write_whole(file, content, mode=0o644)  # the screen's user reads it, too
    except OSError as e:
        raise ConfigError(
            N_("{file}: {error}; the station's kiosk must be allowed to write there, run install.sh again").format(
                file=file, error=e.strerror
            )
        ) from None
