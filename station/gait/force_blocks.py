"""A run's force in blocks, each solved from the conversions of its own stretch alone.

So the solve can follow the run, and costs the same at minute 40 as at minute 4. A block depends on nothing but its
stretch, the conversions in it, the calibration and the zero with which the run began: solved during the run or from a
recording, it is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.cell_source import MIN_CONVERSIONS, CellSource
from station.gait.restored_force import restored_force
from station.gait.results import CellSignal, DeckResonance
from station.gait.stances import find_stances, loaded_means, rough_body_weight
from station.gait.total_force import GRID_RATE_HZ, GroundForce, interpolated_force, plate_filtered, summed, time_grid
from station.gait.zero_level import ZeroLevel, flight_zeroed
from station.gravity import GRAVITY_M_S2

BLOCK_S = 30.0
"""About 40 steps a foot: its mean curve, which fills in what the chips leave open, is then known to 0.6 % (force.md
section 4.1), and half as many blocks would tell little sooner. No run is solved from less where it has as much."""
OVERLAP_S = 3.0
"""Solved on both sides of a block and left to its neighbours: more than the seven flights of the zero's running
median, and more than half a knot of the chips' clocks, which are loose at their ends."""
MARGIN_S = 0.35
"""Of conversions beyond a stretch, so that all that contain its force are there: a measured kernel reaches back 0.25 s
beyond its boxes, of which the slowest chips have four of 14 ms."""
LEAD_S = 0.7
"""Before a stretch that is solved with it and then dropped: what a conversion at its beginning holds of the time before
must not be guessed. Twice the reach of a measured kernel, and a step."""
MOST_RUNNER_N = 250 * GRAVITY_M_S2
ZERO_ROUNDS = 10


@dataclass(frozen=True)
class Stretch:
    """`start_s`..`end_s`: what a block answers for; `low_s`..`high_s`: what it is solved from."""

    start_s: float
    end_s: float
    low_s: float
    high_s: float


@dataclass(frozen=True)
class ForceBlock:
    """What the conversions of one stretch say by themselves."""

    stretch: Stretch
    cells: tuple[CellSignal, ...]  # the conversions of the stretch, margins included
    ground: GroundForce  # from start_s up to, not including, the next block; all zero where conversions are too few
    zero: ZeroLevel
    loaded_n: np.ndarray  # 2 s means of the force with somebody on the deck
    misfit_bw: float | None = None  # of the restored force; None: nothing was restored
    settled: bool = True  # as in RestoredForce


def full_stretch(start_s: float, k: int) -> Stretch:
    """The k-th block of a run that begins at `start_s`, where the run goes on long enough."""
    first_s = start_s + k * BLOCK_S
    low_s = max(start_s, first_s - OVERLAP_S)
    return Stretch(first_s, first_s + BLOCK_S, low_s, first_s + BLOCK_S + OVERLAP_S)


def stretches(start_s: float, end_s: float) -> list[Stretch]:
    """The blocks of a run. The last one takes the remainder, and as much from before as makes a whole block."""
    out: list[Stretch] = []
    while (stretch := full_stretch(start_s, len(out))).high_s + MARGIN_S <= end_s:
        out.append(stretch)
    first_s = start_s + len(out) * BLOCK_S
    whole_s = start_s + np.floor((end_s - BLOCK_S - start_s) * GRID_RATE_HZ) / GRID_RATE_HZ
    return [*out, Stretch(first_s, end_s, max(start_s, min(first_s - OVERLAP_S, float(whole_s))), end_s)]


def solve_block(
    source: CellSource, stretch: Stretch, deck: DeckResonance | None, before: ForceBlock | None = None
) -> ForceBlock:
    """The block of `stretch`. `deck`: the resonance to be taken out as well; `before`: the run's previous block."""
    kept_n = before.zero.kept_n if before else None
    cells = source.between(stretch.low_s - LEAD_S, stretch.high_s + MARGIN_S)
    t_s = time_grid(stretch.low_s, stretch.high_s)
    if min((len(cell.t_s) for cell in cells), default=0) < MIN_CONVERSIONS:
        nothing = summed(cells, np.zeros((len(cells), len(t_s))), t_s)
        return ForceBlock(stretch, cells, _own(nothing, stretch), _no_zero(cells, kept_n), np.zeros(0))
    blurred = interpolated_force(cells, stretch.low_s, stretch.high_s)
    loaded_n = loaded_means(blurred.force_n, blurred.rate_hz)
    weight_n = rough_body_weight(blurred.force_n, blurred.rate_hz)
    if weight_n is None or weight_n > MOST_RUNNER_N:
        return ForceBlock(stretch, cells, _own(blurred, stretch), _no_zero(cells, kept_n), loaded_n)
    zeroed, zero = _zeroed(cells, stretch, weight_n, kept_n)
    raw, misfit_bw = interpolated_force(zeroed, stretch.low_s, stretch.high_s), None
    settled = True
    if all(cell.kernel is not None for cell in cells):
        lead = _lead(zeroed, stretch.low_s)
        restored = restored_force(zeroed, stretch.low_s - lead / GRID_RATE_HZ, stretch.high_s, weight_n, deck)
        raw, misfit_bw, settled = restored.ground.part(slice(lead, None)), restored.misfit_bw, restored.settled
    zero = zero.between(stretch.start_s, stretch.end_s)
    return ForceBlock(stretch, cells, _own(raw, stretch), zero, loaded_n, misfit_bw, settled)


def _lead(cells: Sequence[CellSignal], low_s: float) -> int:
    """Grid steps before `low_s` of which there are conversions of every cell."""
    return max(0, int((low_s - max(cell.t_s[0] for cell in cells)) * GRID_RATE_HZ))


def _own(ground: GroundForce, stretch: Stretch) -> GroundForce:
    """Without the overlap; the last block keeps the last instant."""
    first = round((stretch.start_s - stretch.low_s) * GRID_RATE_HZ)
    own = round((stretch.end_s - stretch.start_s) * GRID_RATE_HZ) if stretch.end_s < stretch.high_s else None
    return ground.part(slice(first, None if own is None else first + own))


def _zeroed(
    cells: tuple[CellSignal, ...], stretch: Stretch, weight_n: float, kept_n: np.ndarray | None
) -> tuple[tuple[CellSignal, ...], ZeroLevel]:
    """The cells without drift. A drift hides later flights, so each round finds more of them until none is new."""
    zeroed, flights = cells, -1
    for _ in range(ZERO_ROUNDS):
        filtered = plate_filtered(interpolated_force(zeroed, stretch.low_s, stretch.high_s))
        zeroed, zero = flight_zeroed(cells, find_stances(filtered.t_s, filtered.force_n, weight_n), kept_n)
        if not zero.applied or len(zero.t_s) <= flights:
            break
        flights = len(zero.t_s)
    return zeroed, zero


def _no_zero(cells: Sequence[CellSignal], kept_n: np.ndarray | None) -> ZeroLevel:
    return ZeroLevel(np.zeros(0), np.zeros((len(cells), 0)), False, kept_n)
