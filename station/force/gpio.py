"""The pins of this Raspberry Pi, as the system provides them.

Raspberry Pi OS ships `RPi.GPIO` as the rpi-lgpio shim, which spends several kernel calls on each pin call: slow enough
to power an HX711 down in mid-pulse (force.md section 2.3). There the pins are driven through `lgpio` itself.
"""

import contextlib
import os
import tempfile
from types import ModuleType

from station.errors import DeviceError
from station.force.hx711_wire import Gpio
from station.words import N_

HEADER_CHIP = "pinctrl-"
"""The gpiochip behind the 40-pin header is labelled pinctrl-bcm2835, -bcm2711 or -rp1; its number differs by kernel."""
CHIP_NUMBERS = range(16)


def system_gpio() -> Gpio:
    """`RPi.GPIO`, or `lgpio` behind its interface. Raises DeviceError off a Raspberry Pi."""
    os.environ.setdefault("LG_WD", tempfile.gettempdir())  # lgpio puts its pipes into the working directory else
    try:
        from RPi import GPIO
    except (ImportError, RuntimeError, OSError) as e:
        raise DeviceError(
            N_(
                'GPIO pins: {e}; on a Raspberry Pi run "sudo apt install python3-rpi-lgpio", elsewhere set '
                'force.device = "simulated"'
            ).format(e=e)
        ) from None
    lgpio = getattr(GPIO, "lgpio", None)  # the shim is written on top of it
    return GPIO if lgpio is None else LgpioPins(lgpio)


class LgpioPins:
    """What the driver uses of `RPi.GPIO`, one `lgpio` call each. Pins are BCM numbers.

    The gpiochip is opened by `setmode` and closed once no pin is claimed any more.
    """

    BCM, OUT, IN, PUD_DOWN, PUD_UP = 11, 0, 1, 21, 22

    def __init__(self, lgpio: ModuleType) -> None:
        self._lgpio = lgpio
        self._chip: int | None = None
        self._claimed: set[int] = set()

    def setmode(self, mode: int) -> None:
        if mode != self.BCM:
            raise ValueError("pins are BCM numbers here")
        if self._chip is None:
            self._chip = self._header_chip()

    def setwarnings(self, flag: bool) -> None:
        """There are none."""

    def setup(self, channel: int, direction: int, pull_up_down: int | None = None, initial: int | None = None) -> None:
        lgpio = self._lgpio
        try:
            if direction == self.OUT:
                lgpio.gpio_claim_output(self._chip, channel, initial or 0)
            else:
                pull = {self.PUD_UP: lgpio.SET_PULL_UP, self.PUD_DOWN: lgpio.SET_PULL_DOWN}.get(pull_up_down, 0)
                lgpio.gpio_claim_input(self._chip, channel, pull)
        except lgpio.error as e:
            self._close_unused()
            raise DeviceError(
                N_("GPIO {channel}: {e}; is another program using it?").format(channel=channel, e=e)
            ) from None
        self._claimed.add(channel)

    def input(self, channel: int) -> int:
        return self._lgpio.gpio_read(self._chip, channel)

    def output(self, channel: int, value: int) -> None:
        self._lgpio.gpio_write(self._chip, channel, value)

    def cleanup(self, channel: int) -> None:
        """Free a pin that was claimed. Never raises."""
        if channel in self._claimed:
            self._claimed.remove(channel)
            with contextlib.suppress(self._lgpio.error):
                self._lgpio.gpio_free(self._chip, channel)
        self._close_unused()

    def _close_unused(self) -> None:
        if self._chip is not None and not self._claimed:
            handle, self._chip = self._chip, None
            with contextlib.suppress(self._lgpio.error):
                self._lgpio.gpiochip_close(handle)

    def _header_chip(self) -> int:
        lgpio = self._lgpio
        for number in CHIP_NUMBERS:
            with contextlib.suppress(lgpio.error):
                handle = lgpio.gpiochip_open(number)
                if lgpio.gpio_get_chip_info(handle)[3].startswith(HEADER_CHIP):
                    return handle
                lgpio.gpiochip_close(handle)
        raise DeviceError(N_("GPIO pins: no header gpiochip may be opened; is this user in the group gpio?"))
