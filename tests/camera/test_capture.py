"""The filming thread: fills the ring only while told, and comes back from every fault."""

from collections.abc import Iterator

import pytest

from station.camera import capture as capture_module
from station.camera.capture import Capture
from station.camera.ring import FrameRing
from station.camera.shared import SharedCamera
from station.clock import SystemClock
from tests.camera.clips import gradient
from tests.camera.fake_camera import SteadyCamera
from tests.camera.waiting import until


@pytest.fixture
def camera() -> SteadyCamera:
    return SteadyCamera([gradient()], fps=200)


@pytest.fixture
def ring() -> FrameRing:
    return FrameRing(5.0)


@pytest.fixture
def capture(camera: SteadyCamera, ring: FrameRing, monkeypatch: pytest.MonkeyPatch) -> Iterator[Capture]:
    monkeypatch.setattr(capture_module, "_RETRY_S", (0.02, 0.05))
    monkeypatch.setattr(capture_module, "_SILENT_S", 0.3)
    capture = Capture(SharedCamera(camera), ring, 200.0, SystemClock())
    yield capture
    capture.close()


def test_nothing_is_filmed_before_the_switch(capture: Capture, camera: SteadyCamera, ring: FrameRing) -> None:
    beat_ns = capture.beat_ns
    until(lambda: capture.beat_ns > beat_ns)
    assert camera.opens == 0
    assert len(ring) == 0


def test_switch_off_leaves_no_frame_and_closes_the_camera(
    capture: Capture, camera: SteadyCamera, ring: FrameRing
) -> None:
    capture.switch(True)
    until(lambda: len(ring) > 5)
    assert capture.opened
    capture.switch(False)
    assert len(ring) == 0
    until(lambda: not camera.is_open)
    assert len(ring) == 0
    capture.switch(True)
    until(lambda: len(ring) > 5)
    assert camera.opens == 2


def test_hold_closes_the_camera_and_keeps_the_frames(capture: Capture, camera: SteadyCamera, ring: FrameRing) -> None:
    capture.switch(True)
    until(lambda: len(ring) > 5)
    capture.hold()
    kept = len(ring)
    until(lambda: not camera.is_open)
    assert len(ring) == kept > 5
    capture.switch(False)
    assert len(ring) == 0


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("missing", "no camera found"),
        ("unplugged", "the camera stopped"),
        ("frozen", "delivers no pictures"),
        ("repeating", "delivers no pictures"),
        ("stuck", "the same picture again and again"),
        ("broken", "the camera failed (driver)"),
    ],
)
def test_trouble_is_said_in_words_and_survived(
    capture: Capture, camera: SteadyCamera, ring: FrameRing, trouble: str, words: str
) -> None:
    if trouble != "missing":
        capture.switch(True)
        until(lambda: len(ring) > 2)
    getattr(camera, trouble).set()
    capture.switch(True)
    until(lambda: capture.fault is not None)
    assert words in str(capture.fault)
    tried = camera.opens
    until(lambda: camera.opens > tried + 1)
    assert words in str(capture.fault)  # to open it again is no cure
    assert not camera.is_open or trouble in ("frozen", "repeating", "stuck")
    getattr(camera, trouble).clear()
    ring.wipe()
    until(lambda: capture.fault is None and len(ring) > 2)
    assert capture.opened
