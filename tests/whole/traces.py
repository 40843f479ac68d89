"""Traces of a visitor, wherever they may be: a planted name, and the magenta of a planted second person."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

MAGENTA_RGB = (255, 0, 255)
_RUN = 24  # pixels in a row: chance makes no such row, nor the table of a small dictionary (64 bytes)
_PLANE_RUN = 8
_CHROMA = ((194, 212), (214, 232))  # Cb and Cr of magenta, BT.601 limited range, give or take what H.264 costs
_PLANE_ROWS = 60
_JPEG = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]")
_LARGEST_JPEG = 2_000_000
_PAGE = os.sysconf("SC_PAGESIZE")


def in_bytes(data: bytes, name: str) -> list[str]:
    """What of the visitor these bytes hold."""
    found = [f"the name in {code}" for code in ("utf-8", "utf-16-le", "utf-32-le") if name.encode(code) in data]
    pixels = np.frombuffer(data, np.uint8)
    if _magenta_rgb(pixels):
        found.append("magenta pixels")
    if _magenta_planes(pixels):
        found.append("magenta planes")
    if any(_shows_magenta(data[m.start() : m.start() + _LARGEST_JPEG]) for m in _JPEG.finditer(data)):
        found.append("a JPEG with magenta")
    return found


def in_files(folder: Path, name: str) -> list[str]:
    """What of the visitor the files below a folder hold, their names included."""
    found = [f"{path}: the name in its own" for path in folder.rglob("*") if name in path.name]
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found += [f"{path}: {what}" for what in in_bytes(path.read_bytes(), name)]
    return found


def in_memory(pid: int, name: str) -> Iterator[str]:
    """What of the visitor a process holds in memory that it can write, as it is found."""
    for where, data in _memory(pid):
        for what in in_bytes(data, name):
            yield f"process {pid} {_command(pid)}, {where}: {what}"


def descendants(pid: int) -> list[int]:
    """The process ids of all children and their children."""
    with contextlib.suppress(OSError):
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        return [each for child in children for each in (child, *descendants(child))]
    return []


def _memory(pid: int) -> Iterator[tuple[str, bytes]]:
    """Each writable mapping that is in RAM, in blocks."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *rest = line.split(maxsplit=5)
            if not rights.startswith("rw"):
                continue
            where = rest[-1] if len(rest) > 3 else "anonymous"
            for begin, end in _in_ram(pid, *(int(bound, 16) for bound in span.split("-"))):
                with contextlib.suppress(OSError):
                    memory.seek(begin)
                    yield f"{where} {begin:x}", memory.read(end - begin)


def _in_ram(pid: int, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of a mapping whose pages are present, or swapped out (proc(5), pagemap)."""
    with open(f"/proc/{pid}/pagemap", "rb", 0) as pages:
        pages.seek(8 * (start // _PAGE))
        entries = np.frombuffer(pages.read(8 * ((end - start) // _PAGE)), "<u8")
    present = np.concatenate([[False], entries >> 62 > 0, [False]])
    edges = np.flatnonzero(present[1:] != present[:-1])
    return [(start + _PAGE * int(a), start + _PAGE * int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[-60:].strip()
    return "(gone)"


def _magenta_rgb(data: np.ndarray) -> bool:
    """A row of pixels that is red and blue without green; red and blue may be swapped.

    Looked at in blocks, each at any alignment: a row of twice their length fills one whatever it begins with.
    """
    blocks = _blocks(data, 3 * _RUN)
    bright, dark = blocks[:, :3] > 180, blocks[:, :3] < 70
    blocks = blocks[(bright.sum(axis=1) == 2) & (dark.sum(axis=1) == 1)].reshape(-1, _RUN, 3)
    bright, dark = (blocks > 180).all(axis=1), (blocks < 70).all(axis=1)
    return bool(((bright.sum(axis=1) == 2) & (dark.sum(axis=1) == 1)).any())


def _magenta_planes(data: np.ndarray) -> bool:
    """Many rows of either chroma: one alone may be a table of a program."""
    blocks = _blocks(data, _PLANE_RUN)
    return all(_rows_within(blocks, low, high) >= _PLANE_ROWS for low, high in _CHROMA)


def _rows_within(blocks: np.ndarray, low: int, high: int) -> int:
    begin = blocks[(blocks[:, 0] >= low) & (blocks[:, 0] <= high)]
    return int(((begin >= low) & (begin <= high)).all(axis=1).sum())


def _blocks(data: np.ndarray, length: int) -> np.ndarray:
    return data[: len(data) // length * length].reshape(-1, length)


def _shows_magenta(data: bytes) -> bool:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    return image is not None and _magenta_rgb(image.reshape(-1))
