"""How fast a folder's disk takes what must outlive a power cut, and gives it back."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from station.doctor.board import MEGABYTE

SMALL_PIECES, SMALL_BYTES = 12, 32_768
LARGE_PIECES, LARGE_BYTES = 8, MEGABYTE


@dataclass(frozen=True)
class DiskSpeed:
    """`sync_s`: bringing each small piece to the disk. `write_mb_s`: many large ones, brought there together."""

    sync_s: tuple[float, ...]
    write_mb_s: float
    read_mb_s: float


def measure(folder: Path) -> DiskSpeed:
    """Write, read back and delete a file of some 8 MB in this folder. Raises OSError."""
    path = folder / f".doctor-{os.getpid()}.tmp"
    try:
        with path.open("wb", buffering=0) as file:
            sync_s = tuple(_write_through(file.fileno(), 1, SMALL_BYTES) for _ in range(SMALL_PIECES))
            write_s = _write_through(file.fileno(), LARGE_PIECES, LARGE_BYTES)
        read_s = _read(path)
        size = path.stat().st_size
    finally:
        with suppress(OSError):
            path.unlink()
    return DiskSpeed(sync_s, LARGE_PIECES * LARGE_BYTES / MEGABYTE / write_s, size / MEGABYTE / read_s)


def _write_through(file: int, pieces: int, length: int) -> float:
    """Seconds. The bytes are such that no controller can compress them."""
    data = os.urandom(length)
    begun_s = time.monotonic()
    for _ in range(pieces):
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    os.fdatasync(file)
    return time.monotonic() - begun_s


def _read(path: Path) -> float:
    """Seconds, from the disk and not from memory (posix_fadvise(2))."""
    with path.open("rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        begun_s = time.monotonic()
        while file.read(LARGE_BYTES):
            pass
        return time.monotonic() - begun_s
