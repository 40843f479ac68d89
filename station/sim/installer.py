"""The simulated installer: does what the prompts of a calibration ask, like a person with masses and a soft hammer."""

import numpy as np

from station.gravity import GRAVITY_M_S2
from station.messages import CalibrationPrompt
from station.sim.lying_loads import LyingLoads
from station.sim.runner.corners import Places, corner_forces
from station.sim.taps import Tap, Tapping, draw_tap

OWN_MASS_KG = 78.0
PLACE_S = 0.5
"""A mass lies still this long after it was asked for, or is gone."""


class Installer:
    """`mass_error`: a plate may be off its label by up to this share, and always by the same.

    `obey` decides the future only: forces before its `now_s` stay what they were.
    """

    def __init__(self, places: Places, seed: int, mass_error: float = 0.0) -> None:
        self._places = places
        self._seed = seed
        self._mass_error = mass_error
        self._lying = LyingLoads(PLACE_S)
        self._taps: list[tuple[np.ndarray, Tapping | Tap]] = []  # shares (4,) of the cells, blows
        self._tapping: Tapping | None = None
        self._random = np.random.default_rng([seed, 1])

    def obey(self, prompt: CalibrationPrompt, now_s: float) -> None:
        """Begin what is asked; "wait" leaves what lies there. "place" without a mass: to stand there oneself."""
        if self._tapping is not None:
            self._tapping.stop(now_s)
            self._tapping = None
        if prompt.action in ("unload", "done"):
            self._lying.put(now_s, np.zeros(len(self._places)))
        elif prompt.action == "place":
            mass_kg = OWN_MASS_KG if prompt.mass_kg is None else self.true_mass_kg(prompt.mass_kg)
            weight_n = mass_kg * GRAVITY_M_S2
            self._lying.put(now_s, weight_n * self._shares(prompt.x_m, prompt.y_m))
        elif prompt.action == "tap":
            self._tapping = Tapping([self._seed, len(self._taps)], now_s)
            self._taps.append((self._shares(prompt.x_m, prompt.y_m), self._tapping))

    def tap(self, x_m: float, y_m: float, now_s: float) -> None:
        """One blow."""
        self._taps.append((self._shares(x_m, y_m), draw_tap(self._random, now_s)))

    def true_mass_kg(self, label_kg: float) -> float:
        """What the plate of that label weighs."""
        which = np.random.default_rng([self._seed, round(1000 * label_kg)])
        return label_kg * (1 + self._mass_error * which.uniform(-1, 1))

    def cell_force_n(self, t_s: np.ndarray) -> np.ndarray:
        """Newtons (4, n) on the cells at ascending times (n,)."""
        out = self._lying.cell_force_n(t_s)
        for shares, blows in self._taps:
            out += np.outer(shares, blows.force_n(t_s))
        return out

    def _shares(self, x_m: float | None, y_m: float | None) -> np.ndarray:
        """Of the cells (4,) in a force at that place; where none is given, at the deck's centre."""
        place = (np.array([0.0 if at is None else at]) for at in (x_m, y_m))
        return corner_forces(np.ones(1), *place, self._places)[:, 0]
