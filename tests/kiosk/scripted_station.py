"""Fusion, force and camera as the kiosk sees them on the bus, led by a test."""

import threading
import time
from pathlib import Path

import numpy as np
import zmq

from station.bus import Publisher, Server
from station.messages import (
    KEYPOINTS,
    CameraHealth,
    Choices,
    Done,
    ForceHealth,
    Keypoints,
    LiveForce,
    LiveStep,
    Message,
    Phase,
    Report,
    ReportRequest,
    StationState,
    VisitCommand,
)  # fmt: skip
from tests.kiosk.sample_report import HEIGHT_PX, WIDTH_PX, sample_report, stick_runner

VISIT = "visit-1"
_TURN_S = 0.05
_NEXT: dict[str, Phase] = {"start": "weigh", "stop": "score", "finish": "idle", "discard": "idle"}


class ScriptedStation:
    """Publishes on a thread of its own; a context manager. Commands of the kiosk are kept in `commands`."""

    def __init__(self, runtime: Path, report: Report | None = None, *, camera: bool = True) -> None:
        """`camera` False: a real camera daemon is there."""
        self.commands: list[VisitCommand] = []
        self.report = report or sample_report(VISIT)
        self.refusal: str | None = None
        self.silent: set[str] = set()  # daemons that say nothing
        self._daemons = ("fusion", "force", "camera") if camera else ("fusion", "force")
        self._state = StationState(phase="idle", since_ns=0, visit_id=None)
        self._faults: dict[str, str | None] = {"force": None, "camera": None}
        self._runtime = runtime
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> "ScriptedStation":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._thread.join()

    @property
    def phase(self) -> Phase:
        return self._state.phase

    def go(self, phase: Phase, **fields: object) -> None:
        """Publish another phase from now on."""
        visit = None if phase == "idle" else VISIT
        choices = self.commands[-1].choices if self.commands else Choices()
        choices = None if phase == "idle" else choices
        self._state = StationState(**{"phase": phase, "since_ns": 0, "visit_id": visit, "choices": choices} | fields)

    def fault(self, daemon: str, text: str | None) -> None:
        """What the force or the camera daemon says is wrong."""
        self._faults[daemon] = text

    def _play(self) -> None:
        context = zmq.Context()
        publishers = {name: Publisher(context, self._runtime, name) for name in self._daemons}
        server = Server(context, self._runtime, "fusion")
        start_s, turn = time.monotonic(), 0
        while not self._ending.is_set():
            t_s = time.monotonic() - start_s
            for name, messages in self._messages(t_s, turn).items():
                if name in publishers and name not in self.silent:
                    for message in messages:
                        publishers[name].send(message)
            turn += 1
            while "fusion" not in self.silent and (asked := server.receive(_TURN_S)):
                server.reply(asked[0], self._answer(asked[1]))
            if "fusion" in self.silent:
                time.sleep(_TURN_S)
        for socket in (*publishers.values(), server):
            socket.close()
        context.destroy(linger=0)

    def _messages(self, t_s: float, turn: int) -> dict[str, list[Message]]:
        found: dict[str, list[Message]] = {"fusion": [self._state], "force": [], "camera": []}
        found["force"].append(_force_health(self._faults["force"]))
        found["camera"].append(_camera_health(self._faults["camera"]))
        if self._state.phase == "run":
            found["fusion"].append(_live_force(t_s))
            if turn % 7 == 0:
                found["fusion"].append(_live_step(turn // 7, t_s))
            if turn % 3 == 0:
                found["camera"].append(_live_pose(t_s))
        return found

    def _answer(self, request: Message) -> Message:
        if isinstance(request, ReportRequest):
            return self.report
        if self.refusal:
            return Done(error=self.refusal)
        self.commands.append(request)
        if request.action in _NEXT:
            self.go(_NEXT[request.action])
        return Done()


def _live_force(t_s: float) -> LiveForce:
    times = np.arange(max(0.0, t_s - 0.5), t_s, 0.01)
    share = (times % 0.36) / 0.25
    force_bw = np.where(share < 1, 2.5 * np.sin(np.pi * np.minimum(share, 1)) ** 1.3, 0)
    return LiveForce(t_s=times.astype("<f4").tobytes(), force_bw=force_bw.astype("<f4").tobytes())


def _live_step(n: int, t_s: float) -> LiveStep:
    return LiveStep(n=n, side=("left", "right")[n % 2], t_s=t_s, cadence_spm=167.4, contact_time_ms=250.0)


def _live_pose(t_s: float) -> Keypoints:
    points = stick_runner(t_s / 0.72 % 1)
    xy_px = np.array([points.get(name, [np.nan, np.nan]) for name in KEYPOINTS], "<f4")
    confidence = np.where(np.isfinite(xy_px[:, 0]), 0.9, 0).astype("<f4")
    return Keypoints(
        t_ns=round(t_s * 1e9), purpose="live", width_px=WIDTH_PX, height_px=HEIGHT_PX, found=True,
        xy_px=xy_px.tobytes(), confidence=confidence.tobytes(),
    )  # fmt: skip


def _force_health(fault: str | None) -> ForceHealth:
    return ForceHealth(
        t_ns=0,
        conversions=[0] * 4,
        lost=[0] * 4,
        rejected=[0] * 4,
        power_downs=[0] * 4,
        rate_sps=[80.0] * 4,
        fault=fault,
    )


def _camera_health(fault: str | None) -> CameraHealth:
    return CameraHealth(t_ns=0, opened=False, frames=0, dropped=0, fps=60.0, backlog=0, fault=fault)
