"""The boundary to the camera: real, simulated and any later one are back ends of the same daemon."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from station.errors import DeviceError
from station.words import N_

CLOSE_UP_HEIGHT_PX = 1296
CLOSE_UP_FPS = 10.0
"""What a camera is asked for where something held before it is to be read: rows rather than frames."""


@dataclass(frozen=True)
class Frame:
    """One picture: `image_rgb` uint8 (height, width, 3).

    `t_ns`: mid-exposure of its first row, monotonic; `row_ns`: from each row to the next (rolling shutter), known to
    +-`row_half_width_ns`.
    """

    t_ns: int
    image_rgb: np.ndarray
    row_ns: float = 0.0
    row_half_width_ns: float = 0.0


class CameraBackEnd(Protocol):
    """A camera. It may be opened again after it was closed, also after an error."""

    def open(self, close_up: bool = False) -> None:
        """Start the frames. `close_up`: to read what somebody holds before it, as large and sharp as it can.

        Raises DeviceError, in a user's words, where the camera is missing or busy.
        """

    def close(self) -> None:
        """Stop the frames and give the camera free; harmless where it is not open."""

    def read(self, timeout_s: float) -> Frame | None:
        """The next frame, or None when none came in time. Raises DeviceError where the camera is gone."""


class NoCamera:
    """The back end of a station without a camera: it says so when it is asked for pictures."""

    def open(self, close_up: bool = False) -> None:
        raise DeviceError(N_("this station has no camera; set camera.device in its configuration where one is fitted"))

    def close(self) -> None:
        """Nothing was opened."""

    def read(self, timeout_s: float) -> Frame | None:
        return None
