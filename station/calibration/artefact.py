"""The calibration artefact: made of the steps' results, checked, and kept as one JSON file per calibration.

The files are numbered in the order they were made: the clock of a Pi that has not met a time server yet is of no use.
"""

import re
from datetime import datetime
from pathlib import Path

import msgspec

from station.calibration.grid import GridFit
from station.calibration.tare import StaticReading
from station.config import Cell
from station.errors import CalibrationError
from station.messages import CHANNELS, Calibration, CellCalibration, ChipKernel, DeckCalibration

FOLDER = "calibration"
"""Inside the state directory."""
_REMEDY = (
    "for real load cells, join what station.calibration.tare, grid and kernel measured and save it with "
    "station.calibration.artefact.save (there is no command for that yet); `station demo` calibrates its own deck"
)
NEWTON_PER_COUNT = (1e-6, 1e-1)
"""From a 10 kg cell of 3 mV/V to a 2 t cell of 1 mV/V on a low supply, and room."""
MAX_GAIN_RATIO = 3.0
PERIOD_S = (1 / 400, 1 / 5)
MAX_DELAY_PERIODS = 3.0


def new_calibration(
    cells: dict[str, Cell],
    unloaded: StaticReading,
    grid: GridFit,
    kernels: list[ChipKernel] | None,
    deck: DeckCalibration | None,
    created: datetime,
    source: str,
) -> Calibration:
    """Join the results of the steps. `kernels` None: never tested. Raises CalibrationError on the absurd."""
    calibration = Calibration(
        id=created.strftime("%Y%m%dT%H%M%SZ"),
        created_utc=created.isoformat(timespec="seconds"),
        cells=[
            CellCalibration(
                channel=name,
                x_m=cells[name].x_m,
                y_m=cells[name].y_m,
                offset_counts=float(unloaded.counts[i]),
                newton_per_count=float(grid.newton_per_count[i]),
                kernel=kernels[i] if kernels else None,
            )
            for i, name in enumerate(CHANNELS)
        ],
        deck=deck,
        residual_n=grid.residual_n,
        source=source,
    )
    check(calibration)
    return calibration


def check(calibration: Calibration) -> None:
    """Raise CalibrationError, naming cell and value, for what no station can have."""
    if [c.channel for c in calibration.cells] != list(CHANNELS):
        raise CalibrationError(f"calibration {calibration.id}: needs the cells {', '.join(CHANNELS)}, in this order")
    for cell in calibration.cells:
        _check_cell(cell, f"calibration {calibration.id}, {cell.channel.replace('_', ' ')} load cell")
    gains = [abs(c.newton_per_count) for c in calibration.cells]
    if max(gains) > MAX_GAIN_RATIO * min(gains):
        raise CalibrationError(
            f"calibration {calibration.id}: the cells' gains differ {max(gains) / min(gains):.1f}-fold; "
            "check which cell is on which wires and repeat the load grid"
        )


def save(calibration: Calibration, state: Path) -> Path:
    """Write the artefact under the state directory as the latest one; the path of the file."""
    check(calibration)
    path = state / FOLDER / f"{_number(_newest(state)) + 1:04d}-{calibration.id}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half_written = path.with_suffix(".part")
        half_written.write_bytes(msgspec.json.format(msgspec.json.encode(calibration)) + b"\n")
        half_written.replace(path)
    except OSError as e:
        raise CalibrationError(f"calibration {path}: {e.strerror}; check the directory and its permissions") from None
    return path


def load(path: Path) -> Calibration:
    """Read an artefact. Raises CalibrationError where it is missing, damaged or absurd."""
    try:
        calibration = msgspec.json.decode(path.read_bytes(), type=Calibration)
    except OSError as e:
        raise CalibrationError(f"calibration {path}: {e.strerror}; {_REMEDY}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as e:
        raise CalibrationError(f"calibration {path}: {e}; restore it from a backup or calibrate again") from None
    check(calibration)
    return calibration


def latest(state: Path) -> Calibration:
    """The artefact that was saved last under the state directory. Raises CalibrationError where there is none."""
    path = _newest(state)
    if path is None:
        raise CalibrationError(f"no calibration in {state / FOLDER}; {_REMEDY}")
    return load(path)


def _newest(state: Path) -> Path | None:
    return max((state / FOLDER).glob("*.json"), key=lambda path: (_number(path), path.name), default=None)


def _number(path: Path | None) -> int:
    """In front of the file's name; 0 where there is none."""
    found = re.match(r"(\d+)-", path.name) if path is not None else None
    return int(found[1]) if found else 0


def _check_cell(cell: CellCalibration, place: str) -> None:
    low, high = NEWTON_PER_COUNT
    if not low <= abs(cell.newton_per_count) <= high:
        raise CalibrationError(f"{place}: {cell.newton_per_count:.3g} N per count cannot be; repeat the load grid")
    if not abs(cell.offset_counts) < 2**23:
        raise CalibrationError(f"{place}: an offset of {cell.offset_counts:.0f} counts cannot be; repeat the tare")
    kernel = cell.kernel
    if kernel is None:
        return
    if not PERIOD_S[0] <= kernel.period_s <= PERIOD_S[1]:
        raise CalibrationError(
            f"{place}: a conversion every {kernel.period_s * 1e3:.2f} ms cannot be; repeat the kernel test"
        )
    if not abs(kernel.delay_s) <= MAX_DELAY_PERIODS * kernel.period_s:
        raise CalibrationError(f"{place}: a delay of {kernel.delay_s * 1e3:.1f} ms cannot be; repeat the kernel test")
