"""What each simulated chip really converted, beside what the reader delivered of it."""

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np

from station.messages import SampleBatch
from station.sim.hx711_chip import HX711Chip

NEAR_NS = 1_000_000
"""A spike may make a ready chip look unready once more: the bracket then begins a poll after the conversion's end."""
KEPT = 50
"""Conversions before the last one that was compared: a later bracket may reach back to them."""


@dataclass
class Tally:
    """Counts of one chip."""

    made: int = 0
    delivered: int = 0
    bad: int = 0  # no conversion of this chip that ended about then
    outside: int = 0  # true, but it did not end between `t_high_ns` and `t_low_ns`
    late_ns: list[int] = field(default_factory=list)  # first seen low after the true end
    low_ns: list[int] = field(default_factory=list)


class ChipTruth:
    """Remembers each word the chip showed until a batch that holds it was compared."""

    def __init__(self, chip: HX711Chip) -> None:
        self.tally = Tally()
        self._log: list[tuple[int, int]] = []  # end of conversion (ns), word
        self._convert, self._end_conversion = chip._converted, chip._end_conversion
        self._chip = chip
        chip._converted, chip._end_conversion = self._converted, self._ended

    def compare(self, own: dict[str, np.ndarray]) -> None:
        """The columns of this chip's conversions in one batch, in the order of time."""
        ends_ns = [end_ns for end_ns, _ in self._log]
        for raw, high_ns, low_ns in zip(
            *(own[name].tolist() for name in ("raw", "t_high_ns", "t_low_ns")), strict=True
        ):
            end_ns = self._end_of(raw & 0xFFFFFF, high_ns, low_ns, ends_ns)
            self.tally.delivered += 1
            self.tally.low_ns.append(low_ns)
            if end_ns is None:
                self.tally.bad += 1
            else:
                self.tally.outside += not high_ns <= end_ns <= low_ns
                self.tally.late_ns.append(low_ns - end_ns)
        if len(own["t_low_ns"]):
            del self._log[: max(0, bisect_right(ends_ns, int(own["t_low_ns"][-1])) - KEPT)]

    def _end_of(self, word: int, high_ns: int, low_ns: int, ends_ns: list[int]) -> int | None:
        for i in range(bisect_right(ends_ns, low_ns) - 1, -1, -1):
            if ends_ns[i] < high_ns - NEAR_NS:
                return None
            if self._log[i][1] == word:
                return ends_ns[i]
        return None

    def _ended(self) -> None:
        self._end_conversion()
        self.tally.made += self._chip._ready

    def _converted(self) -> int:
        word = self._convert()
        self._log.append((round(self._chip._first_ns + self._chip._conversion * self._chip._period_ns), word))
        return word


def compare(batch: SampleBatch, truths: list[ChipTruth]) -> None:
    """All of a batch with all chips."""
    columns = batch.arrays()
    for channel, truth in enumerate(truths):
        own = columns["channel"] == channel
        truth.compare({name: values[own] for name, values in columns.items()})
