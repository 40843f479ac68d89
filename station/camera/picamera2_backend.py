"""The Raspberry Pi camera through picamera2 (apt's python3-picamera2), the only file that imports it.

While it films, everything that the camera would choose for itself is fixed: sensor mode, exposure, gain, focus, white
balance and frame duration; for a close-up it may choose exposure and focus. libcamera's SensorTimestamp
(CLOCK_MONOTONIC) is when the first row's pixels arrived, so at the end of its exposure (picamera2 issue 821): half an
exposure before that is the middle.
"""

import contextlib
import logging
from typing import Any

from station.camera.backend import CLOSE_UP_FPS, CLOSE_UP_HEIGHT_PX, Frame
from station.camera.rolling_shutter import LineTime, line_time, line_time_without_mode
from station.camera.sensor_mode import SensorMode, choose_mode, sensor_modes
from station.config import Camera
from station.errors import DeviceBusyError, DeviceError
from station.words import N_

log = logging.getLogger(__name__)

BUFFERS = 6
FORMAT = "BGR888"  # libcamera names bytes from the highest: in memory R, G, B
AF_MANUAL, AF_CONTINUOUS = 0, 2  # libcamera.controls.AfModeEnum
AF_RANGE_FULL = 2  # libcamera.controls.AfRangeEnum.Full: from a hand's breadth to infinity
AE_SHORT = 1  # libcamera.controls.AeExposureModeEnum.Short: gain before time, for a hand that shakes
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
        self._line = LineTime(0.0, 0.0)
        self._mode_height_px = 0
        self._close_up = False

    def open(self, close_up: bool = False) -> None:
        self._close_up = close_up
        try:
            self._camera = self._picamera2.Picamera2()
        except _CAMERA_ERRORS as e:
            if not self._picamera2.Picamera2.global_camera_info():
                raise DeviceError(
                    N_("no camera found; check its ribbon cable at both ends, then restart the Pi")
                ) from e
            why = e.__cause__ or e
            raise DeviceBusyError(
                N_("the camera is in use by another program or does not answer ({why}); end that one").format(why=why)
            ) from e
        try:
            mode = choose_mode(sensor_modes(self._camera.sensor_modes), self._fps, self._height_px)
            self._learn_rows(mode)
            self._camera.configure(self._configuration(mode))
            self._camera.start()
        except _CAMERA_ERRORS as e:
            self.close()
            raise DeviceError(
                N_("the camera refused its settings ({e}); check the section [camera]").format(e=e)
            ) from e

    def close(self) -> None:
        """Also of a camera that hangs: picamera2's `stop` waits for a frame that never comes, its `close` does not."""
        camera, self._camera, self._job = self._camera, None, None
        if camera is not None:
            with contextlib.suppress(*_CAMERA_ERRORS):  # it may be unplugged: what counts is that it is let go
                camera.close()

    def read(self, timeout_s: float) -> Frame | None:
        try:
            self._job = self._job or self._camera.capture_request(wait=False)
            request = self._job.get_result(timeout=timeout_s)
            self._job = self._camera.capture_request(wait=False)  # the next is caught while this one is worked on
        except TimeoutError:
            return None
        except _CAMERA_ERRORS as e:
            raise DeviceError(N_("the camera stopped ({e}); check its ribbon cable").format(e=e)) from e
        try:
            return self._frame(request.get_metadata(), request.make_array("main"))
        except _CAMERA_ERRORS as e:
            raise DeviceError(N_("the camera delivered a frame that cannot be read ({e})").format(e=e)) from e
        finally:
            request.release()

    def _frame(self, metadata: dict[str, Any], image_rgb: Any) -> Frame:
        exposure_ns = 1000 * metadata.get("ExposureTime", self._settings.exposure_us)
        rows = self._mode_height_px / image_rgb.shape[0]  # of the sensor for each of the image
        return Frame(
            t_ns=int(metadata["SensorTimestamp"]) - exposure_ns // 2,
            image_rgb=image_rgb,
            row_ns=rows * self._line.ns,
            row_half_width_ns=rows * self._line.half_width_ns,
        )

    def _learn_rows(self, mode: SensorMode | None) -> None:
        """How the sensor's shutter rolls in that mode; None: nothing is known of it but the rows of the picture."""
        model = str(self._camera.camera_properties.get("Model", "unknown"))
        if mode is None:
            self._mode_height_px = self._height_px
            self._line = line_time_without_mode(model, self._mode_height_px, self._fps)
            log.warning("camera %s tells no modes: how fast it reads a picture is not known", model)
            return
        self._line, self._mode_height_px = line_time(model, mode.size_px, mode.fps), mode.size_px[1]
        readout_ms, half_width_ms = (self._mode_height_px * t / 1e6 for t in (self._line.ns, self._line.half_width_ns))
        log.info("camera %s: %s at up to %.0f frames/s, read in %.1f ms", model, mode.size_px, mode.fps, readout_ms)
        if self._line.half_width_ns:
            log.warning("camera %s: its reading of %.1f ms is known to %.1f ms only", model, readout_ms, half_width_ms)

    def _configuration(self, mode: SensorMode | None) -> Any:
        """A small main stream of the mode's own shape, so that nothing of it is cut off."""
        properties = self._camera.camera_properties
        width, height = mode.size_px if mode else properties.get("PixelArraySize", _SENSOR_SHAPE)
        height_px = self._height_px
        width_px = round(height_px * width / height / 2) * 2
        chosen = {"sensor": {"output_size": mode.size_px, "bit_depth": mode.bit_depth}} if mode else {}
        return self._camera.create_video_configuration(
            main={"size": (width_px, height_px), "format": FORMAT},
            raw=None,  # nobody reads it, and its buffers are large
            controls=self._controls(),
            buffer_count=BUFFERS,
            **chosen,
        )

    @property
    def _fps(self) -> float:
        return CLOSE_UP_FPS if self._close_up else self._settings.fps

    @property
    def _height_px(self) -> int:
        return CLOSE_UP_HEIGHT_PX if self._close_up else self._settings.height_px

    def _controls(self) -> dict[str, Any]:
        frame_us = round(1e6 / self._fps)
        wanted = {
            "FrameDurationLimits": (frame_us, frame_us),
            "AwbEnable": False,
            "ColourGains": (1.8, 1.6),  # white LED light; the pose network does not mind the rest
            **(self._found_out() if self._close_up else self._fixed()),
        }
        return {name: value for name, value in wanted.items() if name in self._camera.camera_controls}

    def _fixed(self) -> dict[str, Any]:
        return {
            "AeEnable": False,
            "ExposureTime": self._settings.exposure_us,
            "AnalogueGain": self._settings.analogue_gain,
            "AfMode": AF_MANUAL,
            "LensPosition": 1.0 / self._settings.focus_m,  # dioptres
        }

    def _found_out(self) -> dict[str, Any]:
        """A phone's screen is brighter than the room, and nobody knows where it is held."""
        return {
            "AeEnable": True,
            "AeExposureMode": AE_SHORT,
            "AfMode": AF_CONTINUOUS,
            "AfRange": AF_RANGE_FULL,
        }


def _picamera2() -> Any:
    try:
        import picamera2
    except ImportError as e:
        raise DeviceError(
            N_("picamera2 is not there ({e}); run: sudo apt install python3-picamera2").format(e=e)
        ) from e
    return picamera2
