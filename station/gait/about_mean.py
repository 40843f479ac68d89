"""Banded least squares about unknown means: many steps share a mean curve, each may differ from it smoothly.

Minimises |A c - y|^2 + (c - L m)^T R (c - L m) + mean_smoothness |D m|^2 over the coefficients c in time and the mean
curves' coefficients m together (a mixed model with the steps as groups; Henderson 1975, Biometrics 31:423). What the
data of one step leave open is filled with what all steps of that foot show. c is banded and is eliminated first.
"""

import numpy as np
from scipy import sparse
from scipy.linalg import cho_solve_banded, cholesky_banded

from station.gait.cubic_splines import second_differences
from station.gait.mean_stance import MeanCurves

MEAN_RIDGE = 1e-9
"""Holds the coefficients of a mean at which no step has data."""


def solve_about_means(
    normal: sparse.spmatrix,
    right: np.ndarray,
    roughness: sparse.spmatrix,
    means: MeanCurves | None,
    mean_smoothness: float,
) -> np.ndarray:
    """(k,) coefficients. `normal` (k, k), banded, holds data and `roughness` R; `right` (k,) the data's part.

    `means` None: the roughness counts about zero.
    """
    factor = cholesky_banded(_upper_bands(normal))
    if means is None:
        return cho_solve_banded((factor, False), right)
    pull = roughness @ means.laid
    solved = cho_solve_banded((factor, False), np.column_stack([right, pull.toarray()]))
    alone, response = solved[:, 0], solved[:, 1:]
    stiffness = (means.laid.T @ pull).toarray() - pull.T @ response + _mean_roughness(means, mean_smoothness)
    return alone + response @ np.linalg.solve(stiffness, pull.T @ alone)


def _upper_bands(normal: sparse.spmatrix) -> np.ndarray:
    upper = sparse.triu(normal).tocoo()
    width = int((upper.col - upper.row).max())
    bands = np.zeros((width + 1, normal.shape[0]))
    bands[width + upper.row - upper.col, upper.col] = upper.data
    return bands


def _mean_roughness(means: MeanCurves, smoothness: float) -> np.ndarray:
    second = second_differences(means.knots_per_curve)
    one = smoothness * (second.T @ second).toarray() + MEAN_RIDGE * np.eye(means.knots_per_curve)
    return np.kron(np.eye(means.curves), one)
