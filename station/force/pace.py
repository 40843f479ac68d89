"""The pace of one free-running chip: its period, the conversions missed, and when the next one must end.

Only for the reader's own safety; the analysis fits a better clock to the recorded brackets afterwards. Nothing is
averaged: a conversion ended within its bracket, so the period lies between two bounds, whatever the host's lateness.
"""

import math

SPREAD = 1.25
"""A chip runs at up to this multiple of its nominal rate: 92-94 where 80 is written (force.md section 1, measured)."""
LEARNT = 0.01
"""The period is known, and ends of conversions are predicted, once its bounds are this close, as a share of it."""
MARGIN = 0.002
"""Of the bounds: for an oscillator that wanders, and for a high level that a spike on the line feigned."""
WANDER_PER_S = 1e-4
"""The bounds widen by this share each second. (HX711 oscillators are not specified; a few 1e-5 is usual for RC.)"""
BASELINE = 4, 256
"""Conversions over which the period is measured: at least, and at most, so that an old measurement is let go."""
LATE_SHARE = 0.25
HORIZON = 8
"""Conversions ahead for which the end of one can be predicted."""


class Pace:
    """Told of every conversion that was read by `follow`, of every power cycle by `lose_phase`."""

    def __init__(self, nominal_rate_sps: float) -> None:
        self._nominal_ns = 1e9 / nominal_rate_sps
        self._followed = self._in_phase = False
        self._low_ns = 0
        self._earliest_ns = self._latest_ns = 0.0  # the last conversion ended between the two
        self._know_nothing()
        self._measure_from_here()

    def follow(self, high_ns: int, low_ns: int) -> int:
        """A conversion ended within the bracket; returns how many ended unseen since the one before."""
        number = 1
        if self._in_phase:
            number = self._next(high_ns, low_ns)
        else:
            if self._followed:
                number = max(1, int((low_ns - self._low_ns) / self.period_ns + LATE_SHARE))
            self._earliest_ns, self._latest_ns = float(high_ns), float(low_ns)
            self._measure_from_here()
        self._followed = self._in_phase = True
        self._low_ns = low_ns
        return number - 1

    def lose_phase(self) -> None:
        """The chip was power-cycled: it converts at the same period from a new instant on."""
        self._in_phase = False

    @property
    def period_ns(self) -> float:
        return math.sqrt(self.shortest_ns * self._longest_ns)

    @property
    def next_ns(self) -> float:
        """The next conversion does not end before this."""
        return self._earliest_ns + self.shortest_ns

    @property
    def overdue_ns(self) -> float:
        """The next conversion has ended by this."""
        return self._latest_ns + self._longest_ns

    def predicts(self, t_ns: int) -> bool:
        """Whether the ends of the conversions around `t_ns` can be told from those before."""
        learnt = self._longest_ns < self.shortest_ns * (1 + LEARNT)
        return self._in_phase and learnt and t_ns - self._earliest_ns < HORIZON * self.shortest_ns

    def may_end_within(self, start_ns: int, end_ns: int) -> bool:
        """Whether a conversion may end between the two instants, where `predicts` holds."""
        number = int((end_ns - self._earliest_ns) / self.shortest_ns)
        return number >= 1 and self._latest_ns + number * self._longest_ns >= start_ns

    def _next(self, high_ns: int, low_ns: int) -> int:
        """Follow from the conversion before; which one after it this is: at most, where that is not sure."""
        self._widen((low_ns - self._low_ns) * 1e-9 * WANDER_PER_S)
        fewest = max(1, int((low_ns - self._latest_ns) / self._longest_ns))
        most = max(fewest, int((low_ns - self._earliest_ns) / self.shortest_ns))
        earliest_ns = max(float(high_ns), self._earliest_ns + fewest * self.shortest_ns)
        latest_ns = min(float(low_ns), self._latest_ns + most * self._longest_ns)
        if earliest_ns > latest_ns:  # the prediction was wrong
            self._know_nothing()
            earliest_ns, latest_ns = float(high_ns), float(low_ns)
            most = fewest + 1
        self._earliest_ns, self._latest_ns = earliest_ns, latest_ns
        if fewest == most:
            self._measured += most
            self._bound()
        else:
            self._measure_from_here()
        return most

    def _bound(self) -> None:
        """Narrow the bounds of the period by what the baseline tells."""
        least, most = BASELINE
        if self._measured < least:
            return
        shortest_ns = (self._earliest_ns - self._from_latest_ns) / self._measured * (1 - MARGIN)
        longest_ns = (self._latest_ns - self._from_earliest_ns) / self._measured * (1 + MARGIN)
        self.shortest_ns = max(self.shortest_ns, shortest_ns)
        self._longest_ns = min(self._longest_ns, longest_ns)
        if self.shortest_ns > self._longest_ns:
            self._know_nothing()
            self._measure_from_here()
        elif self._measured >= most:
            self._measure_from_here()

    def _know_nothing(self) -> None:
        self.shortest_ns = self._nominal_ns / SPREAD  # no two conversions end within this time
        self._longest_ns = self._nominal_ns * SPREAD

    def _widen(self, share: float) -> None:
        self.shortest_ns = max(self.shortest_ns * (1 - share), self._nominal_ns / SPREAD)
        self._longest_ns = min(self._longest_ns * (1 + share), self._nominal_ns * SPREAD)

    def _measure_from_here(self) -> None:
        self._measured = 0  # conversions since
        self._from_earliest_ns, self._from_latest_ns = self._earliest_ns, self._latest_ns
