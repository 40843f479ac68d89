"""Tap test: what blows on the deck tell of its resonance, decided by the data.

Told: frequency and damping with their standard deviations. Not told: the lowest frequency that the blows cannot
exclude (a chip of 80 samples/s hardly hears 80 Hz, the first null of its kernel). Contradictory: an error that says
what was seen. The four chips sample the ringing at their own rates and phases, so that together they see beyond half
of their rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from station.calibration.deck_modes import second_mode
from station.calibration.deck_response import HALF_SINE, STEEP, BlowResponse, Pulse, pulse_s
from station.calibration.deck_search import DeckSearch, Explained
from station.calibration.deck_taps import Blows, CellRecord
from station.errors import CalibrationError
from station.messages import DeckCalibration
from station.words import N_

MIN_BLOWS = 8
ODD = 9.0
"""A blow that fits so many times worse than the middle one was no single blow."""
MAX_ODD_SHARE = 0.34
MAX_MISFIT = 4.0
"""Mean squared residual against what noise and model error allow: beyond it one resonance is no explanation."""
SURE = 25.0
"""Rise of the sum of squares (in units of its mean) that excludes: five standard deviations."""
CLEARLY_BETTER = 0.93
"""Another order that leaves so much less of the residuals is what the chips do."""
SOFTEST_S, HARDEST_S = 0.0125, 0.0015
"""Middle pulse length that no hand or soft hammer gives."""
TOLD_SD = 0.04
"""Of the frequency: 5 % at 40 Hz are 3 % of loading rate (force.md 4.3)."""
LEAST_DAMPING = 0.006
"""A deck with feet, belt and motor never rings longer: what seems to is the error of the kernel."""
SAFETY = 1.5
FREQUENCY_FLOOR, DAMPING_FLOOR = 0.002, 0.03
"""Standard deviations are at least this share. What another shape of the pulses would change is added to them: where
the ringing is hardly heard, frequency and damping follow from the shape of the response."""
LEAST_BOUND_HZ = 30.0
"""A lower bound below this says nothing that a runner's loading rate could be judged by."""
NEARLY_STIFF_HZ = 75.0
"""Where a resonance is looked for under another order, when none is seen under the one that is known."""


@dataclass(frozen=True)
class DeckFit:
    """What the blows told, of how many blows, and how they fit (1 = as well as noise and model error allow)."""

    deck: DeckCalibration
    blows: int
    misfit: float


def fit_deck(cells: Sequence[CellRecord], blows: Blows) -> DeckFit:
    """The deck from 10-20 blows, a second or more apart, with the belt off and nobody on the deck.

    They may be of several recordings; `cells` of any of them. Raises CalibrationError with the reason where the blows
    are too few, too weak or too soft, or where no single resonance with these kernels explains them.
    """
    if blows.count < MIN_BLOWS:
        raise CalibrationError(
            N_(
                "tap test: {count} clear taps were found, at least {min_blows} are needed; strike the "
                "deck harder, a second or two apart, with the belt off"
            ).format(count=blows.count, min_blows=MIN_BLOWS)
        )
    blows, search, grid, best = _explained(cells, blows)
    scale = max(best.misfit / search.conversions, 1.0)
    _check_order(cells, blows, best)
    if scale > MAX_MISFIT:
        raise CalibrationError(N_("tap test: {unexplained}").format(unexplained=_unexplained(cells, blows, scale)))
    _check_pulses(best)
    told = _told(cells, blows, search, best, scale)
    if told is None:
        told = _bound(search.lowest_hz(grid, best.misfit + SURE * scale))
    return DeckFit(told, blows.count, scale)


