"""One child process that finds poses: one thread, low priority, a frame in and a pose out.

It ends by itself when its parent does: the pipe closes.
"""

import os
import signal
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

import cv2

from station.camera.blazepose import Pose, PoseTracker
from station.camera.landmarks import Model
from station.camera.memory import keep_freed_memory
from station.camera.quiet import quiet_native_stderr
from station.camera.ring import KeptFrame, decode
from station.camera.shoe import Shoe
from station.errors import StationError

NICENESS = 10
_TRACK_NS = 1_000_000_000  # a runner on a treadmill is still in the region of a second ago
_LOOK_NS = 1_000_000_000  # how often people are counted


@dataclass(frozen=True)
class Ready:
    """The first thing a worker says, once its networks are loaded."""


@dataclass(frozen=True)
class Failure:
    """Why a worker cannot work at all, in a user's words."""

    text: str


def serve(connection: Connection, weights_dir: Path, model: Model) -> None:
    """Say Ready, then answer each (KeptFrame, Shoe or None) with a Pose or None.

    A Failure and the end where nothing can be loaded.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, and the parent ends this
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(NICENESS)
    cv2.setNumThreads(1)
    keep_freed_memory()
    try:
        with quiet_native_stderr():
            worker = _Worker(PoseTracker(weights_dir, model))
    except StationError as e:
        connection.send(Failure(str(e)))
        return
    try:
        connection.send(Ready())
        while True:
            connection.send(worker.pose(*connection.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


class _Worker:
    """Keeps a track while the frames follow closely on each other."""

    def __init__(self, tracker: PoseTracker) -> None:
        self._tracker = tracker
        self._last_ns: int | None = None
        self._looked_ns: int | None = None

    def pose(self, frame: KeptFrame, shoe: Shoe | None) -> Pose | None:
        if self._last_ns is None or abs(frame.t_ns - self._last_ns) > _TRACK_NS:
            self._tracker.forget()
        self._last_ns = frame.t_ns
        looks = self._looked_ns is None or abs(frame.t_ns - self._looked_ns) >= _LOOK_NS
        if looks:
            self._looked_ns = frame.t_ns
        image_rgb = decode(frame.jpeg)
        pose = self._tracker.find(image_rgb, look_around=looks)
        if pose is None or shoe is None:
            return pose
        return replace(pose, foot_turn_deg=shoe.turns_deg(image_rgb, pose))
