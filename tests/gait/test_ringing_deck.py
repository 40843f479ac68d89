"""The digital deck against the analogue one, and its transposes."""

import numpy as np
import pytest
from scipy.signal import freqs

from station.gait.results import DeckResonance
from station.gait.ringing_deck import RingingDeck

DECKS = [DeckResonance(15.0, 0.1), DeckResonance(25.0, 0.06), DeckResonance(80.0, 0.02)]


@pytest.mark.parametrize("deck", DECKS)
def test_its_response_is_the_decks_up_to_where_plates_see(deck):
    impulse = np.zeros(8192)
    impulse[0] = 1.0
    digital = np.fft.rfft(RingingDeck(deck).felt(impulse))
    frequency_hz = np.fft.rfftfreq(len(impulse), 1e-3)
    w, z = 2 * np.pi * deck.frequency_hz, deck.damping_ratio
    _, analogue = freqs([2 * z * w, w * w], [1.0, 2 * z * w, w * w], worN=2 * np.pi * frequency_hz)
    kept = frequency_hz <= 100
    assert np.max(np.abs(digital[kept] - analogue[kept])) < 0.005 * np.max(np.abs(analogue))


@pytest.mark.parametrize("deck", DECKS)
def test_the_transposes_are_transposes(deck):
    rng = np.random.default_rng(3)
    ringing, shares = RingingDeck(deck), rng.uniform(size=(4, 300))
    force, weights = rng.normal(size=300), rng.normal(size=(4, 300))
    assert np.vdot(weights, ringing.wandering(shares, force)) == pytest.approx(
        np.vdot(ringing.wandering_transposed(shares, weights), force)
    )


@pytest.mark.parametrize("deck", DECKS)
def test_a_load_that_stays_put_leaves_nothing_to_correct(deck):
    force = np.random.default_rng(4).normal(size=300)
    steady = np.broadcast_to(np.array([0.1, 0.2, 0.3, 0.4])[:, None], (4, 300))
    assert RingingDeck(deck).wandering(steady, force) == pytest.approx(np.zeros((4, 300)), abs=1e-12)
