"""The bench: four simulated chips on simulated pins, read by the real driver, in virtual time and one process.

Everything follows from the seed: the chips' oscillators, phases, gains, offsets and noise, the host's lateness and the
installer's hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from scipy.interpolate import CubicSpline

from station.calibration.artefact import assemble
from station.calibration.grid import pattern
from station.calibration.grid_machine import GridMachine
from station.calibration.kernel_machine import KernelMachine
from station.calibration.machine import Machine
from station.calibration.parts import DeckPart, Part, origin
from station.calibration.plates import Plate
from station.calibration.static_reading import ReadingTime
from station.calibration.tare import TareMachine
from station.config import Force
from station.messages import CHANNELS, Calibration, CalibrationPrompt, DeckCalibration, SampleBatch
from station.sim.chips import draw_chips
from station.sim.deck import Deck
from station.sim.disturbance import Disturbance
from station.sim.hardware import Hardware, HardwareSpec
from station.sim.hx711_chip import ChipSpec
from station.sim.installer import Installer
from station.sim.loaded_deck import CellForces
from station.sim.runner.corners import Places
from station.sim.virtual_clock import Preemption, VirtualClock
from station.simulation_config import WiringFault

GRID_MASS_KG = 20.0
GRID_POINTS = 9
SCALES_SHARE = 0.0005
"""What the plates are known to where the installer weighed them (`mass_error` 0)."""
READING_TIME = ReadingTime(settle_s=0.7, mean_s=0.4)
"""The bench's installer is quick, and nothing shakes."""
SETTLE_S = 1.0
AHEAD = 64


@dataclass(frozen=True)
class Pressing:
    """What the reader delivered. A stamp's time on the input's own axis is (stamp - epoch_ns) / 1e9 seconds."""

    samples: SampleBatch
    epoch_ns: int


class Rig:
    """Chips, pins, clock and reader, with nothing on the deck. `force` gives pins, places and rates.

    `chips` overrides what the seed would draw; `mass_error` is the installer's. The reader is opened; `front_end` and
    `clock` serve the calibration.
    """

    def __init__(
        self,
        seed: int = 1,
        force: Force | None = None,
        deck: Deck | None = None,
        chips: list[ChipSpec] | None = None,
        preemption: Preemption | None = None,
        disturbance: Disturbance | None = None,
        mass_error: float = 0.0,
        wiring: tuple[WiringFault, ...] = (),
        treadmill_kg: float = 0.0,
    ) -> None:
        force = force or Force()
        self.deck = deck or Deck()
        self.mass_error = mass_error
        self.clock = VirtualClock(seed, preemption=preemption)
        self.specs = chips or draw_chips(seed, force.chip_rate_sps)
        self.places: Places = {name: (force.cells[name].x_m, force.cells[name].y_m) for name in CHANNELS}
        self.installer = Installer(self.places, seed, mass_error)
        self._played: CellForces | None = None
        spec = HardwareSpec(force, self.specs, self.deck, disturbance or Disturbance(), wiring, treadmill_kg)
        self._hardware = Hardware(spec, self.clock, self._pressed_n, AHEAD)
        self.force = self._hardware.force
        self.chips = self._hardware.chips
        self.front_end = self._hardware.reader
        self.front_end.open()

    def tap(self, x_m: float, y_m: float) -> None:
        """One blow on the deck, now."""
        now_s = self._now_s()
        self.installer.tap(x_m, y_m, now_s)
        self._hardware.load_changed(now_s)

    def obey(self, prompt: CalibrationPrompt) -> None:
        """The installer begins what a calibration asks for."""
        now_s = self._now_s()
        self.installer.obey(prompt, now_s)
        self._hardware.load_changed(now_s)

    def calibrate(self, deck_calibrated: bool = False, plates: Sequence[Plate] | None = None) -> Calibration:
        """The station's own tare, load grid and kernel test, through pins and driver (about 20 s of virtual time).

        `deck_calibrated`: the deck's resonance is known to the artefact; a rigid deck is always declared stiff.
        `plates`: masses of the load grid as the installer believes them.
        """
        return assemble(self.calibration_parts(deck_calibrated, plates), self.force.cells)

    def calibration_parts(self, deck_calibrated: bool = False, plates: Sequence[Plate] | None = None) -> list[Part]:
        """What the station's own step machines give when the installer of the bench obeys them."""
        plates = plates or [Plate(GRID_MASS_KG, GRID_MASS_KG * max(self.mass_error / np.sqrt(3), SCALES_SHARE))]
        cells, front_end = self.force.cells, self.front_end
        tare = self.carry_out(TareMachine(front_end, cells, READING_TIME, belt=False))
        grid = self.carry_out(GridMachine(front_end, cells, plates, pattern(cells, GRID_POINTS), READING_TIME))
        gains = np.array(grid.newton_per_count)
        kernel = self.carry_out(KernelMachine(front_end, cells, gains, READING_TIME))
        deck = self._deck_calibration(deck_calibrated)
        if deck is None:
            return [tare, grid, kernel]
        told = "the simulated deck's own figures"
        return [tare, grid, kernel, DeckPart(**origin("deck", self._now(), front_end, cells), deck=deck, source=told)]

    def carry_out(self, machine: Machine) -> Part:
        """What the machine gives when the installer of the bench obeys it, in virtual time."""
        while not machine.done:
            self.obey(machine.prompt)
            machine.measure()
        return machine.result(self._now())

    def press(self, t_s: np.ndarray, corner_forces_n: np.ndarray) -> Pressing:
        """Press recorded forces (4, n) at increasing times (n,); the deck is unloaded for a second before and after.

        Between samples the force is a cubic spline.
        """
        t_s = np.asarray(t_s, float)
        spline = CubicSpline(t_s, np.asarray(corner_forces_n, float), axis=1)
        return self.play(spline, float(t_s[0]), float(t_s[-1]))

    def play(self, recorded_n: CellForces, start_s: float, end_s: float) -> Pressing:
        """Press forces (4, n) as a function of times (n,) on an axis of their own, from one time to another."""
        now_s = self._now_s()
        epoch_s = now_s + SETTLE_S - start_s

        def played_n(t_s: np.ndarray) -> np.ndarray:
            own_s = t_s - epoch_s
            inside = (own_s >= start_s) & (own_s <= end_s)
            out = np.zeros((len(CHANNELS), len(t_s)))
            out[:, inside] = recorded_n(own_s[inside])
            return out

        self._played = played_n
        self._hardware.load_changed(now_s)
        samples = self.front_end.read(SETTLE_S + (end_s - start_s) + SETTLE_S)
        return Pressing(samples, round(epoch_s * 1e9))

    def _pressed_n(self, t_s: np.ndarray) -> np.ndarray:
        installed_n = self.installer.cell_force_n(t_s)
        return installed_n if self._played is None else installed_n + self._played(t_s)

    def _deck_calibration(self, calibrated: bool) -> DeckCalibration | None:
        if self.deck.rigid:
            return DeckCalibration(stiff=True)
        if not calibrated:
            return None
        return DeckCalibration(stiff=False, frequency_hz=self.deck.frequency_hz, damping_ratio=self.deck.damping_ratio)

    def _now_s(self) -> float:
        return self.clock.now_ns() * 1e-9

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._now_s(), UTC)
