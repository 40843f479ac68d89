"""A whole run from its blocks: the force, joined, and the steps in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.cell_source import CellSource, joined_cells
from station.gait.contacts import Contacts, find_contacts
from station.gait.force_blocks import ForceBlock, solve_block, stretches
from station.gait.results import CellSignal, DeckResonance
from station.gait.sides import Sides, find_sides
from station.gait.stances import find_stances
from station.gait.total_force import GroundForce, joined, plate_filtered
from station.gait.zero_level import ZeroLevel, joined_zero

MIN_WINDOW_S = 2.0
SILENCE_S = 0.06
"""Five conversions in a row lost: the other cells no longer bridge the gap."""


@dataclass(frozen=True)
class SolvedRun:
    """A run between `start_s` and `end_s`, where every cell has readings; no `blocks` where that is too short."""

    start_s: float
    end_s: float
    cells: tuple[CellSignal, ...]
    blocks: tuple[ForceBlock, ...]

    @property
    def misfit_bw(self) -> float | None:
        """How far the conversions are from what the restored force would have given (rms); None: nothing restored."""
        squares = [block.misfit_bw**2 for block in self.blocks if block.misfit_bw is not None]
        return float(np.sqrt(np.mean(squares))) if squares else None

    @property
    def settled(self) -> bool:
        """Whether the deck's ringing was taken out to the end."""
        return all(block.settled for block in self.blocks)


@dataclass(frozen=True)
class RunForce:
    """The force of the window and the steps found in it."""

    raw: GroundForce  # blur removed
    filtered: GroundForce  # as a plate with its 50 Hz filter would give it
    contacts: Contacts
    sides: Sides
    zero: ZeroLevel
    silences_s: tuple[tuple[float, float], ...]  # of a cell; no step there is judged


def solve_run(
    source: CellSource,
    start_s: float,
    end_s: float,
    deck: DeckResonance | None = None,
    early: Sequence[ForceBlock] = (),
) -> SolvedRun:
    """Solve the run block by block; those that are in `early`, solved while it went on, are not solved again."""
    start_s, end_s = source.covered(start_s, end_s)
    if end_s - start_s < MIN_WINDOW_S:
        return SolvedRun(start_s, end_s, source.between(start_s, end_s), ())
    known = {block.stretch: block for block in early}
    blocks: list[ForceBlock] = []
    for stretch in stretches(start_s, end_s):
        before = blocks[-1] if blocks else None
        blocks.append(known.get(stretch) or solve_block(source, stretch, deck, before))
    cells = joined_cells([block.cells for block in blocks], [block.stretch.start_s for block in blocks[1:]])
    return SolvedRun(start_s, end_s, cells, tuple(blocks))


def run_force(run: SolvedRun, weight_n: float) -> RunForce:
    """The force of the run, drift and blur taken out, and its steps; `weight_n` may be rough."""
    raw = joined([block.ground for block in run.blocks])
    filtered = plate_filtered(raw)
    stances = find_stances(filtered.t_s, filtered.force_n, weight_n)
    silences_s = _silences_s(run.cells)
    contacts = find_contacts(filtered, stances, run.start_s, run.end_s, silences_s)
    zero = joined_zero([block.zero for block in run.blocks])
    return RunForce(raw, filtered, contacts, find_sides(filtered, contacts), zero, silences_s)


def _silences_s(cells: Sequence[CellSignal]) -> tuple[tuple[float, float], ...]:
    """Where a cell gave nothing for so long that no step there can be trusted: a chip that was started again."""
    spans = []
    for cell in cells:
        after = np.flatnonzero(np.diff(cell.t_s) > SILENCE_S)
        lag_s = cell.kernel.lag_s if cell.kernel else 0.0
        spans.extend((float(cell.t_s[k] - lag_s), float(cell.t_s[k + 1] - lag_s)) for k in after)
    return tuple(spans)
