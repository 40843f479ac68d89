"""Banded least squares about unknown means: many steps share a mean curve, each may differ from it smoothly.

Minimises |A c - y|^2 + (c - L m)^T R (c - L m) + mean_smoothness |D m|^2 over the coefficients c in time and the mean
curves' coefficients m together (a mixed model with the steps as groups; Henderson 1975, Biometrics 31:423). What the
data of one step leave open is filled with what all steps of that foot show. c is banded and is eliminated first.
"""

import numpy as np
from scipy import sparse
from scipy.linalg import cho_solve_banded, cholesky_banded, lu_factor, lu_solve

from station.gait.cubic_splines import second_differences
from station.gait.mean_stance import MeanCurves

MEAN_RIDGE = 1e-9
"""Holds the coefficients of a mean at which no step has data."""


class AboutMeans:
    """The equations, factored: `solve` costs little then. `means` None: the roughness counts about zero."""

    def __init__(
        self, normal: sparse.spmatrix, roughness: sparse.spmatrix, means: MeanCurves | None, mean_smoothness: float
    ) -> None:
        """`normal` (k, k), banded, holds data and `roughness` R."""
        self._factor = (cholesky_banded(_upper_bands(normal)), False)
        self._means = means
        if means is None:
            return
        self._pull = (roughness @ means.laid).tocsr()
        self._response = cho_solve_banded(self._factor, self._pull.toarray())
        stiffness = (means.laid.T @ self._pull).toarray() - self._pull.T @ self._response
        self._stiffness = lu_factor(stiffness + _mean_roughness(means, mean_smoothness))

    def solve(self, right: np.ndarray) -> np.ndarray:
        """(k,) coefficients; `right` (k,) is the data's part."""
        alone = cho_solve_banded(self._factor, right)
        if self._means is None:
            return alone
        return alone + self._response @ lu_solve(self._stiffness, self._pull.T @ alone)


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
