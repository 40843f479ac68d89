"""The resonance that explains the blows best: a grid over frequency and damping, then a descent from its valleys."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from station.calibration.deck_curvature import standard_deviations
from station.calibration.deck_fit import BlowFit, BlowFitter
from station.calibration.deck_response import BlowResponse
from station.calibration.deck_taps import Blows
from station.gait.results import DeckResonance

FREQUENCIES_HZ = np.geomspace(8.0, 160.0, 46)
DAMPINGS = (0.02, 0.05, 0.12, 0.3)
"""The larger one sees its neighbours from afar, so that a narrow resonance between the grid's lines is not missed."""
LIMITS = np.log([[6.0, 200.0], [0.003, 0.6]])
GRID_BLOWS = 8
GRID_ROUNDS = 3
STARTS = 3
EVALUATIONS = 60
WORTH_A_LOOK = 30.0
HOPELESS = 4.0
"""A valley whose floor lies so many times higher than another is not descended into."""


@dataclass(frozen=True)
class Explained:
    """A resonance (None: a stiff deck), the state of the blows with it, and their misfit."""

    deck: DeckResonance | None
    blows: BlowFit

    @property
    def misfit(self) -> float:
        return self.blows.total


class DeckSearch:
    """All that is asked of one recording with one set of kernels."""

    def __init__(self, response: BlowResponse, blows: Blows) -> None:
        self._response = response
        self._fitter = BlowFitter(blows)
        strongest = np.argsort(blows.sd_n.reshape(blows.count, -1).max(axis=1))[-GRID_BLOWS:]
        keep = np.isin(np.arange(blows.count), strongest)
        self._grid_fitter = BlowFitter(blows.only(keep))
        self.conversions = len(blows.t_s)

    def stiff(self) -> Explained:
        table = self._response.table(None)
        return Explained(None, self._fitter.improve(table, self._fitter.search(table)))

    def with_deck(self, frequency_hz: float, damping: float, start: BlowFit | None = None) -> Explained:
        """The blows with this resonance; `start`: of a neighbour."""
        deck = DeckResonance(frequency_hz, damping)
        table = self._response.table(deck)
        return Explained(deck, self._fitter.improve(table, start or self._fitter.search(table)))

    def grid(self) -> np.ndarray:
        """(frequencies, dampings) misfit of the strongest blows."""
        out = np.empty((len(FREQUENCIES_HZ), len(DAMPINGS)))
        for i, frequency_hz in enumerate(FREQUENCIES_HZ):
            start = None
            for j, damping in enumerate(DAMPINGS):
                table = self._response.table(DeckResonance(frequency_hz, damping))
                start = self._grid_fitter.improve(table, start or self._grid_fitter.search(table), GRID_ROUNDS)
                out[i, j] = start.total
        return out

    def minima(self, grid: np.ndarray) -> list[Explained]:
        """The minima that the best places of the grid lead to, best first."""
        along = grid.min(axis=1)
        padded = np.r_[np.inf, along, np.inf]
        valleys = np.flatnonzero((along <= padded[:-2]) & (along <= padded[2:]))
        starts = [i for i in valleys[np.argsort(along[valleys])][:STARTS] if along[i] < HOPELESS * along.min()]
        found = [self.descend(FREQUENCIES_HZ[i], DAMPINGS[int(np.argmin(grid[i]))]) for i in starts]
        return sorted(found, key=lambda e: e.misfit)

    def lowest_hz(self, grid: np.ndarray, enough: float) -> float:
        """The lowest frequency, by the lines of the grid, at which some damping has a misfit of `enough` or less.

        `grid`: of the strongest blows, which already rules most lines out. The line below the first that is allowed.
        """
        for i in np.flatnonzero(grid.min(axis=1) < WORTH_A_LOOK * grid.min()):
            if self._best_damping(FREQUENCIES_HZ[i]) <= enough:
                return float(FREQUENCIES_HZ[max(i - 1, 0)])
        return float(FREQUENCIES_HZ[-1])

    def standard_deviations(self, best: Explained) -> tuple[float, float]:
        """Of frequency (Hz) and damping, were the model perfect and the samples' sd right."""

        def misfit(deck: DeckResonance) -> float:
            return self.with_deck(deck.frequency_hz, deck.damping_ratio, best.blows).misfit

        return standard_deviations(misfit, best.deck)

    def _best_damping(self, frequency_hz: float) -> float:
        """The least misfit at this frequency."""
        state = self.with_deck(frequency_hz, DAMPINGS[1]).blows

        def misfit(log_damping: float) -> float:
            return self.with_deck(frequency_hz, float(np.exp(log_damping)), state).misfit

        return minimize_scalar(misfit, bounds=LIMITS[1], method="bounded", options={"xatol": 0.05}).fun

    def descend(self, frequency_hz: float, damping: float, hopeless: float = np.inf) -> Explained:
        """The minimum near these; the start itself where its misfit exceeds `hopeless`."""
        best = self.with_deck(frequency_hz, damping)
        if best.misfit > hopeless:
            return best

        def misfit(logs: np.ndarray) -> float:
            nonlocal best
            tried = self.with_deck(*np.exp(logs), best.blows)
            if tried.misfit < best.misfit:
                best = tried
            return tried.misfit

        simplex = np.log([[frequency_hz, damping], [frequency_hz * 1.03, damping], [frequency_hz, damping * 1.5]])
        options = {"initial_simplex": simplex, "maxfev": EVALUATIONS, "xatol": 1e-4, "fatol": 0.05}
        minimize(misfit, simplex[0], method="Nelder-Mead", bounds=LIMITS, options=options)
        return best
