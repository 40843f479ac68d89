"""The Raspberry Pi camera through picamera2 (apt's python3-picamera2), the only file that imports it.

Everything that the camera would choose for itself is fixed: exposure, gain, focus, white balance and frame duration.
A frame's time is libcamera's SensorTimestamp (CLOCK_MONOTONIC, when the first row was exposed): with about 1 ms of
exposure, mid-exposure to within that millisecond. Rolling-shutter sensors read the lowest row up to 17 ms later.
"""

import contextlib
from typing import Any

from station.camera.backend import Frame
from station.config import Camera
from station.errors import DeviceError

_BUFFERS = 6
_FORMAT = "BGR888"  # libcamera names bytes from the highest: in memory R, G, B
_SENSOR_SHAPE = (4, 3)  # where the sensor does not say

# picamera2 raises whatever libcamera, V4L2 or its own lists run into
_CAMERA_ERRORS = (RuntimeError, OSError, IndexError, ValueError, KeyError)


class Picamera2BackEnd:
    """One Pi camera, number 0. Raises DeviceError where picamera2 is missing."""

    def __init__(self, settings: Camera) -> None:
        self._picamera2 = _picamera2()
        self._settings = settings
        self._camera: Any = None
        self._job: Any = None  # the frame being waited for; kept over a time-out, or its buffer would be lost

    def open(self) -> None:
        try:
            self._camera = self._picamera2.Picamera2()
        except _CAMERA_ERRORS as e:
            if not self._picamera2.Picamera2.global_camera_info():
                raise DeviceError("no camera found; check its ribbon cable at both ends, then restart the Pi") from e
            raise DeviceError(f"the camera is in use by another program or does not answer ({e}); end that one") from e
        try:
            self._camera.configure(self._configuration())
            self._camera.start()
        except _CAMERA_ERRORS as e:
            self.close()
            raise DeviceError(f"the camera refused its settings ({e}); check the section [camera]") from e

    def close(self) -> None:
        camera, self._camera, self._job = self._camera, None, None
        if camera is None:
            return
        for step in (camera.stop, camera.close):
            with contextlib.suppress(*_CAMERA_ERRORS):  # it may be unplugged: what counts is that it is let go
                step()

    def read(self, timeout_s: float) -> Frame | None:
        try:
            self._job = self._job or self._camera.capture_request(wait=False)
            request = self._job.get_result(timeout=timeout_s)
        except TimeoutError:
            return None
        except _CAMERA_ERRORS as e:
            raise DeviceError(f"the camera stopped ({e}); check its ribbon cable") from e
        self._job = None
        try:
            return Frame(int(request.get_metadata()["SensorTimestamp"]), request.make_array("main"))
        except _CAMERA_ERRORS as e:
            raise DeviceError(f"the camera delivered a frame that cannot be read ({e})") from e
        finally:
            request.release()

    def _configuration(self) -> Any:
        width, height = self._camera.camera_properties.get("PixelArraySize", _SENSOR_SHAPE)
        height_px = self._settings.height_px
        width_px = round(height_px * width / height / 2) * 2
        return self._camera.create_video_configuration(
            main={"size": (width_px, height_px), "format": _FORMAT},
            controls=self._controls(),
            buffer_count=_BUFFERS,
        )

    def _controls(self) -> dict[str, Any]:
        frame_us = round(1e6 / self._settings.fps)
        wanted = {
            "FrameDurationLimits": (frame_us, frame_us),
            "AeEnable": False,
            "ExposureTime": self._settings.exposure_us,
            "AnalogueGain": self._settings.analogue_gain,
            "AwbEnable": False,
            "ColourGains": (1.8, 1.6),  # white LED light; the pose network does not mind the rest
            "AfMode": 0,  # manual
            "LensPosition": 1.0 / self._settings.focus_m,  # dioptres
        }
        return {name: value for name, value in wanted.items() if name in self._camera.camera_controls}


def _picamera2() -> Any:
    try:
        import picamera2
    except ImportError as e:
        raise DeviceError(f"picamera2 is not there ({e}); run: sudo apt install python3-picamera2") from e
    return picamera2
