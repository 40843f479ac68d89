"""Files that a power cut leaves whole: those that grow, piece by piece, and those that are written all at once."""

import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

SYNC_EVERY_S = 1.0
"""What a power cut may cost of a kept recording, and the file system's own time."""


class AppendFile:
    """A new file without a buffer of its own. Nothing is taken after a piece that failed.

    A disk that is nearly full takes part of a piece: such a part is cut off again, so that what follows the last
    whole piece is never mistaken for data.
    """

    def __init__(self, path: Path) -> None:
        """Raises FileExistsError: nothing is ever written over."""
        self._file = open(path, "xb", buffering=0)  # noqa: SIM115 - closed by close()
        self._length = 0
        self._failed = False

    def append(self, data: bytes) -> None:
        """Write all of `data`. Raises OSError."""
        if self._failed:
            raise OSError(None, "nothing more is written after an error")
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            self._failed = True
            with suppress(OSError):
                self._file.truncate(self._length)
            raise
        self._length += len(data)

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        self._file.close()


class KeptFile:
    """A growing file that outlives a power cut, but for its last second or so."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = AppendFile(path)
        self._syncer = ThreadPoolExecutor(1, "fdatasync")
        self._syncing: Future[None] | None = None
        self._due_s = 0.0
        sync_folder(path.parent)

    def write(self, data: bytes) -> int:
        self._file.append(data)
        return len(data)

    def flush(self) -> None:
        """Have the disk asked, at most once a second and without waiting for it. Raises OSError of the last time."""
        now_s = time.monotonic()
        if now_s < self._due_s or not (self._syncing is None or self._syncing.done()):
            return
        if self._syncing is not None:
            self._syncing.result()
        self._due_s = now_s + SYNC_EVERY_S
        self._syncing = self._syncer.submit(os.fdatasync, self._file.fileno())

    def close(self) -> None:
        """Wait until all is on the disk. Raises OSError where it is not; the file is closed in any case."""
        self._syncer.shutdown()
        try:
            if self._syncing is not None:
                self._syncing.result()  # the kernel tells an error once
            os.fsync(self._file.fileno())
        finally:
            self._file.close()
        sync_folder(self._path.parent)


def write_whole(path: Path, content: bytes, mode: int = 0o660) -> None:
    """Make or replace a file: afterwards it is on the disk whole. Raises OSError, and what was there before stays."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a new file's name outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
