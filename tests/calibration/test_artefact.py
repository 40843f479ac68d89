from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.calibration.artefact import FOLDER, check, latest, load, new_calibration, save
from station.calibration.grid import GridFit
from station.calibration.tare import StaticReading
from station.config import Force
from station.errors import CalibrationError
from station.messages import Calibration, ChipKernel, DeckCalibration

KERNELS = [ChipKernel(order=3, period_s=0.0124 + 1e-4 * c, delay_s=1e-4, residual_n=0.1) for c in range(4)]


def calibration(day: int = 1, **changes) -> Calibration:
    made = new_calibration(
        Force().cells,
        StaticReading(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4)),
        GridFit(np.full(4, 4.6e-4), 0.05),
        KERNELS,
        DeckCalibration(stiff=True),
        datetime(2026, 1, day, 12, tzinfo=UTC),
        "a test",
    )
    return msgspec.structs.replace(made, **changes)


def with_cell(number: int, **changes) -> Calibration:
    made = calibration()
    cells = list(made.cells)
    cells[number] = msgspec.structs.replace(cells[number], **changes)
    return msgspec.structs.replace(made, cells=cells)


def test_the_parts_find_their_places():
    made = calibration()
    assert made.id == "20260101T120000Z"
    assert made.created_utc == "2026-01-01T12:00:00+00:00"
    assert [c.offset_counts for c in made.cells] == [1.0, 2.0, 3.0, 4.0]
    assert [(c.x_m, c.y_m) for c in made.cells] == [(0.7, 0.3), (0.7, -0.3), (-0.7, 0.3), (-0.7, -0.3)]
    assert [c.kernel for c in made.cells] == KERNELS


def test_saved_is_loaded_and_the_latest_is_what_was_saved_last_whatever_the_clock_said(tmp_path):
    for number, day in enumerate((3, 9, 5), start=1):
        path = save(calibration(day), tmp_path)
        assert path == tmp_path / FOLDER / f"{number:04d}-202601{day:02d}T120000Z.json"
        assert load(path) == calibration(day)
        assert latest(tmp_path) == calibration(day)
    assert not list(tmp_path.rglob("*.part"))


def test_numbers_rise_beyond_four_digits_and_above_files_without_one(tmp_path):
    first = save(calibration(3), tmp_path)
    first.rename(first.with_name("20270101T000000Z.json"))
    second = save(calibration(2), tmp_path)
    assert latest(tmp_path) == calibration(2)
    second.rename(second.with_name(f"9999-{second.name}"))
    assert save(calibration(1), tmp_path).name == "10000-20260101T120000Z.json"
    assert latest(tmp_path) == calibration(1)


def test_without_a_kernel_test_the_kernel_is_unknown(tmp_path):
    made = new_calibration(
        Force().cells,
        StaticReading(np.zeros(4), np.ones(4)),
        GridFit(np.full(4, 4.6e-4), 0.05),
        None,
        None,
        datetime(2026, 1, 1, tzinfo=UTC),
        "",
    )
    assert [c.kernel for c in load(save(made, tmp_path)).cells] == [None] * 4


@pytest.mark.parametrize(
    ("absurd", "words"),
    [
        (with_cell(1, newton_per_count=0.0), "front right load cell: 0 N per count"),
        (with_cell(2, newton_per_count=float("nan")), "rear left load cell: nan N per count"),
        (with_cell(3, newton_per_count=4.6e-3), "differ 10.0-fold"),
        (with_cell(0, offset_counts=9e6), "front left load cell: an offset of 9000000 counts"),
        (with_cell(0, kernel=ChipKernel(order=3, period_s=0.5)), "a conversion every 500.00 ms"),
        (with_cell(0, kernel=ChipKernel(order=3, period_s=0.0125, delay_s=-0.1)), "a delay of -100.0 ms"),
        (with_cell(0, channel="front_right"), "in this order"),
        (calibration(cells=calibration().cells[:3]), "in this order"),
    ],
)
def test_the_absurd_is_refused_with_the_reason(absurd, words, tmp_path):
    with pytest.raises(CalibrationError, match=words):
        check(absurd)
    with pytest.raises(CalibrationError, match=words):
        save(absurd, tmp_path)


def test_missing_and_damaged_files_are_named(tmp_path):
    with pytest.raises(CalibrationError, match=r"no calibration in .*no command for that yet"):
        latest(tmp_path)
    with pytest.raises(CalibrationError, match="No such file"):
        load(tmp_path / "none.json")
    path = save(calibration(), tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CalibrationError, match="calibrate again"):
        load(path)


@given(st.binary(max_size=60))
@settings(max_examples=40)
def test_no_bytes_give_anything_but_a_calibration_error(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("artefact") / "some.json"
    path.write_bytes(content)
    with pytest.raises(CalibrationError):
        load(path)
