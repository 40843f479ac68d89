"""Our use of picamera2: settings, time-outs without loss of a frame, and its errors in a user's words.

The module is absent off the Raspberry Pi; a stand-in with the same calls takes its place here.
"""

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from station.camera.picamera2_backend import Picamera2BackEnd
from station.config import Camera
from station.errors import DeviceError


def mode(size: tuple[int, int], fps: float) -> dict[str, Any]:
    return {"size": size, "fps": fps, "bit_depth": 10, "crop_limits": (0, 0, *size), "exposure_limits": (29, 15534385)}


class StandIn:
    """One camera of the stand-in module; `latest` is the one opened last."""

    cameras = [{"Model": "imx296"}]
    fails_at: str | None = None
    latest: "StandIn"
    model = "imx296"
    modes = [mode((1456, 1088), 60.38)]

    @classmethod
    def global_camera_info(cls) -> list[dict[str, str]]:
        return cls.cameras

    def __init__(self) -> None:
        self._step("open")
        StandIn.latest = self
        self.camera_properties = {"PixelArraySize": (1456, 1088), "Model": StandIn.model}
        self.sensor_modes = StandIn.modes
        self.camera_controls = dict.fromkeys(
            ("FrameDurationLimits", "AeEnable", "ExposureTime", "AnalogueGain", "AwbEnable", "ColourGains")
        )
        self.configured: dict[str, Any] = {}
        self.jobs = 0
        self.taken = 0
        self.late = 0
        self.unreleased = 0
        self.closed = False

    def _step(self, name: str) -> None:
        if StandIn.fails_at == name:
            raise RuntimeError(f"{name} failed")

    def create_video_configuration(self, **settings: Any) -> dict[str, Any]:
        return settings

    def configure(self, configuration: dict[str, Any]) -> None:
        self._step("configure")
        self.configured = configuration

    def start(self) -> None:
        self._step("start")

    def close(self) -> None:
        self.closed = True
        self._step("close")

    def capture_request(self, wait: bool) -> "StandIn":
        assert wait is False
        self._step("capture")
        self.jobs += 1
        return self

    def get_result(self, timeout: float) -> SimpleNamespace:
        if self.late:
            self.late -= 1
            raise TimeoutError
        self.unreleased += 1
        self.taken += 1
        stamp, image = 10**9 * self.taken, np.full((4, 6, 3), self.taken, np.uint8)

        def release() -> None:
            self.unreleased -= 1

        return SimpleNamespace(
            get_metadata=lambda: {"SensorTimestamp": stamp, "ExposureTime": 900},
            make_array=lambda name: image,
            release=release,
        )


@pytest.fixture(autouse=True)
def module(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "picamera2", SimpleNamespace(Picamera2=StandIn))
    yield
    StandIn.fails_at, StandIn.cameras = None, [{"Model": "imx296"}]
    StandIn.model, StandIn.modes = "imx296", [mode((1456, 1088), 60.38)]


@pytest.fixture
def back_end() -> Picamera2BackEnd:
    return Picamera2BackEnd(Camera(fps=60.0, exposure_us=900, analogue_gain=4.0))


def test_nothing_is_left_to_the_camera(back_end: Picamera2BackEnd) -> None:
    back_end.open()
    configured = StandIn.latest.configured
    assert configured["main"] == {"size": (856, 640), "format": "BGR888"}
    assert configured["sensor"] == {"output_size": (1456, 1088), "bit_depth": 10}
    controls = configured["controls"]
    assert controls["FrameDurationLimits"] == (16667, 16667)
    assert (controls["AeEnable"], controls["ExposureTime"], controls["AnalogueGain"]) == (False, 900, 4.0)
    assert "LensPosition" not in controls  # this sensor's lens is screwed


