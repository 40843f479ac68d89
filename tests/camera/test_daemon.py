"""The camera daemon as a real process: consent, requests, health, and a quick end."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import zmq

from station import devices
from station.bus import Publisher, Subscriber, request
from station.camera import capture, still_cut
from station.camera.daemon import CameraDaemon, run
from station.camera.ring import decode
from station.clock import SystemClock
from station.config import Camera, Config
from station.daemon import Life
from station.errors import BusError
from station.messages import (
    CameraHealth,
    CameraPlace,
    CameraSwitch,
    CodeRequest,
    Done,
    Keypoints,
    Landmarks,
    Message,
    PlaceRequest,
    PoseRequest,
    PosesQueued,
    StationState,
    Still,
    StillRequest,
    VisitCommand,
)
from station.sim.runner.clip_reader import ClipReader
from tests.camera.clips import gradient
from tests.camera.fake_camera import SteadyCamera
from tests.camera.waiting import until
from tests.sim.runner.truth import load_truth

PROCESS = "tests.camera.camera_process"


class Station:
    """The daemon's process and this test's end of the bus."""

    def __init__(self, runtime: Path, weights_dir: Path) -> None:
        self._runtime = runtime
        self._context = zmq.Context()
        self._messages = Subscriber(self._context, runtime, ["camera"], [Keypoints, CameraHealth])
        self.process = subprocess.Popen([sys.executable, "-m", PROCESS, str(runtime), str(weights_dir)])

    def ask(self, message: Message, reply: type[Message] = Done) -> Message:
        return request(self._context, self._runtime, "camera", message, reply, timeout_s=20.0)

    def await_message(self, wanted: Callable[[Message], bool], timeout_s: float = 40.0) -> Message:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            message = self._messages.receive(0.2)
            if message is not None and wanted(message):
                return message
        raise AssertionError("the awaited message never came")

    def next_health(self, wanted: Callable[[CameraHealth], bool]) -> CameraHealth:
        message = self.await_message(lambda m: isinstance(m, CameraHealth) and wanted(m))
        assert isinstance(message, CameraHealth)
        return message

    def workers(self) -> list[int]:
        """Process ids of the daemon's pose workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._messages.close()
        self._context.destroy(linger=0)


@pytest.fixture
def station(tmp_path: Path, weights_dir: Path) -> Iterator[Station]:
    station = Station(tmp_path, weights_dir)
    yield station
    station.close()


def test_films_only_with_consent_and_keeps_nothing_after(station: Station) -> None:
    closed = station.next_health(lambda h: True)
    assert (closed.opened, closed.wanted, closed.frames, closed.fault) == (False, False, 0, None)
    with pytest.raises(BusError, match="the camera is off"):
        station.ask(PoseRequest(t_ns=[time.monotonic_ns()]))

    station.ask(CameraSwitch(on=True))
    filming = station.next_health(lambda h: h.frames > 20)
    assert filming.opened
    assert filming.wanted
    assert filming.frames_last_s == Camera().ring_s
    assert 5 < filming.fps < 70
    now_ns = time.monotonic_ns()
    marks = Landmarks(xy_px=np.zeros((30, 2), "<f4").tobytes(), descriptors=bytes(30 * 32))
    place = station.ask(PlaceRequest(t_ns=now_ns - 100_000_000, landmarks=marks), CameraPlace)
    assert isinstance(place, CameraPlace)
    assert abs(place.t_ns - now_ns + 100_000_000) < 500_000_000
    assert place == CameraPlace(t_ns=place.t_ns, landmarks=30, found=0)
    assert station.ask(StillRequest(t_ns=place.t_ns), Still) == Still(t_ns=place.t_ns, jpeg=b"")  # shows no runner

    station.ask(CameraSwitch(on=False))
    with pytest.raises(BusError, match="no picture of that instant"):
        station.ask(PlaceRequest(t_ns=place.t_ns, landmarks=marks), CameraPlace)
    closed = station.next_health(lambda h: not h.opened)
    assert (closed.backlog, closed.wanted) == (0, False)


