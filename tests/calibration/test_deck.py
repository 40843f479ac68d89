from dataclasses import replace

import numpy as np
import pytest

from station.calibration.deck import fit_deck
from station.calibration.deck_taps import Blows, cell_records, find_blows
from station.errors import CalibrationError
from station.messages import ChipKernel
from station.sim.deck import Deck, Mode
from tests.calibration.struck_deck import Struck, struck


@pytest.fixture(scope="module")
def stiff() -> Struck:
    return struck(Deck(), taps=12)


@pytest.mark.parametrize(
    ("frequency_hz", "damping", "frequency_share", "damping_share"), [(25, 0.05, 0.005, 0.05), (80, 0.1, 0.04, 0.4)]
)
def test_resonance_is_told_even_where_the_chips_hardly_hear_it(frequency_hz, damping, frequency_share, damping_share):
    deck = struck(Deck(frequency_hz, damping), seed=2, taps=12).measure().deck
    assert deck.frequency_hz == pytest.approx(frequency_hz, rel=frequency_share)
    assert deck.damping_ratio == pytest.approx(damping, rel=damping_share)
    assert abs(deck.frequency_hz - frequency_hz) < 4 * deck.frequency_sd_hz
    assert abs(deck.damping_ratio - damping) < 4 * deck.damping_sd
    assert deck.at_least_hz is None
    assert not deck.stiff


def test_a_stiff_deck_gives_the_lowest_frequency_that_is_possible(stiff):
    deck = stiff.measure().deck
    assert deck.frequency_hz is None
    assert deck.damping_ratio is None
    assert 60 <= deck.at_least_hz <= 160


@pytest.mark.parametrize(("believed", "word"), [(2, "more"), (4, "less")])
def test_a_wrong_order_of_the_kernel_is_noticed(stiff, believed, word):
    with pytest.raises(CalibrationError, match=f"averaged once {word} than the kernel test said"):
        stiff.measure(believed)


def test_two_modes_are_named_and_not_fitted_as_one():
    with pytest.raises(CalibrationError, match="rings at two frequencies, about 33 and 40 Hz"):
        struck(Deck(33, 0.05, (Mode(40, 0.05, 0.4),)), seed=3, taps=12).measure()


def test_too_few_taps_are_refused(stiff):
    early = stiff.columns["t_low_ns"] < stiff.columns["t_low_ns"][0] + 4e9
    few = replace(stiff, columns={name: values[early] for name, values in stiff.columns.items()})
    with pytest.raises(CalibrationError, match=r"tap test: [0-3] clear taps were found, at least 8 are needed"):
        few.measure()


def test_noise_alone_is_no_tap():
    rng = np.random.default_rng(1)
    count = 800
    end_ns = (1e9 + np.arange(count) * 12.5e6).astype(np.int64)
    columns = {
        "channel": np.tile(np.arange(4, dtype=np.uint8), count),
        "raw": rng.normal(0, 200, 4 * count).round().astype(np.int32),
        "t_high_ns": np.repeat(end_ns - 200_000, 4),
        "t_low_ns": np.repeat(end_ns + 200_000, 4),
        "flags": np.zeros(4 * count, np.uint8),
    }
    kernels = [ChipKernel(order=3, period_s=0.0125)] * 4
    cells = cell_records(columns, np.full(4, 1 / 2000), kernels)
    assert [cell.signal.noise for cell in cells] == pytest.approx([0.1] * 4, rel=0.3)
    blows = find_blows(cells)
    assert blows.count == 0
    with pytest.raises(CalibrationError, match="0 clear taps"):
        fit_deck(cells, blows)


def test_every_tap_of_a_stiff_deck_is_found_and_can_be_left_out(stiff):
    blows = find_blows(cell_records(stiff.columns, stiff.newton_per_count, stiff.kernels))
    assert 8 <= blows.count <= 16
    assert np.diff(blows.about_s).min() > 0.9
    keep = np.arange(blows.count) % 2 == 0
    half = blows.only(keep)
    assert half.count == keep.sum()
    assert set(half.segment) == set(range(4 * half.count))
    joined = Blows.joined([half, half])
    assert joined.count == 2 * half.count
    assert np.all(np.diff(joined.about_s) > 0)
    assert len(joined.sd_n) == 4 * joined.count
