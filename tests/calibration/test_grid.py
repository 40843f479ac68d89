import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.calibration.grid import fit_grid, pattern
from station.calibration.grid_faults import WrongPointsError
from station.calibration.grid_fit import GridPoint
from station.config import Cell
from station.errors import CalibrationError
from tests.calibration.laid_out import CELLS, GAINS, PLACES, X_M, Y_M, bilinear, laid_out, plate, rigid

DECKS = pytest.mark.parametrize("deck", [bilinear, rigid])
gain = st.floats(3e-4, 7e-4)
error = st.floats(-0.05, 0.05)


def imbalance(fitted: np.ndarray, true: np.ndarray) -> float:
    """Largest deviation of a cell's gain from the mean deviation of all."""
    ratio = fitted / true
    return float(np.abs(ratio / ratio.mean() - 1).max())


def rewired(points: list[GridPoint], order: list[int]) -> list[GridPoint]:
    return [replace(p, counts=p.counts[order]) for p in points]


@given(st.tuples(gain, gain, gain, gain))
@settings(max_examples=30)
def test_exact_points_give_gains_and_places_exactly(gains):
    gains = np.array(gains)
    fit = fit_grid(laid_out([20.0, 10.0], gains), [plate(20), plate(10)], CELLS)
    assert fit.newton_per_count == pytest.approx(gains, rel=1e-6)
    assert fit.x_m == pytest.approx(X_M, abs=1e-6)
    assert fit.y_m == pytest.approx(Y_M, abs=1e-6)
    assert (fit.left_out_n, fit.left_out_mm) == pytest.approx((0, 0), abs=1e-3)
    assert fit.gain_sd == pytest.approx(0.03 / np.sqrt(2), rel=1e-3)


@given(error, error)
@settings(max_examples=30)
def test_unequal_plates_change_the_common_scale_and_never_the_balance(one, other):
    points = laid_out([20 * (1 + one), 10 * (1 + other)])
    fit = fit_grid(points, [plate(20), plate(10)], CELLS)
    assert imbalance(fit.newton_per_count, GAINS) < 1e-6
    assert fit.x_m == pytest.approx(X_M, abs=1e-5)
    off = abs(fit.newton_per_count.sum() / GAINS.sum() - 1)
    assert off < 0.053  # 1 / 0.95
    assert off < 3 * fit.gain_sd


@DECKS
def test_a_cell_that_stands_elsewhere_is_found_there(deck):
    moved = X_M + 0.03 * (np.arange(4) == 1)
    points = []
    for point in laid_out([20.0, 10.0], deck=deck):
        newtons = point.counts * GAINS
        place = np.array([newtons @ moved, newtons @ Y_M]) / newtons.sum()  # where this load then really is
        points.append(replace(point, x_m=float(place[0]), y_m=float(place[1])))
    fit = fit_grid(points, [plate(20), plate(10)], CELLS)
    for point in points:
        newtons = point.counts * fit.newton_per_count
        assert newtons @ fit.x_m / newtons.sum() == pytest.approx(point.x_m, abs=2e-3)


@DECKS
def test_plates_put_down_by_hand(deck):
    for seed in range(10):
        points = laid_out([20.0, 10.0], deck=deck, placing_m=0.003, seed=seed)
        fit = fit_grid(points, [plate(20), plate(10)], CELLS)
        assert imbalance(fit.newton_per_count, GAINS) < 0.01
        assert np.abs(fit.newton_per_count / GAINS - 1).max() < 0.01
        assert 1.5 < fit.left_out_mm < 9.0


def test_few_points_give_the_gains_and_leave_the_places():
    points = laid_out([20.0], placing_m=0.003, places=pattern(CELLS, 4))
    fit = fit_grid(points, [plate(20)], CELLS)
    assert fit.newton_per_count == pytest.approx(GAINS, rel=0.01)
    assert fit.x_m.tolist() == X_M.tolist()
    assert fit.y_m.tolist() == Y_M.tolist()
    assert fit.gain_sd == pytest.approx(0.03, rel=0.01)


@DECKS
@pytest.mark.parametrize(
    ("order", "names"),
    [
        ([1, 0, 2, 3], "front left and front right"),
        ([3, 1, 2, 0], "front left and rear right"),
        ([0, 1, 3, 2], "rear left and rear right"),
        ([1, 2, 0, 3], "front left, front right and rear left"),
        ([3, 2, 1, 0], "front left, front right, rear left and rear right"),
    ],
)
def test_exchanged_cells_are_named(deck, order, names):
    points = rewired(laid_out([20.0, 10.0], deck=deck, placing_m=0.003), order)
    with pytest.raises(CalibrationError, match=f"the {names} load cells are exchanged"):
        fit_grid(points, [plate(20), plate(10)], CELLS)


