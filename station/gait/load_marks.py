"""Where a runner was lighter or heavier than they are: hands on the rail, a second person on the deck.

Over a stride a runner's momentum does not change, so the mean force is what weighs on the deck. It varies by 0.7 % from
stride to stride, and the medians of five strides stay within 1 % of the weight (27 trials of Fukuchi et al. 2017, PeerJ
5:e3298); hands that rest on a rail take 5 % and more.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from scipy.ndimage import median_filter

from station.gait.body_weight import stride_forces
from station.gait.contacts import Contacts
from station.gait.parts import Mark, MarkKind
from station.gait.total_force import GroundForce

LEAST_SHARE = 0.03
LEAST_S = 3.0
SMOOTHED_STRIDES = 5
JOINED_S = 3.0
"""A hand that lets go for less has not let go."""
SAME_WEIGHT = 0.02
"""As far as a deck may weigh otherwise while somebody runs on it than while they stood (biomechanics spec 1.3)."""
KNOWN_STRIDES = 0.15
"""Share of the strides that must weigh what the runner does for that to be the weight which the others are held to."""


def load_marks(ground: GroundForce, contacts: Contacts, standing_n: float | None) -> tuple[Mark, ...]:
    """Marks over the strides of `contacts`; `ground`: the unfiltered force, `standing_n`: the weight before the run."""
    spans_s, means_n = stride_forces(ground, contacts)
    if not len(means_n):
        return ()
    order = np.argsort(spans_s[:, 0])
    spans_s, level_n = spans_s[order], median_filter(means_n[order], SMOOTHED_STRIDES, mode="mirror")
    beyond = level_n / _own_weight_n(level_n, standing_n) - 1
    kinds = np.where(beyond < -LEAST_SHARE, "hands", np.where(beyond > LEAST_SHARE, "more_load", ""))
    found: list[Mark] = []
    for kind, group in groupby(range(len(kinds)), key=lambda k: str(kinds[k])):
        numbers = list(group)
        if kind:
            _add(found, Mark(kind, float(spans_s[numbers[0], 0]), float(spans_s[numbers[-1], 1])))
    return tuple(mark for mark in found if mark.end_s - mark.start_s >= LEAST_S)


def _add(found: list[Mark], mark: Mark) -> None:
    """Join it to the last one of its kind where they are close."""
    if found and found[-1].kind == mark.kind and mark.start_s - found[-1].end_s <= JOINED_S:
        mark = Mark(mark.kind, found.pop().start_s, mark.end_s)
    found.append(mark)


def _own_weight_n(level_n: np.ndarray, standing_n: float | None) -> float:
    """What the runner weighs: as most strides say, or, where they held on for most of the run, as before it."""
    if standing_n is not None:
        free = np.abs(level_n / standing_n - 1) < SAME_WEIGHT
        if free.mean() >= KNOWN_STRIDES:
            return float(np.median(level_n[free]))
    return float(np.median(level_n))


def marked(marks: Sequence[Mark], kind: MarkKind) -> list[Mark]:
    """Those of one kind."""
    return [mark for mark in marks if mark.kind == kind]
