"""Least squares whose equations are nearly those one can solve at once: conjugate gradients towards the true ones."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator

TOLERANCE = 1e-4
"""Of the residual, measured by the near solution, against its first."""
MOST_ITERATIONS = 150


@dataclass(frozen=True)
class Corrected:
    """`x` (k,), and whether it settled; where it did not, it is as near as MOST_ITERATIONS came."""

    x: np.ndarray
    settled: bool


def solve_corrected(
    near_solution: Callable[[np.ndarray], np.ndarray],
    near: sparse.csr_matrix,
    correction: LinearOperator,
    y: np.ndarray,
    prior: np.ndarray | float = 0.0,
) -> Corrected:
    """(k,) x that minimises |(near + correction) x - y|^2 + x^T Q x - 2 prior^T x; `y` (m,).

    `near_solution`(b) gives (near^T near + Q)^-1 b, Q positive definite. Preconditioned by it (Saad 2003, Iterative
    Methods for Sparse Linear Systems, algorithm 9.1): what it inverts is never applied, since its image of a direction
    follows from the residuals as the direction does from their solutions.
    """
    x = np.zeros(near.shape[1])
    residual = near.T @ y + correction.rmatvec(y) + prior
    direction, near_image = near_solution(residual), residual
    size = first = residual @ direction
    for _ in range(MOST_ITERATIONS):
        if size <= TOLERANCE**2 * first:
            break
        plain, more = near @ direction, correction.matvec(direction)
        image = near_image + near.T @ more + correction.rmatvec(plain + more)
        length = size / (direction @ image)
        x, residual = x + length * direction, residual - length * image
        step = near_solution(residual)
        size, before = residual @ step, size
        direction, near_image = step + size / before * direction, residual + size / before * near_image
    return Corrected(x, settled=bool(size <= TOLERANCE**2 * first))