@DECKS
@pytest.mark.parametrize(
    ("signs", "words"),
    [
        ([1, 1, -1, 1], "these load cells weigh backwards: rear left"),
        ([1, -1, -1, -1], "these load cells weigh backwards: front left"),
    ],
)
def test_reversed_polarity_is_named(deck, signs, words):
    points = [replace(p, counts=p.counts * signs) for p in laid_out([20.0, 10.0], deck=deck, placing_m=0.003)]
    with pytest.raises(CalibrationError, match=words):
        fit_grid(points, [plate(20), plate(10)], CELLS)


def test_cells_that_all_weigh_backwards_are_mounted_so():
    points = [replace(p, counts=-p.counts) for p in laid_out([20.0])]
    assert fit_grid(points, [plate(20)], CELLS).newton_per_count == pytest.approx(-GAINS)


def test_a_dead_cell_is_named():
    points = [replace(p, counts=p.counts * [1, 1e-3, 1, 1]) for p in laid_out([20.0])]
    with pytest.raises(CalibrationError, match="the front right load cell feels nothing"):
        fit_grid(points, [plate(20)], CELLS)


@DECKS
@pytest.mark.parametrize("wrong", range(0, 18, 5))
def test_a_plate_on_the_wrong_mark_is_named_with_its_true_place(deck, wrong):
    points = laid_out([20.0, 10.0], deck=deck, placing_m=0.003)
    there = points[(wrong + 4) % 9]
    points[wrong] = replace(points[wrong], counts=there.counts / (1 + points[wrong].plate))
    with pytest.raises(WrongPointsError) as refused:
        fit_grid(points, [plate(20), plate(10)], CELLS)
    said = re.search(r"lay at \((\S+), (\S+)\) m by all", str(refused.value))
    assert [float(part) for part in said.groups()] == pytest.approx([there.x_m, there.y_m], abs=0.02)
    assert refused.value.numbers == (wrong,)


def test_a_mark_at_the_wrong_place_is_named():
    points = laid_out([20.0, 10.0], placing_m=0.003)
    for number in (2, 11):
        points[number] = replace(points[number], counts=points[number + 3].counts)
    with pytest.raises(WrongPointsError) as refused:
        fit_grid(points, [plate(20), plate(10)], CELLS)
    assert refused.value.numbers == (2, 11)


def test_another_plate_at_one_point_is_named():
    points = laid_out([20.0, 10.0], placing_m=0.003)
    points[4] = replace(points[4], counts=points[4].counts * 0.75)
    with pytest.raises(WrongPointsError, match=r"20 kg at \(0, 0\) m weighed 75 %") as refused:
        fit_grid(points, [plate(20), plate(10)], CELLS)
    assert refused.value.numbers == (4,)


def test_a_cell_far_from_its_configured_place_is_named():
    cells = {**CELLS, "rear_left": Cell(dout=16, pd_sck=20, x_m=-0.45, y_m=0.3)}
    with pytest.raises(CalibrationError, match=r"the rear left load cell acts at \(-0\.\d+, 0\.\d+\) m, the conf"):
        fit_grid(laid_out([20.0, 10.0]), [plate(20), plate(10)], cells)


def test_what_nothing_explains_is_refused_with_its_size():
    rng = np.random.default_rng(1)
    points = [replace(p, counts=p.counts * rng.uniform(0.7, 1.3, 4)) for p in laid_out([20.0, 10.0])]
    with pytest.raises(CalibrationError, match=r"contradict each other, by up to \d+ % of the weight and \d+ mm"):
        fit_grid(points, [plate(20), plate(10)], CELLS)


@pytest.mark.parametrize("places", [PLACES[:3], [(0.0, 0.0)] * 6, [(0.0, 0.0), (0.01, 0.0), (0.0, 0.01), (0.01, 0.01)]])
def test_points_that_cannot_tell_the_cells_apart_are_refused(places):
    with pytest.raises(CalibrationError, match="load grid"):
        fit_grid(laid_out([20.0], places=places), [plate(20)], CELLS)


@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 4), min_size=4, max_size=12))
@settings(max_examples=40)
def test_no_readings_give_anything_but_a_fit_or_a_reason(readings):
    points = [GridPoint(*place, 0, np.array(c)) for place, c in zip(PLACES * 2, readings, strict=False)]
    try:
        fit = fit_grid(points, [plate(20)], CELLS)
    except CalibrationError:
        return
    assert np.isfinite(fit.newton_per_count).all()


def test_the_usual_pattern_lies_inside_the_cells():
    for count in (4, 6, 9, 12):
        places = pattern(CELLS, count)
        assert len(set(places)) == count
        assert max(x for x, _ in places) == pytest.approx(0.595)
        assert min(y for _, y in places) == pytest.approx(-0.255)
