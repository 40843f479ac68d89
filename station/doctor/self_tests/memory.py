"""What the station keeps in memory stays there: enough of it, never swapped to a disk, sockets and keys in a tmpfs."""

from collections.abc import Sequence
from pathlib import Path

from station.doctor.board import MEGABYTE, Board
from station.doctor.self_test import SelfTest
from station.messages import Finding
from station.words import N_

LEAST_TOTAL_MB = 3500.0
"""A Pi with 4 GB shows 3.7 to 3.9 of them. The camera's unit may take 1.6 GB (frames of a run and pose workers), the
browser takes some 500 MB, daemons and system as much again."""
LEAST_FREE_MB = 400.0
"""As much as the frames of one run take (`station.camera.ring`)."""
IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def free_memory(board: Board) -> Sequence[Finding]:
    memory = board.memory()
    if memory is None:
        return [MEMORY.finding("not_checked", N_("This machine does not tell its memory."), "board")]
    total_mb, free_mb = memory.total / MEGABYTE, memory.available / MEGABYTE
    measured = {"total_mb": total_mb, "available_mb": free_mb}
    if free_mb < LEAST_FREE_MB:
        text = N_(
            "Only {free_mb:.0f} MB of memory are free; {least_mb:.0f} are needed to film a run. End other programs."
        ).format(free_mb=free_mb, least_mb=LEAST_FREE_MB)
        return [MEMORY.finding("fault", text, "board", **measured)]
    if total_mb < LEAST_TOTAL_MB:
        text = N_(
            "The Pi has {total_gb:.1f} GB of memory; take one with 4 GB or more: with less, fewer pictures of a run "
            "can be kept."
        ).format(total_gb=total_mb / 1000)
        return [MEMORY.finding("warning", text, "board", **measured)]
    text = N_("{free_gb:.1f} of {total_gb:.1f} GB of memory are free.")
    text = text.format(free_gb=free_mb / 1000, total_gb=total_mb / 1000)
    return [MEMORY.finding("ok", text, "board", **measured)]


def swap(board: Board) -> Sequence[Finding]:
    """What is swapped out of a daemon's memory can be read from the card afterwards."""
    swaps = board.swaps_on_disk()
    if swaps is None:
        return [SWAP.finding("not_checked", N_("This machine does not tell whether it swaps."), "board")]
    if swaps and not board.kept_out_of_swap():
        text = N_(
            "Memory may be swapped to {places}: parts of a run could stay on it. Switch swap off: sudo swapoff -a, "
            "and remove the package dphys-swapfile or rpi-swap."
        ).format(places=", ".join(swaps))
        return [SWAP.finding("warning", text, "board")]
    return [SWAP.finding("ok", N_("The station's memory is never swapped to the card."), "board")]


def runtime_in_memory(board: Board, runtime: Path) -> Sequence[Finding]:
    """Keys of the recordings in hand lie there: a power cut must take them away."""
    mount = board.mount_of(runtime.absolute())
    if mount is None:
        return [TMPFS.finding("not_checked", N_("This machine does not tell what is mounted."), "board")]
    if mount.kind not in IN_MEMORY:
        text = N_(
            "{runtime} is on a disk ({kind}): keys of a run could be read after a power cut. Set runtime_dir to a "
            "directory below /run."
        ).format(runtime=runtime, kind=mount.kind)
        return [TMPFS.finding("fault", text, "board")]
    return [TMPFS.finding("ok", N_("Sockets and keys lie in memory."), "board")]


MEMORY = SelfTest("low_memory", 220, N_("Memory"), "board", 5.0, lambda b: free_memory(b.board))
SWAP = SelfTest("swap_on", 221, N_("Swapping to the card"), "board", 5.0, lambda b: swap(b.board))
TMPFS = SelfTest(
    "runtime_on_disk",
    222,
    N_("Keys in memory alone"),
    "board",
    5.0,
    lambda b: runtime_in_memory(b.board, b.config.runtime),
)
SELF_TESTS = (MEMORY, SWAP, TMPFS)
