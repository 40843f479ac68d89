"""Four simulated chips with the real reader in virtual time, and a log of every conversion the chips made."""

import numpy as np

from station.config import Force
from station.force.hx711_reader import Hx711Reader
from station.messages import CHANNELS, SampleBatch
from station.sim.chips import build_chips, draw_chips
from station.sim.gpio import SimulatedGpio
from station.sim.hx711_chip import REPLACED_PULSE_NS, CellForce, ChipSpec, HX711Chip
from station.sim.virtual_clock import Preemption, VirtualClock


class FourChips:
    """`made[channel]` is every word the chip showed, with the instant (ns) its conversion ended."""

    def __init__(
        self,
        force_n: CellForce,
        specs: list[ChipSpec] | None = None,
        seed: int = 1,
        rate_sps: int = 80,
        preemption: Preemption | None = None,
        pin_call_ns: int = 700,
    ) -> None:
        self.settings = Force(chip_rate_sps=rate_sps)
        self.clock = VirtualClock(seed, pin_call_ns, preemption)
        self.gpio = SimulatedGpio(self.clock.pin_call)
        specs = specs or draw_chips(seed, rate_sps)
        self.specs = specs
        self.chips = build_chips(self.gpio, specs, self.settings.cells, [force_n] * 4, self.clock.now_ns(), ahead=64)
        self.made: list[list[tuple[int, int]]] = [_logged(chip) for chip in self.chips]
        self.reader = Hx711Reader(self.gpio, self.clock, self.settings.cells, rate_sps, self.settings.poll_s)
        self.reader.open()

    def untrue(self, batch: SampleBatch) -> int:
        """How many delivered values are not a conversion that ended within their bracket.

        DOUT is high for a moment when an unread conversion is replaced: a look just then sees it high too late.
        """
        wrong = 0
        for channel, made in enumerate(self.made):
            ends_ns, words = np.array(made or [(0, 0)]).T
            own = of(batch, channel)
            first = np.searchsorted(ends_ns, own["t_high_ns"] - REPLACED_PULSE_NS)
            last = np.searchsorted(ends_ns, own["t_low_ns"], side="right")
            for raw, i, j in zip(own["raw"].tolist(), first, last, strict=True):
                wrong += raw & 0xFFFFFF not in words[i:j]
        return wrong


def _logged(chip: HX711Chip) -> list[tuple[int, int]]:
    log: list[tuple[int, int]] = []
    convert = chip._converted

    def converted() -> int:
        word = convert()
        log.append((round(chip._first_ns + chip._conversion * chip._period_ns), word))
        return word

    chip._converted = converted
    return log


def wave(t_s: np.ndarray) -> np.ndarray:
    """A force that makes every conversion another value."""
    return 500 + 400 * np.sin(2 * np.pi * 1.37 * t_s) + 90 * np.sin(2 * np.pi * 7.1 * t_s)


def of(batch: SampleBatch, channel: int) -> dict[str, np.ndarray]:
    """The columns of one channel."""
    columns = batch.arrays()
    return {name: values[columns["channel"] == channel] for name, values in columns.items()}


def per_channel(batch: SampleBatch) -> list[int]:
    return np.bincount(batch.arrays()["channel"], minlength=len(CHANNELS)).tolist()
