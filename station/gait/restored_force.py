"""The force on the deck, restored from averaged conversions: the chips' blur taken out.

Each conversion y of cell c is a known average of share_c(t) * F(t). F is written in cubic B-splines of 4 ms and
all conversions of all cells are solved together by least squares. One chip's 80 conversions a second could not
tell 50 Hz; four chips that run at their own phases and see the same F can (generalised sampling, Papoulis 1977,
IEEE Trans Circuits Syst 24:652). What they leave open is filled with the mean curve of the same foot, found in
the same way from all of its steps: only the difference from it is asked to be smooth. Flight holds the zero.
The normal equations are banded, so the cost grows with the length alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import solveh_banded

from station.gait.cell_shares import first_shares, local_share, normalised
from station.gait.deck_splines import KNOT_GRID_STEPS, DeckSplines, deck_splines
from station.gait.kernel import density
from station.gait.lowpass import zero_phase_lowpass
from station.gait.mean_stance import stance_template
from station.gait.results import CellSignal, DeckResonance
from station.gait.stances import Stances, find_stances
from station.gait.total_force import GRID_RATE_HZ, GroundForce, on_grid, summed, time_grid

SMOOTHNESS = 1e-3
"""Weight of the squared second differences of the difference from the foot's mean curve (forces in BW)."""
FLIGHT_CERTAINTY = 0.02
"""Weight of a zero per grid step in flight: about 1 % of BW of vibration against 0.2 % in a conversion."""
RIDGE = 1e-7
LANDING_S, UNLOADING_S = 0.008, 0.025
"""From the first touch to 50 N, and from 50 N to the last: a landing is quick, a toe-off fades."""
ROUNDS = 6
"""Rounds of force, shares and mean curves; they settle in four to six."""


@dataclass(frozen=True)
class _Problem:
    """The conversions `y` (m,) in BW, and per cell the averaging matrix over the grid."""

    t_s: np.ndarray
    averages: list[sparse.csr_matrix]
    y: list[np.ndarray]
    middle_s: list[np.ndarray]  # middle of each conversion's average


def restored_force(
    cells: Sequence[CellSignal], start_s: float, end_s: float, body_weight_n: float, deck: DeckResonance | None = None
) -> GroundForce:
    """Force and moments on the uniform grid from cells that all have a kernel.

    `deck`: the resonance to be taken out as well; None for a rigid (or unknown) deck.
    """
    t_s = time_grid(start_s, end_s)
    return summed(cells, _cell_forces_n(cells, t_s, body_weight_n, deck), t_s)


def _cell_forces_n(
    cells: Sequence[CellSignal], t_s: np.ndarray, body_weight_n: float, deck: DeckResonance | None
) -> np.ndarray:
    """Cell forces (cells, n) in newtons at `t_s`."""
    problem = _problem(cells, t_s, body_weight_n)
    splines = deck_splines(len(t_s), deck)
    blurred = np.array([on_grid(c, t_s) for c in cells]) / body_weight_n
    force = blurred.sum(axis=0)
    shares = first_shares(blurred, force)
    template = np.zeros(len(t_s))
    for _ in range(ROUNDS):
        stances = find_stances(t_s, zero_phase_lowpass(force, GRID_RATE_HZ) * body_weight_n, body_weight_n)
        force, felt = _solve(problem, shares, splines, template, _flight(t_s, stances))
        shares = _corrected_shares(problem, shares, felt)
        template = stance_template(t_s, force, stances)
    return shares * force * body_weight_n


def _problem(cells: Sequence[CellSignal], t_s: np.ndarray, body_weight_n: float) -> _Problem:
    averages, y, middle_s = [], [], []
    for cell in cells:
        inside = (cell.t_s - cell.kernel.reach_s >= t_s[0]) & (cell.t_s - cell.kernel.delay_s <= t_s[-1])
        averages.append(averaging_matrix(cell, cell.t_s[inside], t_s))
        y.append(cell.force_n[inside] / body_weight_n)
        middle_s.append(cell.t_s[inside] - cell.kernel.lag_s)
    return _Problem(t_s, averages, y, middle_s)


def averaging_matrix(cell: CellSignal, conversion_s: np.ndarray, t_s: np.ndarray) -> sparse.csr_matrix:
    """(m, n) weights that turn a force on the grid `t_s` (n,) into the conversions ended at `conversion_s` (m,)."""
    step_s = t_s[1] - t_s[0]
    kernel = cell.kernel
    width = int(np.ceil((kernel.reach_s - kernel.delay_s) / step_s)) + 2
    first = np.floor((conversion_s - kernel.reach_s - t_s[0]) / step_s).astype(int)
    columns = first[:, None] + np.arange(width)
    weights = density(kernel, conversion_s[:, None] - (t_s[0] + columns * step_s))
    weights /= weights.sum(axis=1, keepdims=True)
    inside = (columns >= 0) & (columns < len(t_s))
    rows = np.broadcast_to(np.arange(len(conversion_s))[:, None], columns.shape)
    return sparse.csr_matrix((weights[inside], (rows[inside], columns[inside])), shape=(len(conversion_s), len(t_s)))


def _flight(t_s: np.ndarray, stances: Stances) -> np.ndarray:
    """(n,) True where the runner is in the air between two steps of a chain."""
    flight = np.zeros(len(t_s), bool)
    chain = stances.chain
    for k in range(len(stances) - 1):
        if chain[k] == chain[k + 1] and stances.to_flight[k] and stances.from_flight[k + 1]:
            low, high = stances.end_s[k] + UNLOADING_S, stances.start_s[k + 1] - LANDING_S
            flight |= (t_s > low) & (t_s < high)
    return flight


def _solve(
    problem: _Problem, shares: np.ndarray, splines: DeckSplines, template: np.ndarray, flight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Regularised least squares: (force on the deck (n,), force felt by the cells (n,)) in BW."""
    at_knots = splines.force[::KNOT_GRID_STEPS]
    count = at_knots.shape[0]
    second = sparse.diags([1.0, -2.0, 1.0], [0, 1, 2], shape=(count - 2, count)).tocsr()
    bend = second @ at_knots
    matrix = sparse.vstack([w.multiply(s) @ splines.felt for w, s in zip(problem.averages, shares, strict=True)])
    in_flight = splines.force[flight]
    normal = matrix.T @ matrix + SMOOTHNESS * (bend.T @ bend) + FLIGHT_CERTAINTY * (in_flight.T @ in_flight)
    right = matrix.T @ np.concatenate(problem.y) + SMOOTHNESS * (bend.T @ (second @ template[::KNOT_GRID_STEPS]))
    coefficients = _solve_banded(normal + RIDGE * sparse.eye(splines.knots), right)
    return splines.force @ coefficients, splines.felt @ coefficients


def _solve_banded(normal: sparse.spmatrix, right: np.ndarray) -> np.ndarray:
    """Solve symmetric positive definite banded equations."""
    upper = sparse.triu(normal).tocoo()
    width = int((upper.col - upper.row).max())
    bands = np.zeros((width + 1, normal.shape[0]))
    bands[width + upper.row - upper.col, upper.col] = upper.data
    return solveh_banded(bands, right)


def _corrected_shares(problem: _Problem, shares: np.ndarray, felt: np.ndarray) -> np.ndarray:
    """Shares moved towards what each cell's conversions say beyond the model."""
    left = [
        np.interp(problem.t_s, middle_s, y - w @ (s * felt))
        for w, y, s, middle_s in zip(problem.averages, problem.y, shares, problem.middle_s, strict=True)
    ]
    return normalised(shares + local_share(np.array(left), np.clip(felt, 0, None)))
