import numpy as np
import pytest

from station.sim.deck import Deck, Mode
from station.sim.disturbance import Disturbance
from station.sim.loaded_deck import LoadedDeck

START_S = 3.7
T_S = START_S + np.arange(0, 6, 1 / 4000)
LATE = T_S > START_S + 3


def felt(deck: Deck, pressed_n, disturbance: Disturbance | None = None) -> np.ndarray:
    """Newtons (4, n) in the cells at T_S, looked up in stretches as the chips do."""
    loaded = LoadedDeck(pressed_n, deck, disturbance or Disturbance(), START_S)
    return np.array([np.concatenate([loaded.felt_n(c, t) for t in np.split(T_S, 48)]) for c in range(4)])


def on_all(force_n):
    return lambda t_s: np.tile(force_n(t_s), (4, 1))


def amplitude(force_n: np.ndarray, frequency_hz: float) -> float:
    return 2 * abs(np.mean(force_n[LATE] * np.exp(2j * np.pi * frequency_hz * T_S[LATE])))


def gain(frequency_hz: float, resonance_hz: float, z: float) -> complex:
    s, w = 2j * np.pi * frequency_hz, 2 * np.pi * resonance_hz
    return (2 * z * w * s + w * w) / (s * s + 2 * z * w * s + w * w)


def test_a_rigid_deck_changes_nothing():
    pushes = [1.0, -2.0, 3.0, 0.5]
    assert felt(Deck(), lambda t_s: np.outer(pushes, np.sin(9 * t_s))) == pytest.approx(
        np.outer(pushes, np.sin(9 * T_S)), abs=1e-5
    )


@pytest.mark.parametrize("drive_hz", [3.0, 20.0, 40.0])
def test_a_ringing_deck_amplifies_as_its_transfer_function_says(drive_hz):
    felt_n = felt(Deck(25.0, 0.1), on_all(lambda t_s: np.sin(2 * np.pi * drive_hz * t_s)))
    assert amplitude(felt_n[0], drive_hz) == pytest.approx(abs(gain(drive_hz, 25.0, 0.1)), rel=0.01)


@pytest.mark.parametrize("drive_hz", [10.0, 25.0, 62.0])
def test_modes_act_side_by_side(drive_hz):
    deck = Deck(25.0, 0.1, (Mode(60.0, 0.05, 0.3),))
    felt_n = felt(deck, on_all(lambda t_s: np.sin(2 * np.pi * drive_hz * t_s)))
    expected = abs(0.7 * gain(drive_hz, 25.0, 0.1) + 0.3 * gain(drive_hz, 60.0, 0.05))
    assert amplitude(felt_n[2], drive_hz) == pytest.approx(expected, rel=0.01)


def test_a_steady_load_passes_whole_and_rings_out_when_it_is_gone():
    felt_n = felt(Deck(40.0, 0.05), on_all(lambda t_s: np.where(t_s < START_S + 4, 100.0, 0.0)))
    assert felt_n[:, LATE & (T_S < START_S + 4)] == pytest.approx(100.0, abs=0.01)
    assert np.abs(felt_n[:, (T_S > START_S + 4) & (T_S < START_S + 4.1)]).max() > 10
    assert np.abs(felt_n[:, T_S > START_S + 5.5]).max() < 0.1


def test_the_order_of_looking_does_not_matter():
    wave = on_all(lambda t_s: np.sin(2 * np.pi * 11.3 * t_s))
    asked = np.split(T_S, 48)
    forwards, hasty = (LoadedDeck(wave, Deck(40.0, 0.05), Disturbance(creep_share=0.01), START_S) for _ in range(2))
    expected = [forwards.felt_n(0, t) for t in asked]
    hasty.felt_n(1, asked[-1])
    for k in (30, 31, 29, 46, 47, 12):
        assert np.array_equal(hasty.felt_n(0, asked[k]), expected[k])


def test_before_the_start_there_is_what_was_at_the_start():
    loaded = LoadedDeck(on_all(lambda t_s: 5 + 0 * t_s), Deck(), Disturbance(), START_S)
    assert np.all(loaded.felt_n(0, np.array([START_S - 1, START_S - 0.01, START_S])) == 5)


def test_a_change_of_mind_is_obeyed_and_the_past_stays():
    level = {"n": 100.0}
    change_s = START_S + 2.1

    def pressed_n(t_s: np.ndarray) -> np.ndarray:
        return np.tile(np.where(t_s < change_s, 100.0, level["n"]), (4, 1))

    loaded = LoadedDeck(pressed_n, Deck(40.0, 0.2), Disturbance(), START_S)
    before = loaded.felt_n(0, T_S)
    level["n"] = 300.0
    loaded.changed(change_s)
    after = loaded.felt_n(0, T_S)
    past = change_s - 1 / 8000 > T_S
    assert after[past] == pytest.approx(before[past], abs=1e-9)
    assert before[-1] == pytest.approx(100.0, abs=0.01)
    assert after[-1] == pytest.approx(300.0, abs=0.01)


def test_an_hour_takes_no_more_memory_than_a_minute():
    loaded = LoadedDeck(on_all(lambda t_s: 0 * t_s), Deck(40.0), Disturbance(), 0.0)
    for start_s in np.arange(0.0, 40.0, 0.8):
        loaded.felt_n(0, start_s + np.arange(0, 0.8, 1e-3))
    assert len(loaded._blocks) <= 41
    assert loaded.felt_n(0, np.array([38.0, 39.0])).shape == (2,)
