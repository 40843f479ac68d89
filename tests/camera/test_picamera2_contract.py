"""Our back end against the real picamera2 package: its calls, settings and controls, as far as they need no camera.

Runs where picamera2 can be imported: on a Raspberry Pi, and anywhere in the environment that tests/deep/picamera2.sh
makes. There, too, a stand-in takes the place of the sensor alone: everything above libcamera's camera is real.
"""

import inspect
import os
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

WHERE = "picamera2 is not importable here; tests/deep/picamera2.sh makes a place where it is"
picamera2 = pytest.importorskip("picamera2", reason=WHERE, exc_type=ImportError)

from libcamera import controls  # noqa: E402
from picamera2 import formats  # noqa: E402
from picamera2.job import Job  # noqa: E402
from picamera2.previews import NullPreview  # noqa: E402
from picamera2.request import CompletedRequest  # noqa: E402

from station.camera import picamera2_backend  # noqa: E402
from station.camera.picamera2_backend import Picamera2BackEnd  # noqa: E402
from station.config import Camera  # noqa: E402
from station.errors import DeviceError  # noqa: E402

pytestmark = [  # of the package itself: its event loop, and an allocator that was never given a heap
    pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

CONTROLS = {
    "FrameDurationLimits": (8324, 12_000_000, 33_333),
    "AeEnable": (False, True, True),
    "ExposureTime": (9, 77_208_384, 20_000),
    "AnalogueGain": (1.12, 16.0, 1.0),
    "AwbEnable": (False, True, True),
    "ColourGains": (0.0, 32.0, 1.0),
    "AfMode": (0, 2, 0),
    "LensPosition": (0.0, 32.0, 1.0),
}
MODES = [
    {"size": (1536, 864), "fps": 120.13, "bit_depth": 10, "crop_limits": (768, 432, 3072, 1728)},
    {"size": (2304, 1296), "fps": 56.03, "bit_depth": 10, "crop_limits": (0, 0, 4608, 2592)},
]


class Sensor:
    """Stands for libcamera's camera: it starts, stops, and delivers nothing by itself."""

    def stop(self) -> None:
        """There is nothing to stop."""

    def release(self) -> None:
        """Nobody else wants it."""


class BareCamera(picamera2.Picamera2):
    """The real class on such a sensor; its frames come when the test says so."""

    def __init__(self) -> None:
        self._preview, self.is_open = None, True
        self.notifyme_r, self.notifyme_w = os.pipe2(os.O_NONBLOCK)
        self.notifymeread = os.fdopen(self.notifyme_r, "rb")
        self.camera_idx = 0
        self._requests, self._requestslock, self.request_lock = [], threading.Lock(), threading.Lock()
        self._reset_flags()
        self.allocator = None
        self._max_queue_len = 1
        self.camera = Sensor()
        self.camera_properties_ = {"Model": "imx708", "PixelArraySize": (4608, 2592), "ColorFilterArrangement": 0}
        self.camera_ctrl_info = {
            name: (name, SimpleNamespace(min=low, max=high, default=usual))
            for name, (low, high, usual) in CONTROLS.items()
        }
        self.sensor_format = "SRGGB10_CSI2P"
        self.sensor_modes_ = MODES
        self.configured: dict[str, Any] = {}

    def configure(self, camera_config: dict[str, Any]) -> None:  # what follows in the real one is libcamera's
        self.check_camera_config(camera_config)
        self.configured = camera_config

    def start(self) -> None:
        self.started = True
        NullPreview().start(self)


@pytest.fixture
def back_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[Picamera2BackEnd]:
    manager = SimpleNamespace(handle_request=lambda index: None, cleanup=lambda index: None)
    monkeypatch.setattr(picamera2.Picamera2, "_cm", manager)
    monkeypatch.setattr(picamera2, "Picamera2", BareCamera)
    back_end = Picamera2BackEnd(Camera())
    yield back_end
    back_end.close()


def test_no_camera_is_said_in_our_words() -> None:
    with pytest.raises(DeviceError, match="no camera found"):
        Picamera2BackEnd(Camera()).open()


@pytest.mark.parametrize(
    ("function", "arguments", "named"),
    [
        (picamera2.Picamera2.global_camera_info, (), {}),
        (picamera2.Picamera2.create_video_configuration, (None,), dict.fromkeys(
            ("main", "raw", "controls", "buffer_count", "sensor"))),
        (picamera2.Picamera2.configure, (None, {}), {}),
        (picamera2.Picamera2.start, (None,), {}),
        (picamera2.Picamera2.close, (None,), {}),
        (picamera2.Picamera2.capture_request, (None,), {"wait": False}),
        (Job.get_result, (None,), {"timeout": 0.2}),
        (CompletedRequest.get_metadata, (None,), {}),
        (CompletedRequest.make_array, (None, "main"), {}),
        (CompletedRequest.release, (None,), {}),
    ],
)  # fmt: skip
def test_calls_that_we_make_can_be_made_so(function: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    inspect.signature(function).bind(*arguments, **named)


@pytest.mark.parametrize("name", ["sensor_modes", "camera_properties", "camera_controls"])
def test_what_we_read_is_a_property(name: str) -> None:
    assert isinstance(inspect.getattr_static(picamera2.Picamera2, name), property)


def test_our_names_are_those_of_libcamera() -> None:
    missing = [name for name in (*CONTROLS, "SensorTimestamp") if not hasattr(controls, name)]
    assert missing == []
    assert int(controls.AfModeEnum.Manual) == picamera2_backend.AF_MANUAL
    assert int(controls.AfModeEnum.Continuous) == picamera2_backend.AF_CONTINUOUS
    assert int(controls.AfRangeEnum.Full) == picamera2_backend.AF_RANGE_FULL
    assert int(controls.AeExposureModeEnum.Short) == picamera2_backend.AE_SHORT
    assert formats.is_RGB(picamera2_backend.FORMAT)


def test_our_settings_are_accepted(back_end: Picamera2BackEnd) -> None:
    back_end.open()
    configured = back_end._camera.configured
    assert configured["sensor"] == {"output_size": (1536, 864), "bit_depth": 10}
    assert configured["main"]["size"] == (1138, 640)
    assert configured["main"]["format"] == picamera2_backend.FORMAT
    assert configured["raw"] is None
    assert set(CONTROLS) <= configured["controls"].keys()
    assert configured["controls"]["FrameDurationLimits"] == (16667, 16667)
    assert configured["buffer_count"] == picamera2_backend.BUFFERS


def test_a_camera_that_hangs_is_waited_for_and_let_go(back_end: Picamera2BackEnd) -> None:
    back_end.open()
    assert back_end.read(0.05) is None
    assert back_end.read(0.05) is None
    camera = back_end._camera
    assert len(camera._job_list) == 1  # the frame is still being waited for: it is not lost
    closing = threading.Thread(target=back_end.close, daemon=True)
    closing.start()
    closing.join(10.0)
    assert not closing.is_alive()
    assert not camera.is_open
