"""Load cells whose places are exchanged, told from the foot: it must ride back with the belt.

On each side of the deck the load must move from the front cell to the rear one over every stance, wherever the runner
is. Two cells of the same end exchanged (left for right) look like feet that are closer: they cannot be told. (With
opposite corners exchanged running looks like walking and does not come here; the load grid finds that.)
"""

from collections.abc import Sequence

import numpy as np

from station.gait.belt_ride import MIN_SPEED_M_S, riding_instants, slopes
from station.gait.contacts import Contacts
from station.gait.results import SIDES, CellSignal
from station.gait.total_force import on_grid

EXCHANGED = (
    "front and rear load cells{} seem exchanged: the load moves forward over each step;"
    " weight, loading and asymmetry remain valid"
)


def exchanged_cells(cells: Sequence[CellSignal], contacts: Contacts) -> str | None:
    """What seems exchanged, as a sentence; None where nothing does or where the cells say nothing of places."""
    if not len(contacts):
        return None
    t_s = riding_instants(contacts)
    forces_n = np.array([on_grid(cell, t_s) for cell in cells])
    x_m, y_m = (np.array([getattr(cell, axis) for cell in cells]) for axis in ("x_m", "y_m"))
    forward = [_velocity_m_s(t_s, forces_n[side], x_m[side]) > MIN_SPEED_M_S for side in (y_m > 0, y_m < 0)]
    if not any(forward):
        return None
    return EXCHANGED.format("" if all(forward) else f" on the {SIDES[forward.index(True)]}")


def _velocity_m_s(t_s: np.ndarray, forces_n: np.ndarray, x_m: np.ndarray) -> float:
    """Median over the steps of how fast the centre of these cells' forces (cells, n, m) moves forward."""
    total_n = np.maximum(forces_n.sum(axis=0), 1.0)
    return float(np.median(slopes(t_s, np.tensordot(x_m, forces_n, axes=1) / total_n)))
