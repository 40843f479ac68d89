"""A replayed camera: recorded keypoints in step with the load cells' recorded time."""

import msgspec
import numpy as np
import pytest

from station.camera.replay import KeypointReplay
from station.clock import SystemClock
from station.messages import (
    CameraHealth,
    CameraPlace,
    CameraSwitch,
    Done,
    Keypoints,
    Landmarks,
    PlaceRequest,
    PoseRequest,
    PosesQueued,
    Still,
    StillRequest,
    VisitCommand,
)
from tests.fusion.test_live import calibration
from tests.gait.calibrated import calibration as camera_calibration

SECOND = 1_000_000_000


def recorded(seconds: float) -> Keypoints:
    return Keypoints(t_ns=round(seconds * SECOND), purpose="score", width_px=960, height_px=540, found=False)


@pytest.fixture
def replay() -> KeypointReplay:
    return KeypointReplay([recorded(s) for s in (2.0, 1.0, 3.0)], [], None, None, SystemClock())


def test_nothing_without_consent_then_in_order_and_once(replay: KeypointReplay) -> None:
    replay._advance(np.int64(2.5 * SECOND))
    assert replay.due() == []
    replay._answer(CameraSwitch(on=True))
    replay._advance(np.int64(2.5 * SECOND))
    assert replay.due() == [recorded(1.0), recorded(2.0)]
    assert replay.due() == []
    replay._advance(np.int64(1 * SECOND))  # a late batch turns no clock back
    assert replay.due() == []
    replay._advance(np.int64(3 * SECOND))
    assert replay.due() == [recorded(3.0)]


def test_request_shows_that_time_has_come(replay: KeypointReplay) -> None:
    replay._answer(CameraSwitch(on=True))
    assert replay._answer(PoseRequest(t_ns=[SECOND, 2 * SECOND])) == PosesQueued(requests=1)
    assert replay.due() == [recorded(1.0), recorded(2.0)]


def test_what_was_filmed_is_given_after_the_run_too(replay: KeypointReplay) -> None:
    replay._answer(CameraSwitch(on=False, keep_frames=True))  # it was off, and is
    assert (replay.health().wanted, replay.health().holding) == (False, False)
    replay._answer(CameraSwitch(on=True))
    replay._answer(CameraSwitch(on=False, keep_frames=True))
    replay._advance(np.int64(2.5 * SECOND))
    assert replay.due() == [recorded(1.0), recorded(2.0)]
    assert (replay.health().wanted, replay.health().holding) == (False, True)
    replay._answer(CameraSwitch(on=False))
    replay._advance(np.int64(3 * SECOND))
    assert replay.due() == []


def test_another_visit_begins_anew(replay: KeypointReplay) -> None:
    for _ in range(2):
        replay._answer(CameraSwitch(on=True))
        replay._advance(np.int64(9 * SECOND))
        assert len(replay.due()) == 3
        replay._answer(CameraSwitch(on=False))


def test_camera_that_failed_then_fails_again() -> None:
    def said(seconds: float, fault: str | None) -> CameraHealth:
        t_ns = round(seconds * SECOND)
        return CameraHealth(t_ns=t_ns, opened=True, frames=60, dropped=2, fps=60.0, backlog=9, fault=fault)

    replay = KeypointReplay([], [said(1.0, None), said(2.0, "no pictures"), said(3.0, None)], None, None, SystemClock())
    assert not replay.health().opened
    replay._answer(CameraSwitch(on=True))
    told = []
    for seconds in (0.5, 1.5, 2.5, 3.5):
        replay._advance(np.int64(seconds * SECOND))
        told.append(replay.health())
    assert [h.fault for h in told] == [None, None, "no pictures", None]
    assert [h.t_ns / SECOND for h in told] == [0.5, 1.5, 2.5, 3.5]
    assert [h.dropped for h in told] == [0, 2, 2, 2]
    assert {(h.backlog, h.opened, h.wanted) for h in told} == {(0, True, True)}


def test_a_calibrated_camera_stands_as_it_stood() -> None:
    calibrated = msgspec.structs.replace(calibration(), camera=camera_calibration())
    asked = PlaceRequest(t_ns=5 * SECOND, landmarks=calibrated.camera.landmarks)
    place = CameraPlace(t_ns=5 * SECOND - 3, landmarks=30, found=25, shift_px=0.4, turn_deg=0.0, scale=1.0)
    assert KeypointReplay([], [], place, calibrated, SystemClock())._answer(asked) == place
    others = msgspec.structs.replace(asked, landmarks=Landmarks(xy_px=bytes(8), descriptors=bytes(32)))
    for told, against, request in ((None, calibrated, asked), (place, None, asked), (place, calibrated, others)):
        answer = KeypointReplay([], [], told, against, SystemClock())._answer(request)
        assert isinstance(answer, Done)
        assert "does not say how the camera stood" in str(answer.error)


def test_stills_are_empty_and_other_requests_refused(replay: KeypointReplay) -> None:
    assert replay._answer(StillRequest(t_ns=5)) == Still(t_ns=5, jpeg=b"")
    answer = replay._answer(VisitCommand(action="stop"))
    assert isinstance(answer, Done)
    assert "visit_command" in str(answer.error)