def test_poses_each_asked_frame_once(station: Station) -> None:
    station.ask(CameraSwitch(on=True))
    station.next_health(lambda h: h.frames > 10)
    now_ns = time.monotonic_ns()
    wanted = PoseRequest(t_ns=[now_ns - 50_000_000, now_ns - 50_000_001, now_ns + 200_000_000])
    assert station.ask(wanted, PosesQueued) == PosesQueued(requests=1)
    scored: list[int] = []

    def collect(message: Message) -> bool:
        if isinstance(message, Keypoints) and message.purpose == "score":
            assert (message.width_px, message.height_px, message.found) == (320, 240, False)
            scored.append(message.t_ns)
        return isinstance(message, CameraHealth) and (message.requests, message.backlog) == (1, 0)

    posed = station.await_message(collect)
    assert posed.scored_per_s > 0
    assert len(scored) == len(set(scored)) == 2
    assert abs(scored[0] - now_ns + 50_000_000) < 500_000_000
    assert abs(scored[1] - now_ns - 200_000_000) < 500_000_000
    station.await_message(lambda m: isinstance(m, Keypoints) and m.purpose == "live")


def test_unknown_request_is_answered_with_words(station: Station) -> None:
    with pytest.raises(BusError, match="does not know the request visit_command"):
        station.ask(VisitCommand(action="start"))


def test_lost_pose_worker_does_not_end_the_daemon(station: Station) -> None:
    station.ask(CameraSwitch(on=True))
    station.await_message(lambda m: isinstance(m, Keypoints) and m.purpose == "live")
    for pid in station.workers():
        os.kill(pid, signal.SIGKILL)
    killed_ns = time.monotonic_ns()
    station.await_message(lambda m: isinstance(m, Keypoints) and m.purpose == "live" and m.t_ns > killed_ns)


@pytest.mark.parametrize("filming", [False, True])
def test_sigterm_ends_it_and_its_workers_soon(station: Station, filming: bool) -> None:
    if filming:
        station.ask(CameraSwitch(on=True))
    station.next_health(lambda h: h.opened == filming)
    workers = station.workers()
    assert len(workers) == 2
    station.process.send_signal(signal.SIGTERM)
    assert station.process.wait(timeout=20.0) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


class LeapingClock(SystemClock):
    """The system's clock, set forward by the test."""

    ahead_ns = 0

    def now_ns(self) -> int:
        return super().now_ns() + self.ahead_ns


class InHand:
    """A daemon that a test turns itself, with its camera and clock."""

    def __init__(self, runtime: Path, weights_dir: Path) -> None:
        self.clock = LeapingClock()
        self.camera = SteadyCamera([gradient()], fps=60)
        self.life = Life("camera", Config(runtime_dir=str(runtime), camera=Camera(live_fps=0)))
        self.daemon = CameraDaemon(self.life, self.camera, weights_dir, self.clock)

    def turn_until(self, condition: Callable[[], object]) -> None:
        def turned() -> object:
            self.daemon.step()
            return condition()

        until(turned)


@pytest.fixture
def in_hand(tmp_path: Path, weights_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InHand]:
    monkeypatch.setattr(capture, "_RETRY_S", (600.0,))
    made = InHand(tmp_path, weights_dir)
    yield made
    made.daemon.close()
    made.life.__exit__(None, None, None)


def test_to_be_told_the_same_again_changes_nothing(in_hand: InHand) -> None:
    daemon, camera = in_hand.daemon, in_hand.camera
    camera.missing.set()
    daemon._answer(CameraSwitch(on=True))
    in_hand.turn_until(lambda: daemon._capture.fault)
    due_ns = daemon._health_due_ns
    for _ in range(10):
        assert daemon._answer(CameraSwitch(on=True)) == Done()
        time.sleep(0.02)
    assert camera.opens == 1
    assert daemon._health_due_ns == due_ns > 0
    camera.missing.clear()
    daemon._answer(CameraSwitch(on=False))
    daemon._answer(CameraSwitch(on=True))  # a new visit is tried at once
    in_hand.turn_until(lambda: camera.is_open)


def test_after_the_run_it_films_no_more_but_poses_and_shows_what_it_filmed(in_hand: InHand) -> None:
    daemon = in_hand.daemon
    holding = CameraSwitch(on=False, keep_frames=True)
    daemon._answer(holding)
    assert daemon._mode == "off"  # there is nothing to hold
    daemon._answer(CameraSwitch(on=True))
    in_hand.turn_until(lambda: len(daemon._ring) > 5)
    daemon._answer(holding)
    in_hand.turn_until(lambda: not in_hand.camera.is_open)
    t_ns, kept = daemon._ring.newest().t_ns, len(daemon._ring)
    assert daemon._answer(PoseRequest(t_ns=[t_ns])) == PosesQueued(requests=1)
    in_hand.turn_until(lambda: daemon._backlog == 0)
    assert daemon._nearest(t_ns).t_ns == t_ns
    assert len(daemon._ring) == kept
    daemon._answer(CameraSwitch(on=True))  # of the next visitor; that the last one left was lost
    assert daemon._requests.nearest_given(t_ns, 1) is None
    assert daemon._ring.nearest(t_ns, 1) is None


