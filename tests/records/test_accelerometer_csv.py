import contextlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.errors import InputError
from station.records.accelerometer_csv import read_accelerometer


def content(header="time_s,acceleration_m_s2", rate_hz=200.0, seconds=6.0, axes=1):
    t_s = np.arange(0.0, seconds, 1 / rate_hz)
    rows = [",".join([f"{t:.5f}", *(f"{9.81 + axis:.3f}" for axis in range(axes))]) for t in t_s]
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize(
    ("header", "axes"),
    [
        ("time_s,acceleration_m_s2", 1),
        ("time_s,acceleration_x_m_s2,acceleration_z_m_s2", 2),
        (
            '"Time (s)","Linear Acceleration x (m/s^2)","Linear Acceleration z (m/s^2)"',
            2,
        ),
        ('"Time (s)","Acceleration z (m/s^2)"', 1),
    ],
)
def test_the_stations_and_a_phones_own_headers_are_read(tmp_path, header, axes):
    path = tmp_path / "a.csv"
    path.write_text(content(header, axes=axes))
    record = read_accelerometer(path)
    assert record.acceleration_m_s2.shape == (axes, len(record.t_s))
    assert record.rate_hz == pytest.approx(200)


def test_a_magnitude_is_no_axis(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(content('"Time (s)","Acceleration z (m/s^2)","Absolute acceleration (m/s^2)"', axes=2))
    assert len(read_accelerometer(path).acceleration_m_s2) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (content("time_s,force_n"), "column acceleration_m_s2 is missing"),
        (content("clock,acceleration_m_s2"), "column time_s is missing"),
        (content().replace("9.810", "soft", 3), "row 2, column acceleration_m_s2 is 'soft', not a number"),
        (content(rate_hz=50), "50 samples a second; at least 100 are needed"),
        (content(seconds=2), "only .* s long; at least 5 s are needed"),
        (content(rate_hz=0.2, seconds=60), "is the time in milliseconds"),
        (content().replace("\n0.00500,", "\n7.00000,", 1), "row 4, column time_s: time does not run forwards"),
        (content().replace("9.810", "9e9", 1), "row 2, column acceleration_m_s2: 9e.09 is not possible"),
        (content('time_s,"Time (s)",acceleration_m_s2', axes=2), "both give the time; leave one"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, message):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_accelerometer(path)


def test_a_gap_is_named(tmp_path):
    lines = content().splitlines()
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines[:500] + lines[600:]))
    with pytest.raises(InputError, match=r"row 501, column time_s: a gap of 0.505 s"):
        read_accelerometer(path)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300)
    | st.text(alphabet='time_s,acceleration_m_s2"\n\r0123456789.-einfa ()/^', max_size=300).map(str.encode)
)
def test_no_content_gives_anything_but_an_input_error(tmp_path, data):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with contextlib.suppress(InputError):
        read_accelerometer(path)
