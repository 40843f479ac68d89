"""The sinc family: for each order the delay at which it fits the recorded switching best."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from station.calibration.kernel_recording import ChipSwitching
from station.calibration.kernel_shares import on_share
from station.gait.results import Kernel

ORDERS = range(1, 7)
DELAY_PERIODS = (-1.0, 3.0)
"""Range of the delay that is searched, in conversion periods."""


@dataclass(frozen=True)
class FamilyFit:
    """The best delay of one order, and what it leaves unexplained."""

    kernel: Kernel
    step_counts: float
    residuals: np.ndarray  # (n,) counts

    @property
    def rms_counts(self) -> float:
        return rms(self.residuals)


def fit_family(test: ChipSwitching, orders: Iterable[int] = ORDERS) -> list[FamilyFit]:
    """The fit of each order, best first."""
    return sorted((_fit_order(test, order) for order in orders), key=lambda fit: fit.rms_counts)


def fit_step(test: ChipSwitching, share: np.ndarray) -> tuple[np.ndarray, float]:
    """(residuals (n,), step) in counts where conversions are offset + drift + step x `share` (n,)."""
    columns = np.column_stack([share, np.ones_like(share), test.end_s])
    solution = np.linalg.lstsq(columns, test.counts, rcond=None)[0]
    return test.counts - columns @ solution, float(solution[0])


def rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _fit_order(test: ChipSwitching, order: int) -> FamilyFit:
    def fit(delay_s: float) -> tuple[np.ndarray, float]:
        return fit_step(test, on_share(Kernel(order, test.period_s, delay_s), test.end_s, test.toggles_s))

    bounds = (DELAY_PERIODS[0] * test.period_s, DELAY_PERIODS[1] * test.period_s)
    best = minimize_scalar(lambda d: rms(fit(d)[0]), bounds=bounds, method="bounded", options={"xatol": 1e-7})
    residuals, step_counts = fit(best.x)
    return FamilyFit(Kernel(order, test.period_s, float(best.x)), step_counts, residuals)
