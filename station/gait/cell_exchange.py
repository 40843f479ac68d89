"""Load cells whose places are exchanged, told from the foot: it must ride back with the belt.

On each side of the deck the load must move from the front cell to the rear one over every stance, wherever the runner
is. With opposite corners exchanged length and width of the deck change places: the load moves sideways over every
stance, the same way under either foot. Two cells of the same end exchanged (left for right) look like feet that are
closer: they cannot be told.
"""

from collections.abc import Sequence

import numpy as np

from station.gait.belt_ride import MIN_SPEED_M_S, ride_velocities, riding_instants, slopes
from station.gait.contacts import Contacts
from station.gait.results import SIDES, CellSignal
from station.gait.total_force import GroundForce, on_grid
from station.messages import spoken
from station.words import N_

EXCHANGED = N_(
    "front and rear load cells seem exchanged: the load moves forward over each step;"
    " weight, loading and asymmetry remain valid"
)
EXCHANGED_ON = {
    "left": N_(
        "front and rear load cells on the left seem exchanged: the load moves forward over each step;"
        " weight, loading and asymmetry remain valid"
    ),
    "right": N_(
        "front and rear load cells on the right seem exchanged: the load moves forward over each step;"
        " weight, loading and asymmetry remain valid"
    ),
}
OPPOSITE = N_(
    "the {one} and {other} load cells seem exchanged: the load moves sideways over each step; check their wires"
)
MIN_STANCES = 8
"""Fewer may be somebody who steps about on the deck."""
MOST = 0.8
"""Share of the stances that must agree. Exchanged 27 runs at 2.5-4.5 m/s (data of Fukuchi et al. 2017, PeerJ 5:e3298)
show 2.0 m/s and more in so many, as they were recorded 0.5 m/s at most."""


def exchanged_corners(ground: GroundForce, contacts: Contacts, cells: Sequence[CellSignal]) -> str | None:
    """Which opposite corners seem exchanged, as a sentence; None where none do. It needs no gait to be known."""
    if len(contacts) < MIN_STANCES:
        return None
    length_m, width_m = (max(abs(getattr(cell, axis)) for cell in cells) for axis in ("x_m", "y_m"))
    if width_m == 0:
        return None
    ride_m_s = ride_velocities(ground, contacts)[:, 1] * length_m / width_m
    if np.quantile(ride_m_s, 1 - MOST) > MIN_SPEED_M_S:
        return OPPOSITE.format(one=spoken("front_left"), other=spoken("rear_right"))
    if np.quantile(ride_m_s, MOST) < -MIN_SPEED_M_S:
        return OPPOSITE.format(one=spoken("front_right"), other=spoken("rear_left"))
    return None


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
    return EXCHANGED if all(forward) else EXCHANGED_ON[SIDES[forward.index(True)]]


def _velocity_m_s(t_s: np.ndarray, forces_n: np.ndarray, x_m: np.ndarray) -> float:
    """Median over the steps of how fast the centre of these cells' forces (cells, n, m) moves forward."""
    total_n = np.maximum(forces_n.sum(axis=0), 1.0)
    return float(np.median(slopes(t_s, np.tensordot(x_m, forces_n, axes=1) / total_n)))
