"""How far a foot's mean over its judged steps may lie from what a force plate would give for the same steps.

Two parts: an error common to all steps of a foot (what the restoring cannot see in any of them) and one that differs
from step to step and averages out. Standard deviations were taken from simulated chips on plate-like forces
(`tests.benchmarks.force_plate`), and follow the run's own misfit: how far its conversions are from what the restored
force would have given. Gain error of the calibration is not in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from station.gait.bootstrap import INTERVAL
from station.gait.results import CellSignal, DeckResonance, Measure

HALF_WIDTH_SD = NormalDist().inv_cdf(0.5 + INTERVAL / 2)
"""Half width of the reported interval in standard deviations."""


@dataclass(frozen=True)
class ErrorSd:
    """Standard deviations: `foot` common to a foot's steps, `step` of a single one; of the value where `relative`."""

    foot: float
    step: float
    relative: bool

    def of_mean(self, mean: float, n: int) -> float:
        """Standard deviation of the mean of n steps."""
        sd = float(np.hypot(self.foot, self.step / np.sqrt(n)))
        return sd * abs(mean) if self.relative else sd

    def with_foot(self, more: float) -> "ErrorSd":
        """With another error, independent of these, that is common to a foot's steps."""
        return replace(self, foot=float(np.hypot(self.foot, more)))


# Of the value where `relative`, else in its unit; foot, step of cells read through averaging chips of about
# 80 conversions a second, through chips of 200 or more, and of cells given as unblurred newtons.
_TABLE = (
    # value              relative  slow chips      fast chips       unblurred
    ("contact_time_ms",   False, (0.45, 1.3),    (0.1, 0.3),      (0.2, 0.5)),
    ("flight_time_ms",    False, (0.45, 1.3),    (0.1, 0.3),      (0.2, 0.5)),
    ("step_time_ms",      False, (0.1, 0.6),     (0.05, 0.3),     (0.05, 0.3)),
    ("peak_force_bw",     True,  (0.001, 0.003), (0.0002, 0.0006), (0.0005, 0.001)),
    ("impulse_bw_s",      True,  (0.002, 0.003), (0.001, 0.002),  (0.0005, 0.001)),
    ("poi_bw",            True,  (0.01, 0.02),   (0.005, 0.01),   (0.002, 0.005)),
    ("loading_rate_bw_s", True,  (0.03, 0.05),   (0.012, 0.02),   (0.005, 0.01)),
    ("body_weight_n",     True,  (0.001, 0.003), (0.0005, 0.001), (0.0005, 0.001)),
)  # fmt: skip

SLOW_CHIPS, FAST_CHIPS, UNBLURRED = (
    {name: ErrorSd(*sds[column], relative) for name, relative, *sds in _TABLE} for column in range(3)
)

FAST_SPS = 200.0
USUAL_MISFIT_BW = 7e-4
"""Misfit at which the table holds for slow chips: a centre of pressure that wanders as on the plates. Noise alone
leaves 1.3e-4. Fast chips also see what is far above 50 Hz: their misfit says nothing of the values."""
LEAST_SHARE = 0.15
"""Of the table's errors, which remain where the force explains the conversions down to their noise."""
IGNORED_DECK = 0.05
"""Of a loading rate: a deck that rings at 80 Hz and is taken for stiff adds 4.6 % (force.md section 4.3)."""
RINGING_AT_25_HZ = {
    "contact_time_ms": 1.6, "flight_time_ms": 1.6, "step_time_ms": 1.0,
    "peak_force_bw": 0.008, "impulse_bw_s": 0.005, "poi_bw": 0.05, "loading_rate_bw_s": 0.17, "body_weight_n": 0.001,
}  # fmt: skip
"""What taking a resonance out leaves, common to a foot's steps; in a deck of f Hz (25 / f)^2 of it: a deck passes on
(f / 50)^2 of a force's 50 Hz. What is left there makes impact peaks seen or not: hence that much of a loading rate."""
UNKNOWN_DECK = {
    "contact_time_ms": 6.0, "flight_time_ms": 6.0, "step_time_ms": 0.5,
    "peak_force_bw": 0.06, "impulse_bw_s": 0.01, "poi_bw": 0.15, "loading_rate_bw_s": 0.3, "body_weight_n": 0.001,
}  # fmt: skip
"""What a ringing of 25 to 40 Hz leaves, a household treadmill's, that nobody knows of and nothing takes out."""
UNLOADING_BW_MS = 0.012
"""Slope of the force at toe-off: a zero that is wrong by so much moves it by a millisecond."""
FREQUENCY_SENSITIVITY, DAMPING_SENSITIVITY = 0.6, 0.12
"""Relative change of a loading rate by that of the deck's frequency, at 40 Hz, and of its damping: +-3 % for 5 %, 6 %
for 50 % (force.md section 4.3); the first grows as the deck rings lower."""


