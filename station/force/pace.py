"""The pace of one free-running chip: its period, the conversions missed, and when the next one must end.

Only for the reader's own safety; the analysis fits a better clock to the recorded brackets afterwards.
"""

SPREAD = 1.25
"""A chip runs at up to this multiple of its nominal rate: 92-94 where 80 is written (force.md section 1, measured)."""
LEARNT = 128
MEMORY = 256
"""Conversions after which the period is known to `TOLERANCE`, and over which it is averaged."""
TOLERANCE = 0.005
LATE_SHARE = 0.25
"""A conversion seen on time is late by less than this share of a period; others do not tell the period."""
HORIZON = 8
"""Conversions ahead for which the end of one can be predicted."""


class Pace:
    """Told of every accepted conversion by `follow`, of every power cycle by `lose_phase`."""

    def __init__(self, nominal_rate_sps: float) -> None:
        self.period_ns = 1e9 / nominal_rate_sps
        self._shortest_ns = self.period_ns / SPREAD
        self._followed = 0
        self._in_phase = False
        self._on_time = False
        self._low_ns = 0
        self._earliest_ns = self._latest_ns = 0.0  # the last conversion ended between the two

    def follow(self, high_ns: int, low_ns: int) -> int:
        """A conversion ended within the bracket; returns how many ended unseen since the one before."""
        number = self._number(low_ns)
        on_time = low_ns - high_ns < LATE_SHARE * self.period_ns
        if self._in_phase and number == 1 and on_time and self._on_time:
            self.period_ns += (low_ns - self._low_ns - self.period_ns) / min(self._followed, MEMORY)
        self._narrow(high_ns, low_ns, number)
        self._followed += 1
        self._in_phase, self._on_time = True, on_time
        self._low_ns = low_ns
        return number - 1

    def lose_phase(self) -> None:
        """The chip was power-cycled: it converts at the same period from a new instant on."""
        self._in_phase = False

    @property
    def shortest_ns(self) -> float:
        """No two conversions end within this time."""
        return self.period_ns * (1 - 2 * TOLERANCE) if self._followed >= LEARNT else self._shortest_ns

    @property
    def next_ns(self) -> float:
        """The next conversion does not end before this."""
        return self._earliest_ns + self.shortest_ns

    @property
    def overdue_ns(self) -> float:
        """The next conversion has ended by this."""
        longest_ns = self.period_ns * (1 + 2 * TOLERANCE if self._followed >= LEARNT else SPREAD)
        return self._latest_ns + longest_ns

    def predicts(self, t_ns: int) -> bool:
        """Whether the ends of the conversions around `t_ns` can be told from those before."""
        near = t_ns - self._earliest_ns < HORIZON * self.period_ns
        return self._in_phase and self._followed >= LEARNT and near

    def may_end_within(self, start_ns: int, end_ns: int) -> bool:
        """Whether a conversion may end between the two instants, where `predicts` holds."""
        number = int((end_ns - self._earliest_ns) / (self.period_ns * (1 - TOLERANCE)))
        return number >= 1 and self._latest_ns + number * self.period_ns * (1 + TOLERANCE) >= start_ns

    def _number(self, low_ns: int) -> int:
        """The conversion seen at `low_ns`, counted from the one before; 1 = none was missed."""
        if not self._followed:
            return 1
        if self.predicts(low_ns):
            return max(1, int((low_ns - self._earliest_ns) / (self.period_ns * (1 - TOLERANCE))))
        return max(1, int((low_ns - self._low_ns) / self.period_ns + LATE_SHARE))

    def _narrow(self, high_ns: int, low_ns: int, number: int) -> None:
        """A late host's wide bracket is narrowed by what was predicted."""
        earliest_ns, latest_ns = float(high_ns), float(low_ns)
        if self.predicts(low_ns):
            earliest_ns = max(earliest_ns, self._earliest_ns + number * self.period_ns * (1 - TOLERANCE))
            latest_ns = min(latest_ns, self._latest_ns + number * self.period_ns * (1 + TOLERANCE))
        if earliest_ns > latest_ns:  # the prediction was wrong
            earliest_ns, latest_ns = float(high_ns), float(low_ns)
        self._earliest_ns, self._latest_ns = earliest_ns, latest_ns
