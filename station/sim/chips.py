"""Four chips as a station has them: drawn from the seed, and wired to the pins of their cells."""

from collections.abc import Sequence

import numpy as np

from station.config import Cell
from station.messages import CHANNELS
from station.sim.gpio import SimulatedGpio
from station.sim.hx711_chip import CellForce, ChipSpec, HX711Chip
from station.sim.wiring import Wiring
from station.simulation_config import WiringFault

OSCILLATOR_SPREAD = 0.03
COUNTS_PER_NEWTON = 2190.0
"""200 kg cell of 2 mV/V on an HX711 at gain 128."""
GAIN_SPREAD = 0.05
OFFSET_SPREAD_COUNTS = 200_000.0


def draw_chips(seed: int, rate_sps: float, order: int = 3, noise_n: float = 0.1, **made: float) -> list[ChipSpec]:
    """Four chips as they come out of a box: oscillator +-3 %, any phase, gain +-5 %, any offset.

    `made`: what else all four have in common, as in `ChipSpec`: an extra box, a sag, a wandering oscillator.
    """
    rng = np.random.default_rng(seed)
    return [
        ChipSpec(
            rate_sps=rate_sps * (1 + rng.uniform(-OSCILLATOR_SPREAD, OSCILLATOR_SPREAD)),
            counts_per_newton=COUNTS_PER_NEWTON * (1 + rng.uniform(-GAIN_SPREAD, GAIN_SPREAD)),
            offset_counts=rng.uniform(-OFFSET_SPREAD_COUNTS, OFFSET_SPREAD_COUNTS),
            phase=rng.uniform(),
            order=order,
            noise_n=noise_n,
            seed=int(rng.integers(2**31)),
            **made,
        )
        for _ in CHANNELS
    ]


def build_chips(
    gpio: SimulatedGpio,
    specs: list[ChipSpec],
    cells: dict[str, Cell],
    cell_forces_n: list[CellForce],
    start_ns: int,
    ahead: int = 1,
    faults: Sequence[WiringFault] = (),
) -> list[HX711Chip]:
    """Make the chips and wire each to pins and cell; `cell_forces_n`: what the cell feels that is plugged into each."""
    chips, wiring = [], Wiring(faults, specs)
    for name, felt_n in zip(CHANNELS, cell_forces_n, strict=True):
        chip = HX711Chip(wiring.spec(name), wiring.input(name, felt_n), start_ns, ahead)
        wiring.join(gpio, chip, name, cells)
        chips.append(chip)
    return chips
