"""The files of the runs that a clinic keeps: a recording, its result, or both, named after the visit."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".mcap", ".json")
"""Of a recording and of its result."""


@dataclass(frozen=True)
class RunFiles:
    """One kept run. `written_s`: when the last of its files was written, by the wall clock of then."""

    id: str
    paths: tuple[Path, ...]
    bytes: int
    written_s: float

    def delete(self) -> None:
        """Raises OSError; what could be removed is gone."""
        errors = []
        for path in self.paths:
            try:
                path.unlink(missing_ok=True)
            except OSError as e:
                errors.append(e)
        if errors:
            raise errors[0]


def kept(folder: Path) -> list[RunFiles]:
    """All runs kept in the folder, oldest first. Raises OSError where it cannot be looked into."""
    found: dict[str, list[Path]] = {}
    with suppress(FileNotFoundError):  # nothing was kept yet
        for path in map(folder.joinpath, sorted(os.listdir(folder), reverse=True)):
            if path.suffix in SUFFIXES:
                found.setdefault(path.stem, []).append(path)
    runs = []
    for run_id, paths in found.items():
        with suppress(FileNotFoundError):  # deleted meanwhile
            entries = [path.stat() for path in paths]
            size, written_s = sum(e.st_size for e in entries), max(e.st_mtime for e in entries)
            runs.append(RunFiles(run_id, tuple(paths), size, written_s))
    return sorted(runs, key=lambda run: (run.written_s, run.id))
