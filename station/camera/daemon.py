"""The camera daemon: films while it may, finds the pose in the frames that are asked for, keeps nothing.

The camera is opened by CameraSwitch(on=True), and before a visit by CodeRequest, to read a code. After the run it is
closed, but keeps its frames until all is posed and shown; CameraSwitch(on=False) drops every frame, and so does a
fusion daemon that has gone: then nobody would ever switch it off. Frames stay in RAM.
"""

import logging
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Literal

import zmq

from station.camera import absent, pose_speed, scene_landmarks, weights
from station.camera.backend import CameraBackEnd
from station.camera.capture import Capture
from station.camera.code_reader import CodeReader
from station.camera.detector import PersonDetector
from station.camera.memory import keep_freed_memory
from station.camera.pose_message import keypoints_message
from station.camera.replay import KeypointReplay
from station.camera.requests import FrameRequests
from station.camera.ring import FrameRing, KeptFrame, decode
from station.camera.shared import SharedCamera
from station.camera.shoe import StandingShoes
from station.camera.stills import PosedBodies
from station.camera.workers import PoseWorkers
from station.clock import Clock, SystemClock
from station.daemon import Life
from station.errors import InputError
from station.messages import (
    CameraHealth,
    CameraSwitch,
    CodeRequest,
    Done,
    Message,
    PlaceRequest,
    PoseRequest,
    PosesQueued,
    StationState,
    Still,
    StillRequest,
)

log = logging.getLogger(__name__)

_TICK_MS = 20
_HEALTH_NS = 1_000_000_000
_DEAF_NS = 15_000_000_000  # longer than any pause between two attempts: a thread hangs in a driver
_MOST_WAITING = 1000  # frames: some 60 MB
_ABANDONED_NS = 60_000_000_000  # fusion publishes twice a second, and is started again within seconds


def run(
    life: Life,
    make: Callable[[Life], CameraBackEnd | KeypointReplay],
    weights_dir: Path = weights.DEFAULT_DIRECTORY,
) -> None:
    """Serve until the life ends, from the camera or the recording that `make` gives.

    While it cannot be made, the reason is published as a fault, and it is tried again.
    """
    clock = SystemClock()
    back_end = life.until_made(lambda: make(life), lambda text: absent.serve(life, clock, text))
    if isinstance(back_end, KeypointReplay):
        back_end.run(life)
    elif back_end is not None:
        _serve(life, CameraDaemon(life, back_end, weights_dir, clock))


def _serve(life: Life, daemon: "CameraDaemon") -> None:
    keep_freed_memory()
    try:
        while not life.stopping:
            daemon.step()
    finally:
        daemon.close()


