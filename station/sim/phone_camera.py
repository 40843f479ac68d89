"""A simulated camera before which the simulated visitor holds a phone that shows a code."""

from pathlib import Path

import cv2
import numpy as np

from station.camera.backend import CLOSE_UP_FPS, CLOSE_UP_HEIGHT_PX, CameraBackEnd, Frame
from station.errors import ConfigError
from station.sim.shown_board import with_page
from station.simulation_config import ShownCode

HELD_AFTER_NS = 300_000_000
"""After the camera was opened for it."""
_OFF_AXIS = 0.05  # of the distance, to the right and down: nobody holds it in the very middle
_ROLL_DEG = 4.0


class PhoneCamera:
    """A `CameraBackEnd` that films what `inner` films; for a close-up, with more rows and the phone."""

    def __init__(self, inner: CameraBackEnd, shown: ShownCode, vertical_field_deg: float, seed: int) -> None:
        """Raises ConfigError where the picture of the code cannot be read."""
        self._inner, self._shown = inner, shown
        self._focal = 0.5 / np.tan(np.radians(vertical_field_deg) / 2)  # of the picture's height
        self._random = np.random.default_rng([seed, 4])
        self._page = _page(Path(shown.path))
        self._close_up = False
        self._held_ns: int | None = None
        self._due_ns = 0

    def open(self, close_up: bool = False) -> None:
        self._close_up, self._held_ns, self._due_ns = close_up, None, 0
        self._inner.open(close_up)

    def close(self) -> None:
        self._inner.close()

    def read(self, timeout_s: float) -> Frame | None:
        frame = self._inner.read(timeout_s)
        if frame is None or not self._close_up:
            return frame
        if frame.t_ns < self._due_ns:  # so many rows take a sensor longer
            return None
        self._due_ns = frame.t_ns + round(1e9 / CLOSE_UP_FPS)
        self._held_ns = self._held_ns or frame.t_ns + HELD_AFTER_NS
        height, width = frame.image_rgb.shape[:2]
        size = (round(width * CLOSE_UP_HEIGHT_PX / height), CLOSE_UP_HEIGHT_PX)
        image = cv2.resize(frame.image_rgb, size, interpolation=cv2.INTER_LINEAR)
        if frame.t_ns >= self._held_ns:
            image = held_before(image, self._page, self._shown, self._focal * CLOSE_UP_HEIGHT_PX)
        return Frame(frame.t_ns, self._as_seen(image))

    def _as_seen(self, image_rgb: np.ndarray) -> np.ndarray:
        return as_seen(image_rgb, self._shown.blur_px, self._shown.noise, self._random)


def held_before(image_rgb: np.ndarray, page: np.ndarray, shown: ShownCode, focal_px: float) -> np.ndarray:
    """The picture with the phone before the lens: turned by `tilt_deg` about its upright, a little askew."""
    half = np.array([shown.width_m, shown.width_m * page.shape[0] / page.shape[1]]) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half  # right, down
    tilt, roll = np.radians([shown.tilt_deg, _ROLL_DEG])
    turned = np.column_stack([corners[:, 0] * np.cos(tilt), corners[:, 1], corners[:, 0] * np.sin(tilt)])
    c, s = np.cos(roll), np.sin(roll)
    turned[:, :2] = turned[:, :2] @ np.array([[c, s], [-s, c]])
    turned += shown.distance_m * np.array([_OFF_AXIS, _OFF_AXIS, 1.0])
    middle = np.array(image_rgb.shape[1::-1]) / 2
    return with_page(image_rgb, page, focal_px * turned[:, :2] / turned[:, 2:] + middle)


def as_seen(image_rgb: np.ndarray, blur_px: float, noise: float, random: np.random.Generator) -> np.ndarray:
    """Blurred by lens and focus, then with the sensor's noise; standard deviations in pixels and grey levels."""
    if blur_px:
        image_rgb = cv2.GaussianBlur(image_rgb, (0, 0), blur_px)
    if not noise:
        return image_rgb
    grains = random.standard_normal(image_rgb.shape[:2], np.float32)[:, :, None] * noise
    return np.clip(image_rgb + grains, 0, 255).astype(np.uint8)


def _page(path: Path) -> np.ndarray:
    page = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) if path.is_file() else None
    if page is None:
        raise ConfigError(f"simulation.shown_code.path {path} is no picture; give a PNG of a code")
    return page
