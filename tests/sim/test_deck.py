import numpy as np
import pytest

from station.sim.deck import Deck

T_S = np.arange(0, 6, 1 / 300)


def test_a_rigid_deck_changes_nothing():
    force_n = np.random.default_rng(1).normal(size=(4, len(T_S)))
    t_s, felt_n = Deck().transmitted(T_S, force_n)
    assert np.array_equal(t_s, T_S)
    assert np.array_equal(felt_n, force_n)


@pytest.mark.parametrize("drive_hz", [3.0, 20.0, 40.0])
def test_a_ringing_deck_amplifies_as_its_transfer_function_says(drive_hz):
    deck = Deck(frequency_hz=25.0, damping_ratio=0.1)
    t_s, felt_n = deck.transmitted(T_S, np.sin(2 * np.pi * drive_hz * T_S)[None])
    steady = (t_s > 3) & (t_s < 5.9)
    basis = np.exp(2j * np.pi * drive_hz * t_s[steady])
    gain = 2 * abs(np.mean(felt_n[0, steady] * basis.conj()))
    s, w, z = 2j * np.pi * drive_hz, 2 * np.pi * 25.0, 0.1
    assert gain == pytest.approx(abs((2 * z * w * s + w * w) / (s * s + 2 * z * w * s + w * w)), rel=0.02)


def test_a_steady_load_passes_whole_and_rings_out_after_the_file():
    t_s, felt_n = Deck(40.0, 0.05).transmitted(T_S, np.full((4, len(T_S)), 100.0))
    assert felt_n[:, (t_s > 3) & (t_s < 5.9)] == pytest.approx(100.0, abs=0.01)
    assert np.abs(felt_n[:, t_s > T_S[-1] + 1.5]).max() < 0.1
    assert np.abs(felt_n[:, (t_s > T_S[-1]) & (t_s < T_S[-1] + 0.1)]).max() > 10
