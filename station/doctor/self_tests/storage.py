"""Whether the card keeps what the station writes: fast enough, with room, and writable at all.

A run's recording grows by 40 kB a second where every picture is posed (measured; less on a slower board) and is brought
to the card every second (`station.records.disk`), so that a power cut costs no more. An SD card of Speed Class 10 or
Application Performance Class A1 writes 10 MB/s in a row (SD Physical Layer Specification 5.1); one that is worn out or
forged takes seconds for a single small piece.
"""

import errno
import os
import statistics
from collections.abc import Sequence
from pathlib import Path

from station.doctor import disk_speed
from station.doctor.board import MEGABYTE, Board
from station.doctor.disk_speed import DiskSpeed
from station.doctor.self_test import SelfTest
from station.errors import StationError
from station.messages import Finding
from station.records.disk import SYNC_EVERY_S
from station.words import N_

LEAST_WRITE_MB_S = 10.0
LEAST_FREE_MB, LITTLE_FREE_MB = 200.0, 1000.0
"""A clinic's run of half an hour takes up to 70 MB; below a gigabyte updates and backups fail, too."""


def slow(speed: DiskSpeed) -> Sequence[Finding]:
    worst_s, usual_s = max(speed.sync_s), statistics.median(speed.sync_s)
    measured = {
        "sync_worst_ms": 1e3 * worst_s,
        "sync_median_ms": 1e3 * usual_s,
        "write_mb_s": speed.write_mb_s,
        "read_mb_s": speed.read_mb_s,
    }
    if usual_s > SYNC_EVERY_S:
        text = N_(
            "The card takes {usual_s:.1f} s for a small piece: it cannot keep up with a recording. Replace it by one "
            "of class A1 or A2, or by an SSD."
        )
        return [SLOW.finding("fault", text.format(usual_s=usual_s), "board", **measured)]
    if worst_s > SYNC_EVERY_S or speed.write_mb_s < LEAST_WRITE_MB_S:
        text = N_(
            "The card is slow: {write_mb_s:.1f} MB/s (class 10 and A1 write {least_mb_s:g}), and {worst_ms:.0f} ms "
            "for the slowest small piece. Where nothing else is writing to it, take one of class A1 or A2, or an SSD."
        ).format(write_mb_s=speed.write_mb_s, least_mb_s=LEAST_WRITE_MB_S, worst_ms=1e3 * worst_s)
        return [SLOW.finding("warning", text, "board", **measured)]
    text = N_("The card writes {write_mb_s:.0f} MB/s and brings a small piece home in {usual_ms:.0f} ms.")
    return [SLOW.finding("ok", text.format(write_mb_s=speed.write_mb_s, usual_ms=1e3 * usual_s), "board", **measured)]


def full(free_mb: float) -> Sequence[Finding]:
    if free_mb < LITTLE_FREE_MB:
        text = N_(
            "Only {free_mb:.0f} MB are free on the disk: runs will not be kept. Delete old runs (station runs), or "
            "fit a larger card."
        ).format(free_mb=free_mb)
        return [FULL.finding("fault" if free_mb < LEAST_FREE_MB else "warning", text, "board", free_mb=free_mb)]
    text = N_("{free_gb:.1f} GB are free on the disk.").format(free_gb=free_mb / 1000)
    return [FULL.finding("ok", text, "board", free_mb=free_mb)]


def read_only(board: Board, folder: Path) -> Sequence[Finding]:
    """A kernel that finds errors on a card mounts it read-only by itself (mount(8), errors=remount-ro)."""
    mount = board.mount_of(folder.absolute())
    if mount is None:
        return [READ_ONLY.finding("not_checked", N_("This machine does not tell what is mounted."), "board")]
    if "ro" in mount.options:
        text = N_(
            "{folder} can only be read: the card has errors, or an overlay file system is switched on. Nothing is "
            "kept until it can be written: replace the card, or mount state_dir from another one."
        ).format(folder=folder)
        return [READ_ONLY.finding("fault", text, "board")]
    return [READ_ONLY.finding("ok", N_("The disk can be written."), "board")]


def _measured(folder: Path) -> DiskSpeed:
    """Raises StationError: full and read-only disks have self-tests of their own."""
    try:
        return disk_speed.measure(folder)
    except OSError as e:
        why = N_("the disk is full") if e.errno == errno.ENOSPC else (e.strerror or str(e))
        raise StationError(N_("nothing can be written to {folder}: {why}").format(folder=folder, why=why)) from None


def _free_mb(folder: Path) -> float:
    """For this user: a file system keeps a share of its space for root. Raises StationError."""
    try:
        status = os.statvfs(folder)
    except OSError as e:
        raise StationError(N_("{folder} is not there ({why})").format(folder=folder, why=e.strerror)) from None
    return status.f_bavail * status.f_frsize / MEGABYTE


SLOW = SelfTest("slow_card", 240, N_("Speed of the card"), "board", 60.0, lambda b: slow(_measured(b.config.state)))
FULL = SelfTest("disk_full", 241, N_("Room on the disk"), "board", 5.0, lambda b: full(_free_mb(b.config.state)))
READ_ONLY = SelfTest(
    "disk_read_only", 242, N_("Writing to the disk"), "board", 5.0, lambda b: read_only(b.board, b.config.state)
)
SELF_TESTS = (SLOW, FULL, READ_ONLY)
