"""Recordings of taps on the simulated deck, with the kernels that the kernel test measured on the same chips."""

from dataclasses import dataclass

import numpy as np

from station.calibration.deck import DeckFit, fit_deck
from station.calibration.deck_taps import cell_records, find_blows
from station.config import Force
from station.messages import CalibrationPrompt, ChipKernel
from station.sim.chips import draw_chips
from station.sim.deck import Deck
from station.sim.rig import Rig
from tests.calibration.kernel_tested import kernel_test

PLACES = ((0.4, 0.15), (-0.4, -0.15), (0.3, -0.2), (-0.3, 0.2))
TAP_S = 1.5
"""The simulated installer's blows come so far apart on average."""


@dataclass(frozen=True)
class Struck:
    columns: dict[str, np.ndarray]
    newton_per_count: np.ndarray
    kernels: list[ChipKernel]

    def measure(self, order: int | None = None) -> DeckFit:
        """`order`: believed instead of the chips' own."""
        kernels = (
            self.kernels if order is None else [ChipKernel(order=order, period_s=k.period_s) for k in self.kernels]
        )
        cells = cell_records(self.columns, self.newton_per_count, kernels)
        return fit_deck(cells, find_blows(cells))


def struck(deck: Deck, seed: int = 1, rate_sps: int = 80, order: int = 3, taps: int = 16, **made: float) -> Struck:
    """About so many taps at four places. `made`: more of the chips, as in ChipSpec."""
    chips = draw_chips(seed, rate_sps, order=order, **made)
    rig = Rig(seed=seed, force=Force(chip_rate_sps=rate_sps), deck=deck, chips=chips)
    gains = np.array([1 / spec.counts_per_newton for spec in rig.specs])
    kernels = [fit.kernel for fit in kernel_test(rig.front_end, gains, seed)]
    batches = [rig.front_end.read(1.0)]
    for x_m, y_m in PLACES:
        rig.obey(CalibrationPrompt(action="tap", text="strike here", x_m=x_m, y_m=y_m))
        batches.append(rig.front_end.read(taps / len(PLACES) * TAP_S))
        rig.obey(CalibrationPrompt(action="unload", text="stop"))
        batches.append(rig.front_end.read(0.7))
    columns = [batch.arrays() for batch in batches]
    return Struck({name: np.concatenate([c[name] for c in columns]) for name in columns[0]}, gains, kernels)
