"""Reads four free-running HX711 chips: every conversion, with the bracket of time in which it ended.

Each chip has its own DOUT and PD_SCK. All are polled; a ready one is read at once. A chip that is out of step is
power-cycled alone; the others go on. While reading, nothing is allocated that outlives the look at a chip.
"""

import contextlib
import math

from station.clock import Clock
from station.config import Cell
from station.errors import DeviceError
from station.force.hx711_follower import SILENT_NS, Hx711Follower
from station.force.hx711_wire import Gpio, Hx711Wire
from station.force.pace import SPREAD
from station.force.sample_columns import SampleColumns
from station.messages import CHANNELS, ForceHealth, SampleBatch
from station.words import N_

NEVER_NS = 2**62


class Hx711Reader:
    """A `LoadCellFrontEnd` over four chips. `cells` by channel name; `gpio` as in `hx711_wire`.

    `shunt_pin` drives the shunt switch of the kernel test, high = on; None: there is none.
    """

    channels = CHANNELS

    def __init__(
        self,
        gpio: Gpio,
        clock: Clock,
        cells: dict[str, Cell],
        rate_sps: float,
        poll_s: float,
        shunt_pin: int | None = None,
    ) -> None:
        self.nominal_rate_sps = rate_sps
        self._gpio = gpio
        self._clock = clock
        self._poll_s = poll_s
        self._shunt_pin = shunt_pin
        self._shunt_claimed = False
        wires = [Hx711Wire(gpio, clock, cells[name]) for name in CHANNELS]
        self._chips = [Hx711Follower(number, wire, clock, rate_sps) for number, wire in enumerate(wires)]
        self._columns = SampleColumns()
        self._next_check_ns = 0

    def open(self) -> None:
        """Claim the pins and start all chips from a power-down, so that their state is known."""
        try:
            self._gpio.setwarnings(False)
            self._gpio.setmode(self._gpio.BCM)
            for chip in self._chips:
                chip.wire.setup()
            if self._shunt_pin is not None:
                self._gpio.setup(self._shunt_pin, self._gpio.OUT, initial=0)
                self._shunt_claimed = True
        except (RuntimeError, ValueError, OSError) as e:
            self.close()
            if isinstance(e, DeviceError):
                raise
            raise DeviceError(
                N_("GPIO pins of the load cells: {e}; is another program using them?").format(e=e)
            ) from None
        for chip in self._chips:
            chip.start()
        self._next_check_ns = self._clock.now_ns() + SILENT_NS

    def close(self) -> None:
        if self._shunt_claimed:
            self._shunt_claimed = False
            with contextlib.suppress(RuntimeError, ValueError, OSError):
                self._gpio.output(self._shunt_pin, 0)
                self._gpio.cleanup(self._shunt_pin)
        for chip in self._chips:
            chip.wire.release()

    def read(self, duration_s: float) -> SampleBatch:
        """Poll for `duration_s`; all conversions that ended meanwhile, in the order of reading.

        Ends early where the chips are so much faster than `rate_sps` that there is no room for more.
        """
        clock, chips, columns, poll_s = self._clock, self._chips, self._columns, self._poll_s
        columns.clear(len(chips) * (math.ceil(duration_s * self.nominal_rate_sps * SPREAD) + 3))
        now_ns = clock.now_ns()
        end_ns = now_ns + round(duration_s * 1e9)
        while now_ns < end_ns and columns.free >= len(chips):
            next_look_ns = NEVER_NS
            for chip in chips:
                if now_ns >= chip.look_from_ns:
                    chip.look(now_ns, columns)
                if chip.look_from_ns < next_look_ns:
                    next_look_ns = chip.look_from_ns
            if now_ns > self._next_check_ns:
                self._next_check_ns = now_ns + SILENT_NS
                for chip in chips:
                    chip.wake_silent(now_ns)
            clock.sleep(max(poll_s, (next_look_ns - clock.now_ns()) * 1e-9))
            now_ns = clock.now_ns()
        return columns.batch()

    def health(self) -> ForceHealth:
        chips = self._chips
        return ForceHealth(
            t_ns=self._clock.now_ns(),
            conversions=[chip.conversions for chip in chips],
            lost=[chip.lost for chip in chips],
            rejected=[chip.rejected for chip in chips],
            power_downs=[chip.power_downs for chip in chips],
            rate_sps=[chip.rate_sps for chip in chips],
            trouble=[chip.trouble for chip in chips],
            fault="; ".join(chip.fault for chip in chips if chip.fault) or None,
        )

    def shunt(self, on: bool) -> int:
        """Switch the known step of the kernel test; the instant (ns), the middle of the pin call.

        Raises DeviceError where there is no switch, or where its pin cannot be driven.
        """
        if not self._shunt_claimed:
            raise DeviceError(
                "kernel test: this station knows of no shunt switch; fit one and set force.shunt_pin to its pin"
            )
        before_ns = self._clock.now_ns()
        try:
            self._gpio.output(self._shunt_pin, int(on))
        except (RuntimeError, ValueError, OSError) as e:
            raise DeviceError(
                f"kernel test: the shunt switch on GPIO {self._shunt_pin} cannot be driven: {e}; "
                "is another program using the pin?"
            ) from None
        return (before_ns + self._clock.now_ns()) // 2
