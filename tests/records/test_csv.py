"""A user's file is either read or refused in one line that says where; never a traceback."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.errors import InputError
from station.records import csv_table
from station.records.force_csv import read_cells, read_force_plate, unit_doubt
from station.records.keypoints_csv import read_keypoints

HEADER = "time_s,fz_n,cop_x_m,cop_y_m"
CELLS = "time_s,front_left_n,front_right_n,rear_left_n,rear_right_n"


def plate_rows(n: int = 900, rate_hz: float = 300.0) -> list[str]:
    return [f"{i / rate_hz:.6f},{700 + i % 7},{0.01 * (i % 5)},{-0.02}" for i in range(n)]


def plate(rows: list[str], header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def altered(row: int, text: str) -> str:
    rows = plate_rows()
    rows[row - 2] = text
    return plate(rows)


def test_a_good_plate_file_is_read_in_any_column_order_with_extra_columns(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("﻿note,fz_n,time_s,cop_y_m,cop_x_m\n" + "\n".join(f"a,700,{i / 300},0.1," for i in range(900)))
    plate_ = read_force_plate(path)
    assert plate_.fz_n.tolist() == [700] * 900
    assert plate_.cop_y_m.tolist() == [0.1] * 900
    assert plate_.cop_x_m.tolist() == [0.0] * 900  # an empty column is the deck centre


def test_cop_holds_where_it_is_empty_or_the_force_is_small(tmp_path: Path) -> None:
    rows = plate_rows()
    for i, row in enumerate(
        ("0,10,99,99", "0.0033,700,0.3,0.1", "0.0066,700,,nan", "0.0099,20,7,8", "0.0133,700,0.2,0")
    ):
        rows[i] = row
    path = tmp_path / "p.csv"
    path.write_text(plate(rows))
    assert read_force_plate(path).cop_x_m[:5].tolist() == [0.3, 0.3, 0.3, 0.3, 0.2]


BAD = {
    "empty": ("", "the file is empty"),
    "blank": ("\n\n", "the file is empty"),
    "header only": (plate([]), "only 0.00 s long"),
    "too short": (plate(plate_rows(300)), "only 1.00 s long"),
    "missing column": (plate(["0,1,2"], "time_s,fz_n,cop_x_m"), "column cop_y_m is missing"),
    "column twice": (plate(["0,1,2,3,4"], HEADER + ",fz_n"), "column fz_n is there twice"),
    "text": (altered(7, "0.0166,heavy,0,0"), "row 7, column fz_n is 'heavy'"),
    "nan force": (altered(9, "0.0233,nan,0,0"), "row 9, column fz_n is nan"),
    "nan time": (altered(9, "nan,700,0,0"), "row 9, column time_s is nan"),
    "inf cop": (altered(9, "0.0233,700,inf,0"), "row 9, column cop_x_m is inf"),
    "empty force": (altered(9, "0.0233,,0,0"), "row 9, column fz_n is empty"),
    "cells missing": (altered(9, "0.0233,700"), "row 9 has 2 cells"),
    "backwards": (altered(9, "0.0200,700,0,0"), "row 9, column time_s: time does not run forwards"),
    "gap": (plate([*plate_rows(900)[:500], *plate_rows(900)[502:]]), "row 502, column time_s: a gap of 0.01"),
    "slow": (plate(plate_rows(900, 100.0)), "100.0 samples a second"),
    "impossible": (altered(9, "0.0233,1e9,0,0"), "row 9, column fz_n: 1e\\+09 is not possible"),
    "milliseconds": (plate([f"{i * 3.3},700,0,0" for i in range(900)]), "is time_s in milliseconds"),
    "semicolons": ("time_s;fz_n;cop_x_m;cop_y_m\n0;1;2;3\n", "separated by semicolons; separate them by commas"),
    "far cop": (altered(9, "0.0233,700,700,0"), "row 9, column cop_x_m: 700 is not possible in metres"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_flawed_plate_file_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    content, message = BAD[name]
    path = tmp_path / "p.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=message) as error:
        read_force_plate(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(InputError, match="not a text file"):
        read_force_plate(tmp_path / "b.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_force_plate(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read_force_plate(tmp_path / "absent.csv")


def test_a_force_in_another_unit_or_direction_is_doubted() -> None:
    run_n = np.array([0.0, 1500.0, 300.0, -20.0])
    assert unit_doubt(run_n) is None
    assert "is it in kN?" in unit_doubt(run_n / 1000)
    assert "change its sign" in unit_doubt(-run_n)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(InputError, match="not a regular file"):
            read_force_plate(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as f:
        f.truncate(csv_table.MAX_BYTES + 1)  # sparse
    with pytest.raises(InputError, match="too large"):
        read_force_plate(tmp_path / "huge.csv")


def test_cells_are_read_in_the_order_of_the_channels(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(CELLS + "\n" + "\n".join(f"{i / 500},100,200,300,400" for i in range(1500)))
    assert read_cells(path).force_n[:, 0].tolist() == [100, 200, 300, 400]


def test_keypoints_not_seen_are_nan_with_no_confidence(tmp_path: Path) -> None:
    path = tmp_path / "k.csv"
    rows = [f"{i / 30},{100 + i},200,0.9,,," for i in range(90)]
    path.write_text(
        "time_s,left_ear_x_px,left_ear_y_px,left_ear_confidence,nose_x_px,nose_y_px,nose_confidence\n" + "\n".join(rows)
    )
    track = read_keypoints(path)
    assert track.xy_px[5, 7].tolist() == [105, 200]
    assert np.isnan(track.xy_px[:, 0]).all()
    assert track.confidence[0, 7] == 0.9
    assert track.confidence[0, 0] == 0


@pytest.mark.parametrize(
    ("header", "cells", "message"),
    [
        ("time_s", "", "no keypoint in it"),
        ("time_s,nose_x_px,nose_y_px", ",1,2", "keypoint nose has only x_px, y_px"),
        ("time_s,nose_x_px,nose_y_px,nose_confidence", ",1,2,7", "column nose_confidence: must lie within 0..1"),
        ("time_s,nose_x_px,nose_y_px,nose_confidence", ",1,x,0", "column nose_y_px is 'x'"),
    ],
)
def test_flawed_keypoints_are_refused(tmp_path: Path, header: str, cells: str, message: str) -> None:
    path = tmp_path / "k.csv"
    path.write_text(header + "\n" + "\n".join(f"{i / 30}{cells}" for i in range(90)))
    with pytest.raises(InputError, match=message):
        read_keypoints(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(str.encode),
        st.lists(
            st.sampled_from(["time_s", "fz_n", "cop_x_m", "cop_y_m", ",", "\n", "0", "1e999", "-", '"', "nan", "\0"])
        )
        .map("".join)
        .map(str.encode),
    )
)
def test_no_content_gives_anything_but_an_input_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    for prefix in (b"", HEADER.encode() + b"\n", plate(plate_rows(700)).encode()):
        path.write_bytes(prefix + content)
        for reader in (read_force_plate, read_cells, read_keypoints):
            try:
                reader(path)
            except InputError as e:
                assert "\n" not in str(e)  # noqa: PT017
