"""A gait that goes on as long as it is wanted: a loop of strides, each time with other forces."""

import numpy as np

from station.sim.runner.ground_force import GroundForce
from station.sim.runner.scenario import Scenario
from station.sim.runner.stride_timing import Contact

_LOOP_VARIANTS = 8  # the same contacts with other forces, made beforehand: nothing is solved while a run goes on


class LoopedGait:
    """Times are seconds since the gait began, in the flight before a right contact."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self._loop = loop = scenario.loop()
        variants = range(_LOOP_VARIANTS)
        self._forces = [GroundForce(scenario, loop.contacts, (seed, k), loop.length_s) for k in variants]

    @property
    def length_s(self) -> float:
        """Of one loop."""
        return self._loop.length_s

    def contacts(self, until_s: float) -> list[Contact]:
        """The true contacts that begin until then."""
        loops = range(int(until_s / self.length_s) + 1)
        every = (c.later(k * self.length_s) for k in loops for c in self._loop.contacts)
        return [c for c in every if c.contact_s <= until_s]

    def moments(self, since_s: np.ndarray, until_s: float) -> np.ndarray:
        """Moments (4, n), see `runner.corners`, of the contacts that begin until then, each to its end."""
        if not len(since_s) or since_s.max() < 0:
            return np.zeros((4, len(since_s)))
        first = max(int(since_s.min() // self.length_s) - 1, 0)  # its last contact may reach into the next loop
        last = int(since_s.max() // self.length_s)
        return sum(
            self._forces[k % _LOOP_VARIANTS].moments(since_s - k * self.length_s, until_s - k * self.length_s)
            for k in range(first, last + 1)
        )
