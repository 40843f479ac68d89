"""Cells that are in time already, analysed in one call."""

from collections.abc import Sequence

from station.gait.cell_source import GivenCells
from station.gait.force_analysis import ForceSetup, analyse_run
from station.gait.results import CellSignal, DeckResonance, ForceResult
from station.gait.run_force import solve_run


def analyse_force(
    cells: Sequence[CellSignal],
    start_s: float,
    end_s: float,
    *,
    deck_known: bool,
    kernel_known: bool,
    speed_m_s: float | None,
    deck: DeckResonance | None = None,
    deck_at_least_hz: float | None = None,
    gain_sd: float = 0.0,
    standing_n: float | None = None,
) -> ForceResult:
    """What the station says of `cells` between `start_s` and `end_s`; see ForceSetup and `analyse_run`."""
    setup = ForceSetup(kernel_known, deck_known, deck, deck_at_least_hz, gain_sd=gain_sd)
    return analyse_run(solve_run(GivenCells(cells), start_s, end_s, deck), setup, speed_m_s, standing_n)
