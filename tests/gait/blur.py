"""What averaging chips make of known cell forces: fine numeric box averages, apart from the station's own kernel."""

from collections.abc import Sequence

import numpy as np

from station.gait.results import CellSignal, Kernel

PLACES = ((0.7, 0.3), (0.7, -0.3), (-0.7, 0.3), (-0.7, -0.3))
FINE_HZ = 4000.0
SETTLE_S = 1.0


def corners(fz_n: np.ndarray, cop_x_m: np.ndarray, cop_y_m: np.ndarray) -> np.ndarray:
    """(4, n) newtons; a CoP that is NaN presses nothing."""
    x, y = np.nan_to_num(cop_x_m), np.nan_to_num(cop_y_m)
    return np.array([fz_n / 4 * (1 + x / px) * (1 + y / py) for px, py in PLACES])


def unblurred(t_s: np.ndarray, cells_n: np.ndarray) -> tuple[CellSignal, ...]:
    return tuple(CellSignal(t_s, cell, *place, None) for cell, place in zip(cells_n, PLACES, strict=True))


def blurred(
    t_s: np.ndarray,
    cells_n: np.ndarray,
    seed: int = 1,
    rate_sps: float = 80.0,
    order: int = 3,
    lost: float = 0.0,
    places: Sequence[tuple[float, float]] = PLACES,
) -> tuple[CellSignal, ...]:
    """Four free-running chips, periods +-3 %, any phase, 0.1 N of noise; unloaded for a second before and after."""
    rng = np.random.default_rng(seed)
    fine_s = np.arange(t_s[0] - SETTLE_S, t_s[-1] + SETTLE_S, 1 / FINE_HZ)
    return tuple(
        _chip(rng, fine_s, np.interp(fine_s, t_s, cell, left=0, right=0), rate_sps, order, lost, place)
        for cell, place in zip(cells_n, places, strict=True)
    )


def _chip(
    rng: np.random.Generator,
    fine_s: np.ndarray,
    force_n: np.ndarray,
    rate_sps: float,
    order: int,
    lost: float,
    place: tuple[float, float],
) -> CellSignal:
    period_s = 1 / (rate_sps * (1 + rng.uniform(-0.03, 0.03)))
    for _ in range(order):
        summed = np.concatenate([[0.0], np.cumsum((force_n[1:] + force_n[:-1]) / 2)]) / FINE_HZ
        force_n = (summed - np.interp(fine_s - period_s, fine_s, summed)) / period_s
    end_s = np.arange(fine_s[0] + (order + rng.uniform()) * period_s, fine_s[-1], period_s)
    end_s = end_s[rng.random(len(end_s)) >= lost]
    readings = np.interp(end_s, fine_s, force_n) + rng.normal(0, 0.1, len(end_s))
    return CellSignal(end_s, readings, *place, Kernel(order, period_s))