def _explained(cells: Sequence[CellRecord], blows: Blows) -> tuple[Blows, DeckSearch, np.ndarray, Explained]:
    """The best resonance (or none), without the blows that are none; also the search and its grid."""
    search = _search(cells, blows)
    grid = search.grid()
    best = min([search.stiff(), *search.minima(grid)], key=lambda e: e.misfit)
    misfit = best.blows.misfit / np.bincount(blows.segment // len(cells), minlength=blows.count)
    odd = misfit > ODD * max(float(np.median(misfit)), 1.0)
    if not odd.any():
        return blows, search, grid, best
    if odd.mean() > MAX_ODD_SHARE:
        raise CalibrationError(
            N_("tap test: {odd} of {count} taps are no clean single blows; strike once and take the hand away").format(
                odd=odd.sum(), count=blows.count
            )
        )
    return _explained(cells, blows.only(~odd))


def _search(cells: Sequence[CellRecord], blows: Blows, orders_more: int = 0, shape: Pulse = HALF_SINE) -> DeckSearch:
    kernels = [replace(cell.kernel, order=cell.kernel.order + orders_more) for cell in cells]
    return DeckSearch(BlowResponse(kernels, shape), blows)


def _check_order(cells: Sequence[CellRecord], blows: Blows, best: Explained) -> None:
    """Raise CalibrationError where the blows look as if the chips averaged once more or once less."""
    enough = min(CLEARLY_BETTER * best.misfit, MAX_MISFIT * len(blows.t_s))
    begin = (best.deck.frequency_hz, best.deck.damping_ratio) if best.deck else (NEARLY_STIFF_HZ, 0.05)
    for orders_more in (-1, 1):
        if min(cell.kernel.order for cell in cells) + orders_more < 1:
            continue
        other = _search(cells, blows, orders_more)
        hopeless = 4 * best.misfit
        if other.stiff().misfit < enough or other.descend(*begin, hopeless).misfit < enough:
            word = "more" if orders_more > 0 else "less"
            raise CalibrationError(
                N_(
                    "tap test: the taps look as if the chips averaged once {word} than the kernel test "
                    "said; repeat the kernel test, then the taps"
                ).format(word=word)
            )


def _unexplained(cells: Sequence[CellRecord], blows: Blows, scale: float) -> str:
    modes = second_mode(cells, blows)
    if modes is not None:
        low, high = sorted(modes, key=lambda mode: mode.frequency_hz)
        return N_(
            "the deck rings at two frequencies, about {frequency_hz:.0f} and {frequency_hz_2:.0f} "
            "Hz, which cannot be taken out as one; stiffen what swings (feet, side rails, motor "
            "cover) and repeat"
        ).format(frequency_hz=low.frequency_hz, frequency_hz_2=high.frequency_hz)
    return N_(
        "no single resonance explains the taps ({sqrt:.1f} times the noise is left); check that all "
        "four cells carry the deck, take loose things off it and repeat"
    ).format(sqrt=np.sqrt(scale))


def _check_pulses(best: Explained) -> None:
    middle_s = pulse_s(float(np.median(best.blows.length)))
    if middle_s > SOFTEST_S:
        raise CalibrationError(
            N_(
                "tap test: the blows are as soft as {middle_s:.0f} ms, or the chips average more than "
                "the kernel test said; use a rubber hammer, and repeat the kernel test if this comes "
                "again"
            ).format(middle_s=1e3 * middle_s)
        )
    if middle_s < HARDEST_S:
        raise CalibrationError(
            N_(
                "tap test: the blows are shorter than a hand or a soft hammer can give: the chips "
                "average less than the kernel test said; repeat the kernel test, then the taps"
            )
        )


def _told(
    cells: Sequence[CellRecord], blows: Blows, search: DeckSearch, best: Explained, scale: float
) -> DeckCalibration | None:
    """Frequency and damping, where the blows tell them."""
    if best.deck is None or search.stiff().misfit - best.misfit < SURE * scale:
        return None
    if best.deck.damping_ratio < LEAST_DAMPING:
        return None
    frequency_sd_hz, damping_sd = (SAFETY * np.sqrt(scale) * sd for sd in search.standard_deviations(best))
    frequency_hz, damping = best.deck.frequency_hz, best.deck.damping_ratio
    steep = _search(cells, blows, shape=STEEP).descend(frequency_hz, damping).deck
    frequency_sd_hz = np.hypot(frequency_sd_hz, steep.frequency_hz - frequency_hz)
    frequency_sd_hz = float(np.hypot(frequency_sd_hz, FREQUENCY_FLOOR * frequency_hz))
    if frequency_sd_hz > TOLD_SD * frequency_hz:
        return None
    damping_sd = np.hypot(damping_sd, steep.damping_ratio - damping)
    return DeckCalibration(
        stiff=False,
        frequency_hz=float(frequency_hz),
        damping_ratio=float(damping),
        frequency_sd_hz=frequency_sd_hz,
        damping_sd=float(np.hypot(damping_sd, DAMPING_FLOOR * damping)),
    )


def _bound(lowest_hz: float) -> DeckCalibration:
    if lowest_hz < LEAST_BOUND_HZ:
        raise CalibrationError(
            N_(
                "tap test: the taps only tell that nothing rings below {lowest_hz:.0f} Hz; strike "
                "harder, with a rubber hammer, and more often"
            ).format(lowest_hz=lowest_hz)
        )
    return DeckCalibration(stiff=False, at_least_hz=lowest_hz)
