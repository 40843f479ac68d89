"""Load grid by least squares: known masses at known points give each cell's gain and effective place.

Each point gives three equations of statics in the cells' tared counts c: the force a.c = W, and the moments
b.c = W x and d.c = W y. The twelve unknowns are a cell's newtons per count a and its effective place (b / a, d / a).
The true weight W of each plate is unknown too, common to all its points, so that a plate that is not what its label
says moves neither place nor balance. A deck that is stiff enough loads its four cells in three ways only; what the
points then cannot tell of a place stays where the configuration has it (a prior of `PLACE_SD_M`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MIN_PLACES_FOR_PLACES = 6
"""Fewer distinct points give the gains only; the cells then stand where the configuration says."""
PLACE_SD_M = 0.02
"""How well a cell's place is known by tape measure, and where in its foot the force goes through."""
POINT_SD_M = 0.003
"""How well a plate is put on its mark."""
FORCE_SD_SHARE = 0.002
"""Of the weight: what a quiet deck repeats."""
LABEL_SD_SHARE = 0.1
"""Of a single label: so weak that it only bears on a plate that was never put down."""
COMMON_SD_SHARE = 1e-5
"""Of all labels together: fixes the common factor, which the points leave open."""
LEAST_GAIN_SHARE = 0.05
"""Of the largest gain: keeps the prior of a cell that feels nothing finite."""


@dataclass(frozen=True)
class GridPoint:
    """A plate (its number) at a known place, and the tared counts (4,) it gave."""

    x_m: float
    y_m: float
    plate: int
    counts: np.ndarray


@dataclass(frozen=True)
class GridSolution:
    """Gains (4,), effective places (4,) and the plates' masses (n,), all but a common factor of gains and masses."""

    newton_per_count: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    weight_n: np.ndarray

    def force_n(self, counts: np.ndarray) -> float:
        return float(counts @ self.newton_per_count)

    def place_m(self, counts: np.ndarray) -> np.ndarray:
        """Where the load (2,) is, by its moments."""
        cells_n = counts * self.newton_per_count
        return np.array([cells_n @ self.x_m, cells_n @ self.y_m]) / cells_n.sum()


@dataclass(frozen=True)
class Misses:
    """How far a solution misses points: force (n,) as a share of the weight, place (n,) in metres."""

    force_share: np.ndarray
    place_m: np.ndarray


def condition(points: Sequence[GridPoint], x_m: np.ndarray, y_m: np.ndarray) -> float:
    """Of the four gains with the places held; large where the points do not tell the cells apart."""
    counts = np.array([p.counts for p in points])
    rows = np.concatenate([counts, counts * x_m / np.abs(x_m).max(), counts * y_m / np.abs(y_m).max()])
    largest = np.abs(rows).max(axis=0)
    return float(np.linalg.cond(rows / largest)) if largest.all() else np.inf


def solve(points: Sequence[GridPoint], label_n: np.ndarray, x_m: np.ndarray, y_m: np.ndarray) -> GridSolution:
    """Fit plates of about `label_n` (n,) on cells at about (x, y) (4,)."""
    held = _solve(points, label_n, x_m, y_m, None)
    if len({(p.x_m, p.y_m) for p in points}) < MIN_PLACES_FOR_PLACES:
        return held
    return _solve(points, label_n, x_m, y_m, held.newton_per_count)


def misses(solution: GridSolution, points: Sequence[GridPoint]) -> Misses:
    """Of these points, whether or not they were used."""
    force_n = np.array([solution.force_n(p.counts) for p in points])
    place_m = [np.hypot(*(solution.place_m(p.counts) - (p.x_m, p.y_m))) for p in points]
    return Misses(force_n / solution.weight_n[[p.plate for p in points]] - 1, np.array(place_m))


def leave_one_out(points: Sequence[GridPoint], label_n: np.ndarray, x_m: np.ndarray, y_m: np.ndarray) -> Misses:
    """How far each point is missed by what all the others say."""
    each = [misses(solve([*points[:j], *points[j + 1 :]], label_n, x_m, y_m), [p]) for j, p in enumerate(points)]
    return Misses(np.concatenate([m.force_share for m in each]), np.concatenate([m.place_m for m in each]))


def _solve(
    points: Sequence[GridPoint], label_n: np.ndarray, x_m: np.ndarray, y_m: np.ndarray, usual_gain: np.ndarray | None
) -> GridSolution:
    """With the places held (`usual_gain` None), or free but for their prior, which that gain (4,) puts into moments.

    Unknowns: gains (4), moments of the shifts in x (4) and y (4) per count, the plates' shares of their labels.
    Each row is in units of its own standard deviation.
    """
    onto = np.array([p.plate for p in points])[:, None] == np.arange(len(label_n))
    felt = np.array([p.counts for p in points]) / (onto @ label_n)[:, None]  # counts per newton of label
    at_x_m, at_y_m = (np.array([[getattr(p, axis)] for p in points]) for axis in ("x_m", "y_m"))
    none, plates = np.zeros_like(felt), len(label_n)
    rows = [
        np.hstack([felt, none, none, -1.0 * onto]) / FORCE_SD_SHARE,
        np.hstack([felt * x_m, felt, none, -at_x_m * onto]) / POINT_SD_M,
        np.hstack([felt * y_m, none, felt, -at_y_m * onto]) / POINT_SD_M,
        np.hstack([np.zeros((plates, 12)), np.eye(plates) / LABEL_SD_SHARE]),
        np.hstack([np.zeros((1, 12)), np.ones((1, plates)) / COMMON_SD_SHARE]),
    ]
    if usual_gain is not None:
        moment_sd = np.maximum(np.abs(usual_gain), LEAST_GAIN_SHARE * np.abs(usual_gain).max()) * PLACE_SD_M
        rows.insert(0, np.eye(8, 12 + plates, 4) / np.tile(moment_sd, 2)[:, None])
    matrix = np.vstack(rows)
    wanted = np.zeros(len(matrix))
    wanted[-plates - 1 :] = [1 / LABEL_SD_SHARE] * plates + [plates / COMMON_SD_SHARE]
    used = np.ones(12 + plates, bool)
    used[4:12] = usual_gain is not None
    unknowns = np.zeros(12 + plates)
    scale = np.abs(matrix[:, used]).max(axis=0)
    unknowns[used] = np.linalg.lstsq(matrix[:, used] / scale, wanted, rcond=None)[0] / scale
    gain, moved_x, moved_y, share = np.split(unknowns, [4, 8, 12])
    return GridSolution(gain, x_m + moved_x / gain, y_m + moved_y / gain, share * label_n)
