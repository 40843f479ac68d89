"""All that the centre of pressure (CoP) of a run says: its path under each foot, the belt, and how the cells stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.belt_ride import belt_speed, ride_velocities
from station.gait.cell_exchange import exchanged_cells
from station.gait.contacts import Contacts
from station.gait.cop_error import cop_error
from station.gait.cop_path import cop_path
from station.gait.results import SIDES, CellSignal, CopPath, EarlyCop, Side
from station.gait.sides import Sides
from station.gait.strike_index import early_cop
from station.gait.total_force import GroundForce
from station.words import N_

NOT_RIDING = N_("the load cells do not see the foot ride back with the belt")
FEW_STEPS = N_("too few steps of this foot tell its centre of pressure")


@dataclass(frozen=True)
class CopFindings:
    """`paths` by foot, None with the reason in `path_reasons`; `early_cop` None where no belt speed is known."""

    paths: dict[Side, CopPath | None]
    path_reasons: dict[Side, str | None]
    early_cop: EarlyCop | None
    exchanged: str | None  # a sentence where load cells seem exchanged


def cop_findings(
    ground: GroundForce, cells: Sequence[CellSignal], contacts: Contacts, sides: Sides, speed_m_s: float | None
) -> CopFindings:
    """`ground`: the plate-filtered force; `speed_m_s`: of the belt, as far as it was given."""
    velocities_m_s = ride_velocities(ground, contacts)
    exchanged = exchanged_cells(cells, contacts)
    belt = None if exchanged else belt_speed(velocities_m_s, speed_m_s)
    if belt is None:
        reasons = dict.fromkeys(SIDES, exchanged or NOT_RIDING)
        return CopFindings(dict.fromkeys(SIDES), reasons, None, exchanged)
    error = cop_error(cells)
    paths = {
        side: cop_path(ground, contacts, np.flatnonzero(sides.foot == i), belt, error) for i, side in enumerate(SIDES)
    }
    reasons = {side: None if path else FEW_STEPS for side, path in paths.items()}
    return CopFindings(paths, reasons, early_cop(ground, contacts, belt, error), None)
