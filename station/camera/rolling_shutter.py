"""How much later a sensor exposes each row than the one above it.

Line times of the known sensors: line length over pixel rate, from the registers that Raspberry Pi's Linux drivers
(imx708.c, imx477.c, kernel 6.6) write for each mode. Of other sensors only the mode's highest frame rate is known: the
rows of a frame are read in the time of a frame less its blanking, which is 2-18 % in the modes of the table.
"""

from dataclasses import dataclass

GLOBAL_SHUTTERS = frozenset({"imx296", "ov9281", "ov9782", "ov7251", "ov2311"})
ROLLING_SHUTTERS = frozenset({"imx219", "imx378", "imx462", "imx477", "imx500", "imx519", "imx708", "ov5647"})
_LINE_NS = {
    ("imx708", (4608, 2592)): 15648 / 0.5952,
    ("imx708", (2304, 1296)): 7824 / 0.5856,
    ("imx708", (1536, 864)): 5216 / 0.5664,
    ("imx477", (4056, 3040)): 24000 / 0.840,
    ("imx477", (2028, 1520)): 12740 / 0.840,
    ("imx477", (2028, 1080)): 12740 / 0.840,
    ("imx477", (1332, 990)): 6664 / 0.840,
}
_READ_SHARE = 0.9  # of the shortest frame
_READ_SHARE_HALF_WIDTH = 0.1


@dataclass(frozen=True)
class LineTime:
    """Time from one row of the sensor's picture to the next, and by how much it may be wrong."""

    ns: float
    half_width_ns: float


def line_time(model: str, size_px: tuple[int, int], fps: float) -> LineTime:
    """Of a sensor (libcamera's model name) in its mode of `size_px` (width, height) with at most `fps` frames/s.

    The half width is as large as the time itself where nobody knows whether the shutter rolls at all.
    """
    sensor = _sensor(model)
    if (sensor, size_px) in _LINE_NS:
        return LineTime(_LINE_NS[sensor, size_px], 0.0)
    if sensor not in ROLLING_SHUTTERS:
        return line_time_without_mode(model, size_px[1], fps)
    shortest_ns = 1e9 / fps / size_px[1]
    return LineTime(_READ_SHARE * shortest_ns, _READ_SHARE_HALF_WIDTH * shortest_ns)


def line_time_without_mode(model: str, rows: int, fps: float) -> LineTime:
    """Of a picture of so many rows, of which is known only that `fps` of them come in a second, and the sensor."""
    if _sensor(model) in GLOBAL_SHUTTERS:
        return LineTime(0.0, 0.0)
    line_ns = _READ_SHARE * 1e9 / fps / rows
    return LineTime(line_ns, line_ns)


def _sensor(model: str) -> str:
    """`imx708_wide_noir` is another lens and filter before the same sensor."""
    return model.lower().partition("_")[0]
