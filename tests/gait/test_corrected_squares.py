"""Conjugate gradients reach the true least squares from a near solution."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.linalg import aslinearoperator

from station.gait import corrected_squares
from station.gait.corrected_squares import solve_corrected


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), size=st.floats(0.0, 0.5))
def test_the_solution_is_that_of_the_true_equations(seed, size):
    rng = np.random.default_rng(seed)
    near, correction = rng.normal(size=(60, 20)), size * rng.normal(size=(60, 20))
    y, prior, rest = rng.normal(size=60), rng.normal(size=20), np.diag(rng.uniform(0.1, 2, 20))
    near_normal = near.T @ near + rest
    solved = solve_corrected(
        lambda b: np.linalg.solve(near_normal, b), sparse.csr_matrix(near), aslinearoperator(correction), y, prior
    )
    true = near + correction
    assert solved.settled
    assert solved.x == pytest.approx(np.linalg.solve(true.T @ true + rest, true.T @ y + prior), abs=1e-3)


def test_what_did_not_settle_says_so(monkeypatch):
    monkeypatch.setattr(corrected_squares, "MOST_ITERATIONS", 2)
    rng = np.random.default_rng(1)
    near, correction = rng.normal(size=(60, 20)), 0.5 * rng.normal(size=(60, 20))
    solved = solve_corrected(
        lambda b: np.linalg.solve(near.T @ near + np.eye(20), b),
        sparse.csr_matrix(near),
        aslinearoperator(correction),
        rng.normal(size=60),
    )
    assert not solved.settled