def errors_of(
    cells: Sequence[CellSignal],
    misfit_bw: float | None,
    deck: DeckResonance | None = None,
    deck_ignored: bool = False,
    deck_unknown: bool = False,
    zero_doubt_bw: float = 0.0,
) -> Mapping[str, ErrorSd]:
    """The errors, by value, of what these cells give.

    `misfit_bw`: of the restored force, None where nothing was restored; `deck`: the resonance that was taken out;
    `deck_ignored`: the deck may ring, but higher than the taps could tell; `deck_unknown`: it may ring anyhow;
    `zero_doubt_bw`: what of the force may be the cells' zero.
    """
    table = _table(cells)
    follows = table is SLOW_CHIPS and misfit_bw is not None
    factor = float(np.hypot(LEAST_SHARE, misfit_bw / USUAL_MISFIT_BW)) if follows else 1.0
    errors = {name: ErrorSd(factor * error.foot, factor * error.step, error.relative) for name, error in table.items()}
    if deck_unknown:
        errors = {name: error.with_foot(UNKNOWN_DECK[name]) for name, error in errors.items()}
    elif deck is not None:
        left = (25 / deck.frequency_hz) ** 2
        errors = {name: error.with_foot(left * RINGING_AT_25_HZ[name]) for name, error in errors.items()}
    doubts = dict.fromkeys(("contact_time_ms", "flight_time_ms"), zero_doubt_bw / UNLOADING_BW_MS)
    doubts |= dict.fromkeys(("peak_force_bw", "impulse_bw_s", "poi_bw", "body_weight_n"), zero_doubt_bw)
    errors |= {name: errors[name].with_foot(doubt) for name, doubt in doubts.items()}
    of_deck = IGNORED_DECK if deck_ignored else _deck_error(deck)
    return errors | {"loading_rate_bw_s": errors["loading_rate_bw_s"].with_foot(of_deck)}


def _deck_error(deck: DeckResonance | None) -> float:
    """Relative error of a loading rate from what the taps left open of the deck."""
    if deck is None:
        return 0.0
    frequency = FREQUENCY_SENSITIVITY * (40 / deck.frequency_hz) * deck.frequency_sd_hz / deck.frequency_hz
    return float(np.hypot(frequency, DAMPING_SENSITIVITY * deck.damping_sd / deck.damping_ratio))


def _table(cells: Sequence[CellSignal]) -> Mapping[str, ErrorSd]:
    if any(cell.kernel is None for cell in cells):
        return UNBLURRED
    return FAST_CHIPS if min(1 / cell.kernel.period_s for cell in cells) >= FAST_SPS else SLOW_CHIPS


def mean_measure(values: np.ndarray, error: ErrorSd) -> Measure:
    """Mean of `values` (n,), finite and not empty, with its measurement interval."""
    mean = float(np.mean(values))
    half = HALF_WIDTH_SD * error.of_mean(mean, len(values))
    return Measure(mean, mean - half, mean + half, len(values))
