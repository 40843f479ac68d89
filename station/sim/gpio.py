"""The `RPi.GPIO` module as an object, with simulated HX711 chips on its pins.

Names, constants, exceptions and their texts are those of RPi.GPIO 0.7 (they are its interface). An instance may stand
in `sys.modules` as `RPi.GPIO` for a package that imports it.
"""

import warnings
from collections.abc import Callable, Iterable
from typing import Any, Protocol

HEADER = {
    3: 2, 5: 3, 7: 4, 8: 14, 10: 15, 11: 17, 12: 18, 13: 27, 15: 22, 16: 23, 18: 24, 19: 10, 21: 9, 22: 25, 23: 11,
    24: 8, 26: 7, 29: 5, 31: 6, 32: 12, 33: 13, 35: 19, 36: 16, 37: 26, 38: 20, 40: 21,
}  # fmt: skip
"""Pin of the 40-pin header -> BCM number."""

_NO_MODE = "Please set pin numbering mode using GPIO.setmode(GPIO.BOARD) or GPIO.setmode(GPIO.BCM)"


class Chip(Protocol):
    """What hangs on two pins."""

    pull: int

    def dout(self, t_ns: int) -> int: ...
    def sck(self, level: int, t_ns: int) -> None: ...


class SimulatedGpio:
    """The pins of a Raspberry Pi. `instant` gives the time (ns) at which a pin call takes effect."""

    BCM, BOARD = 11, 10
    OUT, IN = 0, 1
    LOW, HIGH = 0, 1
    PUD_OFF, PUD_DOWN, PUD_UP = 20, 21, 22
    VERSION = "0.7.1"
    RPI_INFO = {"P1_REVISION": 3, "TYPE": "Simulated", "MANUFACTURER": "Simulated", "REVISION": "0"}

    def __init__(self, instant: Callable[[], int]) -> None:
        self._instant = instant
        self._mode: int | None = None
        self._warn = True
        self._chips_by_dout: dict[int, Chip] = {}
        self._driven: dict[int, list[Callable[[int, int], object]]] = {}  # by output pin
        self._level: dict[int, int] = {}
        self._shorted: dict[int, int] = {}
        self._readers: dict[int, Callable[[int], int]] = {}  # by channel, in the caller's numbering
        self._writers: dict[int, Callable[[int, int], None]] = {}

    def connect(self, chip: Chip, dout: int, pd_sck: int) -> None:
        """Wire a chip to two pins (BCM numbers). Several chips may share a PD_SCK."""
        self._chips_by_dout[dout] = chip
        self.connect_output(pd_sck, chip.sck)

    def connect_output(self, pin: int, drive: Callable[[int, int], object]) -> None:
        """Wire anything else to an output pin (BCM number): `drive(level, t_ns)` is called when the pin is driven."""
        self._driven.setdefault(pin, []).append(drive)

    def short(self, pin: int, level: int) -> None:
        """Join what is wired to a pin (BCM number) with ground or 3.3 V, whatever anybody drives."""
        self._shorted[pin] = level
        for drive in self._driven.get(pin, ()):
            drive(level, self._instant())

    # --- the interface of RPi.GPIO ---

    def setmode(self, mode: int) -> None:
        if self._mode is not None and mode != self._mode:
            raise ValueError("A different mode has already been set!")
        if mode not in (self.BCM, self.BOARD):
            raise ValueError("An invalid mode was passed to setmode()")
        self._mode = mode

    def getmode(self) -> int | None:
        return self._mode

    def setwarnings(self, flag: bool) -> None:
        self._warn = bool(flag)

    def setup(self, channel: Any, direction: int, pull_up_down: int = PUD_OFF, initial: int | None = None) -> None:
        if direction not in (self.IN, self.OUT):
            raise ValueError("An invalid direction was passed to setup()")
        if direction == self.OUT and pull_up_down != self.PUD_OFF:
            raise ValueError("pull_up_down parameter is not valid for outputs")
        if direction == self.IN and initial is not None:
            raise ValueError("initial parameter is not valid for inputs")
        if pull_up_down not in (self.PUD_OFF, self.PUD_DOWN, self.PUD_UP):
            raise ValueError("Invalid value for pull_up_down - should be either PUD_OFF, PUD_UP or PUD_DOWN")
        for each in _channels(channel):
            pin = self._bcm(each)
            if direction == self.IN:
                self._setup_input(each, pin, int(pull_up_down == self.PUD_UP))
            else:
                self._setup_output(each, pin, initial)

    def input(self, channel: int) -> int:
        reader = self._readers.get(channel)
        if reader is None:
            self._bcm(channel)
            raise RuntimeError("You must setup() the GPIO channel first")
        return reader(self._instant())

    def output(self, channel: Any, value: Any) -> None:
        if type(channel) is int and channel in self._writers:
            self._writers[channel](1 if value else 0, self._instant())
            return
        channels = _channels(channel)
        values = list(value) if isinstance(value, list | tuple) else [value] * len(channels)
        if len(values) != len(channels):
            raise RuntimeError("Number of channels != number of values")
        for each, level in zip(channels, values, strict=True):
            self._bcm(each)
            if each not in self._writers:
                raise RuntimeError("The GPIO channel has not been set up as an OUTPUT")
            self._writers[each](1 if level else 0, self._instant())

    def cleanup(self, channel: Any = None) -> None:
        if not self._readers:
            if self._warn:
                text = "No channels have been set up yet - nothing to clean up!"
                warnings.warn(text, RuntimeWarning, stacklevel=2)
            return
        for each in _channels(channel) if channel is not None else list(self._readers):
            self._readers.pop(each, None)
            self._writers.pop(each, None)
        if channel is None:
            self._mode = None

    # --- the wires ---

    def _bcm(self, channel: Any) -> int:
        if self._mode is None:
            raise RuntimeError(_NO_MODE)
        if not isinstance(channel, int):
            raise ValueError("Channel must be an integer or list/tuple of integers")
        pin = channel if self._mode == self.BCM else HEADER.get(channel, -1)
        if not 0 <= pin < 54:
            raise ValueError("The channel sent is invalid on a Raspberry Pi")
        return pin

    def _setup_input(self, channel: int, pin: int, pull: int) -> None:
        self._writers.pop(channel, None)
        chip = self._chips_by_dout.get(pin)
        if pin in self._shorted:
            self._readers[channel] = lambda t_ns: self._shorted[pin]
        elif chip is None:
            self._readers[channel] = lambda t_ns: pull
            self._drive(pin, pull)  # an input of a chip follows it
        else:
            chip.pull = pull
            self._readers[channel] = chip.dout

    def _setup_output(self, channel: int, pin: int, initial: int | None) -> None:
        driven = self._driven.setdefault(pin, [])  # what is wired to it later too

        def write(level: int, t_ns: int) -> None:
            self._level[pin] = level
            if pin not in self._shorted:
                for drive in driven:
                    drive(level, t_ns)

        self._writers[channel] = write
        self._readers[channel] = lambda t_ns: self._level.get(pin, 0)
        if initial is not None:
            write(1 if initial else 0, self._instant())

    def _drive(self, pin: int, level: int) -> None:
        driven = self._driven.get(pin)
        if driven:
            t_ns = self._instant()
            for drive in driven:
                drive(level, t_ns)


def _channels(channel: Any) -> list[Any]:
    return list(channel) if isinstance(channel, Iterable) else [channel]
