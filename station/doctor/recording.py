"""A stretch of what the four chips say: conversions by cell, and what their driver had to refuse meanwhile."""

from dataclasses import dataclass

import numpy as np

from station.force.front_end import LoadCellFrontEnd
from station.messages import CHANNELS, ChipTrouble, ForceHealth


@dataclass(frozen=True)
class CellRecording:
    """One chip: conversions (n,) in counts, when each was first seen (s, since the recording began), its flags (n,).

    The counters are of this stretch alone.
    """

    counts: np.ndarray
    t_s: np.ndarray
    flags: np.ndarray
    lost: int
    rejected: int
    power_downs: int
    rate_sps: float  # as its driver measured it; 0 where nothing came
    trouble: ChipTrouble | None  # why nothing came


@dataclass(frozen=True)
class Recording:
    """Cells in the order of CHANNELS."""

    cells: tuple[CellRecording, ...]
    duration_s: float


def record(front_end: LoadCellFrontEnd, duration_s: float) -> Recording:
    """Read for about `duration_s`. Raises DeviceError."""
    before = front_end.health()
    columns = front_end.read(duration_s).arrays()
    after = front_end.health()
    began_ns = before.t_ns

    def cell(c: int) -> CellRecording:
        own = columns["channel"] == c
        return CellRecording(
            counts=columns["raw"][own].astype(float),
            t_s=(columns["t_low_ns"][own] - began_ns) * 1e-9,
            flags=columns["flags"][own],
            lost=_since(before.lost, after.lost, c),
            rejected=_since(before.rejected, after.rejected, c),
            power_downs=_since(before.power_downs, after.power_downs, c),
            rate_sps=after.rate_sps[c],
            trouble=_trouble(before, after, c),
        )

    return Recording(tuple(cell(c) for c in range(len(CHANNELS))), duration_s)


def _since(before: list[int], after: list[int], c: int) -> int:
    """A daemon that was started anew counts from zero again."""
    return after[c] - before[c] if after[c] >= before[c] else after[c]


def _trouble(before: ForceHealth, after: ForceHealth, c: int) -> ChipTrouble | None:
    """The driver names it a second after the chip fell silent, and anew each second."""
    return next((h.trouble[c] for h in (after, before) if len(h.trouble) > c and h.trouble[c]), None)
