"""Fusion's own loop on the table, in process, fed by hand."""

import threading
import time
from pathlib import Path

import numpy as np

from station import config
from station.calibration import artefact
from station.daemon import Life
from station.fusion import daemon as fusion_daemon
from station.fusion.daemon import Fusion
from station.messages import (
    Calibration,
    CameraHealth,
    CameraSwitch,
    Choices,
    Done,
    ForceHealth,
    Message,
    PoseRequest,
    PosesQueued,
    StationState,
    Still,
    StillRequest,
    VisitCommand,
)
from tests.calibration.saved_parts import parts_of
from tests.fusion.test_live import batches, calibration, lateral_m, running_n

WEIGHT_N = 700.0
NEVER = 1e9


class Desk:
    """A fusion daemon on the table: `say` gives it a message, `turn` turns its loop, `state` is what it published."""

    def __init__(self, folder: Path, mode: str = "gym", force: config.Force | None = None) -> None:
        folders = {"runtime_dir": str(folder / "run"), "state_dir": str(folder / "state")}
        self.settings = config.Config(mode=mode, force=force or config.Force(), **folders)
        if not (folder / "state" / "calibration").exists():
            for part in parts_of(calibration()):
                artefact.save(part, folder / "state")
        self.life = Life("fusion", self.settings).__enter__()
        self.camera = Life("camera", self.settings).__enter__()
        self.fusion = Fusion(self.life)
        self.switched: list[bool | str] = []  # on, off, or closed but holding its frames
        self.asked: list[list[int]] = []  # instants, by request for poses
        self.refuses = False
        self.refused: list[list[int]] = []
        self._server = self.camera.server()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            received = self._server.receive(timeout_s=0.02)
            if received is None:
                continue
            address, message = received
            if isinstance(message, CameraSwitch):
                self.switched.append("hold" if message.keep_frames else message.on)
            if isinstance(message, PoseRequest) and self.refuses:
                self.refused.append(message.t_ns)
                self._server.reply(address, Done(error="the camera is off"))
                continue
            if isinstance(message, PoseRequest):
                self.asked.append(message.t_ns)
            queued = PosesQueued(requests=len(self.asked))
            answers = {StillRequest: Still(t_ns=0, jpeg=b"jpeg"), PoseRequest: queued, CameraSwitch: Done()}
            self._server.reply(address, answers[type(message)])

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.fusion._take(message)

    def turn(self, until=lambda state: True, within_s: float = 60.0) -> StationState:
        end_s = time.monotonic() + within_s
        while time.monotonic() < end_s:
            self.fusion._advance()
            if until(self.state):
                return self.state
            time.sleep(0.01)
        raise AssertionError(self.state)

    @property
    def state(self) -> StationState:
        return fusion_daemon.announce.state(self.fusion._visit, True, self.fusion._faults(), self.fusion.notice)

    def command(self, action: str, camera: bool = True) -> str | None:
        """Told for the visit that goes on."""
        visit_id = self.state.visit_id
        return self.ask(VisitCommand(action=action, choices=Choices(camera=camera), visit_id=visit_id)).error

    def ask(self, message: Message) -> Message:
        return self.fusion._requests.answer(message)

    def run_for(self, duration_s: float) -> None:
        """A visitor stands for four seconds and then runs, on the machine's own clock."""
        start_s = time.monotonic()
        self.say(*batches(lambda t: np.full(len(t), WEIGHT_N), lambda t: 0 * t, 4.0, start_s))
        first_s = np.ceil((start_s + 4.0) / 0.7) * 0.7
        self.say(*batches(running_n, lateral_m, duration_s, first_s))

    def recorded_tare(self) -> float:
        """Of the first cell, as the visit's own messages have it."""
        (told,) = self.kept(Calibration)
        return told.cells[0].offset_counts

    def kept(self, kind: type[Message]) -> list[Message]:
        """The visit's own messages of that kind, as they are recorded."""
        return [m for m in self.fusion._kept.scorer._messages if isinstance(m, kind)]

    def files(self) -> list[Path]:
        return [p for p in Path(self.settings.state_dir, "runs").rglob("*") if p.is_file()]

    def keys(self) -> list[Path]:
        return list(Path(self.settings.runtime_dir).glob("keys/*"))

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self.fusion._kept.store.close()
        self.fusion._kept.scorer.end()
        self.life.__exit__(None, None, None)
        self.camera.__exit__(None, None, None)


def camera_health(**fields: object) -> CameraHealth:
    return CameraHealth(**{"t_ns": 0, "opened": True, "frames": 0, "dropped": 0, "fps": 60.0, "backlog": 0} | fields)


def force_health(fault: str | None = None) -> ForceHealth:
    none = [0] * 4
    return ForceHealth(
        t_ns=0, conversions=none, lost=none, rejected=none, power_downs=none, rate_sps=[80.0] * 4, fault=fault
    )


def finished(desk: Desk) -> StationState:
    assert desk.command("start", camera=False) is None
    desk.run_for(14.0)
    assert desk.command("stop") is None
    return desk.turn(lambda s: s.phase != "score")
