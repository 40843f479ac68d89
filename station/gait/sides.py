"""Which foot each step was: alternation and the sideways centre of pressure, decided over the whole run.

One step's sideways place is uncertain (runners place a foot within about 2 cm, their feet are 0-10 cm apart), but
steps alternate: within an unbroken chain there are only two namings, and all steps vote between them.
"""

from dataclasses import dataclass

import numpy as np

from station.gait.contacts import Contacts
from station.gait.results import SIDES, Side
from station.gait.total_force import GroundForce

LEFT, RIGHT, UNKNOWN = 0, 1, -1
"""Index into results.SIDES; UNKNOWN for a chain too short to tell."""
WHITE_SPREAD = np.sqrt(1 / 0.375)
"""Spread of places that are independent from step to step, over the spread of half their second differences."""
MIN_HALF_WIDTH_M = 0.001
"""Below this, cell noise and the deck's own calibration error may alternate with the steps."""
MIN_EVIDENCE = 4.0
MIN_CHAIN_EVIDENCE = 2.0
"""Standard errors between the two namings: for the run, and for a chain beside the best one."""


@dataclass(frozen=True)
class Sides:
    """`foot` (n,) indexes SIDES. `known` False: LEFT is only the first foot of the longest chain."""

    foot: np.ndarray
    known: bool
    half_width_m: float

    def name(self, k: int) -> Side | None:
        """Side of step k; None where it is not known."""
        return SIDES[self.foot[k]] if self.known and self.foot[k] != UNKNOWN else None


def find_sides(ground: GroundForce, contacts: Contacts) -> Sides:
    """Name the steps by the force-weighted mean sideways place of each."""
    n = len(contacts)
    if n == 0:
        return Sides(np.zeros(0, int), False, 0.0)
    order = np.concatenate([np.arange(np.sum(contacts.chain == c)) for c in np.unique(contacts.chain)])
    alternating = 1 - 2 * (order % 2)
    votes_m = alternating * _beside_neighbours(_lateral_place_m(ground, contacts), contacts.chain)
    mean_m = {c: float(votes_m[contacts.chain == c].mean()) for c in np.unique(contacts.chain)}
    sign = np.array([np.sign(mean_m[c]) or 1.0 for c in contacts.chain])
    half_width_m = float((sign * votes_m).mean())
    spread_m = float(np.std(sign * votes_m)) * WHITE_SPREAD + 1e-9
    evidence = {c: abs(mean_m[c]) * np.sqrt(np.sum(contacts.chain == c)) / spread_m for c in mean_m}
    known = half_width_m >= MIN_HALF_WIDTH_M and max(evidence.values()) >= MIN_EVIDENCE
    if not known:
        longest = np.bincount(contacts.chain).argmax()
        foot = np.where(contacts.chain == longest, order % 2, UNKNOWN)
        return Sides(foot, False, half_width_m)
    foot = np.where(sign * alternating > 0, LEFT, RIGHT)
    clear = np.array([evidence[c] >= MIN_CHAIN_EVIDENCE for c in contacts.chain])
    return Sides(np.where(clear, foot, UNKNOWN), True, half_width_m)


def _beside_neighbours(place_m: np.ndarray, chain: np.ndarray) -> np.ndarray:
    """(n,) half the distance of each place from the mean of the steps before and after it in its chain.

    The runner's wandering across the belt is common to neighbours and drops out.
    """
    out = np.zeros(len(place_m))
    for c in np.unique(chain):
        of_chain = np.flatnonzero(chain == c)
        if len(of_chain) > 1:
            y = place_m[of_chain]
            padded = np.concatenate([y[1:2], y, y[-2:-1]])
            out[of_chain] = (y - (padded[:-2] + padded[2:]) / 2) / 2
    return out


def _lateral_place_m(ground: GroundForce, contacts: Contacts) -> np.ndarray:
    """(n,) mean sideways centre of pressure of each step, weighted by force."""
    out = np.zeros(len(contacts))
    for k, (a, b) in enumerate(zip(contacts.loaded_from_s, contacts.loaded_to_s, strict=True)):
        span = slice(*np.searchsorted(ground.t_s, (a, b)))
        out[k] = ground.moment_y_nm[span].sum() / max(ground.force_n[span].sum(), 1.0)
    return out
