"""Benches for the tests: one chip on two pins, and a chip that remembers what it converted."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import numpy as np

from station.config import Cell
from station.force.hx711_wire import Hx711Wire
from station.sim.gpio import SimulatedGpio
from station.sim.hx711_chip import ChipSpec, HX711Chip
from station.sim.virtual_clock import VirtualClock

CELL = Cell(dout=5, pd_sck=6, x_m=0.7, y_m=0.3)


def counting_spec(**changes: float) -> ChipSpec:
    """A chip that shows newtons as counts, without noise."""
    return ChipSpec(**{"rate_sps": 80.0, "counts_per_newton": 1.0, "offset_counts": 0.0, "noise_n": 0.0, **changes})


def constant(newtons: float):
    return lambda t_s: np.full(np.shape(t_s), float(newtons))


class OneChip:
    """A chip, the pins and the clock, in virtual time."""

    def __init__(self, force_n, pin_call_ns: int = 700, **changes: float) -> None:
        self.clock = VirtualClock(seed=1, pin_call_ns=pin_call_ns)
        self.gpio = SimulatedGpio(self.clock.pin_call)
        self.chip = HX711Chip(counting_spec(**changes), force_n, start_ns=0)
        self.gpio.connect(self.chip, CELL.dout, CELL.pd_sck)
        self.gpio.setmode(self.gpio.BCM)
        self.wire = Hx711Wire(self.gpio, self.clock, CELL)
        self.wire.setup()

    def wait_ready(self, limit_s: float = 1.0) -> float:
        """Poll until DOUT is low; the seconds it took. Raises TimeoutError."""
        start_ns = self.clock.now_ns()
        while not self.wire.ready():
            if self.clock.now_ns() - start_ns > limit_s * 1e9:
                raise TimeoutError
            self.clock.sleep(1e-4)
        return (self.clock.now_ns() - start_ns) * 1e-9

    def pulse(self, count: int) -> list[int]:
        """Clock PD_SCK; the level of DOUT after each pulse."""
        levels = []
        for _ in range(count):
            self.gpio.output(CELL.pd_sck, 1)
            self.gpio.output(CELL.pd_sck, 0)
            levels.append(self.gpio.input(CELL.dout))
        return levels


def signed(word: int) -> int:
    return word - (1 << 24) if word & 0x800000 else word


@contextmanager
def hx711_package(gpio: SimulatedGpio, clock: VirtualClock) -> Iterator[ModuleType]:
    """The unmodified `hx711` package on simulated pins and virtual time."""
    rpi = ModuleType("RPi")
    rpi.GPIO = gpio
    saved = {name: sys.modules.pop(name, None) for name in ("RPi", "RPi.GPIO", "hx711")}
    sys.modules.update({"RPi": rpi, "RPi.GPIO": gpio})
    try:
        import hx711

        hx711.time = SimpleNamespace(sleep=clock.sleep, perf_counter=lambda: clock.now_ns() * 1e-9)
        yield hx711
    finally:
        for name, module in saved.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module
