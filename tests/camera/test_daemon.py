"""The camera daemon as a real process: consent, requests, health, and a quick end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from station.bus import Subscriber, request
from station.camera.ring import decode
from station.errors import BusError
from station.messages import (
    CameraHealth,
    CameraSwitch,
    Done,
    Keypoints,
    Message,
    PoseRequest,
    Still,
    StillRequest,
    VisitCommand,
)

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
    assert (closed.opened, closed.frames, closed.fault) == (False, 0, None)
    with pytest.raises(BusError, match="the camera is off"):
        station.ask(PoseRequest(t_ns=[time.monotonic_ns()]))

    station.ask(CameraSwitch(on=True))
    filming = station.next_health(lambda h: h.frames > 20)
    assert filming.opened
    assert 20 < filming.fps < 70
    now_ns = time.monotonic_ns()
    still = station.ask(StillRequest(t_ns=now_ns - 100_000_000), Still)
    assert isinstance(still, Still)
    assert abs(still.t_ns - now_ns + 100_000_000) < 50_000_000
    assert decode(still.jpeg).shape == (240, 320, 3)

    station.ask(CameraSwitch(on=False))
    gone = station.ask(StillRequest(t_ns=still.t_ns), Still)
    assert gone == Still(t_ns=still.t_ns, jpeg=b"")
    assert not station.next_health(lambda h: not h.opened).backlog


def test_poses_each_asked_frame_once(station: Station) -> None:
    station.ask(CameraSwitch(on=True))
    station.next_health(lambda h: h.frames > 10)
    now_ns = time.monotonic_ns()
    station.ask(PoseRequest(t_ns=[now_ns - 50_000_000, now_ns - 50_000_001, now_ns + 200_000_000]))
    scored: list[int] = []

    def collect(message: Message) -> bool:
        if isinstance(message, Keypoints) and message.purpose == "score":
            assert (message.width_px, message.height_px, message.found) == (320, 240, False)
            scored.append(message.t_ns)
        return isinstance(message, CameraHealth) and message.backlog == 0 and len(scored) > 1

    station.await_message(collect)
    assert len(scored) == len(set(scored)) == 2
    assert abs(scored[0] - now_ns + 50_000_000) < 30_000_000
    assert abs(scored[1] - now_ns - 200_000_000) < 30_000_000
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
    assert station.process.wait(timeout=2.0) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
