"""Each reason to refuse a conversion by itself, on a wire that answers what the test says."""

import pytest

from station.config import Cell
from station.force.hx711_follower import MAX_READ_NS, SILENT_NS, Hx711Follower
from station.force.hx711_wire import MAX_PULSE_NS, Shift
from station.force.sample_columns import SampleColumns
from station.messages import FLAG_AFTER_SATURATION, FLAG_FIRST_AFTER_RESET

PERIOD_NS = 12_500_000
LOOK_NS = 200_000
"""How long after its end a conversion is seen."""
READ_NS = 60_000


class ScriptedClock:
    def __init__(self) -> None:
        self.t_ns = 10**9

    def now_ns(self) -> int:
        return self.t_ns

    def sleep(self, seconds: float) -> None:
        self.t_ns += round(seconds * 1e9)


class ScriptedWire:
    """DOUT is `levels[0]`, then the next, the last one for ever; a read gives `shifted`, a word or an odd one."""

    def __init__(self, clock: ScriptedClock) -> None:
        self.cell = Cell(dout=5, pd_sck=6, x_m=0, y_m=0)
        self.levels = [1]
        self.shifted: dict[str, int | bool] = {}
        self.reads = self.power_cycles = 0
        self._clock = clock

    def ready(self) -> bool:
        return (self.levels.pop(0) if len(self.levels) > 1 else self.levels[0]) == 0

    def shift(self) -> Shift:
        self.reads += 1
        usual = {
            "word": 1000 + self.reads,
            "released": True,
            "steady": True,
            "took_ns": READ_NS,
            "longest_pulse_ns": 900,
        }
        odd = {**usual, **self.shifted}
        shift = Shift()
        shift.start_ns = self._clock.t_ns
        self._clock.t_ns += odd.pop("took_ns")
        shift.end_ns = self._clock.t_ns
        for name, value in odd.items():
            setattr(shift, name, value)
        self.levels = [1]
        return shift

    def power_cycle(self) -> None:
        self.power_cycles += 1
        self.levels = [1]

    def floats(self) -> bool:
        return False

    def clock_held_high(self) -> bool:
        return False


class Bench:
    """A chip at 80 SPS that is followed already; `conversion` lets the next one end."""

    def __init__(self) -> None:
        self.clock = ScriptedClock()
        self.wire = ScriptedWire(self.clock)
        self.chip = Hx711Follower(2, self.wire, self.clock, 80.0)
        self.columns = SampleColumns()
        self.columns.clear(1000)
        self.chip.start()
        self.ended_ns = self.clock.t_ns + 4 * PERIOD_NS
        self._read()
        for _ in range(200):
            self.conversion()
        self.wire.power_cycles = 0
        self.columns.clear(1000)

    def conversion(self, **shifted: int | bool) -> None:
        self.ended_ns += PERIOD_NS
        self._read(**shifted)

    def look(self, *levels: int, before_end_ns: int = 0) -> None:
        self.clock.t_ns = self.ended_ns + PERIOD_NS - before_end_ns
        self.wire.levels = list(levels)
        self.chip.look(self.clock.t_ns, self.columns)

    def delivered(self) -> list[tuple[int, int]]:
        """(counts, flags) of what was delivered since the last call."""
        batch = self.columns.batch().arrays()
        self.columns.clear(1000)
        return list(zip(batch["raw"].tolist(), batch["flags"].tolist(), strict=True))

    def _read(self, **shifted: int | bool) -> None:
        self.wire.shifted = shifted
        for t_ns, level in ((self.ended_ns - LOOK_NS, 1), (self.ended_ns + LOOK_NS, 0)):
            self.clock.t_ns = t_ns
            self.wire.levels = [level]
            self.chip.look(t_ns, self.columns)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_conversion_is_delivered_when_the_next_one_comes_in_time(bench):
    bench.delivered()
    bench.conversion(word=77)
    bench.delivered()
    bench.conversion(word=0xFFFFB0)
    assert bench.delivered() == [(77, 0)]
    bench.conversion()
    assert bench.delivered() == [(-80, 0)]


@pytest.mark.parametrize(
    ("shifted", "refused", "power_cycles"),
    [
        ({"released": False}, 2, 1),  # with the one before: the line may have been open then, too
        ({"longest_pulse_ns": MAX_PULSE_NS + 1}, 1, 1),
        ({"took_ns": MAX_READ_NS + 1}, 1, 1),
        ({"steady": False}, 1, 0),
        ({"word": 0xFFFFFF}, 1, 0),
        ({"word": 0x7FFFFF}, 1, 0),
        ({"word": 0x800000}, 1, 0),
    ],
    ids=str,
)
def test_a_suspicious_read_is_refused(bench, shifted, refused, power_cycles):
    rejected = bench.chip.rejected
    bench.conversion(**{"word": 123_456, **shifted})
    for _ in range(8):
        bench.conversion()
    wrong = shifted.get("word", 123_456)
    assert wrong not in [raw & 0xFFFFFF for raw, _ in bench.delivered()]
    assert bench.chip.rejected == rejected + refused
    assert bench.wire.power_cycles == power_cycles
    assert bench.chip.conversions > 200, "it goes on"


