"""The force on the deck, restored from averaged conversions: the chips' blur taken out.

Each conversion y of cell c is a known average of share_c(t) * F(t). F is written in cubic B-splines of 4 ms and
all conversions of all cells are solved together by least squares. One chip's 80 conversions a second could not
tell 50 Hz; four chips that run at their own phases and see the same F can (generalised sampling, Papoulis 1977,
IEEE Trans Circuits Syst 24:652). What they leave open is filled with the mean curve of the same foot, solved in
the same equations from all of its steps: only the difference from it is asked to be smooth. The cells' shares of the
load are solved likewise, in turns with the force. Flight holds the zero. The equations are banded, so the cost grows
with the length alone; those of a deck that rings are so but for the wandering load, which is put right in turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator

from station.gait.about_mean import AboutMeans
from station.gait.averaged_cells import AveragedCells, averaged_cells
from station.gait.cell_shares import Load, first_shares, solved_shares
from station.gait.corrected_squares import Corrected, solve_corrected
from station.gait.cubic_splines import squared_bend
from station.gait.deck_splines import KNOT_GRID_STEPS, DeckSplines, deck_splines
from station.gait.lowpass import zero_phase_lowpass
from station.gait.mean_stance import LANDING_S, UNLOADING_S, MeanCurves, mean_curves, mean_heights
from station.gait.results import CellSignal, DeckResonance
from station.gait.ringing_deck import RingingDeck
from station.gait.stances import Stances, find_stances
from station.gait.total_force import GRID_RATE_HZ, GroundForce, on_grid, summed, time_grid

SMOOTHNESS = 1e-3
"""Weight of the squared second differences of the difference from the foot's mean curve (forces in BW)."""
MEAN_SMOOTHNESS = 1e-3
"""Of those of the mean curve itself: all steps of the foot speak for it."""
MEAN_SPACING = 0.016
"""Phase between the knots of a mean curve: about 4 ms, as the force's own."""
FLIGHT_CERTAINTY = 0.0005
"""Weight of a zero per grid step in flight against one of a conversion, which is good to about 0.2 % of BW. Flight is
off zero by about 1 % (vibration, a plate's own offset), and alike for all of it: (0.2 / 1)^2 for its 80 steps."""
RIDGE = 1e-7
ROUNDS = 4
"""Rounds of force and shares: the first knows no steps yet, the others settle."""


@dataclass(frozen=True)
class RestoredForce:
    """What was on the deck, and how far the conversions are from what it would have given (rms, in BW).

    `settled`: the deck's ringing was taken out to the end.
    """

    ground: GroundForce
    misfit_bw: float
    settled: bool


def restored_force(
    cells: Sequence[CellSignal], start_s: float, end_s: float, body_weight_n: float, deck: DeckResonance | None = None
) -> RestoredForce:
    """Force and moments on the uniform grid from cells that all have a kernel.

    `deck`: the resonance to be taken out as well; None for a rigid (or unknown) deck.
    """
    t_s = time_grid(start_s, end_s)
    conversions = averaged_cells(cells, t_s, body_weight_n)
    splines = deck_splines(len(t_s), deck)
    ringing = RingingDeck(deck) if deck else None
    knot_s = t_s[0] + (np.arange(splines.knots) - 1) * KNOT_GRID_STEPS / GRID_RATE_HZ
    blurred = np.array([on_grid(c, t_s) for c in cells]) / body_weight_n
    force = blurred.sum(axis=0)
    shares = first_shares(blurred, force)
    means = None
    for number in range(ROUNDS):
        stances = find_stances(t_s, zero_phase_lowpass(force, GRID_RATE_HZ) * body_weight_n, body_weight_n)
        if number:
            means = mean_curves(knot_s, stances, mean_heights(t_s, force, stances), MEAN_SPACING)
        solved = _solve(conversions, shares, splines, ringing, means, _flight(t_s, stances))
        force, felt = splines.force @ solved.x, splines.felt @ solved.x
        shares, shares_settled = solved_shares(conversions, t_s, Load(force, felt, ringing), stances)
    in_cells = shares * felt if ringing is None else shares * felt + ringing.wandering(shares, force)
    misfit_bw = float(np.sqrt(np.mean((conversions.all_y - conversions.of(in_cells)) ** 2)))
    ground = summed(cells, shares * force * body_weight_n, t_s)
    return RestoredForce(ground, misfit_bw, solved.settled and shares_settled)


def _flight(t_s: np.ndarray, stances: Stances) -> np.ndarray:
    """(n,) True where the runner is in the air between two steps of a chain."""
    flight = np.zeros(len(t_s), bool)
    for toe_off_s, contact_s in stances.flights_s:
        flight |= (t_s > toe_off_s + UNLOADING_S) & (t_s < contact_s - LANDING_S)
    return flight


def _solve(
    conversions: AveragedCells,
    shares: np.ndarray,
    splines: DeckSplines,
    ringing: RingingDeck | None,
    means: MeanCurves | None,
    flight: np.ndarray,
) -> Corrected:
    """(knots,) coefficients of the force in BW."""
    averages = conversions.averages
    matrix = sparse.vstack([w.multiply(s) @ splines.felt for w, s in zip(averages, shares, strict=True)]).tocsr()
    in_flight = splines.force[flight]
    roughness = SMOOTHNESS * squared_bend(splines.force[::KNOT_GRID_STEPS])
    normal = matrix.T @ matrix + roughness + FLIGHT_CERTAINTY * (in_flight.T @ in_flight)
    normal += RIDGE * sparse.eye(splines.knots)
    equations = AboutMeans(normal, roughness, means, MEAN_SMOOTHNESS)
    if ringing is None:
        return Corrected(equations.solve(matrix.T @ conversions.all_y), settled=True)
    correction = LinearOperator(
        matrix.shape,
        matvec=lambda c: conversions.of(ringing.wandering(shares, splines.force @ c)),
        rmatvec=lambda v: splines.force.T @ ringing.wandering_transposed(shares, conversions.transposed(v)),
    )
    return solve_corrected(equations.solve, matrix, correction, conversions.all_y)
