"""Where the recording and the report of a visit live: temporary under a throw-away key in a gym, kept in a clinic.

Every recording begins in `runs/temporary`. In a clinic it moves to `runs` when its report is stored; in a gym it is
sealed, and gone with its key when the visit ends.
"""

import logging
from pathlib import Path

from station.config import Config
from station.errors import RecordingError
from station.messages import Message, Report
from station.records import recording, sealed

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
        self._kept_as: Path | None = None  # the recording of the visit on the screen, once it stays
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

    def keep_report(self, report: Report) -> None:
        """In a clinic: the recording and its report stay."""
        if not self._kept or self._path is None:
            return
        kept = self._folder / self._path.name
        half_written = kept.with_suffix(".json.part")
        try:
            self._path.replace(kept)
            half_written.write_bytes(report.json)
            half_written.replace(kept.with_suffix(".json"))
        except OSError as e:
            log.error("report %s: %s; free space or check the disk", kept, e.strerror)
        self._path, self._kept_as = None, kept

    def discard(self) -> None:
        """End the visit: what was not kept is gone."""
        self.close()
        if self._path is not None:
            self._remove(self._path)
        self._path = self._kept_as = None

    def forget(self) -> None:
        """End the visit: nothing of it is kept, in a clinic neither."""
        if self._kept_as is not None:
            for suffix in (".json", ".json.part"):
                self._kept_as.with_suffix(suffix).unlink(missing_ok=True)
            self._remove(self._kept_as)
        self.discard()

    def unfinished(self) -> list[Message]:
        """The messages of a visit that a crash of this daemon broke off; each is found once only."""
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
        return []

    def _tried(self, path: Path) -> Path:
        """The mark that a recording belongs to a visit that was recovered."""
        return self._runtime / f"{path.stem}.tried"

    def _leftovers(self) -> list[Path]:
        return sorted(self._temporary.glob("*.mcap"))

    def _set_aside(self, path: Path) -> None:
        """An unfinished recording of an earlier visit: wiped in a gym, kept without a report in a clinic."""
        if not self._kept:
            self._remove(path)
            return
        try:
            path.replace(self._folder / path.name)
        except OSError as e:
            log.error("recording %s: %s", path, e.strerror)

    def _remove(self, path: Path) -> None:
        """The key first: without it the file is noise, even where it cannot be removed."""
        key = sealed.key_path(self._runtime, path.stem)
        for each in (key, path, self._tried(path)):
            try:
                each.unlink(missing_ok=True)
            except OSError as e:
                log.error("%s cannot be removed: %s", each, e.strerror)
