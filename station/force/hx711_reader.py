"""Reads four free-running HX711 chips: every conversion, with the bracket of time in which it ended.

Each chip has its own DOUT and PD_SCK. All are polled; a ready one is read at once. What cannot be trusted is not
delivered: a pulse long enough to power the chip down, a chip out of step, a conversion that ended during the read,
all ones, saturation. A chip out of step is power-cycled alone; the others go on.
"""

from station.clock import Clock
from station.config import Cell
from station.errors import DeviceError
from station.force.hx711_wire import MAX_PULSE_NS, Gpio, Hx711Wire, Shift
from station.force.pace import Pace
from station.messages import CHANNELS, FLAG_FIRST_AFTER_RESET, ForceHealth, SampleBatch

SETTLING_PERIODS = 4
"""HX711 datasheet: 50 ms at 80 samples/s after power-up."""
MAX_READ_NS = 4_000_000
USUAL_READ_NS = 1_000_000
EARLY_NS = 4_000_000
"""A chip is polled from this long before its next conversion can end, so that a late host still sees it high."""
SILENT_NS = 1_000_000_000
ALL_ONES = 0xFFFFFF
SATURATED = (0x7FFFFF, 0x800000)


class _Chip:
    """What the reader remembers of one chip."""

    def __init__(self, number: int, wire: Hx711Wire, rate_sps: float) -> None:
        self.number = number
        self.wire = wire
        self.pace = Pace(rate_sps)
        self.conversions = self.lost = self.rejected = self.power_downs = 0
        self.high_ns = 0  # last time DOUT was seen high
        self.look_from_ns = 0  # it cannot be ready until a while after
        self.settled_ns = 0  # when it may be trusted after a power cycle
        self.drop_next = True
        self.flags = FLAG_FIRST_AFTER_RESET
        self.delivered_ns = 0
        self.last_word: int | None = None  # since the last delivered conversion; None: none was read

    def fault(self, t_ns: int) -> str | None:
        """In a user's words, once nothing came for a second."""
        if t_ns - self.delivered_ns <= SILENT_NS:
            return None
        name = CHANNELS[self.number].replace("_", " ")
        cell = self.wire.cell
        if self.last_word is None:
            return (
                f"{name} load cell: no answer; check its DOUT wire on GPIO {cell.dout}, its PD_SCK wire on "
                f"GPIO {cell.pd_sck} and the chip's 3.3 V supply"
            )
        if self.last_word in SATURATED:
            return f"{name} load cell: out of range; take the load off and check the four wires from cell to chip"
        if self.last_word == 0:
            return f"{name} load cell: its data line is held low; check GPIO {cell.dout} for a short circuit to ground"
        return f"{name} load cell: its readings are disturbed; check the wires on GPIO {cell.dout} and {cell.pd_sck}"


