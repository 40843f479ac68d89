"""Does the deck ring in two ways? Seen in the free ringing after the blows, which needs no kernel and no pulse."""

from collections.abc import Sequence

import numpy as np

from station.calibration.deck_response import PULSE_S
from station.calibration.deck_taps import Blows, CellRecord
from station.calibration.ring_down import RingDown
from station.gait.results import DeckResonance

HIGHEST_HZ = 120.0
CLEAR = 0.5
"""The second mode must explain at least half of what the first one leaves."""
NOTICE_S = 0.025
"""A blow came at most so long after the bin in which it was noticed began."""


def second_mode(cells: Sequence[CellRecord], blows: Blows) -> list[DeckResonance] | None:
    """Both modes where the ringing clearly has two, else None."""
    over_s = max(cell.kernel.reach_s for cell in cells) + PULSE_S[1] + NOTICE_S
    age_s = blows.t_s - blows.about_s[blows.segment // len(cells)] - over_s
    free = age_s > 0
    ring = RingDown(age_s[free], blows.force_n[free], blows.segment[free], blows.sd_n)
    one = ring.add_mode([], HIGHEST_HZ)
    two = ring.add_mode(one, HIGHEST_HZ)
    parameters = 2 * len(np.unique(ring.segment))
    explained = ring.misfit(two) < CLEAR * (ring.misfit(one) - parameters)
    return two if explained else None
