"""Uniform cubic B-splines on a uniform grid, and how rough they are."""

import numpy as np
from scipy import sparse

_PIECES = (
    lambda u: ((1 - u) ** 3 / 6, (3 * u**3 - 6 * u**2 + 4) / 6, (-3 * u**3 + 3 * u**2 + 3 * u + 1) / 6, u**3 / 6),
    lambda u: (-((1 - u) ** 2) / 2, (3 * u**2 - 4 * u) / 2, (-3 * u**2 + 2 * u + 1) / 2, u**2 / 2),
    lambda u: (1 - u, 3 * u - 2, 1 - 3 * u, u),
)
"""By derivative: the four splines that are not zero at the share `u` of the way between two knots."""


def spline_matrix(at: np.ndarray, knots: int, derivative: int = 0) -> sparse.csr_matrix:
    """(n, knots) values at the places `at` (n,), counted in knot spacings, of the splines or a derivative of them.

    Spline j has its middle at the place j - 1; places must lie within 0 .. knots - 3.
    """
    piece = np.clip(np.floor(at).astype(int), 0, knots - 4)
    values = np.stack(_PIECES[derivative](at - piece), axis=1)
    columns = piece[:, None] + np.arange(4)
    rows = np.broadcast_to(np.arange(len(at))[:, None], columns.shape)
    return sparse.csr_matrix((values.ravel(), (rows.ravel(), columns.ravel())), shape=(len(at), knots))


def knots_over(n: int, spacing: int) -> int:
    """Number of splines that cover n grid points with a knot every `spacing` of them."""
    return (n - 1) // spacing + 4


def second_differences(n: int) -> sparse.csr_matrix:
    """(n - 2, n)."""
    return sparse.diags([1.0, -2.0, 1.0], [0, 1, 2], shape=(n - 2, n)).tocsr()


def squared_bend(values: sparse.csr_matrix) -> sparse.csr_matrix:
    """Quadratic form in coefficients: the sum of the squared second differences of `values` @ coefficients."""
    bend = second_differences(values.shape[0]) @ values
    return (bend.T @ bend).tocsr()