def test_a_still_shows_the_runner_and_nothing_else(in_hand: InHand) -> None:
    daemon = in_hand.daemon
    reader = ClipReader("good_man")
    in_hand.camera._images = [reader.frame(0)]
    reader.close()
    daemon._answer(CameraSwitch(on=True))
    in_hand.turn_until(lambda: len(daemon._ring) > 5)
    t_ns = daemon._ring.newest().t_ns
    assert daemon._answer(StillRequest(t_ns=t_ns)).jpeg == b""  # not posed: nobody knows where the runner is
    daemon._answer(PoseRequest(t_ns=[t_ns]))
    in_hand.turn_until(lambda: daemon._backlog == 0)
    still = daemon._answer(StillRequest(t_ns=t_ns + 1))
    assert still.t_ns == t_ns
    plain = np.abs(decode(still.jpeg).astype(int) - still_cut.TONE_RGB).max(axis=2) < 8
    assert 0.7 < plain.mean() < 0.97
    daemon._answer(CameraSwitch(on=False))
    assert daemon._answer(StillRequest(t_ns=t_ns)).jpeg == b""


def test_landings_are_held_against_the_standing_shoe(in_hand: InHand, monkeypatch: pytest.MonkeyPatch) -> None:
    daemon, camera = in_hand.daemon, in_hand.camera
    sent: list[Keypoints] = []
    monkeypatch.setattr(daemon._publisher, "send", lambda m: sent.append(m) if isinstance(m, Keypoints) else None)

    def pose(clip: str, frame: int, *, standing: bool) -> Keypoints:
        reader = ClipReader(clip)
        camera._images = [reader.frame(frame)]
        reader.close()
        newest_ns = daemon._ring.newest().t_ns if len(daemon._ring) else 0
        in_hand.turn_until(lambda: len(daemon._ring) and daemon._ring.newest().t_ns > newest_ns + 300_000_000)
        daemon._answer(PoseRequest(t_ns=[daemon._ring.newest().t_ns], standing=standing))
        in_hand.turn_until(lambda: daemon._backlog == 0)
        return [keypoints for keypoints in sent if keypoints.purpose == "score"][-1]

    contact = next(event for event in load_truth("good_man").events if event.side == "right" and event.contact_s > 0.1)
    landing = round(contact.contact_s * 60)
    daemon._answer(CameraSwitch(on=True))
    assert np.isnan(pose("good_man", landing, standing=False).foot_turns()).all()  # nobody has stood yet
    assert np.isnan(pose("standing_man", 0, standing=True).foot_turns()).all()
    assert -5 < pose("good_man", landing, standing=False).foot_turns()[1] < 15
    daemon._answer(CameraSwitch(on=False))
    daemon._answer(CameraSwitch(on=True))
    assert np.isnan(pose("good_man", landing, standing=False).foot_turns()).all()  # of the next runner


def test_a_visit_is_filmed_once_the_look_for_a_code_has_let_go_of_the_camera(in_hand: InHand) -> None:
    daemon, camera = in_hand.daemon, in_hand.camera
    camera.lets_read.clear()
    daemon._nobody_there = True
    assert daemon._answer(CodeRequest(action="start")).looking
    in_hand.turn_until(lambda: camera.opens)
    assert daemon._answer(CameraSwitch(on=True)) == Done()
    beat_ns = daemon._capture.beat_ns
    in_hand.turn_until(lambda: daemon._capture.beat_ns > beat_ns)
    for _ in range(10):
        daemon.step()
    assert camera.opens == 1
    camera.lets_read.set()
    in_hand.turn_until(lambda: len(daemon._ring) > 5)
    assert daemon._camera.is_open
    assert camera.is_open
    assert (camera.opens, daemon._capture.fault) == (2, None)


def test_a_visit_that_ends_while_the_camera_is_not_free_never_opens_it(in_hand: InHand) -> None:
    daemon, camera = in_hand.daemon, in_hand.camera
    camera.lets_read.clear()
    daemon._nobody_there = True
    daemon._answer(CodeRequest(action="start"))
    in_hand.turn_until(lambda: camera.opens)
    daemon._answer(CameraSwitch(on=True))
    daemon._answer(CameraSwitch(on=False))
    camera.lets_read.set()
    beat_ns = daemon._capture.beat_ns
    in_hand.turn_until(lambda: not camera.held and daemon._capture.beat_ns > beat_ns)
    assert camera.opens == 1


