import numpy as np
import pytest

from station.doctor.self_tests.presses import judged

END = np.array([[0.9, 0.1], [0.1, 0.9]])
FELT_N = 700.0 * np.kron(END, END)
"""Somebody of 700 N, near each corner (row): what each cell (column) feels."""


def verdicts(felt_n: np.ndarray) -> list[tuple[str, str | None]]:
    return [(finding.verdict, finding.where) for finding in judged(felt_n)]


def test_cells_that_feel_their_own_corners_are_well_whatever_their_gain_and_sign():
    assert verdicts(FELT_N * [1.0, 0.8, 1.2, 0.9]) == [("ok", None)]
    assert verdicts(-FELT_N) == [("ok", None)]


def test_one_that_weighs_backwards_is_named():
    assert verdicts(FELT_N * [1, 1, -1, 1]) == [("fault", "rear_left")]
    assert verdicts(-FELT_N * [1, 1, -1, 1]) == [("fault", "rear_left")]


def test_two_and_two_cannot_be_told_and_both_pairs_are_named():
    (finding,) = judged(FELT_N * [1, -1, -1, 1])
    assert "front right and rear left load cells weigh one way" in finding.text
    assert "front left and rear right ones the other" in finding.text


@pytest.mark.parametrize("order", [[1, 0, 2, 3], [0, 3, 2, 1], [1, 2, 0, 3]])
def test_exchanged_cells_are_named_together(order):
    (finding,) = judged(FELT_N[:, order])
    moved = [name for c, name in enumerate(("front left", "front right", "rear left", "rear right")) if order[c] != c]
    assert "are exchanged" in finding.text
    assert all(name in finding.text for name in moved)


def test_a_cell_that_feels_nothing_is_named_and_no_other():
    assert verdicts(FELT_N * [1, 0.01, 1, 1]) == [("fault", "front_right")]


def test_somebody_at_the_wrong_corner_is_no_fault_of_the_wires():
    felt_n = FELT_N.copy()
    felt_n[1] = FELT_N[0]
    assert [verdict for verdict, _ in verdicts(felt_n)] == ["warning"]


def test_where_nobody_stands_on_the_deck_nothing_is_said():
    assert verdicts(FELT_N / 20) == [("not_checked", None)]
