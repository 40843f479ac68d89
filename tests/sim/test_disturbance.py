import numpy as np
import pytest

from station.messages import CHANNELS
from station.sim.deck import Deck
from station.sim.disturbance import VIBRATION_LINES, Disturbance
from station.sim.loaded_deck import LoadedDeck

T_S = np.arange(0, 8, 1 / 2000)


def felt(disturbance: Disturbance, load_n: float, deck: Deck | None = None) -> np.ndarray:
    loaded = LoadedDeck(lambda t_s: np.full((4, len(t_s)), load_n), deck or Deck(), disturbance, 0.0)
    return np.array([loaded.felt_n(c, T_S) for c in range(4)])


def test_an_ideal_world_adds_nothing():
    assert np.all(felt(Disturbance(), 70.0) == 70.0)


def test_vibration_has_its_lines_in_every_cell_and_phases_of_their_own():
    felt_n = felt(Disturbance(vibration_n=8.0), 0.0)
    lines = [(f, 2 * felt_n @ np.exp(-2j * np.pi * f * T_S) / len(T_S)) for f, _ in VIBRATION_LINES]
    for (_, found), (_, amplitude) in zip(lines, VIBRATION_LINES, strict=True):
        assert np.abs(found) == pytest.approx(4.0 * amplitude, abs=0.3)
    assert len(set(np.round(np.angle(lines[2][1]), 2))) == 4


def test_zeros_drift_steadily():
    felt_n = felt(Disturbance(zero_drift_n_per_min=30.0), 10.0)
    assert felt_n == pytest.approx(np.tile(10.0 + 0.5 * T_S, (4, 1)), abs=1e-6)


def test_a_cell_creeps_towards_its_share():
    felt_n = felt(Disturbance(creep_share=0.01, creep_tau_s=2.0), 500.0)
    assert felt_n[0] == pytest.approx(500.0 * (1 + 0.01 * (1 - np.exp(-T_S / 2.0))), abs=0.01)


def test_wires():
    healthy = Disturbance()
    assert [healthy.cell_of(c) for c in CHANNELS] == [0, 1, 2, 3]
    crossed = Disturbance(swapped_cells=("front_right", "rear_left"))
    assert [crossed.cell_of(c) for c in CHANNELS] == [0, 2, 1, 3]
    both = Disturbance(swapped_cells=("front_right", "rear_left"), dead_cell="rear_left")
    assert [both.cell_of(c) for c in CHANNELS] == [0, None, 1, 3], "the cell is dead, not the chip"