def test_no_live_picture_after_the_run(in_hand: InHand) -> None:
    daemon = in_hand.daemon
    daemon._live_ns = 1
    daemon._answer(CameraSwitch(on=True))
    in_hand.turn_until(lambda: daemon._live.backlog)
    daemon._answer(CameraSwitch(on=False, keep_frames=True))
    in_hand.turn_until(lambda: not in_hand.camera.is_open)
    daemon._live_last_ns = 0  # as if its newest frame had not been looked at
    daemon.step()
    assert daemon._live.backlog == 0


def test_a_pose_network_that_fails_is_no_fault_of_the_camera(in_hand: InHand) -> None:
    heard = Subscriber(in_hand.life.context, in_hand.life.runtime, ["camera"], [CameraHealth])
    told: list[Message] = []

    def came() -> list[Message]:
        in_hand.daemon._health_due_ns = 0
        in_hand.daemon._score.fault, in_hand.daemon._live.fault = "heavy: damaged", "full: damaged"
        told.extend(m for m in heard.drain() if m.pose_fault == "heavy: damaged")
        return told

    in_hand.turn_until(came)
    assert (told[0].fault, told[0].live_fault) == (None, "full: damaged")
    heard.close()


def test_a_camera_that_fusion_has_left_is_closed_and_its_frames_are_dropped(in_hand: InHand) -> None:
    daemon, minute_ns = in_hand.daemon, 60_000_000_000
    daemon._answer(CameraSwitch(on=True))
    in_hand.turn_until(lambda: len(daemon._ring) > 3)
    fusion = Publisher(in_hand.life.context, in_hand.life.runtime, "fusion")
    for _ in range(3):
        in_hand.clock.ahead_ns += minute_ns // 2
        heard_ns = daemon._heard_ns

        def heard(before_ns: int = heard_ns) -> bool:
            fusion.send(StationState(phase="run", since_ns=0, visit_id="v"))
            return daemon._heard_ns > before_ns

        in_hand.turn_until(heard)
    fusion.close()
    in_hand.turn_until(lambda: in_hand.camera.is_open and len(daemon._ring))
    assert in_hand.camera.opens == 1

    def closed() -> bool:
        in_hand.clock.ahead_ns += minute_ns + 1  # each time: a last word of fusion may still be on its way
        return not in_hand.camera.is_open

    in_hand.turn_until(closed)
    assert len(daemon._ring) == 0
    assert daemon._answer(PoseRequest(t_ns=[1])) == Done(error="the camera is off")


def test_a_camera_that_cannot_be_set_up_is_a_published_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    life = Life("camera", Config(runtime_dir=str(tmp_path)))
    health = Subscriber(life.context, tmp_path, ["camera"], [CameraHealth])
    thread = threading.Thread(target=run, args=(life, devices.camera))
    thread.start()
    try:
        heard = [health.receive(10.0) for _ in range(2)]
        with pytest.raises(BusError, match="sudo apt install python3-picamera2"):
            request(life.context, tmp_path, "camera", CameraSwitch(on=True), Done, timeout_s=10.0)
    finally:
        life.stopping = True
        thread.join(10)
        health.close()
        life.__exit__(None, None, None)
    assert all("sudo apt install python3-picamera2" in h.fault and not h.wanted for h in heard)


def test_a_camera_that_comes_back_in_mid_run_is_filmed_with_again(
    in_hand: InHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "_RETRY_S", (0.05,))
    heard = Subscriber(in_hand.life.context, in_hand.life.runtime, ["camera"], [CameraHealth])
    told: list[CameraHealth] = []

    def health(wanted: Callable[[CameraHealth], bool]) -> Callable[[], bool]:
        def came() -> bool:
            in_hand.daemon._health_due_ns = 0
            told.extend(m for m in heard.drain() if isinstance(m, CameraHealth))
            return any(wanted(h) for h in told[-5:])

        return came

    in_hand.daemon._answer(CameraSwitch(on=True))
    in_hand.turn_until(health(lambda h: h.frames > 10 and h.fault is None))
    in_hand.camera.unplugged.set()
    in_hand.turn_until(health(lambda h: h.fault is not None and "ribbon cable" in h.fault and not h.opened))
    before = told[-1].frames
    in_hand.camera.unplugged.clear()
    in_hand.turn_until(health(lambda h: h.fault is None and h.opened and h.frames > before + 40))
    assert sum(told[-1].interval_counts) == told[-1].frames - in_hand.camera.opens  # none spans the time without it
    heard.close()
