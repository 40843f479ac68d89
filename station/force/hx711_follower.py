"""Follows one free-running HX711: takes each of its conversions once, and nothing that cannot be trusted.

Refused are: a low DOUT before a conversion can have ended (an open wire, a spike), a pulse long enough to power the
chip down, a bit that did not stand still, a chip out of step (25th bit), a read that took too long or during which a
conversion may have ended, all ones, saturation. A chip that may be out of step is power-cycled alone.

What was read is held back until the chip answers again, in time. Where it answers too early, the line is open or
grounded; where it is still silent when the next conversion must have ended, the line is stuck high, or a spike on
PD_SCK was one pulse too many (the chip then settles on another gain). What is held may have suffered, and is refused.
"""

from station.clock import Clock
from station.force.chip_trouble import said
from station.force.hx711_wire import MAX_PULSE_NS, Hx711Wire, Shift
from station.force.pace import Pace
from station.force.sample_columns import SampleColumns
from station.messages import CHANNELS, FLAG_AFTER_SATURATION, FLAG_FIRST_AFTER_RESET, ChipTrouble

SETTLING_PERIODS = 4
"""HX711 datasheet: 50 ms at 80 samples/s after power-up."""
MAX_READ_NS = 4_000_000
USUAL_READ_NS = 1_000_000
SLOW = 2.5
"""A chip that settles for longer than this multiple of the nominal time is on another setting: 400 ms instead of 50
(datasheet); the oscillators of one setting stay within a third of each other (force.md section 1)."""
EARLY_NS = 4_000_000
"""A chip is polled from this long before its next conversion can end, so that a late host still sees it high."""
SILENT_NS = 1_000_000_000
NEVER_NS = 2**62
ALL_ONES = 0xFFFFFF
SATURATED = (0x7FFFFF, 0x800000)


