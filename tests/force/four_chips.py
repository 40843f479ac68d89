"""Four simulated chips with the real reader in virtual time, and what each chip really converted."""

from collections.abc import Sequence

import numpy as np

from station.config import Force
from station.force.hx711_reader import Hx711Reader
from station.messages import CHANNELS, Calibration, CellCalibration, SampleBatch
from station.sim.chips import build_chips, draw_chips
from station.sim.gpio import SimulatedGpio
from station.sim.hx711_chip import CellForce, ChipSpec
from station.sim.virtual_clock import Preemption, VirtualClock
from station.simulation_config import WiringFault
from tests.force.disturbed_line import DisturbedLine, Trouble
from tests.force.truth import ChipTruth, compare


class FourChips:
    """`truths` by channel; `lines`: the troubles of each chip's wire. The reader is opened."""

    def __init__(
        self,
        force_n: CellForce,
        specs: list[ChipSpec] | None = None,
        seed: int = 1,
        rate_sps: int = 80,
        preemption: Preemption | None = None,
        pin_call_ns: int = 700,
        troubles: Sequence[Trouble] = (),
        faults: Sequence[WiringFault] = (),
    ) -> None:
        self.settings = Force(chip_rate_sps=rate_sps)
        self.clock = VirtualClock(seed, pin_call_ns, preemption)
        self.gpio = SimulatedGpio(self.clock.pin_call)
        specs = specs or draw_chips(seed, rate_sps)
        self.specs = specs
        cells, forces_n = self.settings.cells, [force_n] * 4
        self.chips = build_chips(self.gpio, specs, cells, forces_n, self.clock.now_ns(), 64, faults)
        self.truths = [ChipTruth(chip) for chip in self.chips]
        self.lines = [
            [DisturbedLine(chip, trouble, 10 * seed + c) for trouble in troubles] for c, chip in enumerate(self.chips)
        ]
        self.reader = Hx711Reader(self.gpio, self.clock, self.settings.cells, rate_sps, self.settings.poll_s)
        self.reader.open()

    def untrue(self, batch: SampleBatch) -> int:
        """How many delivered values are no conversion that their chip made then. Batches in the order of reading."""
        before = sum(truth.tally.bad for truth in self.truths)
        compare(batch, self.truths)
        return sum(truth.tally.bad for truth in self.truths) - before


def as_made(specs: Sequence[ChipSpec]) -> Calibration:
    """The calibration that knows the chips as they were made."""
    cells = [
        CellCalibration(
            channel=name,
            x_m=0.0,
            y_m=0.0,
            offset_counts=spec.offset_counts,
            newton_per_count=1 / spec.counts_per_newton,
            kernel=None,
        )
        for name, spec in zip(CHANNELS, specs, strict=True)
    ]
    return Calibration(id="as made", created_utc="", cells=cells, deck=None)


def wave(t_s: np.ndarray) -> np.ndarray:
    """A force that makes every conversion another value."""
    return 500 + 400 * np.sin(2 * np.pi * 1.37 * t_s) + 90 * np.sin(2 * np.pi * 7.1 * t_s)


def of(batch: SampleBatch, channel: int) -> dict[str, np.ndarray]:
    """The columns of one channel."""
    columns = batch.arrays()
    return {name: values[columns["channel"] == channel] for name, values in columns.items()}


def per_channel(batch: SampleBatch) -> list[int]:
    return np.bincount(batch.arrays()["channel"], minlength=len(CHANNELS)).tolist()
