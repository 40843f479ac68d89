"""The zero of the cells from the flight phases: drift of the tare during a run, taken out.

In flight nobody touches the belt, so whatever a cell then says is its zero (the idea of dryft: Alcantara 2019,
J Open Source Softw 4:1910). A running median keeps one bad flight from bending the zero of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d

from station.gait.results import CellSignal
from station.gait.stances import Stances

DRIFT_N = 10.0
"""Of all cells together: what the zero may move within a run before it is followed. Creep of four 200 kg cells is about
2 N, but a flight of 100 ms still holds the ring-down of the deck and the tail of the chip's average."""
TARE_TRUST_N = 25.0
"""A run that begins with flights within this of zero keeps that level: the tare was made on a resting deck, a running
belt may lift or press a little, and plates too are off by up to 15 N in flight. A larger one is a bad tare."""
SMOOTHED_FLIGHTS = 7
"""About 2.5 s of running: first their running median, then its running mean."""
MIN_FLIGHTS = 8


@dataclass(frozen=True)
class ZeroLevel:
    """Flight force of each cell over the run. `applied` False: the tare was good and was kept."""

    t_s: np.ndarray  # (m,) middle of each flight used
    level_n: np.ndarray  # (cells, m)
    applied: bool
    kept_n: np.ndarray | None  # (cells,) level at the beginning of the run that was left in; None: no flights yet

    @property
    def drift_n_per_min(self) -> float | None:
        """Slope of the total zero."""
        if len(self.t_s) < MIN_FLIGHTS:
            return None
        return float(np.polyfit(self.t_s, self.level_n.sum(axis=0), 1)[0] * 60)

    @property
    def left_in_n(self) -> float:
        """|force| of all cells in the run's first flights that was left in, for a tare's or a belt's."""
        return 0.0 if self.kept_n is None else float(abs(self.kept_n.sum()))

    @property
    def moved_n(self) -> np.ndarray:
        """(m,) what was taken off all cells together."""
        if not self.applied or self.kept_n is None:
            return np.zeros(len(self.t_s))
        return (self.level_n - self.kept_n[:, None]).sum(axis=0)

    def between(self, start_s: float, end_s: float) -> "ZeroLevel":
        """What was seen from `start_s` up to, not including, `end_s`."""
        inside = (self.t_s >= start_s) & (self.t_s < end_s)
        return replace(self, t_s=self.t_s[inside], level_n=self.level_n[:, inside])


def joined_zero(parts: Sequence[ZeroLevel]) -> ZeroLevel:
    """Of stretches that follow each other; applied where it was in any of them."""
    return ZeroLevel(
        np.concatenate([p.t_s for p in parts]),
        np.concatenate([p.level_n for p in parts], axis=1),
        any(p.applied for p in parts),
        parts[-1].kept_n,
    )


def flight_zeroed(
    cells: Sequence[CellSignal], stances: Stances, kept_n: np.ndarray | None = None
) -> tuple[tuple[CellSignal, ...], ZeroLevel]:
    """The cells with their drift taken out where the flights show one, and what was seen.

    `kept_n` (cells,): the level at the beginning of the run, where these cells are of a later part of it.
    """
    flights = stances.flights_s
    levels = np.array([[_level(cell, *flight) for flight in flights] for cell in cells]).reshape(len(cells), -1)
    seen = np.all(np.isfinite(levels), axis=0)
    t_s, levels = flights.mean(axis=1)[seen], levels[:, seen]
    if len(t_s) < MIN_FLIGHTS:
        return tuple(cells), ZeroLevel(t_s, levels, False, kept_n)
    robust = median_filter(levels, size=(1, SMOOTHED_FLIGHTS), mode="nearest")
    smooth = uniform_filter1d(robust, SMOOTHED_FLIGHTS, axis=1, mode="nearest")
    kept_n = _trusted(levels[:, :SMOOTHED_FLIGHTS]) if kept_n is None else kept_n
    moved = smooth - kept_n[:, None]
    zero = ZeroLevel(t_s, smooth, bool(np.abs(moved.sum(axis=0)).max() > DRIFT_N), kept_n)
    if not zero.applied:
        return tuple(cells), zero
    straight = [
        replace(c, force_n=c.force_n - np.interp(c.t_s, t_s, level)) for c, level in zip(cells, moved, strict=True)
    ]
    return tuple(straight), zero


def _trusted(first_n: np.ndarray) -> np.ndarray:
    """(cells,) level of the first flights (cells, m), or zero where it cannot come from a good tare."""
    level_n = np.median(first_n, axis=1)
    return level_n if abs(level_n.sum()) <= TARE_TRUST_N else np.zeros(len(level_n))


def _level(cell: CellSignal, start_s: float, end_s: float) -> float:
    """Mean of the conversions that saw the flight alone (its middle half where unblurred); NaN where none did."""
    if cell.kernel is None:
        quarter = (end_s - start_s) / 4
        first, last = np.searchsorted(cell.t_s, (start_s + quarter, end_s - quarter))
    else:
        first = np.searchsorted(cell.t_s, start_s + cell.kernel.reach_s)
        last = np.searchsorted(cell.t_s, end_s + cell.kernel.delay_s, side="right")
    return float(cell.force_n[first:last].mean()) if last > first else np.nan