class Hx711Follower:
    """One chip: told to `look` whenever it is polled, from `look_from_ns` on. Counters since `start`."""

    def __init__(self, number: int, wire: Hx711Wire, clock: Clock, rate_sps: float) -> None:
        self.wire = wire
        self.pace = Pace(rate_sps)
        self.conversions = self.lost = self.rejected = self.power_downs = 0
        self.look_from_ns = 0  # it cannot be ready until a while after
        self.trouble: ChipTrouble | None = None  # while nothing comes
        self._number = number
        self._clock = clock
        self._rate_sps = rate_sps
        self._settling_ns = round(SETTLING_PERIODS * 1e9 / rate_sps)
        self._high_ns = 0  # last time DOUT was seen high
        self._next_ns = 0.0  # no conversion ends before this
        self._overdue_ns: float = NEVER_NS  # one has ended by this
        self._low_early = False  # since it was last seen high
        self._settled_ns = 0  # when it may be trusted after a power cycle
        self._drop_next = True
        self._flags = FLAG_FIRST_AFTER_RESET
        self._taken_ns = 0  # when the last conversion that was delivered was read
        self._woken_ns = 0  # end of the last power cycle
        self._slow_sps = 0.0  # what the chip makes, where that is too little to be followed
        self._silent_sps = 0.0  # that, when the trouble was named
        self._holding = False  # that conversion, not delivered yet:
        self._held_raw = self._held_high_ns = self._held_low_ns = self._held_flags = 0
        self._last_word: int | None = None  # since the last good conversion or wake-up; None: none was read

    @property
    def rate_sps(self) -> float:
        """As measured; 0 where it is not known."""
        if self.trouble == "slow":
            return self._silent_sps
        return 1e9 / self.pace.period_ns if self.conversions else 0.0

    @property
    def fault(self) -> str | None:
        """In a user's words, while nothing comes."""
        if self.trouble is None:
            return None
        return said(self.trouble, CHANNELS[self._number], self.wire.cell, self.rate_sps, self._rate_sps)

    def start(self) -> None:
        """Begin from a power-down, so that the chip's state is known."""
        self._power_cycle()
        self.power_downs = 0
        self._taken_ns = self._high_ns

    def look(self, now_ns: int, columns: SampleColumns) -> None:
        """Look at DOUT; where a conversion is ready, add it. `now_ns` is an instant before the look."""
        if not self.wire.ready():
            self._high_ns = now_ns  # the conversion will end after it
            self._low_early = False
        elif now_ns < self._next_ns and self._clock.now_ns() < self._next_ns:
            self._low_early = True
        else:
            self._serve(columns)

    def wake_silent(self, now_ns: int) -> None:
        """Where nothing came for a second: say why, and try the chip again; its wire may be back."""
        if now_ns - self._taken_ns > SILENT_NS:
            self.trouble = self._diagnosis()
            self._refuse_held()
            self._power_cycle()
            self._last_word = None
            self._silent_sps, self._slow_sps = self._slow_sps, 0.0

    def _serve(self, columns: SampleColumns) -> None:
        """Read a chip whose DOUT is low."""
        now_ns = self._clock.now_ns()
        if not self.wire.ready():
            self._high_ns = now_ns  # it was a spike
            return
        if self._low_early or self._high_ns > self._overdue_ns:
            self._refuse_held()
            self._begin_anew()
            return
        late = now_ns - self._high_ns > self.pace.shortest_ns - USUAL_READ_NS
        if late and self.pace.predicts(now_ns) and self.pace.may_end_within(now_ns, now_ns + USUAL_READ_NS):
            return  # a conversion is about to end: look again after it
        self._take(self.wire.shift(), columns)

    def _take(self, shift: Shift, columns: SampleColumns) -> None:
        word = self._last_word = shift.word
        if self._out_of_step(shift):
            if shift.released:
                self._deliver_held(columns)  # the chip answered in time; the host was late
            else:
                self._refuse_held()
            self._begin_anew()
            return
        high_ns, low_ns = self._high_ns, shift.start_ns
        self._high_ns = low_ns  # it was seen high after its last pulse, later than this
        if self._drop_next:
            self._judge_settling(low_ns)
        settling = self._drop_next or low_ns < self._settled_ns
        self._drop_next = False
        if settling:
            return
        self._deliver_held(columns)
        self.lost += self.pace.follow(high_ns, low_ns)
        self._next_ns, self._overdue_ns = self.pace.next_ns, self.pace.overdue_ns
        self.look_from_ns = round(self._next_ns) - EARLY_NS
        if not shift.steady or word == ALL_ONES:
            self.rejected += 1
        elif word in SATURATED:
            self.rejected += 1
            self._flags |= FLAG_AFTER_SATURATION
        else:
            self._hold(word, high_ns, low_ns)

    def _judge_settling(self, low_ns: int) -> None:
        """By how long the chip took from the power cycle to its first answer: that many conversions of its own."""
        settling_ns = low_ns - self._woken_ns
        self._slow_sps = SETTLING_PERIODS * 1e9 / settling_ns if settling_ns > SLOW * self._settling_ns else 0.0

    def _out_of_step(self, shift: Shift) -> bool:
        """Whether the chip may have shifted out anything but one whole conversion."""
        if shift.longest_pulse_ns > MAX_PULSE_NS or shift.end_ns - shift.start_ns > MAX_READ_NS or not shift.released:
            return True
        if shift.end_ns - self._high_ns < self.pace.shortest_ns:
            return False
        predicted = self.pace.predicts(shift.start_ns)
        return not predicted or self.pace.may_end_within(shift.start_ns, shift.end_ns)

    def _hold(self, word: int, high_ns: int, low_ns: int) -> None:
        self._held_raw = word - (1 << 24) if word & 0x800000 else word
        self._held_high_ns, self._held_low_ns, self._held_flags = high_ns, low_ns, self._flags
        self._holding = True
        self._flags = 0
        self._last_word = None

    def _deliver_held(self, columns: SampleColumns) -> None:
        if self._holding:
            columns.add(
                self._number, self._held_raw, self._held_high_ns, self._held_low_ns, self.conversions, self._held_flags
            )
            self.conversions += 1
            self.trouble = None
            self._taken_ns = self._held_low_ns
            self._holding = False

    def _refuse_held(self) -> None:
        if self._holding:
            self.rejected += 1
            self._flags |= self._held_flags
            self._holding = False

    def _begin_anew(self) -> None:
        """The conversion at hand cannot be trusted, nor the chip's state."""
        self.rejected += not (self._drop_next or self._clock.now_ns() < self._settled_ns)
        self._power_cycle()

    def _power_cycle(self) -> None:
        self.wire.power_cycle()
        now_ns = self._clock.now_ns()
        self.pace.lose_phase()
        self._woken_ns = now_ns
        self._settled_ns = now_ns + self._settling_ns
        self._high_ns = now_ns
        self._next_ns, self._overdue_ns = 0.0, NEVER_NS
        self.look_from_ns = now_ns + round(SETTLING_PERIODS * self.pace.shortest_ns) - EARLY_NS
        self._low_early = False
        self._drop_next = True
        self._flags |= FLAG_FIRST_AFTER_RESET
        self.power_downs += 1

    def _diagnosis(self) -> ChipTrouble:
        """Why nothing comes, by what was read since the chip was last woken."""
        word, wire = self._last_word, self.wire
        if self._slow_sps:
            return "slow"
        if word is None:
            return "clock_high" if wire.clock_held_high() else "high"
        if word == 0 and wire.floats():
            return "exchanged" if wire.exchanged() else "open"
        if word == 0:
            return "low"
        return "out_of_range" if word in SATURATED else "disturbed"
