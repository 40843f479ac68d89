"""A user's CSV file as columns of numbers; every flaw is named with its row and column."""

import csv
import math
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from station.errors import InputError

MAX_BYTES = 256 << 20  # an hour of a force plate at 1 kHz is about 150 MB


def read(path: Path, required: Collection[str], may_be_empty: Collection[str] = ()) -> dict[str, np.ndarray]:
    """Columns by name, float64 (n,); cells of `may_be_empty` columns that are empty or NaN become NaN.

    Columns beyond `required` are read too when they are in `may_be_empty`, else left out.
    Raises InputError: one line that names the file, the row (1 = header) or column, and what to do.
    """
    with _rows(path) as rows:
        return _columns(path, rows, required, may_be_empty)


def header(path: Path) -> list[str]:
    """Names of the columns, for a file whose maker chose them. Raises InputError."""
    with _rows(path) as rows:
        return [name.strip() for name in next(rows, [])]


def check_time(path: Path, t_s: np.ndarray, min_duration_s: float, column: str = "time_s") -> None:
    """Refuse time that is too short or does not run forwards. Raises InputError."""
    backwards = np.flatnonzero(np.diff(t_s) <= 0)
    if len(backwards):
        row = backwards[0] + 3  # header, and the later of the two rows
        raise InputError(f"{path}: row {row}, column {column}: time does not run forwards; sort the rows by time")
    length_s = t_s[-1] - t_s[0] if len(t_s) else 0.0
    if length_s < min_duration_s:
        raise InputError(f"{path}: only {length_s:.2f} s long; at least {min_duration_s:g} s are needed")


def check_range(path: Path, column: str, values: np.ndarray, limit: float, unit: str) -> None:
    """Refuse values whose size exceeds `limit` (NaN passes). Raises InputError."""
    wrong = np.flatnonzero(np.abs(values) > limit)
    if len(wrong):
        value = values[wrong[0]]
        raise InputError(f"{path}: row {wrong[0] + 2}, column {column}: {value:g} is not possible in {unit}")


@contextmanager
def _rows(path: Path) -> Iterator["csv._reader"]:
    """The rows of the file; what goes wrong while they are read becomes an InputError."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise InputError(f"{path}: not a regular file; save the data in a file first")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"{path}: {size >> 20} MB is too large; cut it to at most {MAX_BYTES >> 20} MB")
        with path.open(encoding="utf-8-sig", newline="") as f:
            yield csv.reader(f, strict=True)
    except OSError as e:
        raise InputError(f"{path}: cannot be read ({e.strerror}); check the path and its permissions") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not a text file; give a CSV file in UTF-8") from None
    except csv.Error as e:
        raise InputError(f"{path}: not a CSV file ({e}); separate the columns by commas") from None


def _columns(
    path: Path, rows: "csv._reader", required: Collection[str], may_be_empty: Collection[str]
) -> dict[str, np.ndarray]:
    header = [name.strip() for name in next(rows, [])]
    if not any(header):
        raise InputError(f"{path}: the file is empty; the first row must name the columns {', '.join(required)}")
    for name in required:
        if header.count(name) != 1:
            what = "missing" if name not in header else "there twice"
            for separator, named in ((";", "semicolons"), ("\t", "tabs")):
                if separator in header[0]:
                    raise InputError(f"{path}: the columns are separated by {named}; separate them by commas")
            raise InputError(f"{path}: column {name} is {what}; the first row must name {', '.join(required)}")
    wanted = [(i, n) for i, n in enumerate(header) if n in required or n in may_be_empty]
    values: dict[str, list[float]] = {n: [] for _, n in wanted}
    if len(values) < len(wanted):
        raise InputError(f"{path}: a column is there twice; name each column once")
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(header):
            raise InputError(f"{path}: row {number} has {len(row)} cells, the header has {len(header)}; mend that row")
        for i, name in wanted:
            values[name].append(_number(path, number, name, row[i], name in may_be_empty))
    return {name: np.array(v) for name, v in values.items()}


def _number(path: Path, row: int, column: str, cell: str, may_be_empty: bool) -> float:
    text = cell.strip()
    if not text and may_be_empty:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        what = "empty" if not text else f"{text[:20]!r}, not a number"
        raise InputError(f"{path}: row {row}, column {column} is {what}; put a number there") from None
    if math.isinf(value) or (math.isnan(value) and not may_be_empty):
        raise InputError(f"{path}: row {row}, column {column} is {text}; put a finite number there")
    return value
