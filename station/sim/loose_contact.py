"""A chip whose supply or ground comes and goes: while it is away the chip has no power and its pins hang free."""

from station.sim.hx711_chip import Fault, HX711Chip
from station.sim.occasions import Occasions

AWAY_S = (0.002, 0.3)
"""A contact that bounces, and one that a shake of the deck opens for a moment."""


class LooseContact:
    """Stands between chip and pins. `occasions`: when the contact opens, on the pins' clock."""

    def __init__(self, chip: HX711Chip, occasions: Occasions) -> None:
        self._chip = chip
        self._occasions = occasions
        self._looked_ns: int | None = None
        self._back_ns = 0

    @property
    def pull(self) -> int:
        return self._chip.pull

    @pull.setter
    def pull(self, level: int) -> None:
        self._chip.pull = level

    def dout(self, t_ns: int) -> int:
        self._look(t_ns)
        return self._chip.dout(t_ns)

    def sck(self, level: int, t_ns: int) -> None:
        self._look(t_ns)
        self._chip.sck(level, t_ns)

    def _look(self, t_ns: int) -> None:
        """Whether the contact has opened or closed since the last time a pin was touched."""
        if self._looked_ns is not None:
            for at_s, drawn in self._occasions.between(self._looked_ns * 1e-9, t_ns * 1e-9):
                shortest_s, longest_s = AWAY_S
                self._back_ns = round((at_s + shortest_s * (longest_s / shortest_s) ** drawn) * 1e9)
                self._chip.fault = Fault.UNPLUGGED
        self._looked_ns = t_ns
        if self._chip.fault is not None and t_ns >= self._back_ns:
            self._chip.plug_in(self._back_ns)
