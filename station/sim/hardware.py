"""The load-cell hardware, simulated: deck, cells, shunt switch, chips and pins, with the station's own driver.

The bench runs it in virtual time, the live station in real time.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from station.config import Force
from station.force.hx711_reader import Hx711Reader
from station.gravity import GRAVITY_M_S2
from station.messages import CHANNELS
from station.sim.chips import build_chips
from station.sim.deck import Deck
from station.sim.disturbance import Disturbance
from station.sim.gpio import SimulatedGpio
from station.sim.hx711_chip import CellForce, ChipSpec
from station.sim.loaded_deck import CellForces, LoadedDeck
from station.sim.runner.corners import corner_forces
from station.sim.shunt import Shunt, fitted
from station.sim.wiring import plugged_cell
from station.simulation_config import WiringFault

MOTOR_M = 0.2
"""The treadmill's centre of mass is this far ahead of the deck's: the motor is in front."""


class PinClock(Protocol):
    """A `station.clock.Clock` that pin calls are charged to."""

    def now_ns(self) -> int: ...
    def sleep(self, seconds: float) -> None: ...
    def pin_call(self) -> int: ...


@dataclass(frozen=True)
class HardwareSpec:
    """What the station is built of: pins and places, four chips, a deck, and what is wrong with all that."""

    force: Force
    chips: list[ChipSpec]
    deck: Deck
    disturbance: Disturbance
    wiring: tuple[WiringFault, ...] = ()
    treadmill_kg: float = 0.0


def standing_n(spec: HardwareSpec) -> np.ndarray:
    """Newtons (4,) that the treadmill puts on the cells when nobody is there."""
    weight_n = np.array([spec.treadmill_kg * GRAVITY_M_S2])
    places = {name: (spec.force.cells[name].x_m, spec.force.cells[name].y_m) for name in CHANNELS}
    return corner_forces(weight_n, np.array([MOTOR_M]), np.zeros(1), places)[:, 0]


class Hardware:
    """`pressed_n` is what presses on the deck above the cells. `reader` is not opened.

    `ahead`: conversions that are computed at once, so that a live host spends its time reading and not simulating.
    """

    def __init__(self, spec: HardwareSpec, clock: PinClock, pressed_n: CellForces, ahead: int) -> None:
        self.force = fitted(spec.force)
        self.gpio = SimulatedGpio(clock.pin_call)
        start_ns = clock.now_ns()
        self._deck = LoadedDeck(pressed_n, spec.deck, spec.disturbance, start_ns * 1e-9)
        self._disturbance, self._wiring = spec.disturbance, spec.wiring
        self._standing_n = standing_n(spec)
        self._shunt = Shunt()
        inputs = [self._input(name) for name in CHANNELS]
        self.chips = build_chips(self.gpio, spec.chips, self.force.cells, inputs, start_ns, ahead, spec.wiring)
        self.gpio.connect_output(self.force.shunt_pin, self._drive_shunt)
        rate_sps, poll_s = self.force.chip_rate_sps, self.force.poll_s
        self.reader = Hx711Reader(self.gpio, clock, self.force.cells, rate_sps, poll_s, self.force.shunt_pin)

    def load_changed(self, t_s: float) -> None:
        """What presses on the deck after `t_s` is no longer what it was going to be."""
        self._deck.changed(t_s)
        self._convert_anew()

    def _input(self, chip: str) -> CellForce:
        """What the cell feels that is plugged into the chip of that name."""
        cell = self._disturbance.cell_of(plugged_cell(self._wiring, chip))
        if cell is None:
            return lambda t_s: np.zeros(len(t_s))
        standing_n = self._standing_n[cell]
        return lambda t_s: self._deck.felt_n(cell, t_s) + standing_n + self._shunt.force_n(t_s)

    def _drive_shunt(self, level: int, t_ns: int) -> None:
        if self._shunt.drive(level, t_ns):
            self._convert_anew()

    def _convert_anew(self) -> None:
        for chip in self.chips:
            chip.force_changed()
