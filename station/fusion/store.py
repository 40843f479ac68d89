"""Where the recording and the report of a visit live: temporary under a throw-away key in a gym, kept in a clinic.

Every recording begins in `runs/temporary`. In a clinic it moves to `runs` when its report is stored, or when there will
be none; in a gym it is sealed, and gone with its key when the visit ends.
"""

import logging
from pathlib import Path

from station.config import Config
from station.errors import RecordingError
from station.messages import Message, Report
from station.records import disk, recording, sealed

log = logging.getLogger(__name__)


class RunStore:
    """The recording of the current visit. Nothing here but `begin` and `add` raises: a bad disk stops no daemon."""

    def __init__(self, config: Config) -> None:
        self._kept = config.mode == "clinic"
        self._runtime = config.runtime
        self._folder = config.state / "runs"
        self._temporary = self._folder / "temporary"
        self._writer: recording.RunWriter | None = None
        self._path: Path | None = None
        self._kept_as: Path | None = None  # the recording of the visit on the screen, once it is to stay
        self.gave_up = False  # a crash broke off a visit that cannot be recovered, or was before

    def begin(self, visit_id: str, *, again: bool = False) -> None:
        """Open the recording of a new visit; one that goes on `again` after a crash is not recovered after another.

        Raises RecordingError where there can be no recording.
        """
        self.discard()
        for path in self._leftovers():
            self._set_aside(path)
        self._path = self._temporary / f"{visit_id}.mcap"
        try:
            if again:
                self._tried(self._path).touch()
            key = None if self._kept else sealed.new_key(self._runtime, visit_id)
        except OSError as e:
            raise RecordingError(f"key of visit {visit_id}: {e.strerror}; check {self._runtime}") from None
        self._writer = recording.RunWriter(self._path, key)

    def add(self, message: Message, t_ns: int) -> None:
        """Append to the recording. Raises RecordingError once, when recording has become impossible."""
        if self._writer is None:
            return
        try:
            self._writer.add(message, t_ns)
        except RecordingError:
            self.close()
            raise

    def close(self) -> None:
        """Finish the file; it stays readable until `discard`."""
        if self._writer is None:
            return
        writer, self._writer = self._writer, None
        try:
            writer.close()
        except RecordingError as e:
            log.error("%s", e)

    def keep_report(self, report: Report) -> bool:
        """In a clinic: the recording, as far as there is one, and the report stay. False where they could not."""
        if not self._kept or self._path is None:
            return True
        kept = self._folder / self._path.name
        moved = self._set_aside(self._path)
        self._kept_as, self._path = kept if moved else self._path, None
        try:
            disk.write_whole(kept.with_suffix(".json"), report.json)
        except OSError as e:
            log.error("report %s: %s; free space or check the disk", kept, e.strerror)
            return False
        return moved

    def set_aside(self) -> None:
        """End a visit that has no report: a clinic keeps its recording, from a gym it is gone."""
        self.close()
        if self._path is not None:
            self._set_aside(self._path)
        self._path = self._kept_as = None

    def discard(self) -> bool:
        """End the visit: what was not kept is gone. False where the disk did not let go of it."""
        self.close()
        gone = self._path is None or self._remove(self._path)
        self._path = self._kept_as = None
        return gone

    def forget(self) -> bool:
        """End the visit: nothing of it is kept, in a clinic neither. False where the disk did not let go of it."""
        kept = self._kept_as
        gone = kept is None or self._remove(kept, self._folder / f"{kept.stem}.json")
        return self.discard() and gone

    def unfinished(self) -> list[Message] | None:
        """The messages of a visit that a crash of this daemon broke off, found once only; None where there is none."""
        for path in self._leftovers():
            tried = self._tried(path)
            try:
                if tried.exists():
                    raise RecordingError(f"recording {path}: scoring it has failed before")
                tried.touch()
                messages = list(recording.open_any(path, self._runtime))
            except OSError as e:
                log.warning("%s", e)
                self.gave_up = True
                self._set_aside(path)
                continue
            self._path = path
            return messages
        return None

    def _tried(self, path: Path) -> Path:
        """The mark that a recording belongs to a visit that was recovered."""
        return self._runtime / f"{path.stem}.tried"

    def _leftovers(self) -> list[Path]:
        return sorted(self._temporary.glob("*.mcap"))

    def _set_aside(self, path: Path) -> bool:
        """An unfinished recording of an earlier visit: wiped in a gym, kept without a report in a clinic."""
        if not self._kept:
            return self._remove(path)
        try:
            path.replace(self._folder / path.name)
        except FileNotFoundError:
            return False
        except OSError as e:
            log.error("recording %s: %s", path, e.strerror)
            return False
        return True

    def _remove(self, path: Path, *more: Path) -> bool:
        """The key first: without it the file is noise, even where it cannot be removed. False where a file is left."""
        gone = True
        for each in (sealed.key_path(self._runtime, path.stem), path, *more, self._tried(path)):
            try:
                each.unlink(missing_ok=True)
            except OSError as e:
                log.error("%s cannot be removed: %s", each, e.strerror)
                gone = False
        return gone