class Hx711Reader:
    """A `LoadCellFrontEnd` over four chips. `cells` by channel name; `gpio` as in `hx711_wire`."""

    channels = CHANNELS

    def __init__(self, gpio: Gpio, clock: Clock, cells: dict[str, Cell], rate_sps: float, poll_s: float) -> None:
        self.nominal_rate_sps = rate_sps
        self._gpio = gpio
        self._clock = clock
        self._poll_s = poll_s
        self._settling_ns = round(SETTLING_PERIODS * 1e9 / rate_sps)
        wires = [Hx711Wire(gpio, clock, cells[name]) for name in CHANNELS]
        self._chips = [_Chip(number, wire, rate_sps) for number, wire in enumerate(wires)]
        self._next_check_ns = 0

    def open(self) -> None:
        """Claim the pins and start all chips from a power-down, so that their state is known."""
        try:
            self._gpio.setwarnings(False)
            self._gpio.setmode(self._gpio.BCM)
            for chip in self._chips:
                chip.wire.setup()
        except (RuntimeError, ValueError, OSError) as e:
            self.close()
            if isinstance(e, DeviceError):
                raise
            raise DeviceError(f"GPIO pins of the load cells: {e}; is another program using them?") from None
        for chip in self._chips:
            self._power_cycle(chip)
            chip.power_downs = 0
            chip.delivered_ns = chip.high_ns
        self._next_check_ns = self._clock.now_ns() + SILENT_NS

    def close(self) -> None:
        for chip in self._chips:
            chip.wire.release()

    def read(self, duration_s: float) -> SampleBatch:
        """Poll for `duration_s`; all conversions that ended meanwhile, in the order of reading."""
        rows: list[tuple[int, int, int, int, int, int]] = []
        now_ns = self._clock.now_ns()
        end_ns = now_ns + round(duration_s * 1e9)
        while now_ns < end_ns:
            for chip in self._chips:
                if now_ns < chip.look_from_ns:
                    continue
                if not chip.wire.ready():
                    chip.high_ns = now_ns  # taken before the look: the conversion ended after it
                    continue
                row = self._serve(chip)
                if row is not None:
                    rows.append(row)
            if now_ns > self._next_check_ns:
                self._wake_silent(now_ns)
            quiet_ns = min(chip.look_from_ns for chip in self._chips) - self._clock.now_ns()
            self._clock.sleep(max(self._poll_s, quiet_ns * 1e-9))
            now_ns = self._clock.now_ns()
        columns = zip(*rows, strict=True) if rows else [()] * len(SampleBatch.DTYPES)
        return SampleBatch.of(**dict(zip(SampleBatch.DTYPES, columns, strict=True)))

    def health(self) -> ForceHealth:
        now_ns = self._clock.now_ns()
        faults = [fault for chip in self._chips if (fault := chip.fault(now_ns))]
        return ForceHealth(
            t_ns=now_ns,
            conversions=[chip.conversions for chip in self._chips],
            lost=[chip.lost for chip in self._chips],
            rejected=[chip.rejected for chip in self._chips],
            power_downs=[chip.power_downs for chip in self._chips],
            rate_sps=[1e9 / chip.pace.period_ns if chip.conversions else 0.0 for chip in self._chips],
            fault="; ".join(faults) or None,
        )

    def _serve(self, chip: _Chip) -> tuple[int, int, int, int, int, int] | None:
        """Read a chip whose DOUT is low; a row of the batch, or None where nothing can be delivered."""
        now_ns = self._clock.now_ns()
        late = now_ns - chip.high_ns > chip.pace.shortest_ns - USUAL_READ_NS
        if late and chip.pace.predicts(now_ns) and chip.pace.may_end_within(now_ns, now_ns + USUAL_READ_NS):
            return None  # a conversion is about to end: look again after it
        shift = chip.wire.shift()
        chip.last_word = shift.word
        settling = chip.drop_next or shift.start_ns < chip.settled_ns
        if self._out_of_step(chip, shift):
            chip.rejected += not settling
            self._power_cycle(chip)
            return None
        bracket = chip.high_ns, shift.start_ns
        chip.high_ns = shift.start_ns  # it was seen high after its last pulse, later than this
        chip.drop_next = False
        if settling:
            return None
        if shift.word in SATURATED or shift.word == ALL_ONES:
            chip.rejected += 1
            return None
        return self._delivered(chip, shift.word, *bracket)

    def _out_of_step(self, chip: _Chip, shift: Shift) -> bool:
        """Whether the chip may have shifted out anything but one whole conversion."""
        if shift.longest_pulse_ns > MAX_PULSE_NS or shift.end_ns - shift.start_ns > MAX_READ_NS or not shift.released:
            return True
        if shift.end_ns - chip.high_ns < chip.pace.shortest_ns:
            return False
        predicted = chip.pace.predicts(shift.start_ns)
        return not predicted or chip.pace.may_end_within(shift.start_ns, shift.end_ns)

    def _delivered(self, chip: _Chip, word: int, high_ns: int, low_ns: int) -> tuple[int, int, int, int, int, int]:
        raw = word - (1 << 24) if word & 0x800000 else word
        chip.lost += chip.pace.follow(high_ns, low_ns)
        row = (chip.number, raw, high_ns, low_ns, chip.conversions, chip.flags)
        chip.conversions += 1
        chip.flags = 0
        chip.delivered_ns = low_ns
        chip.look_from_ns = round(chip.pace.next_ns) - EARLY_NS
        chip.last_word = None
        return row

    def _power_cycle(self, chip: _Chip) -> None:
        chip.wire.power_cycle()
        now_ns = self._clock.now_ns()
        chip.pace.lose_phase()
        chip.settled_ns = now_ns + self._settling_ns
        chip.high_ns = now_ns
        chip.drop_next = True
        chip.flags = FLAG_FIRST_AFTER_RESET
        chip.power_downs += 1

    def _wake_silent(self, now_ns: int) -> None:
        """Once a second, try a silent chip again: its wire may be back."""
        self._next_check_ns = now_ns + SILENT_NS
        for chip in self._chips:
            if now_ns - chip.delivered_ns > SILENT_NS:
                self._power_cycle(chip)
                chip.last_word = None
