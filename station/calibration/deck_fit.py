"""The blows fitted for one assumed resonance: instant and pulse length of each, strength in each cell.

Variable projection: strengths and zeros of the cells are linear and solved exactly; instant and pulse length of each
blow follow by damped Gauss-Newton steps, all blows at once. A blow that comes before the last one has faded sits on
its ring, which is taken off.
"""

from dataclasses import dataclass

import numpy as np

from station.calibration.deck_response import DEGREE, STEP_S
from station.calibration.deck_taps import Blows
from station.messages import CHANNELS

CELLS = len(CHANNELS)
SEARCH_S = np.arange(-0.07, 0.03, 0.004)
"""Begin of the pulse against where the blow was noticed."""
USUAL = 0.3
"""Place of a pulse of 7 ms."""
ROUNDS = 8
LONG_ENOUGH = 1e-6
"""Relative gain of a round below which the fit has arrived."""


@dataclass(frozen=True)
class BlowFit:
    """State of all blows, and how well it explains the conversions."""

    begin_s: np.ndarray  # (blows,) the middle of the pulse, less half of the longest one
    length: np.ndarray  # (blows,) of the pulse: its place (deck_response.pulse_s)
    strength: np.ndarray  # (blows x 4,) newton seconds
    misfit: np.ndarray  # (blows,) sum of squared residuals in units of their sd

    @property
    def total(self) -> float:
        return float(self.misfit.sum())


@dataclass(frozen=True)
class _Solved:
    """Everything about one state that the next step needs. Arrays (n,) are free of their segment's mean."""

    fit: BlowFit
    residual: np.ndarray
    response: np.ndarray
    later: np.ndarray  # change of the model as the blow comes later, per second
    longer: np.ndarray  # as its pulse gets longer, per place


