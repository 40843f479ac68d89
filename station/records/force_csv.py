"""The user's force files: a force plate's vertical force and centre of pressure, or four cells in newtons."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from station.errors import InputError
from station.messages import CHANNELS
from station.records import csv_table

MIN_DURATION_S = 2.0
MIN_RATE_HZ = 200.0
MAX_FORCE_N = 20_000.0  # far above the landing of the heaviest runner
MAX_COP_M = 5.0
LEAST_PEAK_N = 50.0  # less than this is not even a contact
COP_VALID_N = 50.0  # below this the centre of pressure is noise (DESIGN section 5)


@dataclass(frozen=True)
class ForcePlate:
    """A force-plate recording. The centre of pressure is in deck axes, held where the force is below 50 N."""

    t_s: np.ndarray
    fz_n: np.ndarray
    cop_x_m: np.ndarray
    cop_y_m: np.ndarray


@dataclass(frozen=True)
class CellForces:
    """Four cells in unblurred newtons: `force_n` is (4, n) in the order of CHANNELS."""

    t_s: np.ndarray
    force_n: np.ndarray


def read_force_plate(path: Path) -> ForcePlate:
    """Read `time_s,fz_n,cop_x_m,cop_y_m`. Raises InputError."""
    cop = ("cop_x_m", "cop_y_m")
    columns = csv_table.read(path, ("time_s", "fz_n", *cop), may_be_empty=cop)
    t_s, fz_n = columns["time_s"], columns["fz_n"]
    _check_uniform(path, t_s)
    csv_table.check_range(path, "fz_n", fz_n, MAX_FORCE_N, "newtons")
    for name in cop:
        loaded = np.where(fz_n >= COP_VALID_N, columns[name], np.nan)
        csv_table.check_range(path, name, loaded, MAX_COP_M, "metres from the deck centre")
        columns[name] = _held(loaded)
    return ForcePlate(t_s, fz_n, columns["cop_x_m"], columns["cop_y_m"])


def read_cells(path: Path) -> CellForces:
    """Read `time_s` and one `<cell>_n` column per cell. Raises InputError."""
    names = [f"{c}_n" for c in CHANNELS]
    columns = csv_table.read(path, ("time_s", *names))
    _check_uniform(path, columns["time_s"])
    for name in names:
        csv_table.check_range(path, name, columns[name], MAX_FORCE_N, "newtons")
    return CellForces(columns["time_s"], np.array([columns[n] for n in names]))


def unit_doubt(force_n: np.ndarray) -> str | None:
    """A sentence where the force of a run stays tiny or points down: perhaps in another unit or direction."""
    highest_n, lowest_n = float(np.max(force_n)), float(np.min(force_n))
    if max(highest_n, -lowest_n) < LEAST_PEAK_N:
        return f"The force never exceeds {max(highest_n, -lowest_n):.3g}: is it in kN? Newtons are needed."
    if -lowest_n > 2 * highest_n:
        return "The force is negative: up on the runner is positive, so change its sign."
    return None


def _check_uniform(path: Path, t_s: np.ndarray) -> None:
    csv_table.check_time(path, t_s, MIN_DURATION_S)
    steps = np.diff(t_s)
    period = float(np.median(steps))
    if period > 1 / MIN_RATE_HZ * 1.001:
        hint = "is time_s in milliseconds?" if period >= 1 else f"a force file needs at least {MIN_RATE_HZ:g}"
        raise InputError(f"{path}: {1 / period:.1f} samples a second; {hint}")
    gaps = np.flatnonzero(steps > 1.5 * period)
    if len(gaps):
        raise InputError(
            f"{path}: row {gaps[0] + 3}, column time_s: a gap of {steps[gaps[0]]:.4g} s where samples are "
            f"{period:.4g} s apart; give a recording without gaps"
        )


def _held(values: np.ndarray) -> np.ndarray:
    """Each NaN replaced by the last number before it; the first number holds backwards; no number at all = 0."""
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return np.zeros_like(values)
    last = np.searchsorted(known, np.arange(len(values)), side="right") - 1
    return values[known[np.maximum(last, 0)]]
