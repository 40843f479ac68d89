"""How cells, chips and pins are joined, rightly or not: every mistake as what it does to volts and levels."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from station.config import Cell
from station.messages import CHANNELS
from station.sim import bridge_faults
from station.sim.bridge_faults import BridgeFault
from station.sim.gpio import SimulatedGpio
from station.sim.hx711_chip import CellForce, ChipSpec, Fault, HX711Chip
from station.sim.loose_contact import LooseContact
from station.sim.occasions import Occasions
from station.simulation_config import WiringFault, WiringMistake

RANGE_COUNTS = float(2**23)
LOW_RATE = 10 / 80
"""RATE on ground instead of DVDD: the same oscillator, divided by eight (HX711 datasheet V2.0)."""
NOISY_N = 3.0
"""Noise of a conversion on a bad 5 V supply, rms: thirty times the chip's own."""
SPIKES_PER_S = 1.5
OPENINGS_PER_S = 1.0
CAPACITY_COUNTS = 0.51 * RANGE_COUNTS
"""Of a cell of 2 mV/V at its capacity; the chip's range ends at 3.9."""
OVERLOAD = (1.0, 1.6)
"""What presses on an overloaded cell, in capacities: the range ends at 1.95."""
BENT = (0.25, 0.8)
"""By how much a cell that was overloaded is off its zero for good, in capacities."""
CROSSINGS = (("E+", "A+"), ("E+", "A-"), ("E-", "A+"), ("E-", "A-"))


def plugged_cell(faults: Sequence[WiringFault], chip: str) -> str:
    """Which cell is plugged into the chip of that name."""
    return _partner(faults, "cells_exchanged", chip)


class Wiring:
    """`specs`: of the chips in the order of CHANNELS, each with the gain and zero of the cell that belongs to it."""

    def __init__(self, faults: Sequence[WiringFault], specs: Sequence[ChipSpec]) -> None:
        self._faults = faults
        self._specs = dict(zip(CHANNELS, specs, strict=True))

    def spec(self, chip: str) -> ChipSpec:
        """The chip as strapped and supplied, with gain and zero of the cell that is plugged in."""
        own, plugged = self._specs[chip], self._specs[plugged_cell(self._faults, chip)]
        kinds = self._kinds(chip)
        return replace(
            own,
            counts_per_newton=plugged.counts_per_newton,
            offset_counts=plugged.offset_counts,
            rate_sps=own.rate_sps * (LOW_RATE if "rate_10" in kinds else 1.0),
            noise_n=NOISY_N if {"supply_noise", "cell_noise"} & kinds else own.noise_n,
        )

    def input(self, chip: str, felt_n: CellForce) -> CellForce:
        """What the chip converts, where the cell that is plugged in feels `felt_n`."""
        faults = [self._bridge_fault(kind, chip) for kind in sorted(self._kinds(chip))]
        faults = [fault for fault in faults if fault is not None]
        spec = self.spec(chip)

        def converted_n(t_s: np.ndarray) -> np.ndarray:
            signal = (felt_n(t_s) * spec.counts_per_newton + spec.offset_counts) / RANGE_COUNTS
            for fault in faults:
                signal = fault(signal, t_s)
            return (signal * RANGE_COUNTS - spec.offset_counts) / spec.counts_per_newton

        return converted_n if faults else felt_n

    def join(self, gpio: SimulatedGpio, chip: HX711Chip, name: str, cells: dict[str, Cell]) -> None:
        """Wire the chip of that name to its pins."""
        pins, kinds = cells[_partner(self._faults, "boards_exchanged", name)], self._kinds(name)
        dout, pd_sck = (pins.pd_sck, pins.dout) if "pins_exchanged" in kinds else (pins.dout, pins.pd_sck)
        loose = "loose_ground" in kinds
        openings = Occasions([chip.spec.seed, 1], OPENINGS_PER_S)
        gpio.connect(LooseContact(chip, openings) if loose else chip, dout, pd_sck)
        if "no_power" in kinds:
            chip.fault = Fault.UNPLUGGED
        if "chip_dead" in kinds:
            chip.fault = Fault.STUCK_HIGH
        for kind, pin, level in (("data_low", dout, 0), ("clock_low", pd_sck, 0), ("clock_high", pd_sck, 1)):
            if kind in kinds:
                gpio.short(pin, level)

    def _kinds(self, chip: str) -> set[str]:
        return {fault.kind for fault in self._faults if fault.cell in (None, chip)}

    def _bridge_fault(self, kind: str, chip: str) -> BridgeFault | None:
        seed = self._specs[chip].seed
        random = np.random.default_rng([seed, 2])
        match kind:
            case "cell_unplugged" | "signal_wire_open":
                return bridge_faults.open_inputs([seed, 3])
            case "excitation_wire_open":
                return bridge_faults.no_excitation
            case "excitation_on_signal":
                return bridge_faults.crossed(*CROSSINGS[random.integers(len(CROSSINGS))])
            case "polarity_reversed":
                return bridge_faults.reversed_polarity
            case "supply_noise":  # one supply: the same instants on all chips
                return bridge_faults.spikes([self._specs[CHANNELS[0]].seed, 4], SPIKES_PER_S)
            case "cell_noise" | "loose_ground":
                return bridge_faults.spikes([seed, 4], SPIKES_PER_S)
            case "cell_overloaded":
                return bridge_faults.shifted(random.uniform(*OVERLOAD) * CAPACITY_COUNTS / RANGE_COUNTS)
            case "cell_bent":
                return bridge_faults.shifted(random.uniform(*BENT) * CAPACITY_COUNTS / RANGE_COUNTS)
        return None


def _partner(faults: Sequence[WiringFault], kind: WiringMistake, name: str) -> str:
    """Who takes the place of `name`."""
    for fault in faults:
        if fault.kind == kind and name in (fault.cell, fault.other):
            return str(fault.other if name == fault.cell else fault.cell)
    return name
