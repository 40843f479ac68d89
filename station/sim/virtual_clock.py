"""Virtual time for one process: it passes only when the process looks at the clock, sleeps or calls a pin.

The host is as rude as a real one: it wakes late, and may be preempted anywhere, even between two pin calls.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

LOOK_NS = 100
"""What one look at the clock costs."""
LATE_NS = (50_000, 120_000)
"""Linux wakes a sleeper this much late (timer slack and scheduling)."""
NEVER_NS = 2**62


@dataclass(frozen=True)
class Preemption:
    """Other work takes the processor `per_s` times a second, for a random time between the two limits."""

    per_s: float
    shortest_s: float = 1e-4
    longest_s: float = 3e-3


class VirtualClock:
    """A `station.clock.Clock` whose time is a count of what the process did. Deterministic by `seed`.

    `pin_call_ns`: cost of one pin call; 0.7 us is RPi.GPIO on a Raspberry Pi 4, 6 us a slow path.
    """

    def __init__(self, seed: int = 1, pin_call_ns: int = 700, preemption: Preemption | None = None) -> None:
        self._now_ns = 0
        self._pin_call_ns = pin_call_ns
        self._random = random.Random(seed)
        self._preemptions = _preemptions(random.Random(seed + 1), preemption)
        self._interruption_ns, self._interrupted_for_ns = next(self._preemptions)

    def now_ns(self) -> int:
        return self._spend(LOOK_NS)

    def sleep(self, seconds: float) -> None:
        self._spend(round(seconds * 1e9) + self._random.randint(*LATE_NS))

    def pin_call(self) -> int:
        """Let one pin call pass; the instant (ns) at which it takes effect."""
        return self._spend(self._pin_call_ns)

    def _spend(self, ns: int) -> int:
        now_ns = self._now_ns + ns
        while now_ns >= self._interruption_ns:
            now_ns += self._interrupted_for_ns
            self._interruption_ns, self._interrupted_for_ns = next(self._preemptions)
        self._now_ns = now_ns
        return now_ns


def _preemptions(rng: random.Random, preemption: Preemption | None) -> Iterator[tuple[int, int]]:
    """Instants (ns) and lengths (ns) of a Poisson process of preemptions."""
    at_s = 0.0
    while preemption is not None:
        at_s += rng.expovariate(preemption.per_s)
        length_s = rng.uniform(preemption.shortest_s, preemption.longest_s)
        yield round(at_s * 1e9), round(length_s * 1e9)
        at_s += length_s
    while True:
        yield NEVER_NS, 0
