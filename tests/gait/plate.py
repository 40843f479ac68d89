"""Real force-plate trials, and what the plate itself says of them by the station's definitions.

Written apart from the analysis on purpose: it works on the plate's own samples with splines and shares no code with it.
"""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import butter, filtfilt

CONTACT_N = 50.0
STANDARD_GRAVITY = 9.80665
EDGE_S = 0.1
FINE_S = 5e-4


def data_dir() -> Path | None:
    """The folder of real recordings; None where this machine has none."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get("STATION_DATA", beside))
    return folder if folder.is_dir() else None


@dataclass(frozen=True)
class Trial:
    """One treadmill trial on the station's axes; the last centre of pressure holds below 50 N."""

    name: str
    t_s: np.ndarray
    fz_n: np.ndarray
    cop_x_m: np.ndarray
    cop_y_m: np.ndarray
    side_at_s: np.ndarray  # contacts with a known side
    side: np.ndarray  # "L" or "R"

    @classmethod
    def read(cls, file: Path) -> "Trial":
        with np.load(file) as z:
            fz_n = z["F"][:, 1].astype(float)
            centre = (z["corners_mm"].min(axis=1) + z["corners_mm"].max(axis=1)) / 2
            cop = z["cop_mm"].astype(float)
            on_s, side = z["step_on"] / 300, z["step_side"]
        known = np.isfinite(cop[:, 0]) & (fz_n >= CONTACT_N)
        x = _held((cop[:, 0] - centre[0]) / 1000, known)
        y = _held(-(cop[:, 2] - centre[2]) / 1000, known)
        return cls(file.stem.removeprefix("RBDS"), np.arange(len(fz_n)) / 300, fz_n, x, y, on_s, side)


def trials(pattern: str = "RBDS*_T*.npz") -> Iterator[Trial]:
    """The trials of `running_force`, in order of name. Raises FileNotFoundError where there is no data."""
    folder = data_dir()
    if folder is None:
        raise FileNotFoundError("no real recordings here; set STATION_DATA to their folder")
    for file in sorted((folder / "running_force").glob(pattern)):
        yield Trial.read(file)


def trials_500hz() -> Iterator[Trial]:
    """The trials of `running_force_500hz` of one runner: force alone, pressed on the deck's centre; no sides."""
    folder = data_dir()
    if folder is None:
        raise FileNotFoundError("no real recordings here; set STATION_DATA to their folder")
    folder /= "running_force_500hz"
    with open(folder / "Sub_Info_one_sub.csv", newline="") as file:
        weights_n = [float(row["Mass"]) * STANDARD_GRAVITY for row in csv.DictReader(file)]
    lines = (folder / "GRF_one_sub.csv").read_text().splitlines()
    for number, (line, weight_n) in enumerate(zip(lines, weights_n, strict=True)):
        fz_n = weight_n * np.array([float(x) for x in line.split(",") if x.strip() and float(x) == float(x)])
        centre, nothing = np.zeros(len(fz_n)), np.zeros(0)
        yield Trial(f"500_{number:02d}", np.arange(len(fz_n)) / 500, fz_n, centre, centre, nothing, nothing)


def _held(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), 0))
    return np.nan_to_num(values[last])


@dataclass(frozen=True)
class PlateStep:
    contact_s: float
    toe_off_s: float
    peak_n: float
    loading_rate_n_s: float
    impact_visible: bool

    @property
    def contact_time_ms(self) -> float:
        return 1e3 * (self.toe_off_s - self.contact_s)


def plate_steps(t_s: np.ndarray, fz_n: np.ndarray) -> list[PlateStep]:
    """Complete steps at least 100 ms inside the recording, by DESIGN section 5."""
    rate_hz = 1 / (t_s[1] - t_s[0])
    b, a = butter(2, 50 / (np.sqrt(2) - 1) ** 0.25, fs=rate_hz)
    curve = CubicSpline(t_s, filtfilt(b, a, fz_n))
    fine_s = np.arange(t_s[0], t_s[-1], FINE_S)
    fine_n = curve(fine_s)
    above = fine_n >= CONTACT_N
    rises, falls = np.flatnonzero(~above[:-1] & above[1:]), np.flatnonzero(above[:-1] & ~above[1:])
    steps = []
    for rise in rises:
        later = falls[falls > rise]
        if not len(later) or fine_s[later[0]] - fine_s[rise] < 0.08:
            continue
        contact_s, toe_off_s = (_crossing(fine_s, fine_n, i) for i in (rise, later[0]))
        if contact_s >= t_s[0] + EDGE_S and toe_off_s <= t_s[-1] - EDGE_S:
            steps.append(read_step(fine_s[rise : later[0] + 2], fine_n[rise : later[0] + 2], contact_s, toe_off_s))
    return steps


def _crossing(t_s: np.ndarray, f_n: np.ndarray, i: int) -> float:
    return float(t_s[i] + (CONTACT_N - f_n[i]) / (f_n[i + 1] - f_n[i]) * (t_s[i + 1] - t_s[i]))


def read_step(t_s: np.ndarray, f_n: np.ndarray, contact_s: float, toe_off_s: float) -> PlateStep:
    """One step of a filtered force, from the sample before contact to the one after toe-off."""
    top = int(np.argmax(f_n))
    maxima = [k for k in range(1, len(f_n) - 1) if f_n[k - 1] <= f_n[k] > f_n[k + 1]]
    second = max((k for k in maxima if t_s[k] > t_s[top] + 0.03), key=lambda k: f_n[k], default=None)
    active = second if second is not None and f_n[second] > 0.8 * f_n[top] else top
    early = [k for k in maxima if 0.008 <= t_s[k] - contact_s <= 0.060 and k != active]
    poi_s = t_s[early[0]] if early else contact_s + 0.13 * (toe_off_s - contact_s)
    poi_n = np.interp(poi_s, t_s, f_n)
    rise = np.maximum.accumulate(f_n[: np.searchsorted(t_s, poi_s) + 1])
    t20, t80 = (np.interp(share * poi_n, rise, t_s[: len(rise)]) for share in (0.2, 0.8))
    return PlateStep(contact_s, toe_off_s, float(f_n[top]), float(0.6 * poi_n / (t80 - t20)), bool(early))


def plate_weight_n(t_s: np.ndarray, fz_n: np.ndarray, steps: list[PlateStep]) -> float:
    """Mean force from the first contact over as many whole strides as there are."""
    last = (len(steps) - 1) // 2 * 2
    first, end = np.searchsorted(t_s, (steps[0].contact_s, steps[last].contact_s))
    return float(fz_n[first:end].mean())