@pytest.mark.parametrize("shifted", [{"longest_pulse_ns": MAX_PULSE_NS}, {"took_ns": MAX_READ_NS}], ids=str)
def test_what_is_just_allowed_is_delivered(bench, shifted):
    bench.conversion(**{"word": 123_456, **shifted})
    bench.conversion()
    assert 123_456 in [raw for raw, _ in bench.delivered()]


def test_a_read_in_which_a_conversion_may_end_is_refused(bench):
    """The host was late for almost a period: the next conversion ends while this one is shifted out."""
    bench.ended_ns += PERIOD_NS
    bench.clock.t_ns = bench.ended_ns + PERIOD_NS - 2_000_000
    bench.wire.levels, bench.wire.shifted = [0], {"word": 123_456, "took_ns": 3_000_000}
    bench.chip.look(bench.clock.t_ns, bench.columns)
    assert (bench.wire.reads, bench.wire.power_cycles) == (202, 1)


def test_right_before_the_end_of_the_next_conversion_a_late_host_waits(bench):
    bench.ended_ns += PERIOD_NS
    reads = bench.wire.reads
    bench.clock.t_ns = bench.ended_ns + PERIOD_NS - 30_000
    bench.wire.levels = [0]
    bench.chip.look(bench.clock.t_ns, bench.columns)
    assert (bench.wire.reads, bench.wire.power_cycles) == (reads, 0)


def test_a_short_spike_is_not_taken_for_a_conversion(bench):
    reads = bench.wire.reads
    bench.look(1, before_end_ns=400_000)
    bench.look(0, 1)
    assert (bench.wire.reads, bench.wire.power_cycles) == (reads, 0)


def test_a_low_line_before_a_conversion_can_have_ended_is_not_read(bench):
    bench.conversion(word=123_456)
    bench.delivered()
    reads = bench.wire.reads
    bench.look(0, before_end_ns=3_000_000)
    assert (bench.wire.reads, bench.wire.power_cycles) == (reads, 0)
    bench.look(0)
    assert (bench.wire.reads, bench.wire.power_cycles) == (reads, 1), "still low: the wire is open or grounded"
    assert bench.delivered() == [], "nor is the one before trusted"


def test_a_line_that_was_low_too_early_and_is_high_again_goes_on(bench):
    bench.look(0, before_end_ns=3_000_000)
    bench.look(1, before_end_ns=2_000_000)
    bench.conversion(word=123_456)
    bench.conversion()
    assert bench.wire.power_cycles == 0
    assert 123_456 in [raw for raw, _ in bench.delivered()]


def test_a_chip_that_does_not_answer_in_time_takes_the_conversion_before_with_it(bench):
    bench.conversion(word=123_456)
    bench.delivered()
    bench.look(1, before_end_ns=-1_000_000)  # it must have ended, and the line is high
    bench.look(0, before_end_ns=-2_000_000)
    assert bench.wire.power_cycles == 1
    bench.ended_ns = bench.clock.t_ns + 4 * PERIOD_NS
    for _ in range(3):
        bench.conversion()
    delivered = bench.delivered()
    assert 123_456 not in [raw for raw, _ in delivered]
    assert delivered[0][1] == FLAG_FIRST_AFTER_RESET


def test_saturation_and_a_reset_are_both_told_by_the_next_reading(bench):
    bench.conversion(word=0x7FFFFF)
    bench.conversion(released=False)
    bench.ended_ns = bench.clock.t_ns + 4 * PERIOD_NS
    bench.delivered()
    for _ in range(4):
        bench.conversion()
    flags = [flag for _, flag in bench.delivered()]
    assert flags == [FLAG_FIRST_AFTER_RESET | FLAG_AFTER_SATURATION, *[0] * (len(flags) - 1)]


def test_after_a_power_cycle_the_first_result_is_dropped(bench):
    bench.conversion(released=False)
    bench.delivered()
    bench.ended_ns = bench.clock.t_ns + 4 * PERIOD_NS
    bench.conversion(word=123_456)
    for _ in range(3):
        bench.conversion()
    assert 123_456 not in [raw for raw, _ in bench.delivered()]


def test_a_silent_chip_is_tried_again_and_named(bench):
    bench.clock.t_ns += SILENT_NS // 2
    bench.chip.wake_silent(bench.clock.t_ns)
    assert (bench.chip.fault, bench.wire.power_cycles) == (None, 0)
    bench.clock.t_ns += SILENT_NS
    bench.chip.wake_silent(bench.clock.t_ns)
    assert bench.chip.fault.startswith("rear left load cell: no answer")
    assert bench.wire.power_cycles == 1
