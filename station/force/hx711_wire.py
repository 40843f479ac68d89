"""One HX711 on two pins: is it ready, shift a conversion out, switch it off and on.

Timing from the HX711 datasheet V2.0. `gpio` is the `RPi.GPIO` module or anything with its interface.

DOUT has a pull-down: an open wire reads low, which the 25th bit of a read shows (a chip in step drives it high). With
a pull-up, a wire that opens during a read would fill the conversion up with ones, and nothing would show it.
"""

import contextlib
from typing import Protocol

from station.clock import Clock
from station.config import Cell

MAX_PULSE_NS = 50_000
"""PD_SCK may be high for 50 us; at 60 us the chip powers down."""
POWER_DOWN_S = 100e-6
PULSES = range(25)
"""24 bits, and one pulse more for input A with gain 128."""


class Gpio(Protocol):
    """What the driver uses of `RPi.GPIO`."""

    BCM: int
    IN: int
    OUT: int
    PUD_UP: int
    PUD_DOWN: int

    def setmode(self, mode: int) -> None: ...
    def setwarnings(self, flag: bool) -> None: ...
    def setup(self, channel: int, direction: int, pull_up_down: int = ..., initial: int | None = ...) -> None: ...
    def input(self, channel: int) -> int: ...
    def output(self, channel: int, value: int) -> None: ...
    def cleanup(self, channel: int) -> None: ...


class Shift:
    """One conversion as shifted out, with what is needed to trust it. The next shift of the wire writes over it."""

    __slots__ = ("end_ns", "longest_pulse_ns", "released", "start_ns", "steady", "word")

    word: int  # 24 bits, unsigned
    released: bool  # DOUT was high after the 25th pulse, as a chip in step with its host has it
    steady: bool  # both looks at each bit agreed
    start_ns: int
    end_ns: int
    longest_pulse_ns: int  # not shorter than the longest time PD_SCK was high


class Hx711Wire:
    """The two pins of one chip, input A with gain 128 (25 pulses a read)."""

    def __init__(self, gpio: Gpio, clock: Clock, cell: Cell) -> None:
        self.cell = cell
        self._gpio = gpio
        self._clock = clock
        self._shift = Shift()
        self._claimed: list[int] = []  # pins

    def setup(self) -> None:
        """Claim the pins."""
        self._gpio.setup(self.cell.pd_sck, self._gpio.OUT, initial=0)
        self._claimed.append(self.cell.pd_sck)
        self._gpio.setup(self.cell.dout, self._gpio.IN, pull_up_down=self._gpio.PUD_DOWN)
        self._claimed.append(self.cell.dout)

    def release(self) -> None:
        """Give back the pins that were claimed; PD_SCK falls to its pull-down resistor. Never raises."""
        while self._claimed:
            with contextlib.suppress(RuntimeError, ValueError, OSError):
                self._gpio.cleanup(self._claimed.pop())

    def ready(self) -> bool:
        return self._gpio.input(self.cell.dout) == 0

    def shift(self) -> Shift:
        """Clock 24 bits out, most significant first, and one pulse more for gain 128.

        Each bit stands from 0.1 us after one rise of PD_SCK to the next: it is looked at while PD_SCK is high, and
        again while it is low, so that a spike on the line (shorter than the time between the looks) is noticed.
        """
        output, read, now_ns = self._gpio.output, self._gpio.input, self._clock.now_ns
        dout, sck, shift = self.cell.dout, self.cell.pd_sck, self._shift
        word = again = longest_ns = 0
        shift.start_ns = now_ns()
        for _ in PULSES:
            rise_ns = now_ns()
            output(sck, 1)
            word = word << 1 | read(dout)
            output(sck, 0)
            pulse_ns = now_ns() - rise_ns
            if pulse_ns > longest_ns:
                longest_ns = pulse_ns
            again = again << 1 | read(dout)
        shift.end_ns = now_ns()
        shift.longest_pulse_ns = longest_ns
        shift.word = word >> 1
        shift.steady = word == again
        shift.released = bool(word & again & 1)
        return shift

    def power_cycle(self) -> None:
        """Switch the chip off and on: the one sure way back into step."""
        self._gpio.output(self.cell.pd_sck, 1)
        self._clock.sleep(POWER_DOWN_S)
        self._gpio.output(self.cell.pd_sck, 0)

    def floats(self) -> bool:
        """Whether nothing drives DOUT, so that it follows a pull-up: an open wire, or a chip without power."""
        return self._pulled(self.cell.dout, self._gpio.PUD_UP) == 1

    def exchanged(self) -> bool:
        """Whether the wires of the two pins are exchanged. Only where DOUT `floats`: it is driven for a moment.

        A pulse long enough to power the chip down makes it start anew, with its data line high until it has settled
        (50 ms at 80 samples/s): on our clock pin that can only be a chip's DOUT, since a PD_SCK is an input.
        """
        gpio, dout = self._gpio, self.cell.dout
        gpio.setup(dout, gpio.OUT, initial=1)
        self._clock.sleep(POWER_DOWN_S)
        gpio.output(dout, 0)
        gpio.setup(dout, gpio.IN, pull_up_down=gpio.PUD_DOWN)
        return self.clock_held_high()

    def clock_held_high(self) -> bool:
        """Whether something else drives PD_SCK high."""
        high = self._pulled(self.cell.pd_sck, self._gpio.PUD_DOWN) == 1
        self._gpio.setup(self.cell.pd_sck, self._gpio.OUT, initial=0)
        return high

    def _pulled(self, pin: int, pull: int) -> int:
        """Level of a pin that only this pull works on; it then has a pull-down."""
        self._gpio.setup(pin, self._gpio.IN, pull_up_down=pull)
        level = self._gpio.input(pin)
        self._gpio.setup(pin, self._gpio.IN, pull_up_down=self._gpio.PUD_DOWN)
        return level
