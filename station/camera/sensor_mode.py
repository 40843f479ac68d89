"""Which of its modes a sensor is to be read in: the frame rate first, then the field of view, then the least data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_REACHES = 0.98  # of the rate asked for: a mode of 58.9 frames/s is as good as one of 60
_SAME_VIEW = 0.95  # of the area
_LEAST_BITS = 10  # fewer cost the shadows, more cost bandwidth


@dataclass(frozen=True)
class SensorMode:
    """One way to read a sensor: `size_px` (width, height) of its picture, `area_px` of the sensor that it sees."""

    size_px: tuple[int, int]
    bit_depth: int
    fps: float  # at most
    area_px: int


def sensor_modes(modes: Iterable[Mapping[str, Any]]) -> list[SensorMode]:
    """From picamera2's `sensor_modes`; formats of which it knows no size or rate (USB cameras) are left out."""
    known = (m for m in modes if {"size", "bit_depth", "fps", "crop_limits"} <= m.keys())
    return [
        SensorMode(tuple(m["size"]), m["bit_depth"], m["fps"], m["crop_limits"][2] * m["crop_limits"][3]) for m in known
    ]


def choose_mode(modes: list[SensorMode], fps: float, height_px: int) -> SensorMode | None:
    """The mode for pictures of `height_px` rows at `fps`; the fastest where none is so fast, None of no modes.

    Among those that see (nearly) the most of the scene: enough rows, and no more pixels than needed.
    """
    if not modes:
        return None
    fast_enough = _REACHES * min(fps, max(m.fps for m in modes))
    fast = [m for m in modes if m.fps >= fast_enough]
    widest = max(m.area_px for m in fast)
    wide = [m for m in fast if m.area_px >= _SAME_VIEW * widest]
    rows = max(m.size_px[1] for m in wide)
    enough = [m for m in wide if m.size_px[1] >= min(height_px, rows)]
    return min(enough, key=lambda m: (m.size_px[0] * m.size_px[1], m.bit_depth < _LEAST_BITS, m.bit_depth))
