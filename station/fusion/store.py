"""Where the recording and the report of a visit live: temporary under a throw-away key in a gym, kept in a clinic."""

import logging
from collections.abc import Iterator
from pathlib import Path

from station.config import Config
from station.errors import RecordingError
from station.messages import Message, Report
from station.records import recording, sealed

log = logging.getLogger(__name__)


class RunStore:
    """The recording of the current visit. In gym mode nothing readable is left after `discard` or a power cut."""

    def __init__(self, config: Config) -> None:
        self._kept = config.mode == "clinic"
        self._runtime = config.runtime
        self._folder = config.state / "runs"
        self._temporary = self._folder / "temporary"
        self._writer: recording.RunWriter | None = None
        self._path: Path | None = None

    def begin(self, visit_id: str) -> None:
        """Open the recording of a new visit; what an earlier visit left behind is wiped first."""
        self.close()
        self.discard()
        self._wipe_leftovers()
        folder = self._folder if self._kept else self._temporary
        self._path = folder / f"{visit_id}.mcap"
        try:
            key = None if self._kept else sealed.new_key(self._runtime, visit_id)
            self._writer = recording.RunWriter(self._path, key)
        except OSError as e:
            log.error("the visit is not recorded: %s", e)

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
        """Store the report beside a kept recording."""
        if not self._kept or self._path is None:
            return
        try:
            self._path.with_suffix(".json").write_bytes(report.json)
        except OSError as e:
            log.error("report %s: %s; free space or check the disk", self._path, e.strerror)

    def discard(self) -> None:
        """End the visit: forget the key and the file of a temporary recording; a kept one stays."""
        self.close()
        if self._path is not None and not self._kept:
            self._remove(self._path)
        self._path = None

    def unfinished(self) -> tuple[str, Iterator[Message]] | None:
        """The recording a crash of this daemon left behind, if its key is still there: (visit, messages)."""
        for path in self._leftovers():
            try:
                messages = iter(list(recording.open_any(path, self._runtime)))
            except RecordingError as e:
                log.warning("%s", e)
                self._remove(path)
                continue
            self._path = path
            return path.stem, messages
        return None

    def _leftovers(self) -> list[Path]:
        return sorted(self._temporary.glob("*.mcap"))

    def _wipe_leftovers(self) -> None:
        for path in self._leftovers():
            self._remove(path)

    def _remove(self, path: Path) -> None:
        sealed.forget_key(self._runtime, path.stem)
        path.unlink(missing_ok=True)
