"""The station's reader beside the packages `hx711` and `hx711-multi`, unmodified, on the same simulated chips.

Run as `python -m tests.benchmarks.reader_packages [--seconds S] [--rate 80|320]`. Everything runs in virtual time. The
packages are used in their kindest way: one `_read()` after the other, without the averaging of their public calls
(`get_raw_data` takes two conversions of one chip, `read_raw` throws the values of a moving load away).

CPU: what the pins and the clock answered is recorded, and the same reading is done again on the record alone. What
remains is the reader's own Python, with a call into C for each pin call and each look at the clock.
"""

import argparse
import importlib
import logging
import operator
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from station.config import Cell, Force
from station.force.hx711_reader import Hx711Reader
from station.messages import CHANNELS, SampleBatch
from station.sim.chips import build_chips, draw_chips
from station.sim.gpio import SimulatedGpio
from station.sim.virtual_clock import Preemption, VirtualClock
from tests.force.disturbed_line import SPIKES, DisturbedLine, Trouble
from tests.force.four_chips import wave
from tests.force.truth import ChipTruth, Tally, compare

WARM_UP_NS = 1_000_000_000
"""Conversions count from this long after a reader has begun."""
AGE_NS = 100_000_000
"""A value without a time stamp is true when its chip made it at most this long ago."""
AGAIN = 3
PREEMPTED = Preemption(50.0, 3e-5, 3e-3)

Step = Callable[[], SampleBatch]
"""Read once: what was found, perhaps nothing."""


@dataclass(frozen=True)
class Reader:
    """One row. `start(gpio, clock, force)` gives the step; `shared_clock`: all chips on one PD_SCK."""

    name: str
    stamps: bool
    shared_clock: bool
    start: Callable[[Any, Any, Force], Step]


def own_reader(gpio: Any, clock: Any, force: Force) -> Step:
    reader = Hx711Reader(gpio, clock, force.cells, force.chip_rate_sps, force.poll_s)
    reader.open()
    return lambda: reader.read(force.batch_s)


def single_package(gpio: Any, clock: Any, force: Force) -> Step:
    """Four objects of `hx711`, read in turn."""
    with simulated_package("hx711", gpio) as package:
        package.time = SimpleNamespace(sleep=clock.sleep, perf_counter=lambda: clock.now_ns() * 1e-9)
        chips = [package.HX711(dout_pin=c.dout, pd_sck_pin=c.pd_sck) for c in in_order(force.cells)]

    def step() -> SampleBatch:
        found = []
        for channel, chip in enumerate(chips):
            value = chip._read()
            if value is not False and value != -1:  # as `get_raw_data` sorts them
                found.append((channel, value, clock.now_ns()))
        return without_stamps(found)

    return step


def multi_package(gpio: Any, clock: Any, force: Force) -> Step:
    """One object of `hx711-multi` over four chips on one clock line."""
    gpio.setmode(gpio.BCM)
    with simulated_package("hx711_multi", gpio) as package:
        module = sys.modules[f"{package.__name__}.hx711"]
        module.sleep, module.perf_counter = clock.sleep, lambda: clock.now_ns() * 1e-9
        cells = in_order(force.cells)
        chips = package.HX711([c.dout for c in cells], cells[0].pd_sck, log_level="CRITICAL")

    def step() -> SampleBatch:
        for chip in chips._adcs:
            chip._init_set_of_reads()
        chips._read()
        now_ns = clock.now_ns()
        return without_stamps(
            [(channel, v, now_ns) for channel, chip in enumerate(chips._adcs) for v in chip.reads if v is not None]
        )

    return step


READERS = (
    Reader("the station's reader", True, False, own_reader),
    Reader("hx711 1.1.2.3, four in one loop", False, False, single_package),
    Reader("hx711-multi 1.4.1, one clock line", False, True, multi_package),
)


@contextmanager
def simulated_package(name: str, gpio: Any) -> Iterator[ModuleType]:
    """The package, imported afresh on these pins."""
    saved = {key: sys.modules.pop(key) for key in list(sys.modules) if key.split(".")[0] in ("RPi", name)}
    rpi = ModuleType("RPi")
    rpi.GPIO = gpio
    sys.modules.update({"RPi": rpi, "RPi.GPIO": gpio})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # hx711-multi logs by a name that is going
            yield importlib.import_module(name)
    finally:
        for key in [key for key in sys.modules if key.split(".")[0] in ("RPi", name)]:
            del sys.modules[key]
        sys.modules.update(saved)


def in_order(cells: dict[str, Cell]) -> list[Cell]:
    return [cells[name] for name in CHANNELS]


def without_stamps(found: list[tuple[int, int, int]]) -> SampleBatch:
    """(channel, counts, instant of return) as a batch: all that is known is that it is younger than `AGE_NS`."""
    channel, raw, low_ns = np.array(found, np.int64).reshape(-1, 3).T
    none = np.zeros(len(raw))
    return SampleBatch.of(channel=channel, raw=raw, t_high_ns=low_ns - AGE_NS, t_low_ns=low_ns, seq=none, flags=none)


