"""What the world adds to the runner: the belt and its motor, cells that drift and creep, wires that are wrong."""

from dataclasses import dataclass

import numpy as np

from station.messages import CHANNELS
from station.sim.deck import Transfer

VIBRATION_LINES = ((1.13, 0.4), (9.3, 0.75), (27.0, 1.0), (53.0, 1.0))
"""Hertz and relative amplitude: belt seam, rollers, motor, and its harmonic (force.md section 4)."""
CELL_SHARE = 0.5
"""A cell feels half of a line, in a phase of its own."""


@dataclass(frozen=True)
class Disturbance:
    """All zero: an ideal world. Cells by their names in CHANNELS."""

    vibration_n: float = 0.0  # amplitude of the strongest lines of belt and motor
    zero_drift_n_per_min: float = 0.0  # of every cell, from the start on
    creep_share: float = 0.0  # of the load that a cell shows only later
    creep_tau_s: float = 180.0  # how much later
    dead_cell: str | None = None  # its chip converts nothing but its own noise
    swapped_cells: tuple[str, str] | None = None  # each on the other's wires

    def transfer(self) -> list[Transfer]:
        """Of a cell's own: H(s) = 1 + share / (1 + tau s)."""
        if not self.creep_share:
            return []
        tau_s = self.creep_tau_s
        return [(np.array([tau_s, 1 + self.creep_share]), np.array([tau_s, 1.0]))]

    def added_n(self, since_s: np.ndarray) -> np.ndarray:
        """Newtons (4, n) that come to the cells' own, at times (n,) since the start."""
        out = np.tile(self.zero_drift_n_per_min / 60 * since_s, (len(CHANNELS), 1))
        if self.vibration_n:
            for line, (frequency_hz, amplitude) in enumerate(VIBRATION_LINES):
                phase = 2 * np.pi * np.random.default_rng(line).uniform(size=(len(CHANNELS), 1))
                wave = np.sin(2 * np.pi * frequency_hz * since_s + phase)
                out += CELL_SHARE * self.vibration_n * amplitude * wave
        return out

    def cell_of(self, chip: str) -> int | None:
        """Which cell (an index into CHANNELS) the chip of that name is wired to; None: to none that lives."""
        swapped = self.swapped_cells or ()
        cell = swapped[1 - swapped.index(chip)] if chip in swapped else chip
        return None if cell == self.dead_cell else CHANNELS.index(cell)
