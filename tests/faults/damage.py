"""How a file is damaged, and a root user who may not read everything."""

import contextlib
import ctypes
import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

_VERSION_3 = 0x20080522  # linux/capability.h
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _garbage(path: Path) -> None:
    path.write_bytes(b"\xff\x00\xfe{[\x93" * 40)


def _forbid(path: Path) -> None:
    path.chmod(0)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "truncated": _truncate,
    "empty": _empty,
    "garbage": _garbage,
    "forbidden": _forbid,
}


@contextlib.contextmanager
def without_roots_power() -> Iterator[None]:
    """Permissions of files hold in this thread for root too, as they do for the station's user (capabilities(7))."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = struct.pack("Ii", _VERSION_3, 0)
    before = ctypes.create_string_buffer(24)
    libc.capget(header, before)
    effective, permitted, inheritable, *rest = struct.unpack("6I", before.raw)
    effective &= ~(1 << _CAP_DAC_OVERRIDE | 1 << _CAP_DAC_READ_SEARCH)
    if libc.capset(header, struct.pack("6I", effective, permitted, inheritable, *rest)):
        raise OSError(ctypes.get_errno(), "capset")
    try:
        yield
    finally:
        libc.capset(header, before.raw)
