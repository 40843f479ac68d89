"""The sensor mode: fast enough first, then the widest view, then the least data."""

import pytest

from station.camera.sensor_mode import choose_mode, sensor_modes


def mode(size: tuple[int, int], fps: float, view: tuple[int, int], bits: int = 10) -> dict[str, object]:
    return {"size": size, "fps": fps, "bit_depth": bits, "crop_limits": (0, 0, *view), "format": "SRGGB10_CSI2P"}


IMX708 = [
    mode((1536, 864), 120.13, (3072, 1728)),
    mode((2304, 1296), 56.03, (4608, 2592)),
    mode((4608, 2592), 14.35, (4608, 2592)),
]
IMX477 = [
    mode((1332, 990), 120.05, (2664, 1980)),
    mode((2028, 1080), 50.03, (4056, 2160), 12),
    mode((2028, 1520), 40.01, (4056, 3040), 12),
    mode((4056, 3040), 10.0, (4056, 3040), 12),
]
IMX219 = [
    mode((640, 480), 103.33, (1280, 960)),
    mode((1640, 1232), 41.85, (3280, 2464)),
    mode((640, 480), 103.33, (1280, 960), 8),
]
OV5647 = [mode((640, 480), 58.92, (2592, 1944)), mode((1296, 972), 46.34, (2592, 1944))]


@pytest.mark.parametrize(
    ("modes", "fps", "size"),
    [
        (IMX708, 60.0, (1536, 864)),
        (IMX708, 56.0, (2304, 1296)),
        (IMX708, 100.0, (1536, 864)),
        (IMX708, 10.0, (2304, 1296)),  # as wide as the largest, with less data
        (IMX708, 240.0, (1536, 864)),  # none is so fast: the fastest
        (IMX477, 60.0, (1332, 990)),
        (IMX477, 50.0, (2028, 1080)),
        (IMX219, 60.0, (640, 480)),
        (OV5647, 60.0, (640, 480)),  # 58.9 is as good as 60
    ],
)
def test_mode_for_a_rate(modes: list[dict[str, object]], fps: float, size: tuple[int, int]) -> None:
    chosen = choose_mode(sensor_modes(modes), fps, height_px=640)
    assert chosen is not None
    assert (chosen.size_px, chosen.bit_depth >= 10) == (size, True)


def test_too_few_rows_are_taken_only_where_there_are_no_more() -> None:
    wide = [mode((640, 480), 90.0, (2592, 1944)), mode((1296, 972), 90.0, (2592, 1944))]
    assert choose_mode(sensor_modes(wide), 60.0, 640).size_px == (1296, 972)
    assert choose_mode(sensor_modes(wide), 60.0, 2000).size_px == (1296, 972)
    assert choose_mode(sensor_modes(wide), 60.0, 400).size_px == (640, 480)


def test_camera_that_tells_no_modes() -> None:
    assert choose_mode(sensor_modes([{"format": "MJPEG"}]), 60.0, 640) is None
