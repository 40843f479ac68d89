"""Line times: known sensors exactly, others from their highest rate, with what that may be off."""

import pytest

from station.camera.rolling_shutter import line_time


@pytest.mark.parametrize(
    ("model", "size", "fps", "readout_ms"),
    [
        ("imx708", (2304, 1296), 56.03, 17.32),
        ("imx708_wide_noir", (1536, 864), 120.13, 7.96),
        ("imx477", (1332, 990), 120.05, 7.85),
        ("imx296", (1456, 1088), 60.38, 0.0),
    ],
)
def test_known_sensors(model: str, size: tuple[int, int], fps: float, readout_ms: float) -> None:
    line = line_time(model, size, fps)
    assert size[1] * line.ns / 1e6 == pytest.approx(readout_ms, abs=0.01)
    assert line.half_width_ns == 0.0


KNOWN = [
    ("imx708", (4608, 2592), 14.35), ("imx708", (2304, 1296), 56.03), ("imx708", (1536, 864), 120.13),
    ("imx477", (4056, 3040), 10.0), ("imx477", (2028, 1520), 40.01), ("imx477", (2028, 1080), 50.03),
    ("imx477", (1332, 990), 120.05),
]  # fmt: skip


@pytest.mark.parametrize(("model", "size", "fps"), KNOWN)
def test_guess_for_others_would_hold_for_the_known(model: str, size: tuple[int, int], fps: float) -> None:
    guess, true = line_time("imx519", size, fps), line_time(model, size, fps)
    assert abs(guess.ns - true.ns) <= guess.half_width_ns


def test_sensor_that_nobody_knows_may_have_a_global_shutter() -> None:
    unknown = line_time("xyz1", (1280, 800), 100.0)
    assert unknown.half_width_ns == unknown.ns > 0
