"""The pose in a whole video file, by two processes that each take half of it."""

import itertools
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

import cv2
import numpy as np

from station.camera import background
from station.camera.blazepose import Pose, PoseTracker
from station.camera.memory import keep_freed_memory
from station.camera.pose_message import keypoints_message
from station.camera.quiet import quiet_native_stderr
from station.camera.video_file import VideoFrame, read_frames, read_info
from station.errors import InputError
from station.messages import Keypoints

MAX_FPS = 60.0
_LOOK_S = 0.33  # how often people are counted and the background is measured
_BACKGROUND_GAP_S = 0.06  # between the two frames compared: some recorders show a picture twice
_PROCESSES = 2
_NICENESS = 10
_EARLY_S = 0.004  # a frame that comes so much before it is due is taken: times jitter

_spawn = multiprocessing.get_context("spawn")  # a fork would copy the locks of other threads


@dataclass(frozen=True)
class VideoPose:
    """What was found in a video. Times are seconds since the beginning of the video track."""

    keypoints: list[Keypoints]  # one for each frame (up to 60 a second), found or not
    width_px: int
    height_px: int
    fps: float  # of the frames above
    background_px_s: np.ndarray  # (m,) speed of the background at each look, NaN where it cannot be told

    @property
    def people(self) -> np.ndarray:
        """(k,) separate people in each frame in which they were counted."""
        return np.array([k.people for k in self.keypoints if k.people is not None], int)


def pose_video(path: Path, weights_dir: Path, progress: Callable[[float], None] = lambda share: None) -> VideoPose:
    """Find the pose in every frame with the `heavy` network; `progress` is called with 0..1.

    Raises InputError where the file cannot be analysed.
    """
    info = read_info(path)
    bounds = [*np.linspace(0.0, info.duration_s, _PROCESSES + 1)[:-1].tolist(), float("inf")]
    parts = [_Process(path, weights_dir, *part) for part in itertools.pairwise(bounds)]
    total = info.duration_s * min(info.fps, MAX_FPS)
    try:
        while any(part.working for part in parts):
            wait([part.connection for part in parts if part.working])
            for part in parts:
                part.receive()
            progress(min(sum(len(part.frames) for part in parts) / total, 1.0))
    except EOFError:
        raise InputError(f"video {path}: the analysis was ended from outside; is there enough memory?") from None
    finally:
        for part in parts:
            part.end()
    frames = [frame for part in parts for frame in part.frames]
    seen = [f for f in frames if f.background_px_s is not None]
    return VideoPose(
        keypoints=[f.keypoints for f in frames],
        width_px=info.width_px,
        height_px=info.height_px,
        fps=_rate(frames) or info.fps,
        background_px_s=np.array([f.background_px_s for f in seen], float),
    )


@dataclass(frozen=True)
class _PosedFrame:
    keypoints: Keypoints
    background_px_s: float | None  # None: not measured in this frame


class _Part:
    """Poses the frames of one stretch of the video in their order."""

    def __init__(self, tracker: PoseTracker) -> None:
        self._tracker = tracker
        self._next_look_s = float("-inf")
        self._before: tuple[float, np.ndarray] | None = None  # time and picture of the last look

    def pose(self, frame: VideoFrame) -> _PosedFrame:
        height, width = frame.image_rgb.shape[:2]
        looks = frame.t_s >= self._next_look_s
        pose = self._tracker.find(frame.image_rgb, look_around=looks)
        speed = self._background_px_s(frame, pose)
        if looks:
            self._next_look_s = frame.t_s + _LOOK_S
            self._before = frame.t_s, background.shrink(frame.image_rgb)
        return _PosedFrame(keypoints_message(round(frame.t_s * 1e9), "score", width, height, pose), speed)

    def _background_px_s(self, frame: VideoFrame, pose: Pose | None) -> float | None:
        """Against the frame of the last look, where that is long enough ago; once for each look."""
        if self._before is None or frame.t_s - self._before[0] < _BACKGROUND_GAP_S:
            return None
        (t_s, before), self._before = self._before, None
        person = np.empty((0, 2)) if pose is None else pose.xy_px
        after = background.shrink(frame.image_rgb)
        return background.speed_px_s(before, after, frame.t_s - t_s, frame.image_rgb.shape[1], person)


class _Process:
    """The parent's end of one process, and the frames that came from it so far."""

    def __init__(self, path: Path, weights_dir: Path, start_s: float, stop_s: float) -> None:
        self.connection, theirs = _spawn.Pipe(duplex=False)
        arguments = (theirs, path, weights_dir, start_s, stop_s)
        self._process = _spawn.Process(target=_pose_part, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        self.working = True
        self.frames: list[_PosedFrame] = []

    def receive(self) -> None:
        """Take what has come. Raises InputError as the process met it, EOFError where the process is gone."""
        while self.working and self.connection.poll():
            message = self.connection.recv()
            if isinstance(message, InputError):
                raise message
            if message is None:
                self.working = False
            else:
                self.frames.append(message)

    def end(self) -> None:
        self._process.terminate()
        self._process.join()
        self.connection.close()


def _pose_part(connection: Connection, path: Path, weights_dir: Path, start_s: float, stop_s: float) -> None:
    """In a process: send the posed frames one by one, then None, or the InputError."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, and the parent ends this
    os.nice(_NICENESS)
    cv2.setNumThreads(1)
    keep_freed_memory()
    try:
        with quiet_native_stderr():
            part = _Part(PoseTracker(weights_dir, "heavy"))
        due_s = start_s
        for frame in read_frames(path, start_s, stop_s):
            if frame.t_s >= due_s - _EARLY_S:
                due_s = max(due_s + 1 / MAX_FPS, frame.t_s)
                connection.send(part.pose(frame))
        connection.send(None)
    except InputError as e:
        connection.send(e)


def _rate(frames: list[_PosedFrame]) -> float:
    """Mean frames a second, 0 where there are too few to say."""
    if len(frames) < 2:
        return 0.0
    return (len(frames) - 1) * 1e9 / (frames[-1].keypoints.t_ns - frames[0].keypoints.t_ns)
