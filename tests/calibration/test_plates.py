import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.calibration.plates import Plate, common_scale
from station.errors import CalibrationError
from tests.calibration.laid_out import plate

share = st.floats(0.002, 0.05)


def test_labels_that_agree_are_averaged():
    scale = common_scale([plate(20), plate(10)], np.array([20.0, 10.0]))
    assert (scale.factor, scale.sd, scale.notes) == (1.0, pytest.approx(0.03 / np.sqrt(2)), ())


def test_the_label_that_is_trusted_more_counts_more():
    scale = common_scale([Plate(20, 0.02), Plate(10, 0.3)], np.array([20.0, 10.4]))
    assert scale.factor == pytest.approx(1.0, abs=1e-4)
    assert scale.sd < 0.002


def test_labels_that_disagree_widen_the_scale():
    scale = common_scale([plate(20), plate(10)], np.array([20.0, 11.0]))
    assert scale.sd == pytest.approx(abs(10 / 11 - 1) / 2, rel=0.1)
    assert scale.notes == ()


def test_one_mislabelled_plate_of_three_is_named_with_what_it_weighs():
    scale = common_scale([plate(20), plate(15), plate(10)], np.array([20.2, 12.1, 10.0]))
    assert "the plate labelled 15 kg seems to weigh 12.04 kg" in scale.notes[0]
    assert scale.factor == pytest.approx(0.995, abs=1e-3)
    assert scale.sd == pytest.approx(0.03 / np.sqrt(2), rel=0.01)


def test_of_two_the_much_better_known_one_is_believed():
    scale = common_scale([plate(20, 0.005), plate(10)], np.array([20.0, 12.0]))
    assert "the plate labelled 10 kg seems to weigh 12.00 kg" in scale.notes[0]
    assert (scale.factor, scale.sd) == (1.0, pytest.approx(0.005))


def test_two_equally_known_ones_leave_it_open():
    with pytest.raises(CalibrationError, match=r"either the first weighs 16\.67 kg or the second 12\.00 kg"):
        common_scale([plate(20), plate(10)], np.array([20.0, 12.0]))


def test_three_that_all_differ_leave_it_open():
    with pytest.raises(CalibrationError, match=r"20 kg 20\.00 kg, 15 kg 18\.00 kg, 10 kg 8\.00 kg"):
        common_scale([plate(20), plate(15), plate(10)], np.array([20.0, 18.0, 8.0]))


@given(st.lists(share, min_size=1, max_size=4), st.integers(0, 10**6))
@settings(max_examples=20)
def test_the_scale_s_sd_is_what_it_scatters(shares, seed):
    """Over many sets of plates drawn from their own labels' uncertainty, error over sd has about unit scatter."""
    rng = np.random.default_rng(seed)
    plates = [plate(10.0 + k, s) for k, s in enumerate(shares)]
    errors = []
    for _ in range(300):
        true_kg = np.array([p.label_kg * (1 + rng.normal(0, p.sd_kg / p.label_kg)) for p in plates])
        try:
            scale = common_scale(plates, true_kg)
        except CalibrationError:
            continue
        errors.append((scale.factor - 1) / scale.sd)
    assert 0.6 < np.sqrt(np.mean(np.square(errors))) < 1.25
