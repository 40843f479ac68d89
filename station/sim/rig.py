"""The bench: four simulated chips on simulated pins, read by the real driver, in virtual time and one process.

Everything follows from the seed: the chips' oscillators, phases, gains, offsets and noise, and the host's lateness.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
from scipy.interpolate import CubicSpline

from station.calibration.artefact import new_calibration
from station.calibration.grid import STANDARD_GRAVITY, fit_grid, grid_point
from station.calibration.kernel import kernel_test
from station.calibration.tare import tare
from station.config import Cell, Force
from station.force.hx711_reader import Hx711Reader
from station.messages import CHANNELS, Calibration, DeckCalibration, SampleBatch
from station.sim.deck import Deck
from station.sim.gpio import SimulatedGpio
from station.sim.hx711_chip import CellForce, ChipSpec, HX711Chip
from station.sim.runner.corners import Places, corner_forces
from station.sim.virtual_clock import Preemption, VirtualClock

OSCILLATOR_SPREAD = 0.03
COUNTS_PER_NEWTON = 2190.0
"""200 kg cell of 2 mV/V on an HX711 at gain 128."""
GAIN_SPREAD = 0.05
OFFSET_SPREAD_COUNTS = 200_000.0
SWITCH_S = 2e-4
"""Rise time of a load that is put on at once, and of the shunt switch."""
SHUNT_N = 200.0
GRID_MASS_KG = 20.0
TARE_S, GRID_S, SETTLE_S = 1.0, 0.4, 1.0
AHEAD = 64
AHEAD_LIVE = 16
"""Conversions computed at once: 0.2 s, so that a live host spends its time reading and not simulating."""


class Walker(Protocol):
    """What can be pressed besides a recording: forces on the cells (4, n) at times (n,) on its own axis."""

    def cell_force_n(self, t_s: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Pressing:
    """What the reader delivered. A stamp's time on the input's own axis is (stamp - epoch_ns) / 1e9 seconds."""

    samples: SampleBatch
    epoch_ns: int


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
    ahead: int = AHEAD_LIVE,
) -> list[HX711Chip]:
    """Make the chips and wire each to the pins of its cell."""
    chips = []
    for name, spec, force in zip(CHANNELS, specs, cell_forces_n, strict=True):
        chip = HX711Chip(spec, force, start_ns, ahead)
        gpio.connect(chip, cells[name].dout, cells[name].pd_sck)
        chips.append(chip)
    return chips


class Rig:
    """Chips, pins, clock and reader, with nothing on the deck. `force` gives pins, places and rates.

    `chips` overrides what the seed would draw. The reader is opened; `front_end` and `clock` serve the calibration.
    """

    def __init__(
        self,
        seed: int = 1,
        force: Force | None = None,
        deck: Deck | None = None,
        chips: list[ChipSpec] | None = None,
        preemption: Preemption | None = None,
    ) -> None:
        self.force = force or Force()
        self.deck = deck or Deck()
        self.seed = seed
        self.clock = VirtualClock(seed, preemption=preemption)
        self._load = _Load()
        self.gpio = SimulatedGpio(self.clock.pin_call)
        self.specs = chips or draw_chips(seed, self.force.chip_rate_sps)
        inputs = [self._load.cell(i) for i in range(len(CHANNELS))]
        cells = self.force.cells
        self.chips = build_chips(self.gpio, self.specs, cells, inputs, self.clock.now_ns(), AHEAD)
        self.front_end = Hx711Reader(self.gpio, self.clock, cells, self.force.chip_rate_sps, self.force.poll_s)
        self.front_end.open()

    @property
    def places(self) -> Places:
        return {name: (cell.x_m, cell.y_m) for name, cell in self.force.cells.items()}

    @property
    def x_m(self) -> np.ndarray:
        return np.array([self.force.cells[name].x_m for name in CHANNELS])

    @property
    def y_m(self) -> np.ndarray:
        return np.array([self.force.cells[name].y_m for name in CHANNELS])

    def put(self, cell_forces_n: np.ndarray) -> None:
        """From now on the cells carry these newtons (4,)."""
        self._load.put(self.clock.now_ns() * 1e-9, cell_forces_n)
        self._force_changed()

    def calibrate(self, deck_calibrated: bool = False) -> Calibration:
        """The station's own tare, load grid and kernel test, through pins and driver (about 11 s of virtual time).

        `deck_calibrated`: the deck's resonance is known to the artefact; a rigid deck is always declared stiff.
        """
        self.put(np.zeros(4))
        unloaded = tare(self.front_end, TARE_S)
        points = []
        for x_m in (-0.6, 0.0, 0.6):
            for y_m in (-0.25, 0.0, 0.25):
                weight_n = np.array([GRID_MASS_KG * STANDARD_GRAVITY])
                self.put(corner_forces(weight_n, np.array([x_m]), np.array([y_m]), self.places)[:, 0])
                points.append(grid_point(self.front_end, unloaded, x_m, y_m, GRID_MASS_KG, GRID_S))
        grid = fit_grid(points, self.x_m, self.y_m)
        self.put(np.zeros(4))
        kernels = kernel_test(self.front_end, self.clock, self._switch_shunts, grid.newton_per_count, self.seed)
        created = datetime.fromtimestamp(self.clock.now_ns() * 1e-9, UTC)
        source = "simulated chips: tare, load grid and kernel test on the bench"
        return new_calibration(
            self.force.cells, unloaded, grid, kernels, self._deck_calibration(deck_calibrated), created, source
        )

    def press(self, t_s: np.ndarray, corner_forces_n: np.ndarray) -> Pressing:
        """Press recorded forces (4, n) at increasing times (n,); the deck is unloaded for a second before and after."""
        t_s, felt_n = self.deck.transmitted(np.asarray(t_s, float), np.asarray(corner_forces_n, float))
        splines = [CubicSpline(t_s, cell_n) for cell_n in felt_n]
        return self._play(splines, float(t_s[0]), float(t_s[-1]))

    def press_world(self, world: Walker, duration_s: float) -> Pressing:
        """Press a simulated visit from its time 0 on; the deck must be rigid or already in it."""
        cells = [lambda t_s, i=i: world.cell_force_n(t_s)[i] for i in range(len(CHANNELS))]
        return self._play(cells, 0.0, duration_s)

    def _play(self, cells: list[CellForce], start_s: float, end_s: float) -> Pressing:
        epoch_s = self.clock.now_ns() * 1e-9 + SETTLE_S - start_s
        self._load.play(cells, epoch_s, start_s, end_s)
        self._force_changed()
        samples = self.front_end.read(SETTLE_S + (end_s - start_s) + SETTLE_S)
        return Pressing(samples, round(epoch_s * 1e9))

    def _switch_shunts(self, on: bool) -> None:
        self.put(np.full(4, SHUNT_N if on else 0.0))

    def _deck_calibration(self, calibrated: bool) -> DeckCalibration | None:
        if self.deck.rigid:
            return DeckCalibration(stiff=True)
        if not calibrated:
            return None
        return DeckCalibration(stiff=False, frequency_hz=self.deck.frequency_hz, damping_ratio=self.deck.damping_ratio)

    def _force_changed(self) -> None:
        for chip in self.chips:
            chip.force_changed()


class _Load:
    """What lies on the cells over time: loads put on at once, and at most one recording being played."""

    def __init__(self) -> None:
        self._times_s = [0.0]
        self._forces_n = [np.zeros(4)]
        self._played: list[CellForce] | None = None
        self._epoch_s = self._start_s = self._end_s = 0.0

    def put(self, t_s: float, cell_forces_n: np.ndarray) -> None:
        self._times_s += [t_s, t_s + SWITCH_S]
        self._forces_n += [self._forces_n[-1], np.asarray(cell_forces_n, float)]

    def play(self, cells: list[CellForce], epoch_s: float, start_s: float, end_s: float) -> None:
        self._played, self._epoch_s, self._start_s, self._end_s = cells, epoch_s, start_s, end_s

    def cell(self, i: int) -> Callable[[np.ndarray], np.ndarray]:
        """Newtons on one cell at clock times (n,) in seconds."""

        def force_n(t_s: np.ndarray) -> np.ndarray:
            out = np.interp(t_s, self._times_s, [f[i] for f in self._forces_n])
            if self._played is not None:
                own_s = t_s - self._epoch_s
                inside = (own_s >= self._start_s) & (own_s <= self._end_s)
                out[inside] += self._played[i](own_s[inside])
            return out

        return force_n
