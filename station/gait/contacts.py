"""Contact and toe-off of every complete step, also where the feet overlap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.overlap import hand_over
from station.gait.stances import Stances
from station.gait.total_force import GroundForce

EDGE_S = 0.1
"""Only steps at least this far inside the window count (DESIGN, inputs)."""
TORN = 0.12
"""Share of the usual contact time by which the first and the last step may differ. A window that begins or ends within
a step makes a jump that no foot makes; what an unknown chip still shows of it is taken for part of the next step."""
LEAST_COMPARED = 8


@dataclass(frozen=True)
class Contacts:
    """Complete steps in order of time. `loaded_*`: the stretch of the total force that belongs to the step."""

    contact_s: np.ndarray  # (n,)
    toe_off_s: np.ndarray  # (n,)
    loaded_from_s: np.ndarray  # (n,) contact, or the valley where the feet overlap
    loaded_to_s: np.ndarray  # (n,)
    chain: np.ndarray  # (n,) number of the unbroken chain of steps

    def __len__(self) -> int:
        return len(self.contact_s)

    @property
    def contact_time_s(self) -> np.ndarray:
        return self.toe_off_s - self.contact_s

    @property
    def follows(self) -> np.ndarray:
        """(n - 1,) True where step k + 1 follows step k directly."""
        return np.diff(self.chain) == 0

    @property
    def flight_time_s(self) -> np.ndarray:
        """(n,) time in the air after each step, negative = overlap, NaN where no step follows directly."""
        gap_s = self.contact_s[1:] - self.toe_off_s[:-1]
        return np.append(np.where(self.follows, gap_s, np.nan), np.nan)[: len(self)]

    @property
    def step_time_s(self) -> np.ndarray:
        """(n,) time from each contact to the next, NaN where no step follows directly."""
        return np.append(np.where(self.follows, np.diff(self.contact_s), np.nan), np.nan)[: len(self)]

    def only(self, kept: np.ndarray) -> "Contacts":
        """The steps that `kept` (n,) bool says; where one is left out, a chain ends."""
        numbers = np.flatnonzero(kept)
        broken = (np.diff(numbers) > 1) | (np.diff(self.chain[numbers]) > 0)
        columns = (self.contact_s, self.toe_off_s, self.loaded_from_s, self.loaded_to_s)
        return Contacts(
            *(column[numbers] for column in columns), np.concatenate([[0], np.cumsum(broken)])[: len(numbers)]
        )


def find_contacts(
    ground: GroundForce,
    stances: Stances,
    start_s: float,
    end_s: float,
    silences_s: Sequence[tuple[float, float]] = (),
) -> Contacts:
    """Steps of `stances` with contact and toe-off at least 100 ms inside [start_s, end_s].

    `ground` is the plate-filtered force; overlapping feet are told apart by its moments. Steps in a silence of a
    load cell are left out, and the chain breaks there.
    """
    contact_s, toe_off_s = stances.start_s.copy(), stances.end_s.copy()
    chain = stances.chain
    for k in range(len(stances) - 1):
        if chain[k] == chain[k + 1] and not (stances.to_flight[k] and stances.from_flight[k + 1]):
            toe_off_s[k], contact_s[k + 1] = hand_over(
                ground, (stances.start_s[k], stances.end_s[k]), (stances.start_s[k + 1], stances.end_s[k + 1])
            )
    inside = (contact_s >= start_s + EDGE_S) & (toe_off_s <= end_s - EDGE_S) & ~stances.cut
    if len(stances):  # where a chain begins or ends in a valley, the other foot's part is unknown
        inside &= stances.from_flight | np.append(False, chain[1:] == chain[:-1])
        inside &= stances.to_flight | np.append(chain[1:] == chain[:-1], False)
    for first_s, last_s in silences_s:
        inside &= (toe_off_s < first_s) | (contact_s > last_s)
    reach_s = EDGE_S + stances.step_time_s
    at_end = inside & ((contact_s < start_s + reach_s) | (toe_off_s > end_s - reach_s))
    inside &= ~(at_end & _unlike(toe_off_s - contact_s, inside))
    return Contacts(contact_s, toe_off_s, stances.start_s, stances.end_s, chain).only(inside)


def _unlike(contact_time_s: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(n,) whether a contact time is far from the usual one of `others` (n,) bool."""
    if others.sum() < LEAST_COMPARED:
        return np.zeros(len(others), bool)
    usual_s = float(np.median(contact_time_s[others]))
    return np.abs(contact_time_s - usual_s) > TORN * usual_s
