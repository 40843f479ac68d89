import pytest

from station.calibration.accelerometer import measure_deck_by_phone
from station.errors import CalibrationError
from station.messages import DeckCalibration
from tests.calibration.phone import write_phone_file


@pytest.fixture
def path(tmp_path):
    return tmp_path / "phone.csv"


@pytest.mark.parametrize(("frequency_hz", "damping"), [(18, 0.05), (40, 0.15), (80, 0.03)])
def test_resonance_is_told_by_a_fast_phone(path, frequency_hz, damping):
    write_phone_file(path, [(frequency_hz, damping, 1.0)])
    deck = measure_deck_by_phone(path).deck
    assert deck.frequency_hz == pytest.approx(frequency_hz, rel=0.01)
    assert deck.damping_ratio == pytest.approx(damping, rel=0.1)
    assert abs(deck.frequency_hz - frequency_hz) < 4 * deck.frequency_sd_hz < 0.1 * frequency_hz
    assert abs(deck.damping_ratio - damping) < 4 * deck.damping_sd


def test_mirrored_ringing_is_not_told_as_its_image(path):
    write_phone_file(path, [(80, 0.05, 1.0)], rate_hz=100)
    with pytest.raises(CalibrationError, match=r"may be 2\d or (79|80) or 12\d Hz; record with at least 320 a second"):
        measure_deck_by_phone(path)


def test_the_load_cells_decide_between_the_images(path):
    write_phone_file(path, [(80, 0.05, 1.0)], rate_hz=100)
    cells = DeckCalibration(stiff=False, frequency_hz=79.0, damping_ratio=0.1, frequency_sd_hz=1.5, damping_sd=0.05)
    deck = measure_deck_by_phone(path, cells).deck
    assert deck.frequency_hz == pytest.approx(80, rel=0.01)
    assert deck.damping_ratio == pytest.approx(0.05, rel=0.2)
    with pytest.raises(CalibrationError, match="which the load cells' taps exclude"):
        measure_deck_by_phone(path, DeckCalibration(stiff=False, frequency_hz=33.0, frequency_sd_hz=0.5))


def test_ringing_beyond_what_the_phone_hears_gives_a_lower_bound(path):
    write_phone_file(path, [(178, 0.05, 1.0)], rate_hz=400)
    deck = measure_deck_by_phone(path).deck
    assert deck.frequency_hz is None
    assert 30 <= deck.at_least_hz <= 160


def test_two_modes_are_named(path):
    write_phone_file(path, [(25, 0.05, 0.7), (48, 0.05, 0.3)])
    with pytest.raises(CalibrationError, match="rings at two frequencies, about 25 and 48 Hz"):
        measure_deck_by_phone(path)


def test_too_few_taps_are_refused(path):
    write_phone_file(path, [(25, 0.05, 1.0)], blows=4)
    with pytest.raises(CalibrationError, match="4 clear taps were found, at least 8 are needed"):
        measure_deck_by_phone(path)