class CameraDaemon:
    """One filming thread, one `full` worker for the live skeleton, `camera.workers` `heavy` ones for scoring."""

    def __init__(self, life: Life, back_end: CameraBackEnd, weights_dir: Path, clock: Clock) -> None:
        settings = life.config.camera
        self._life = life
        self._clock = clock
        self._publisher = life.publisher()
        self._server = life.server()
        self._fusion = life.subscriber(["fusion"], [StationState])
        self._heard_ns = clock.now_ns()  # anything of fusion
        self._ring = FrameRing(settings.ring_s)
        self._requests = FrameRequests(self._ring)
        self._bodies = PosedBodies(cache(partial(PersonDetector, weights_dir)), self._frame_at)
        self._shoes = StandingShoes()
        self._speed = pose_speed.known(life.config)
        self._score = PoseWorkers(weights_dir, "heavy", pose_speed.workers(life.config), clock)
        self._live = PoseWorkers(weights_dir, "full", 1 if settings.live_fps else 0, clock)
        self._live_ns = round(1e9 / settings.live_fps) if settings.live_fps else 0
        self._live_due_ns = 0
        self._live_last_ns = 0
        self._health_due_ns = 0
        self._told = (0, 0)  # requests taken and frames waiting, as the health last said
        self._mode: Literal["off", "filming", "holding"] = "off"
        self._camera = SharedCamera(back_end)
        self._capture = Capture(self._camera, self._ring, settings.fps, clock)
        self._codes = CodeReader(self._camera, clock)
        self._nobody_there = False

    def step(self) -> None:
        """One turn: wait a little for a request or a pose, then do all there is to do."""
        self._wait()
        now_ns = self._clock.now_ns()
        for state in self._fusion.drain():
            self._heard_ns = now_ns
            self._nobody_there = state.phase == "idle"
        request = self._server.receive()
        if request is not None:
            self._heard_ns = now_ns
            address, message = request
            self._server.reply(address, self._answer(message))
        self._close_abandoned(now_ns)
        if self._codes.looking and not self._nobody_there:
            self._codes.stop()
        self._submit(now_ns)
        self._publish_poses()
        self._publish_health(now_ns)
        if now_ns - min(self._capture.beat_ns, self._codes.beat_ns) < _DEAF_NS:
            self._life.alive()

    def close(self) -> None:
        self._codes.close()
        self._capture.close()
        self._score.close()
        self._live.close()

    def _wait(self) -> None:
        poller = zmq.Poller()
        poller.register(self._server.socket, zmq.POLLIN)
        for file in (*self._score.files, *self._live.files):
            poller.register(file, zmq.POLLIN)
        poller.poll(_TICK_MS)

    def _answer(self, request: Message) -> Message:
        if isinstance(request, CameraSwitch):
            return self._switch(request)
        if isinstance(request, PoseRequest):
            return self._ask_poses(request.t_ns, request.standing)
        if isinstance(request, StillRequest):
            return self._still(request.t_ns)
        if isinstance(request, PlaceRequest):
            return self._place(request)
        if isinstance(request, CodeRequest):
            return self._codes.answer(request, self._nobody_there and self._mode == "off")
        return Done(error=f"the camera does not know the request {request.topic}")

    def _close_abandoned(self, now_ns: int) -> None:
        if self._mode != "off" and now_ns - self._heard_ns > _ABANDONED_NS:
            log.warning("nothing was heard of fusion for %g s: the camera is closed", _ABANDONED_NS / 1e9)
            self._switch(CameraSwitch(on=False))

    def _switch(self, request: CameraSwitch) -> Done:
        holds = request.keep_frames and self._mode != "off"
        mode = "filming" if request.on else "holding" if holds else "off"
        if mode == self._mode:  # a broken camera is not tried again at once whenever fusion says the same
            return Done()
        self._mode = mode
        self._health_due_ns = 0
        self._live.clear()
        if mode == "holding":
            self._capture.hold()
        else:
            self._drop_frames()
            if mode == "filming":
                self._codes.stop()
                self._capture.switch(True)
        return Done()

    def _drop_frames(self) -> None:
        """Nothing of a runner is left, nor when the next one is filmed without the camera having been off."""
        self._requests.clear()
        self._bodies.clear()
        self._shoes.clear()
        self._score.clear()
        self._capture.switch(False)

    def _ask_poses(self, instants_ns: list[int], standing: bool) -> Done | PosesQueued:
        if self._mode == "off":
            return Done(error="the camera is off")
        if self._backlog + len(instants_ns) > _MOST_WAITING:
            return Done(error=f"{self._backlog} frames are waiting already; ask for fewer")
        self._requests.add(instants_ns, standing)
        return PosesQueued(requests=self._requests.taken)

    def _still(self, t_ns: int) -> Still | Done:
        """The runner alone: what else the frame shows stays here."""
        posed_ns = self._bodies.nearest(t_ns, self._within_ns)
        frame = self._nearest(posed_ns) if posed_ns is not None else None
        if frame is None:
            return Still(t_ns=t_ns, jpeg=b"")
        try:
            return Still(t_ns=frame.t_ns, jpeg=self._bodies.still(frame))
        except InputError as e:
            return Done(error=str(e))

    def _place(self, request: PlaceRequest) -> Message:
        frame = self._nearest(request.t_ns)
        if frame is None:
            return Done(error="there is no picture of that instant")
        return scene_landmarks.compare(request.landmarks, decode(frame.jpeg), frame.t_ns)

    def _nearest(self, t_ns: int) -> KeptFrame | None:
        return self._kept(t_ns, self._within_ns)

    def _frame_at(self, t_ns: int) -> KeptFrame | None:
        return self._kept(t_ns, 0)

    def _kept(self, t_ns: int, within_ns: int) -> KeptFrame | None:
        return self._ring.nearest(t_ns, within_ns) or self._requests.nearest_given(t_ns, within_ns)

    @property
    def _within_ns(self) -> int:
        """How far from an instant its frame may lie."""
        return round(1.5 * self._capture.intervals.usual_ns)

    def _submit(self, now_ns: int) -> None:
        """Hand over frames that were asked for, and the newest one where the live picture is due."""
        for frame in self._requests.due(now_ns, self._capture.intervals.usual_ns):
            self._score.submit(frame, self._shoes.shoe)
        if self._mode != "filming" or not self._live_ns or now_ns < self._live_due_ns or self._live.backlog:
            return
        newest = self._ring.newest()
        if newest is not None and newest.t_ns != self._live_last_ns:
            self._live.submit(newest)
            self._live_last_ns = newest.t_ns
            self._live_due_ns = now_ns + self._live_ns

    def _publish_poses(self) -> None:
        for purpose, workers in (("score", self._score), ("live", self._live)):
            for frame, pose in workers.collect():
                if purpose == "score":
                    self._bodies.add(frame.t_ns, pose)
                    if self._requests.shows_standing(frame):
                        self._shoes.add(frame, pose)
                size = frame.width_px, frame.height_px
                self._publisher.send(keypoints_message(frame.t_ns, purpose, *size, pose, frame.row_ns))

    def _publish_health(self, now_ns: int) -> None:
        """Once a second, and at once when more or fewer frames wait: fusion asks for the next by that."""
        waiting = (self._requests.taken, self._backlog)
        if now_ns < self._health_due_ns and waiting == self._told:
            return
        self._health_due_ns = now_ns + _HEALTH_NS
        self._told = waiting
        intervals, (readout_ms, half_width_ms) = self._capture.intervals, self._capture.readout_ms
        self._publisher.send(
            CameraHealth(
                t_ns=now_ns,
                opened=self._camera.is_open,
                frames=intervals.frames,
                dropped=intervals.dropped,
                fps=intervals.fps if self._capture.opened else 0.0,
                backlog=self._backlog,
                requests=self._requests.taken,
                frames_last_s=self._ring.lasts_s,
                scored_per_s=self._score.per_s or (self._speed.scored_per_s if self._speed else None),
                fault=self._capture.fault,
                pose_fault=self._score.fault,
                live_fault=self._live.fault,
                wanted=self._mode == "filming",
                holding=self._mode == "holding",
                interval_counts=list(intervals.counts),
                readout_ms=readout_ms,
                readout_half_width_ms=half_width_ms,
            )
        )

    @property
    def _backlog(self) -> int:
        return len(self._requests) + self._score.backlog
