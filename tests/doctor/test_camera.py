"""The camera's self-tests: each fault is named by its own, and a healthy camera by none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest

from station.camera import scene_landmarks
from station.camera.backend import Frame
from station.camera.ring import decode, encode
from station.config import Camera, Config
from station.daemon import Life
from station.doctor import camera_at_bedside
from station.doctor.board import Board
from station.doctor.camera_at_bedside import CameraAtBedside, CameraFilmingError
from station.doctor.camera_look import LOOK_S, SETTLE_S, CameraLook, look
from station.doctor.room_lines import roll_deg
from station.doctor.self_test import Bedside
from station.doctor.self_tests import camera_picture, camera_sensor, camera_there
from station.doctor.sharpness import blur_px
from station.errors import DeviceBusyError, DeviceError
from station.messages import CameraCalibration, CameraHealth
from station.sim.faulty_camera import FaultyCamera
from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.scenario import EMPTY_CLIP
from station.sim.virtual_clock import VirtualClock
from station.simulation_config import CameraFaults
from tests.benchmarks.camera_faults import FAULTS, accusations, calibrated, told
from tests.doctor.seen_camera import boards_taken, findings

FIELD_DEG = 38.0
AVERAGED = 3


@cache
def empty() -> np.ndarray:
    return ClipReader(EMPTY_CLIP).frame(0)


@cache
def seen(faults: CameraFaults) -> CameraLook:
    """A look at the empty treadmill, without the time it takes."""
    camera = FaultyCamera(None, faults, FIELD_DEG, seed=1)
    pictures = np.array([camera._seen(empty()) for _ in range(AVERAGED)])
    grey = pictures.mean(axis=3)
    return CameraLook(
        fps=60.0,
        frames=120,
        dropped=0,
        repeated=0,
        mean=grey.mean(axis=0),
        kept_rgb=decode(encode(0, pictures[-1]).jpeg),
        noise=float(np.median(grey.std(axis=0))) * 1.7,  # of one colour channel against the mean of three
        mean_noise=float(np.median(grey.std(axis=0))) / AVERAGED**0.5,
        row_ns=20_000.0,
        row_half_width_ns=0.0,
    )


@cache
def calibration(roll: float = 0.0) -> CameraCalibration:
    """Of that camera, with this roll at the time."""
    height_px, width_px = empty().shape[:2]
    return CameraCalibration(
        side="right", width_px=width_px, height_px=height_px, focal_px=783.0, place_m=[0.0, -3.3, 0.92], yaw_deg=0.0,
        pitch_deg=0.0, roll_deg=roll, landmarks=scene_landmarks.find(decode(encode(0, empty()).jpeg)),
    )  # fmt: skip


def accused(faults: CameraFaults, **changes: float) -> dict[str, str]:
    found = findings(replace(seen(faults), **changes), calibration())
    return {name: f.verdict for name, f in found.items() if f.verdict in ("warning", "fault")}


@pytest.mark.parametrize(
    ("faults", "named"),
    [
        (CameraFaults(), {}),
        (CameraFaults(light=0.2, blur_px=1.5), {}),
        (CameraFaults(blur_px=3), {"camera_focus": "warning"}),
        (CameraFaults(blur_px=6), {"camera_focus": "fault"}),
        (CameraFaults(blur_px=12), {"camera_focus": "fault"}),
        (CameraFaults(light=0.01), {"camera_dim": "fault"}),
        (CameraFaults(turned_deg=(0, 0, 4)), {"camera_tilted": "warning", "camera_moved": "fault"}),
        (CameraFaults(turned_deg=(0, 0, -7)), {"camera_tilted": "fault", "camera_moved": "fault"}),
        (CameraFaults(turned_deg=(1, 0, 0)), {"camera_moved": "fault"}),
    ],
)
def test_each_fault_is_named_and_nothing_else(faults: CameraFaults, named: dict[str, str]) -> None:
    assert accused(faults) == named


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"repeated": 119}, {"camera_frozen": "fault"}),
        ({"repeated": 12}, {}),
        ({"fps": 59.2}, {}),
        ({"fps": 56.0}, {"camera_wrong_sensor": "warning"}),
        ({"fps": 30.0}, {"camera_wrong_sensor": "fault"}),
        ({"fps": 20.0}, {"camera_wrong_sensor": "fault"}),
        ({"row_half_width_ns": 20_000.0}, {"camera_wrong_sensor": "warning"}),
        ({"dropped": 1}, {}),
        ({"dropped": 8}, {"camera_lost": "warning"}),
    ],
)
def test_what_the_stamps_tell(changes: dict[str, float], named: dict[str, str]) -> None:
    assert accused(CameraFaults(), **changes) == named


def test_a_camera_asked_for_less_is_not_slow() -> None:
    assert camera_sensor.wrong_sensor(replace(seen(CameraFaults()), fps=30.0), 30.0)[0].verdict == "ok"


@pytest.mark.long
def test_what_is_called_sharp_and_bright_enough_is_enough_to_calibrate() -> None:
    """Where the limits of focus and light come from: the whole table is tests.benchmarks.blurred_pose."""
    for enough, too_little in (
        (CameraFaults(blur_px=2), CameraFaults(blur_px=3)),
        (CameraFaults(light=0.05), CameraFaults(light=0.03)),
    ):
        assert boards_taken(enough) == 4
        assert boards_taken(too_little) < 4


def test_glare_is_told() -> None:
    bright = np.where(np.arange(540)[:, None] < 200, 255.0, seen(CameraFaults()).mean)
    (found,) = camera_picture.light(replace(seen(CameraFaults()), mean=bright))
    assert (found.verdict, "white" in found.text) == ("warning", True)


def test_a_covered_lens_shows_nothing() -> None:
    covered = replace(seen(CameraFaults()), mean=np.full((540, 960), 3.0), noise=1.0, mean_noise=0.2)
    assert camera_picture.focus(covered)[0].verdict == "fault"
    assert camera_picture.light(covered)[0].verdict == "fault"


@pytest.mark.parametrize("light", [1.0, 0.1])
def test_the_blur_is_read_whatever_the_light(light: float) -> None:
    read = []
    for radius_px in (0, 2, 4):
        found = seen(CameraFaults(blur_px=radius_px, light=light))
        read.append(blur_px(found.mean, found.mean_noise))
    assert read == pytest.approx([0.4, 1.0, 1.8], abs=0.25)  # a disc's standard deviation is half its radius


@pytest.mark.parametrize("turned", [-8.0, -3.0, 0.0, 5.0])
def test_the_lines_of_the_room_tell_the_roll(turned: float) -> None:
    assert roll_deg(seen(CameraFaults(turned_deg=(0, 0, turned))).mean) == pytest.approx(turned, abs=0.5)


def test_noise_has_no_lines() -> None:
    assert roll_deg(np.random.default_rng(1).uniform(0, 255, (540, 960))) is None


def test_without_a_calibration_only_a_great_tilt_is_told() -> None:
    for turned, expected in ((3, "not_checked"), (7, "warning")):
        found = findings(seen(CameraFaults(turned_deg=(0, 0, turned))), None)
        assert (found["camera_tilted"].verdict, found["camera_moved"].verdict) == (expected, "not_checked")


def test_a_calibration_of_another_picture_size_is_told() -> None:
    other = msgspec.structs.replace(calibration(), width_px=640)
    assert findings(seen(CameraFaults()), other)["camera_moved"].verdict == "fault"


# --- looking ---------------------------------------------------------------------------------------


class TinyCamera:
    """Gives small pictures at `fps` of virtual time; none after `ends_s`."""

    def __init__(self, clock: VirtualClock, fps: float = 60.0, ends_s: float = 1e9, lost: int = 0) -> None:
        self._clock, self._fps, self._ends_s, self._lost = clock, fps, ends_s, lost
        self._random = np.random.default_rng(1)
        self._begun_ns = clock.now_ns()
        self._frames = 0
        self.opened = 0
        self.closed = 0

    def open(self, close_up: bool = False) -> None:
        self.opened += 1

    def close(self) -> None:
        self.closed += 1

    def read(self, timeout_s: float) -> Frame | None:
        self._clock.sleep(1 / self._fps)
        self._frames += 1
        lost = self._lost and self._frames % self._lost == 0
        if lost or self._clock.now_ns() - self._begun_ns > self._ends_s * 1e9:
            self._clock.sleep(timeout_s if not lost else 0.0)
            return None
        image = self._random.integers(90, 110, (16, 24, 3), np.uint8)
        return Frame(self._begun_ns + round(self._frames * 1e9 / self._fps), image, 1000.0)


def looked_at(**camera: float) -> CameraLook:
    clock = VirtualClock(1)
    return look(TinyCamera(clock, **camera), 60.0, clock, lambda: None)


def test_a_look_counts_what_comes() -> None:
    found = looked_at()
    assert found.fps == pytest.approx(60.0, rel=1e-6)
    assert found.frames == pytest.approx(60 * LOOK_S, abs=3)
    assert (found.dropped, found.repeated) == (0, 0)
    assert found.noise == pytest.approx(20 / 12**0.5 * 0.67, rel=0.15)  # grey is a mean of three channels
    assert found.mean_noise < found.noise / 4


def test_a_look_counts_what_is_lost() -> None:
    found = looked_at(lost=10)
    assert found.dropped == pytest.approx(found.frames / 9, abs=2)
    assert found.fps == pytest.approx(60.0, rel=1e-6)


def test_a_slower_camera_has_no_lost_pictures() -> None:
    found = looked_at(fps=30.0)
    assert found.fps == pytest.approx(30.0, rel=1e-6)
    assert found.dropped == 0


def test_a_camera_that_falls_silent_is_no_look() -> None:
    with pytest.raises(DeviceError, match="delivers no pictures"):
        looked_at(ends_s=0.0)
    assert looked_at(ends_s=SETTLE_S + 0.5).frames == pytest.approx(30, abs=3)


# --- at the bedside ---------------------------------------------------------------------------------


@contextmanager
def bedside(tmp_path: Path, make, **camera: object) -> Iterator[Bedside]:
    config = Config(runtime_dir=str(tmp_path / "run"), state_dir=str(tmp_path), camera=Camera(**camera))
    with Life("doctor", config) as life:
        yield Bedside(life, None, CameraAtBedside(life, make), Board(), lambda prompt: None)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_at_bedside, "SAYS_WITHIN_S", 0.3)


def faulty(faults: CameraFaults):
    return lambda life: FaultyCamera(None, faults, FIELD_DEG, seed=1)


def test_a_camera_that_is_not_there(tmp_path: Path) -> None:
    with bedside(tmp_path, faulty(CameraFaults(missing=True))) as at:
        assert camera_there.missing(at)[0].verdict == "fault"
        with pytest.raises(DeviceError, match="no camera found"):
            camera_there.busy(at)


def test_a_camera_that_is_not_free(tmp_path: Path) -> None:
    with bedside(tmp_path, faulty(CameraFaults(busy=True))) as at:
        assert camera_there.missing(at)[0].verdict == "ok"
        assert camera_there.busy(at)[0].verdict == "fault"


def test_a_station_without_a_camera_is_not_accused(tmp_path: Path) -> None:
    with bedside(tmp_path, faulty(CameraFaults(missing=True)), device="none") as at:
        assert camera_there.missing(at)[0].verdict == "not_checked"


def test_it_is_looked_through_once_and_closed(tmp_path: Path) -> None:
    made: list[TinyCamera] = []

    def make(life: Life) -> TinyCamera:
        made.append(TinyCamera(VirtualClock(1)))
        return made[-1]

    with bedside(tmp_path, make) as at, pytest.MonkeyPatch.context() as patched:
        patched.setattr(camera_at_bedside, "look", lambda back_end, fps, clock, heed: seen(CameraFaults()))
        assert at.camera.look() is at.camera.look()
        assert camera_there.missing(at)[0].verdict == camera_there.busy(at)[0].verdict == "ok"
    assert [(camera.opened, camera.closed) for camera in made] == [(1, 1)]


def test_while_the_station_films_nobody_is_accused(tmp_path: Path) -> None:
    health = CameraHealth(t_ns=0, opened=True, frames=0, dropped=0, fps=60.0, backlog=0)
    with bedside(tmp_path, faulty(CameraFaults(busy=True))) as at:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(camera_at_bedside.Subscriber, "receive", lambda subscriber, timeout_s: health)
            with pytest.raises(CameraFilmingError, match="films with it"):
                at.camera.look()
        assert camera_there.missing(at)[0].verdict == "ok"
        with pytest.raises(CameraFilmingError):
            camera_there.busy(at)


def test_an_examination_that_is_given_up_ends_the_look(tmp_path: Path) -> None:
    with bedside(tmp_path, lambda life: TinyCamera(VirtualClock(1))) as at:
        at.camera.end()
        with pytest.raises(DeviceError, match="given up"):
            at.camera.look()


def test_the_simulated_camera_says_what_the_real_one_does() -> None:
    with pytest.raises(DeviceBusyError, match="in use by another program"):
        FaultyCamera(None, CameraFaults(busy=True), FIELD_DEG, 1).open()


@pytest.mark.long
@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_named_through_the_whole_look(name: str) -> None:
    faults, expected = FAULTS[name]
    verdicts = told(faults, calibrated())
    accused_of = {check for check, verdict in verdicts.items() if verdict in ("warning", "fault")}
    allowed = {expected} | ({"camera_moved"} if expected == "camera_tilted" else set())
    assert accused_of <= allowed
    assert expected is None or expected in accused_of


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_a_healthy_camera_is_never_accused(seed: int) -> None:
    assert accusations(seed, calibrated()) == []
