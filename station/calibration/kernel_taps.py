"""A chip outside the sinc family: its kernel as a mixture of shifted members of it, by regularised least squares.

The conversions are linear in the mixture's weights (the taps). Neighbouring taps are held together as far as cross
validation over the toggles asks for, and so are their number and the order they are built on chosen: what the next
toggles do not confirm is noise.
"""

from dataclasses import dataclass

import numpy as np

from station.calibration.kernel_family import FamilyFit
from station.calibration.kernel_recording import ChipSwitching
from station.calibration.kernel_shares import on_share
from station.gait.results import TAPS_PER_PERIOD, Kernel

ORDERS_TRIED = 3
EARLIER_TAPS = 2
"""The mixture may begin this many taps before the best member of the family."""
MAX_REACH_S = 0.25
"""A sag later than this is nearly a change of zero for a runner, who comes down every 0.35 s."""
COUNTS = (4, 6, 8, 12, 16, 24, 48, 80, 192)
ROUGHNESS = (1e-4, 1e-3, 1e-2, 1e-1)
"""Expected difference of neighbouring taps, beyond the family's; tried in turn."""
FOLDS = 5
TOGGLES_A_FOLD = 4
NEAR_BEST = 1.02
"""Of mixtures that predict equally well the shortest is taken."""


@dataclass(frozen=True)
class TapsFit:
    """The mixture, and what it leaves unexplained of all toggles, and of toggles it had not seen."""

    kernel: Kernel
    residuals: np.ndarray  # (n,) counts
    predicted_rms_counts: float


@dataclass(frozen=True)
class _Problem:
    """Least squares for one order, as normal equations by fold: the taps first, then offset and drift."""

    first: Kernel  # that the taps shift
    columns: np.ndarray  # (n, taps + 2)
    normal: np.ndarray  # (folds, taps + 2, taps + 2)
    right: np.ndarray  # (folds, taps + 2)
    squares: np.ndarray  # (folds,) of the counts
    prior: np.ndarray  # (taps,) counts: the family's fit
    noise_share: float  # noise / step

    @property
    def taps(self) -> int:
        return len(self.prior)


@dataclass(frozen=True)
class _Choice:
    predicted_rms: float
    problem: _Problem
    taps: int
    roughness: float


def fit_taps(test: ChipSwitching, family: list[FamilyFit]) -> TapsFit:
    """The best mixture. `family`: the fits of the orders, best first."""
    earliest_s = family[0].kernel.delay_s - EARLIER_TAPS * test.period_s / TAPS_PER_PERIOD
    problems = [_problem(test, fit, earliest_s) for fit in family[:ORDERS_TRIED]]
    choices = [
        _Choice(_predicted_rms(p, taps, roughness, len(test.counts)), p, taps, roughness)
        for p in problems
        for taps in sorted({min(count, p.taps) for count in COUNTS})
        for roughness in ROUGHNESS
    ]
    enough = NEAR_BEST * min(c.predicted_rms for c in choices)
    chosen = min((c for c in choices if c.predicted_rms <= enough), key=lambda c: (c.taps, c.predicted_rms))
    return _solved(test, chosen)


def _problem(test: ChipSwitching, fit: FamilyFit, earliest_s: float) -> _Problem:
    spacing_s = test.period_s / TAPS_PER_PERIOD
    taps = min(int(MAX_REACH_S / spacing_s), max(COUNTS))
    first = Kernel(fit.kernel.order, test.period_s, earliest_s)
    shifted_s = test.end_s[:, None] - spacing_s * np.arange(taps)
    counts, level = test.counts - test.counts.mean(), np.ones_like(test.end_s)
    columns = np.column_stack([on_share(first, shifted_s, test.toggles_s), level, test.end_s - test.end_s.mean()])
    fold = np.searchsorted(test.toggles_s, test.end_s) // TOGGLES_A_FOLD % FOLDS
    parts = [(columns[fold == f], counts[fold == f]) for f in range(FOLDS)]
    at = np.clip((fit.kernel.delay_s - earliest_s) / spacing_s, 0, taps - 1)
    prior = np.clip(1 - np.abs(np.arange(taps) - at), 0, None)  # the family's fit lies between two taps
    return _Problem(
        first=first,
        columns=columns,
        normal=np.array([a.T @ a for a, _ in parts]),
        right=np.array([a.T @ y for a, y in parts]),
        squares=np.array([y @ y for _, y in parts]),
        prior=prior * fit.step_counts,
        noise_share=test.noise_counts / abs(fit.step_counts),
    )


def _used(problem: _Problem, taps: int) -> np.ndarray:
    """Which columns a mixture of so many taps has: those, offset and drift."""
    return np.r_[np.arange(taps), problem.taps, problem.taps + 1]


def _penalty(problem: _Problem, taps: int, roughness: float) -> np.ndarray:
    """(taps + 2, taps + 2): differences between neighbouring taps, the one before the first being zero."""
    differences = np.zeros((taps, taps + 2))
    differences[:, :taps] = np.eye(taps) - np.eye(taps, k=-1)
    return (problem.noise_share / roughness) ** 2 * differences.T @ differences


def _predicted_rms(problem: _Problem, taps: int, roughness: float, n: int) -> float:
    """Root mean square (counts) of each fold against the mixture that the other folds give."""
    used = _used(problem, taps)
    normal, right = problem.normal[:, used[:, None], used], problem.right[:, used]
    solved = _solve(problem, normal.sum(axis=0) - normal, right.sum(axis=0) - right, taps, roughness)
    left = problem.squares - 2 * np.einsum("fi,fi->f", solved, right)
    left += np.einsum("fi,fij,fj->f", solved, normal, solved)
    return float(np.sqrt(max(left.sum(), 0.0) / n))


def _solve(problem: _Problem, normal: np.ndarray, right: np.ndarray, taps: int, roughness: float) -> np.ndarray:
    """Taps, offset and drift (..., taps + 2) in counts, pulled towards the family's fit."""
    penalty = _penalty(problem, taps, roughness)
    prior = np.append(problem.prior[:taps], [0.0, 0.0])
    return np.linalg.solve(normal + penalty, (right + penalty @ prior)[..., None])[..., 0]


def _solved(test: ChipSwitching, chosen: _Choice) -> TapsFit:
    problem, used = chosen.problem, _used(chosen.problem, chosen.taps)
    normal, right = problem.normal.sum(axis=0)[used[:, None], used], problem.right.sum(axis=0)[used]
    solved = _solve(problem, normal, right, chosen.taps, chosen.roughness)
    left = test.counts - test.counts.mean() - problem.columns[:, used] @ solved
    weights = solved[:-2] / solved[:-2].sum()
    kernel = Kernel(problem.first.order, test.period_s, problem.first.delay_s, tuple(float(w) for w in weights))
    return TapsFit(kernel, left, chosen.predicted_rms)
