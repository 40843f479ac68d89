"""What happens to the wire between a chip and the host: spikes, bad contacts, short circuits, lost power."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from station.sim.hx711_chip import Fault, HX711Chip

NEVER_NS = 2**62


@dataclass(frozen=True)
class Trouble:
    """Comes `per_s` times a second (a Poisson process) and lasts between the two limits."""

    kind: str  # spike, open, grounded, high, unpowered, clocked
    per_s: float
    shortest_s: float
    longest_s: float


SPIKES = Trouble("spike", 50.0, 5e-8, 1e-6)
"""Coupled in by the motor's inverter. The line is driven through 100 ohm into some 200 pF of cable (20 ns), so what
its ringing leaves is over within a microsecond; the level is then the opposite of what the chip drives."""
CHATTER = Trouble("open", 2.0, 1e-3, 20e-3)
"""A loose plug on a shaking deck: the host's pull resistor decides."""
GROUNDED = Trouble("grounded", 2.0, 1e-3, 20e-3)
"""A chafed wire touches the frame."""
CLOCKED = Trouble("clocked", 1.0, 5e-8, 1e-6)
"""A spike on PD_SCK: one pulse that the host did not send. (Three of them within one conversion would go unseen: the
chip's set-up, which one or two change, is the only trace they leave.)"""


class DisturbedLine:
    """Between the DOUT of a chip and the pin. `ended_ns`: when each trouble was over."""

    def __init__(self, chip: HX711Chip, trouble: Trouble, seed: int) -> None:
        self.ended_ns: list[int] = []
        self._chip = chip
        self._kind = trouble.kind
        self._undisturbed: Callable[[int], int] = chip.dout
        self._spans = _spans(random.Random(f"{seed} {trouble.kind}"), trouble)
        self._start_ns, self._end_ns = next(self._spans)
        self._on = False
        chip.dout = self.dout

    def dout(self, t_ns: int) -> int:
        if t_ns < self._start_ns:
            return self._undisturbed(t_ns)
        if t_ns < self._end_ns:
            if not self._on:
                self._begin(t_ns)
            return self._level(t_ns)
        self._end(t_ns)
        return self.dout(t_ns)

    def _level(self, t_ns: int) -> int:
        level = self._undisturbed(t_ns)  # the chip goes on, whatever becomes of its wire
        return {"spike": 1 - level, "open": self._chip.pull, "grounded": 0, "high": 1}.get(self._kind, level)

    def _begin(self, t_ns: int) -> None:
        self._on = True
        if self._kind == "unpowered":
            self._chip.fault = Fault.UNPLUGGED

    def _end(self, t_ns: int) -> None:
        if self._on and self._kind == "unpowered":
            self._chip.plug_in(t_ns)
        if self._kind == "clocked" and not self._chip._sck:
            self._chip.sck(1, t_ns)
            self._chip.sck(0, t_ns)
        self.ended_ns.append(self._end_ns)
        self._on = False
        self._start_ns, self._end_ns = next(self._spans)


def _spans(rng: random.Random, trouble: Trouble) -> Iterator[tuple[int, int]]:
    """Start and end (ns) of one trouble after the other."""
    t_s = 0.0
    while True:
        start_s = t_s + rng.expovariate(trouble.per_s)
        t_s = start_s + rng.uniform(trouble.shortest_s, trouble.longest_s)
        yield round(start_s * 1e9), round(t_s * 1e9)
