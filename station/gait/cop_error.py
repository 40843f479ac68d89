"""How far the mean centre of pressure (CoP) of a foot may lie from what a force plate would give.

The cells' shares of the load change fastest at contact, where the load itself does, and are smoothed over time: there
the CoP is least certain. Standard deviations were taken from simulated chips on plate recordings
(`tests.benchmarks.cop_path`); they are the same for chips of 80 and of 320 conversions a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.results import CellSignal


@dataclass(frozen=True)
class CopErrorSd:
    """Along x, in metres: in mid-stance, and what is added at contact and at toe-off and fades with FADE_S."""

    middle_m: float
    contact_m: float
    toe_off_m: float

    def x_m(self, since_contact_s: np.ndarray | float, to_toe_off_s: np.ndarray | float) -> np.ndarray | float:
        """Standard deviation of the mean CoP at these instants."""
        landing_m = self.contact_m * np.exp(-since_contact_s / FADE_S)
        leaving_m = self.toe_off_m * np.exp(-to_toe_off_s / FADE_S)
        return self.middle_m + landing_m + leaving_m


FADE_S = 0.018
ACROSS = 0.3
"""Error along y over that along x: the cells stand closer and the CoP moves less."""
CHIPS = CopErrorSd(0.0012, 0.030, 0.012)
UNBLURRED = CopErrorSd(0.0005, 0.003, 0.003)


def cop_error(cells: Sequence[CellSignal]) -> CopErrorSd:
    """The error of what these cells give."""
    return UNBLURRED if any(cell.kernel is None for cell in cells) else CHIPS
