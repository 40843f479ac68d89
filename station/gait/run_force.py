"""From the cells to the force of a run and the steps in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from station.gait.contacts import Contacts, find_contacts
from station.gait.lowpass import zero_phase_lowpass
from station.gait.restored_force import restored_force
from station.gait.results import CellSignal, DeckResonance
from station.gait.sides import Sides, find_sides
from station.gait.stances import find_stances
from station.gait.total_force import GroundForce, interpolated_force
from station.gait.zero_level import ZeroLevel, flight_zeroed

ZERO_ROUNDS = 10
SILENCE_S = 0.06
"""Five conversions in a row lost: the other cells no longer bridge the gap."""


@dataclass(frozen=True)
class RunForce:
    """The force of the window and the steps found in it."""

    raw: GroundForce  # blur removed
    filtered: GroundForce  # as a plate with its 50 Hz filter would give it
    contacts: Contacts
    sides: Sides
    zero: ZeroLevel


def run_force(
    cells: Sequence[CellSignal], start_s: float, end_s: float, weight_n: float, deck: DeckResonance | None = None
) -> RunForce:
    """The force between `start_s` and `end_s`, drift and blur taken out, and its steps; `weight_n` may be rough."""
    zeroed, zero = _zeroed(cells, start_s, end_s, weight_n)
    if any(c.kernel is None for c in cells):
        raw = interpolated_force(zeroed, start_s, end_s)
    else:
        raw = restored_force(zeroed, start_s, end_s, weight_n, deck)
    filtered = _plate_filtered(raw)
    stances = find_stances(filtered.t_s, filtered.force_n, weight_n)
    contacts = find_contacts(filtered, stances, start_s, end_s, _silences_s(cells))
    return RunForce(raw, filtered, contacts, find_sides(filtered, contacts), zero)


def _silences_s(cells: Sequence[CellSignal]) -> list[tuple[float, float]]:
    """Where a cell gave nothing for so long that no step there can be trusted: a chip that was started again."""
    spans = []
    for cell in cells:
        after = np.flatnonzero(np.diff(cell.t_s) > SILENCE_S)
        lag_s = cell.kernel.lag_s if cell.kernel else 0.0
        spans.extend((cell.t_s[k] - lag_s, cell.t_s[k + 1] - lag_s) for k in after)
    return spans


def _zeroed(
    cells: Sequence[CellSignal], start_s: float, end_s: float, weight_n: float
) -> tuple[tuple[CellSignal, ...], ZeroLevel]:
    """The cells without drift. A drift hides later flights, so each round finds more of them until none is new."""
    zeroed, flights = tuple(cells), -1
    for _ in range(ZERO_ROUNDS):
        filtered = _plate_filtered(interpolated_force(zeroed, start_s, end_s))
        zeroed, zero = flight_zeroed(cells, find_stances(filtered.t_s, filtered.force_n, weight_n))
        if not zero.applied or len(zero.t_s) <= flights:
            break
        flights = len(zero.t_s)
    return zeroed, zero


def _plate_filtered(ground: GroundForce) -> GroundForce:
    force_n, moment_x_nm, moment_y_nm = (
        zero_phase_lowpass(values, ground.rate_hz)
        for values in (ground.force_n, ground.moment_x_nm, ground.moment_y_nm)
    )
    return replace(ground, force_n=force_n, moment_x_nm=moment_x_nm, moment_y_nm=moment_y_nm)
