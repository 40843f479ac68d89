"""A simulated camera to which something has happened since it was calibrated."""

import cv2
import numpy as np

from station.camera.backend import CameraBackEnd, Frame
from station.camera.rolling_shutter import line_time_without_mode
from station.errors import DeviceBusyError, DeviceError
from station.sim.runner.filming import Filming
from station.sim.runner.sensor import Sensor
from station.simulation_config import CameraFaults
from station.words import N_

_EXPOSURE_MS = 1.0
_UNKNOWN_SENSOR, _FPS = "another", 60.0
_FINEST = 8  # parts of a pixel, in which a disc's edge is drawn


class FaultyCamera:
    """A `CameraBackEnd` that films what `inner` films, as `faults` say. `vertical_field_deg`: of its lens."""

    def __init__(self, inner: CameraBackEnd, faults: CameraFaults, vertical_field_deg: float, seed: int) -> None:
        self._inner, self._faults = inner, faults
        self._focal = 0.5 / np.tan(np.radians(vertical_field_deg) / 2)  # of the picture's height
        self._random = np.random.default_rng([seed, 5])
        dim = faults.light < 1
        self._sensor = Sensor(
            Filming(light=faults.light, noise=float(dim), exposure_ms=_EXPOSURE_MS if dim else 0.0), seed
        )
        self._frames = 0
        self._held: np.ndarray | None = None

    def open(self, close_up: bool = False) -> None:
        if self._faults.missing:
            raise DeviceError(N_("no camera found; check its ribbon cable at both ends, then restart the Pi"))
        if self._faults.busy:
            text = N_("the camera is in use by another program or does not answer ({why}); end that one")
            raise DeviceBusyError(text.format(why="Device or resource busy"))
        self._inner.open(close_up)

    def close(self) -> None:
        self._inner.close()

    def read(self, timeout_s: float) -> Frame | None:
        frame = self._inner.read(timeout_s)
        if frame is None:
            return None
        self._frames += 1
        if self._frames % self._faults.every_nth or self._random.random() < self._faults.lost_share:
            return None
        image = self._held if self._held is not None and self._faults.frozen else self._seen(frame.image_rgb)
        self._held = image
        if not self._faults.unknown_rows:
            return Frame(frame.t_ns, image, frame.row_ns, frame.row_half_width_ns)
        line = line_time_without_mode(_UNKNOWN_SENSOR, image.shape[0], _FPS)
        return Frame(frame.t_ns, image, line.ns, line.half_width_ns)

    def _seen(self, image_rgb: np.ndarray) -> np.ndarray:
        """Through a lens that was turned and is out of focus, by a sensor that gets less light."""
        if any(self._faults.turned_deg):
            turned = turned_view(self._faults.turned_deg, image_rgb.shape[:2], self._focal)
            size = image_rgb.shape[1::-1]
            image_rgb = cv2.warpPerspective(image_rgb, turned, size, borderMode=cv2.BORDER_REFLECT_101)
        if self._faults.blur_px:
            image_rgb = cv2.filter2D(image_rgb, -1, disc(self._faults.blur_px))
        return self._sensor.picture(image_rgb)


def turned_view(turned_deg: tuple[float, float, float], shape: tuple[int, int], focal: float) -> np.ndarray:
    """Where a camera turned about its lens sees each pixel: a homography (3, 3), whatever the scene's depth.

    `focal`: length in heights of the picture (Hartley & Zisserman, Multiple View Geometry, 8.4.2: K R K^-1).
    """
    height, width = shape
    yaw, pitch, roll = np.radians(turned_deg)
    lens = np.array([[focal * height, 0, width / 2], [0, focal * height, height / 2], [0, 0, 1]])
    to_right = _about(1, yaw)
    up = _about(0, -pitch)
    clockwise = _about(2, roll)
    return lens @ clockwise @ up @ to_right @ np.linalg.inv(lens)


def disc(radius_px: float) -> np.ndarray:
    """What a lens out of focus makes of a point (circle of confusion); sums to 1."""
    half = int(np.ceil(radius_px)) + 1
    steps = (np.arange((2 * half + 1) * _FINEST) + 0.5) / _FINEST - half - 0.5
    inside = (np.hypot(*np.meshgrid(steps, steps)) <= max(radius_px, 1 / _FINEST)).astype(np.float32)
    kernel = inside.reshape(2 * half + 1, _FINEST, 2 * half + 1, _FINEST).sum(axis=(1, 3))
    return kernel / kernel.sum()


def _about(axis: int, angle: float) -> np.ndarray:
    """A turn about an axis of the camera: x right, y down, z ahead."""
    turn = np.eye(3)
    a, b = (k for k in range(3) if k != axis)
    turn[[a, a, b, b], [a, b, a, b]] = np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)
    return turn