class Recorder:
    """Pins and clock that remember what they answered."""

    def __init__(self, gpio: SimulatedGpio, clock: VirtualClock) -> None:
        self._gpio, self._clock = gpio, clock
        self.levels: list[int] = []
        self.instants_ns: list[int] = []
        self.outputs = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gpio, name)

    def input(self, channel: int) -> int:
        self.levels.append(self._gpio.input(channel))
        return self.levels[-1]

    def output(self, channel: int, value: int) -> None:
        self.outputs += 1
        self._gpio.output(channel, value)

    def now_ns(self) -> int:
        self.instants_ns.append(self._clock.now_ns())
        return self.instants_ns[-1]

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)

    def replayed(self) -> SimpleNamespace:
        """The same answers once more, by functions in C that ignore what they are asked."""
        ignore = lambda *_, **__: None  # noqa: E731
        return SimpleNamespace(
            BCM=self._gpio.BCM, IN=self._gpio.IN, OUT=self._gpio.OUT,
            PUD_UP=self._gpio.PUD_UP, PUD_DOWN=self._gpio.PUD_DOWN,
            setmode=ignore, setwarnings=ignore, setup=ignore, sleep=ignore,
            input=partial(next, iter(self.levels)), output=operator.is_, now_ns=iter(self.instants_ns).__next__,
        )  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What one reader got in one world."""

    made: int
    caught: int
    bad: int
    pin_calls_per_s: float
    cpu_ms_per_s: float


def run(
    reader: Reader, rate_sps: int, seconds: float, preemption: Preemption | None = None, trouble: Trouble | None = None
) -> Result:
    """Read for `seconds` of virtual time, with the truth beside it, then once more on the record for the CPU."""
    force = Force(chip_rate_sps=rate_sps)
    clock = VirtualClock(1, preemption=preemption)
    gpio = SimulatedGpio(clock.pin_call)
    clock_pin = force.cells[CHANNELS[0]].pd_sck
    wired = {
        name: Cell(dout=c.dout, pd_sck=clock_pin if reader.shared_clock else c.pd_sck, x_m=c.x_m, y_m=c.y_m)
        for name, c in force.cells.items()
    }
    chips = build_chips(gpio, draw_chips(1, rate_sps), wired, [wave] * len(CHANNELS), clock.now_ns(), ahead=64)
    truths = [ChipTruth(chip) for chip in chips]
    for c, chip in enumerate(chips if trouble else ()):
        DisturbedLine(chip, trouble, c)
    recorder = Recorder(gpio, clock)
    step = reader.start(recorder, recorder, force)
    warm_up = steps = 0
    warm_ns = clock.now_ns() + WARM_UP_NS
    while clock.now_ns() < warm_ns:
        compare(step(), truths)
        warm_up += 1
    for truth in truths:
        truth.tally = Tally()
    pin_calls, started_ns = len(recorder.levels) + recorder.outputs, clock.now_ns()
    while clock.now_ns() < started_ns + seconds * 1e9:
        compare(step(), truths)
        steps += 1
    total = {name: sum(getattr(t.tally, name) for t in truths) for name in ("made", "delivered", "bad")}
    return Result(
        total["made"],
        total["delivered"] - total["bad"],
        total["bad"],
        (len(recorder.levels) + recorder.outputs - pin_calls) / seconds,
        1e3 * min(_cpu_s(reader, recorder, force, warm_up, steps) for _ in range(AGAIN)) / seconds,
    )


def _cpu_s(reader: Reader, recorder: Recorder, force: Force, warm_up: int, steps: int) -> float:
    played = recorder.replayed()
    step = reader.start(played, played, force)
    for _ in range(warm_up):
        step()
    started_s = time.process_time()
    for _ in range(steps):
        step()
    return time.process_time() - started_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="of virtual time for each field; default 60")
    parser.add_argument("--rate", type=int, choices=(80, 320), default=80, help="samples a second; default 80")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # the packages complain of every preemption
    print(
        f"4 chips of {options.rate} SPS +-3 %, {options.seconds:g} s; preempted 50/s, 0.03-3 ms; spikes 50/s, to 1 us"
    )
    print(f"{'':36}{'time':>7}{'undisturbed':>17}{'preempted':>17}{'spikes':>17}{'pin calls':>11}{'CPU ms':>8}")
    print(f"{'':36}{'stamps':>7}" + f"{'caught %':>11}{'bad':>6}" * 3 + f"{'per s':>11}{'per s':>8}")
    for reader in READERS:
        results = [
            run(reader, options.rate, options.seconds, preemption, trouble)
            for preemption, trouble in ((None, None), (PREEMPTED, None), (None, SPIKES))
        ]
        print(
            f"{reader.name:36}{'yes' if reader.stamps else 'no':>7}"
            + "".join(f"{100 * r.caught / r.made:11.2f}{r.bad:6}" for r in results)
            + f"{results[0].pin_calls_per_s:11.0f}{results[0].cpu_ms_per_s:8.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
