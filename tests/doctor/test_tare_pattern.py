import numpy as np
import pytest

from station.doctor.tare_pattern import Explanation, alike, away_n, explanations
from station.messages import CHANNELS, Calibration, CellCalibration

OFFSETS = np.array([700_000.0, 450_000.0, -300_000.0, 250_000.0])
NEWTON_PER_COUNT = 1 / 2190


def calibration(offsets: np.ndarray = OFFSETS) -> Calibration:
    cells = [
        CellCalibration(
            channel=name, x_m=0.0, y_m=0.0, offset_counts=offset, newton_per_count=NEWTON_PER_COUNT, kernel=None
        )
        for name, offset in zip(CHANNELS, offsets, strict=True)
    ]
    return Calibration(id="tested", created_utc="", cells=cells, deck=None)


def test_readings_as_at_the_tare_need_no_explanation():
    assert away_n(calibration(), OFFSETS) == pytest.approx(0.0)
    assert explanations(calibration(), OFFSETS + 40 * 2190) == []


@pytest.mark.parametrize(
    ("explanation", "counts"),
    [
        (Explanation("reversed", ("front_right",)), OFFSETS * [1, -1, 1, 1]),
        (Explanation("reversed", ("rear_left",)), OFFSETS * [1, 1, -1, 1]),
        (Explanation("no_supply", ("front_left",)), OFFSETS * [0, 1, 1, 1]),
        (Explanation("exchanged", ("front_left", "rear_left")), OFFSETS[[2, 1, 0, 3]]),
    ],
)
def test_each_single_mistake_explains_its_own_readings_alone(explanation, counts):
    drift = np.array([9.0, -14.0, 6.0, 11.0]) / NEWTON_PER_COUNT
    assert explanations(calibration(), counts + drift) == [explanation]


def test_a_load_is_no_mistake_of_the_wires():
    assert explanations(calibration(), OFFSETS + np.array([300.0, 250.0, 40.0, 30.0]) / NEWTON_PER_COUNT) == []


def test_where_two_mistakes_read_the_same_both_are_named():
    offsets = np.array([700_000.0, 400_000.0, -400_000.0, 100_000.0])
    found = explanations(calibration(offsets), offsets[[0, 2, 1, 3]])
    assert found == [Explanation("exchanged", ("front_right", "rear_left"))]
    found = explanations(calibration(np.array([700e3, 400e3, 5e3, 100e3])), np.array([700e3, 5e3, 400e3, 100e3]))
    assert Explanation("exchanged", ("front_right", "rear_left")) in found


def test_cells_whose_exchange_would_not_show_are_known():
    assert alike(calibration()) == []
    assert alike(calibration(np.array([700e3, 450e3, 500e3, 100e3]))) == [("front_right", "rear_left")]