class BlowFitter:
    """Blows against tables of responses (4, DEGREE + 1, ages)."""

    def __init__(self, blows: Blows) -> None:
        self._blows = blows
        self._blow, self._cell = np.divmod(blows.segment, CELLS)
        self._segments = blows.count * CELLS
        self._size = np.maximum(np.bincount(blows.segment, minlength=self._segments), 1)

    def search(self, table: np.ndarray) -> BlowFit:
        """The best of a grid of instants, blow by blow; pulses of usual length."""
        length = np.full(self._blows.count, USUAL)
        tried = [self._solve(table, self._blows.about_s + s, length, None).fit for s in SEARCH_S]
        misfit = np.array([np.where(_pushes(fit), fit.misfit, np.inf) for fit in tried])
        best = np.argmin(misfit, axis=0)
        begin_s = self._blows.about_s + SEARCH_S[best]
        return self._solve(table, begin_s, length, None).fit

    def improve(self, table: np.ndarray, start: BlowFit, rounds: int = ROUNDS) -> BlowFit:
        """The nearest minimum of each blow."""
        now = self._solve(table, start.begin_s, start.length, start.strength)
        damping = np.full(self._blows.count, 1e-3)
        for _ in range(rounds):
            before = now.fit.total
            begin_s, length = self._step(now, damping)
            tried = self._solve(table, begin_s, length, now.fit.strength)
            better = tried.fit.misfit < now.fit.misfit
            damping = np.where(better, damping / 5, damping * 20)
            now = tried if better.all() else self._merged(now, tried, better)
            if before - now.fit.total < LONG_ENOUGH * before:
                break
        return now.fit

    def _solve(self, table: np.ndarray, begin_s: np.ndarray, length: np.ndarray, earlier: np.ndarray | None) -> _Solved:
        """Strengths for these instants and lengths; `earlier`: strengths that say how the last blow still rings."""
        response, later, longer = _look_up(table, self._cell, length[self._blow], self._blows.t_s - begin_s[self._blow])
        force_n = self._blows.force_n
        if earlier is not None:
            force_n = force_n - self._left_over(table, begin_s, length, earlier)
        force_n, response, later, longer = (self._centred(v) for v in (force_n, response, later, longer))
        strength = self._sum(response * force_n) / np.maximum(self._sum(response**2), 1e-12)
        at = strength[self._blows.segment]
        residual = force_n - at * response
        squares = self._sum(residual**2) / self._blows.sd_n**2
        fit = BlowFit(begin_s, length, strength, squares.reshape(-1, CELLS).sum(axis=1))
        return _Solved(fit, residual, response, at * later, at * longer)

    def _merged(self, now: _Solved, tried: _Solved, better: np.ndarray) -> _Solved:
        """`tried` for the blows that are `better` (blows,) with it, `now` for the others."""
        of_sample, of_segment = better[self._blow], np.repeat(better, CELLS)
        fit = BlowFit(
            np.where(better, tried.fit.begin_s, now.fit.begin_s),
            np.where(better, tried.fit.length, now.fit.length),
            np.where(of_segment, tried.fit.strength, now.fit.strength),
            np.where(better, tried.fit.misfit, now.fit.misfit),
        )
        columns = ("residual", "response", "later", "longer")
        return _Solved(fit, *(np.where(of_sample, getattr(tried, name), getattr(now, name)) for name in columns))

    def _left_over(
        self, table: np.ndarray, begin_s: np.ndarray, length: np.ndarray, strength: np.ndarray
    ) -> np.ndarray:
        """(n,) newtons that the blow before still gives."""
        last = self._blow - 1
        age_s = self._blows.t_s - begin_s[last]
        rings = np.flatnonzero((last >= 0) & (age_s < table.shape[-1] * STEP_S))
        out = np.zeros(len(age_s))
        which = last[rings]
        response, _, _ = _look_up(table, self._cell[rings], length[which], age_s[rings])
        out[rings] = strength[which * CELLS + self._cell[rings]] * response
        return out

    def _step(self, now: _Solved, damping: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Begin and length of each blow after one damped Gauss-Newton step."""
        own = np.maximum(self._sum(now.response**2), 1e-12)

        def beside(v: np.ndarray) -> np.ndarray:  # what the strength cannot do as well
            return v - (self._sum(v * now.response) / own)[self._blows.segment] * now.response

        u, v, r = beside(now.later), beside(now.longer), now.residual
        uu, uv, vv, ur, vr = (self._weighed(a) for a in (u * u, u * v, v * v, u * r, v * r))
        uu, vv = uu * (1 + damping) + 1e-12, vv * (1 + damping) + 1e-12
        determinant = np.maximum(uu * vv - uv**2, 1e-12 * uu * vv)
        longer = np.clip(now.fit.length + (uu * vr - uv * ur) / determinant, 0.0, 1.0)
        later_s = np.clip((ur - uv * (longer - now.fit.length)) / uu, -0.005, 0.005)
        return now.fit.begin_s + later_s, longer

    def _sum(self, values: np.ndarray) -> np.ndarray:
        """(segments,)"""
        return np.bincount(self._blows.segment, values, minlength=self._segments)

    def _weighed(self, values: np.ndarray) -> np.ndarray:
        """(blows,)"""
        return (self._sum(values) / self._blows.sd_n**2).reshape(-1, CELLS).sum(axis=1)

    def _centred(self, values: np.ndarray) -> np.ndarray:
        return values - (self._sum(values) / self._size)[self._blows.segment]


def _pushes(fit: BlowFit) -> np.ndarray:
    """(blows,) True where the blow goes down: half a swing of the deck earlier or later it would go up."""
    return fit.strength.reshape(-1, CELLS).sum(axis=1) > 0


def _look_up(
    table: np.ndarray, cell: np.ndarray, length: np.ndarray, age_s: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Response, its change as the blow comes later (per second) and as the pulse gets longer (per place)."""
    x = np.clip(age_s / STEP_S, 0.0, table.shape[-1] - 1.001)
    i = x.astype(int)
    part = x - i
    response = slope = longer = np.zeros(len(age_s))
    for power in range(DEGREE, -1, -1):  # Horner's scheme, and its derivative
        begin, end = table[cell, power, i], table[cell, power, i + 1]
        longer = longer * length + response
        response = response * length + begin + part * (end - begin)
        slope = slope * length + (end - begin)
    return response, np.where(age_s > 0, -slope / STEP_S, 0.0), longer
