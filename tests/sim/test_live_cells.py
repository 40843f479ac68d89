import time

import numpy as np
import pytest

from station.config import Force
from station.messages import CHANNELS, CalibrationPrompt
from station.sim.chips import draw_chips
from station.sim.deck import Deck
from station.sim.disturbance import Disturbance
from station.sim.hardware import HardwareSpec
from station.sim.installer import PLACE_S, Installer
from station.sim.live_cells import LiveCells
from station.sim.runner.corners import DEFAULT_PLACES, corner_forces
from station.sim.runner.scenario import load_scenario
from station.sim.shunt import SHUNT_N
from station.sim.taps import TAP_EVERY_S
from station.sim.visitor import Visitor
from station.sim.world import Visit, World

SPECS = draw_chips(4, 80)


class Bench:
    """The live cells, and a calibration that prompts."""

    def __init__(self, deck: Deck | None = None, disturbance: Disturbance | None = None) -> None:
        self.prompts: list[CalibrationPrompt] = []
        hardware = HardwareSpec(Force(), SPECS, deck or Deck(), disturbance or Disturbance())
        world, installer = World(load_scenario("good_man"), Visit(), 1), Installer(DEFAULT_PLACES, 1)
        self.cells = LiveCells(world, Visitor(60.0), installer, hardware, lambda: (), self._asked)
        self.cells.open()

    def ask(self, action: str, **where: float) -> None:
        self.prompts.append(CalibrationPrompt(action=action, text="", **where))

    def newtons(self, seconds: float) -> list[np.ndarray]:
        """What each chip delivered meanwhile, in its own newtons."""
        columns = self.cells.read(seconds).arrays()
        by_chip = [columns["raw"][columns["channel"] == c] for c in range(len(CHANNELS))]
        return [(raw - s.offset_counts) / s.counts_per_newton for raw, s in zip(by_chip, SPECS, strict=True)]

    def _asked(self) -> list[CalibrationPrompt]:
        asked, self.prompts = self.prompts, []
        return asked


def test_the_installer_does_what_a_running_calibration_asks():
    bench = Bench()
    bench.ask("place", mass_kg=20.0, x_m=0.6, y_m=0.25)
    bench.newtons(PLACE_S + 0.1)
    lying = [n.mean() for n in bench.newtons(0.2)]
    share = corner_forces(np.ones(1), np.array([0.6]), np.array([0.25]))[:, 0]
    assert lying == pytest.approx(20.0 * 9.80665 * share, abs=0.2)
    bench.ask("done")
    bench.newtons(PLACE_S + 0.1)
    assert np.concatenate(bench.newtons(0.1)) == pytest.approx(0.0, abs=1.0)


def test_the_live_deck_rings_from_a_tap():
    bench = Bench(deck=Deck(8.0, 0.02))
    bench.ask("tap", x_m=0.0, y_m=0.0)
    felt_n = np.concatenate(bench.newtons(PLACE_S + TAP_EVERY_S[1] + 0.3))
    assert felt_n.max() > 5
    assert felt_n.min() < -5


def test_the_shunt_works_without_a_pin_in_the_configuration():
    bench = Bench()
    bench.newtons(0.1)
    before_ns = time.monotonic_ns()
    assert bench.cells.shunt(True) == pytest.approx(before_ns, abs=1e9)
    bench.newtons(0.1)
    assert [n.mean() for n in bench.newtons(0.1)] == pytest.approx([SHUNT_N] * 4, abs=0.5)


def test_what_is_wrong_with_the_world_is_wrong_live():
    bench = Bench(disturbance=Disturbance(dead_cell="front_left", swapped_cells=("front_right", "rear_right")))
    bench.ask("place", mass_kg=20.0, x_m=0.7, y_m=-0.3)
    bench.newtons(PLACE_S + 0.1)
    assert [n.mean() for n in bench.newtons(0.1)] == pytest.approx([0, 0, 0, 20.0 * 9.80665], abs=0.5)
