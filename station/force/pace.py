"""The pace of one free-running chip: its period, the conversions missed, and when the next one must end.

Only for the reader's own safety; the analysis fits a better clock to the recorded brackets afterwards.
"""

SPREAD = 1.25
"""A chip runs at up to this multiple of its nominal rate: 92-94 where 80 is written (force.md section 1, measured)."""
LEARNT = 128
MEMORY = 64
"""Conversions after which the period is known to `TOLERANCE`, and over which it is averaged."""
TOLERANCE = 0.005
LATE_SHARE = 0.15
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
        self._high_ns = 0
        self._low_ns = 0

    def follow(self, high_ns: int, low_ns: int) -> int:
        """A conversion ended within the bracket; returns how many ended unseen since the one before."""
        missed = 0
        on_time = low_ns - high_ns < LATE_SHARE * self.period_ns
        if self._followed:
            elapsed_ns = low_ns - self._low_ns
            missed = max(0, int(elapsed_ns / self.period_ns + LATE_SHARE) - 1)
            if self._in_phase and not missed and on_time and self._on_time:
                self.period_ns += (elapsed_ns - self.period_ns) / min(self._followed + 8, MEMORY)
        self._followed += 1
        self._in_phase, self._on_time = True, on_time
        self._high_ns, self._low_ns = high_ns, low_ns
        return missed

    def lose_phase(self) -> None:
        """The chip was power-cycled: it converts at the same period from a new instant on."""
        self._in_phase = False

    @property
    def shortest_ns(self) -> float:
        """No two conversions end within this time."""
        return self.period_ns * (1 - 2 * TOLERANCE) if self._followed >= LEARNT else self._shortest_ns

    def predicts(self, t_ns: int) -> bool:
        """Whether the ends of the conversions around `t_ns` can be told from those before."""
        near = t_ns - self._high_ns < HORIZON * self.period_ns
        return self._in_phase and self._followed >= LEARNT and near

    def may_end_within(self, start_ns: int, end_ns: int) -> bool:
        """Whether a conversion may end between the two instants, where `predicts` holds."""
        number = int((end_ns - self._high_ns) / (self.period_ns * (1 - TOLERANCE)))
        latest_ns = self._low_ns + number * self.period_ns * (1 + TOLERANCE)
        return number >= 1 and latest_ns >= start_ns
