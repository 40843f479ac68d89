"""The calibration in use: the newest part of each kind, joined and checked.

Every calibration leaves one immutable part, one JSON file. The files are numbered in the order they were made: the
clock of a Pi that has not met a time server yet is of no use.
"""

import os
import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from station.calibration.part_check import fault
from station.calibration.parts import CameraPart, DeckPart, GridPart, KernelPart, Part, TarePart
from station.calibration.soundness import check, same_chips, same_places, same_wires
from station.config import Cell
from station.errors import CalibrationError
from station.messages import CHANNELS, Calibration, CalibrationPart, CellCalibration
from station.records.disk import sync_folder
from station.words import N_

FOLDER = "calibration"
"""Inside the state directory."""
_AnyPart = TarePart | GridPart | KernelPart | DeckPart | CameraPart
_Kind = TypeVar("_Kind", bound=Part)


def assemble(parts: Sequence[Part], cells: dict[str, Cell]) -> Calibration:
    """Join parts, oldest first; the newest of a kind counts. A grid's own unloaded reading is a tare.

    Raises CalibrationError where there is no grid, or where tare and grid are not of the cells as configured. A kernel
    test of other wires or chips is left out, and `left_out` says so.
    """
    grid = _newest(parts, GridPart)
    if grid is None:
        raise CalibrationError(N_("the load grid has not been measured yet; run `station calibrate grid`"))
    same_wires(grid, cells)
    same_places(grid, cells)
    unloaded = _newest(parts, TarePart | GridPart)
    same_wires(unloaded, cells)
    offsets = unloaded.offset_counts if isinstance(unloaded, TarePart) else unloaded.unloaded_counts
    kernel, deck, camera = (_newest(parts, kind) for kind in (KernelPart, DeckPart, CameraPart))
    left_out = kernel and same_chips(kernel, unloaded, cells)
    if left_out:
        kernel = None
    used: dict[str, Part | None] = {"tare": unloaded, "grid": grid, "kernel": kernel, "deck": deck, "camera": camera}
    newest = max((p for p in used.values() if p is not None), key=parts.index)
    calibration = Calibration(
        id=newest.id,
        created_utc=newest.created_utc,
        cells=[
            CellCalibration(
                channel=name,
                x_m=grid.x_m[i],
                y_m=grid.y_m[i],
                offset_counts=offsets[i],
                newton_per_count=grid.newton_per_count[i],
                kernel=kernel.kernels[i] if kernel else None,
            )
            for i, name in enumerate(CHANNELS)
        ],
        deck=deck.deck if deck else None,
        residual_n=grid.residuals["leave_one_out_n"],
        gain_sd=grid.gain_sd,
        parts={
            kind: CalibrationPart(id=p.id, created_utc=p.created_utc, residuals=p.residuals)
            for kind, p in used.items()
            if p is not None
        },
        camera=camera.camera if camera else None,
        source=grid.source,
        left_out=[left_out] if left_out else [],
    )
    check(calibration)
    return calibration


def prepare(state: Path) -> None:
    """Raise CalibrationError where a part could not be kept: before anybody carries plates."""
    folder = state / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as e:
        raise CalibrationError(
            N_("calibration {folder}: {error}; check the directory and its permissions").format(
                folder=folder, error=e.strerror
            )
        ) from None


def save(part: Part, state: Path) -> Part:
    """Write a part under the state directory as the newest; the part with its number in its id.

    Either the whole file is on the disk afterwards, also after a power cut, or CalibrationError is raised.
    """
    number = 1 + max((_number(path) for path in _files(state)), default=0)
    part = msgspec.structs.replace(part, id=f"{number:04d}-{part.id}")
    path = state / FOLDER / f"{part.id}.json"
    half_written = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(half_written, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(part)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        half_written.replace(path)
        sync_folder(path.parent)
    except OSError as e:
        with suppress(OSError):
            half_written.unlink(missing_ok=True)
        raise CalibrationError(
            N_("calibration {path}: {error}; check the directory and its permissions").format(
                path=path, error=e.strerror
            )
        ) from None
    return part


def load(path: Path) -> Part:
    """Read a part. Raises CalibrationError where it is missing, damaged or not whole."""
    try:
        part = msgspec.json.decode(path.read_bytes(), type=_AnyPart)
    except OSError as e:
        raise CalibrationError(
            N_("calibration {path}: {error}; check the directory and its permissions").format(
                path=path, error=e.strerror
            )
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        raise CalibrationError(
            N_(
                "calibration {path}: damaged ({e}); restore it from a backup, or remove it and repeat that calibration"
            ).format(path=path, e=e)
        ) from None
    wrong = fault(part)
    if wrong:
        raise CalibrationError(
            N_(
                "calibration {path}: {wrong}; restore it from a backup, or remove it and repeat `station "
                "calibrate {kind}`"
            ).format(path=path, wrong=wrong, kind=part.kind)
        )
    return part


def newest_files(state: Path) -> list[Path]:
    """The file of the newest part of each kind under the state directory, oldest first. Raises CalibrationError."""
    newest = {_kind(path): path for path in sorted(_files(state), key=lambda path: (_number(path), path.name))}
    return sorted(newest.values(), key=_number)


def load_parts(state: Path) -> list[Part]:
    """The newest part of each kind under the state directory, oldest first."""
    return [load(path) for path in newest_files(state)]


def latest(state: Path, cells: dict[str, Cell]) -> Calibration:
    """What the parts under the state directory make together, for the cells as configured. Raises CalibrationError.

    A damaged camera part is left out, and `left_out` says so: the load cells are worth as much without it.
    """
    parts, left_out = [], []
    for path in newest_files(state):
        try:
            parts.append(load(path))
        except CalibrationError as e:
            if _kind(path) != "camera":
                raise
            left_out.append(N_("the camera's calibration is left out: {e}").format(e=e))
    calibration = assemble(parts, cells)
    return msgspec.structs.replace(calibration, left_out=[*calibration.left_out, *left_out])


def _newest(parts: Sequence[Part], kind: type[_Kind]) -> _Kind | None:
    return next((p for p in reversed(parts) if isinstance(p, kind)), None)


def _files(state: Path) -> list[Path]:
    """All parts that were kept. Raises CalibrationError where the folder cannot be looked into."""
    folder = state / FOLDER
    try:
        paths = [folder / name for name in os.listdir(folder)]
    except FileNotFoundError:
        return []
    except OSError as e:
        raise CalibrationError(
            N_("calibration {folder}: {error}; check the directory and its permissions").format(
                folder=folder, error=e.strerror
            )
        ) from None
    return [path for path in paths if path.suffix == ".json" and _number(path)]


def _number(path: Path) -> int:
    """In front of the file's name; 0 where there is none."""
    found = re.match(r"(\d+)-", path.name)
    return int(found[1]) if found else 0


def _kind(path: Path) -> str:
    return path.name.split("-")[1]
