"""A phone's accelerometer recording as CSV: one time column, one acceleration column per axis."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from station.errors import InputError
from station.records import csv_table

TIME = re.compile(r"time(_s| ?\(s\))", re.IGNORECASE)
AXIS = re.compile(
    r"(linear[ _])?acceleration([ _][xyz])?(_m_s2| ?\(m/s(\^2|²|2)\))([ _][xyz])?",  # the station's and phyphox's names
    re.IGNORECASE,
)
MIN_DURATION_S = 5.0
MIN_RATE_HZ = 100.0
RATE_TOLERANCE = 0.03
"""Phones keep their rate to a few percent."""
MAX_GAP_S = 0.1
MAX_ACCELERATION_M_S2 = 4000.0


@dataclass(frozen=True)
class Accelerometer:
    """`acceleration_m_s2` is (axes, n) at increasing `t_s` (n,); `rate_hz` the usual one."""

    t_s: np.ndarray
    acceleration_m_s2: np.ndarray
    rate_hz: float


def read_accelerometer(path: Path) -> Accelerometer:
    """Read `time_s` and `acceleration_m_s2` (or one `acceleration_<axis>_m_s2` per axis), or phyphox's headers.

    Raises InputError.
    """
    names = csv_table.header(path)
    times = [name for name in names if TIME.fullmatch(name)]
    axes = [name for name in names if AXIS.fullmatch(name)]
    columns = csv_table.read(path, (*(times or ["time_s"]), *(axes or ["acceleration_m_s2"])))
    t_s = columns[times[0]]
    if len(times) > 1:
        raise InputError(f"{path}: columns {times[0]} and {times[1]} both give the time; leave one")
    csv_table.check_time(path, t_s, MIN_DURATION_S, times[0])
    for name in axes:
        csv_table.check_range(path, name, columns[name], MAX_ACCELERATION_M_S2, "m/s^2")
    return Accelerometer(t_s, np.array([columns[name] for name in axes]), _rate_hz(path, t_s, times[0]))


def _rate_hz(path: Path, t_s: np.ndarray, column: str) -> float:
    steps_s = np.diff(t_s)
    rate_hz = float(1 / np.median(steps_s))
    if rate_hz < MIN_RATE_HZ * (1 - RATE_TOLERANCE):
        hint = "is the time in milliseconds?" if rate_hz <= 1 else "choose the fastest rate of the phone"
        raise InputError(f"{path}: {rate_hz:.4g} samples a second; at least {MIN_RATE_HZ:g} are needed: {hint}")
    gaps = np.flatnonzero(steps_s > MAX_GAP_S)
    if len(gaps):
        raise InputError(
            f"{path}: row {gaps[0] + 3}, column {column}: a gap of {steps_s[gaps[0]]:.3g} s; "
            "keep the phone's screen on and record again"
        )
    return rate_hz