def test_for_a_close_up_it_finds_exposure_and_focus_itself(back_end: Picamera2BackEnd) -> None:
    whole = {"crop_limits": (0, 0, 4608, 2592)}
    StandIn.modes = [mode((1536, 864), 120.0), mode((2304, 1296), 56.0) | whole, mode((4608, 2592), 14.3) | whole]
    back_end.open(close_up=True)
    configured = StandIn.latest.configured
    assert configured["main"]["size"] == (2304, 1296)
    assert configured["sensor"]["output_size"] == (2304, 1296)
    assert configured["controls"]["AeEnable"] is True
    assert configured["controls"]["FrameDurationLimits"] == (100000, 100000)
    assert "ExposureTime" not in configured["controls"]
    back_end.close()
    back_end.open()
    assert StandIn.latest.configured["main"]["size"][1] == 640
    assert StandIn.latest.configured["controls"]["ExposureTime"] == 900


def test_late_frame_is_still_delivered_once(back_end: Picamera2BackEnd) -> None:
    back_end.open()
    camera = StandIn.latest
    camera.late = 3
    assert [back_end.read(0.1) for _ in range(3)] == [None] * 3
    frame = back_end.read(0.1)
    assert frame is not None
    assert (frame.t_ns, frame.image_rgb.shape) == (10**9 - 450_000, (4, 6, 3))  # mid-exposure: stamped at its end
    assert (camera.jobs, camera.unreleased) == (2, 0)  # the next frame is being waited for already
    following = back_end.read(0.1)
    assert following is not None
    assert following.t_ns == 2 * 10**9 - 450_000


def test_rows_of_a_rolling_shutter_carry_their_time(back_end: Picamera2BackEnd) -> None:
    StandIn.model, StandIn.modes = "imx708_wide", [mode((2304, 1296), 56.03), mode((1536, 864), 120.13)]
    back_end.open()
    assert StandIn.latest.configured["sensor"]["output_size"] == (1536, 864)
    assert StandIn.latest.configured["main"]["size"] == (1138, 640)
    frame = back_end.read(0.1)
    assert frame is not None
    assert frame.image_rgb.shape[0] * frame.row_ns == pytest.approx(864 * 9209, rel=1e-3)
    assert frame.row_half_width_ns == 0.0


@pytest.mark.parametrize(("model", "rolls"), [("imx296", False), ("imx708", True), ("xyz1", True)])
def test_sensor_without_modes_is_filmed_with_all_the_same(back_end: Picamera2BackEnd, model: str, rolls: bool) -> None:
    StandIn.model, StandIn.modes = model, [{"format": "MJPEG"}]
    back_end.open()
    assert "sensor" not in StandIn.latest.configured
    frame = back_end.read(0.1)
    assert frame is not None
    assert frame.row_half_width_ns == frame.row_ns  # it may as well be read at once
    assert frame.image_rgb.shape[0] * frame.row_ns == pytest.approx(15e6 if rolls else 0.0)  # or in a whole frame


@pytest.mark.parametrize(
    ("step", "cameras", "words"),
    [
        ("open", [], "no camera found; check its ribbon cable"),
        ("open", [{}], "in use by another program"),
        ("configure", [{}], "refused its settings"),
        ("start", [{}], "refused its settings"),
    ],
)
def test_camera_that_cannot_be_opened(
    back_end: Picamera2BackEnd, step: str, cameras: list[dict[str, str]], words: str
) -> None:
    StandIn.fails_at, StandIn.cameras = step, cameras
    with pytest.raises(DeviceError, match=words):
        back_end.open()
    assert step == "open" or StandIn.latest.closed
    StandIn.fails_at = None
    back_end.open()
    assert back_end.read(0.1) is not None


def test_unplugged_camera_is_said_and_let_go(back_end: Picamera2BackEnd) -> None:
    back_end.open()
    StandIn.fails_at = "capture"
    with pytest.raises(DeviceError, match="check its ribbon cable"):
        back_end.read(0.1)
    StandIn.fails_at = "close"
    back_end.close()
    assert StandIn.latest.closed
    back_end.close()


def test_missing_module_names_the_package_before_anybody_is_to_be_filmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(DeviceError, match="sudo apt install python3-picamera2"):
        Picamera2BackEnd(Camera())
