"""What the chips' blur does to live steps on average, told by the last stretch of the run that was solved."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.fusion.live_contacts import LiveContact
from station.messages import SolvedSteps

SAME_STEP_S = 0.06
LEAST_STEPS = 8


@dataclass(frozen=True)
class LiveCorrection:
    """Common to both feet: the same chips blur both, and their difference is what the runner wants to see."""

    contact_time_ms: float  # to add to it, and to take from the flight time
    peak_factor: float


NO_CORRECTION = LiveCorrection(0.0, 1.0)


def learned(contacts: Sequence[LiveContact], run_ns: int, solved: SolvedSteps) -> LiveCorrection | None:
    """From the live contacts of a run that began at `run_ns`, and the solved ones of a stretch of it.

    None where too few are the same.
    """
    if not contacts or not solved.contact_s:
        return None
    live_s = (np.array([c.contact_ns for c in contacts]) - run_ns) / 1e9
    solved_s = np.array(solved.contact_s)
    nearest = np.argmin(np.abs(live_s[:, None] - solved_s), axis=0)
    same = np.flatnonzero(np.abs(live_s[nearest] - solved_s) < SAME_STEP_S)
    if len(same) < LEAST_STEPS:
        return None
    live = [contacts[k] for k in nearest[same]]
    late_ms = np.array(solved.contact_time_ms)[same] - [c.contact_time_ms for c in live]
    factors = np.array(solved.peak_force_bw)[same] / [c.peak_bw for c in live]
    return LiveCorrection(float(np.median(late_ms)), float(np.median(factors)))
