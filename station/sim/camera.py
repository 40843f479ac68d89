"""The simulated camera: the rendered clips of the simulated visitor, filmed in real time as their scenario says."""

from collections.abc import Callable, Iterable

import cv2
import numpy as np

from station.camera.backend import Frame
from station.clock import Clock
from station.messages import StationState
from station.sim.runner.clip import clip_folder
from station.sim.runner.clip_reader import ClipReader
from station.sim.visitor import Visitor
from station.sim.world import World

_NOISE_TOP = 6  # grey levels
_NOISE_ROWS = 37  # repeated down the picture: noise for every pixel would take too long
_LATE_FRAMES = 3  # a camera does not wait for a slow reader: older frames are gone


class SimulatedCamera:
    """A `CameraBackEnd`. `states` gives what the screen has shown since the last call; closed, it calls `look_away`."""

    def __init__(
        self,
        world: World,
        visitor: Visitor,
        clock: Clock,
        states: Callable[[], Iterable[StationState]],
        look_away: Callable[[], None] = lambda: None,
    ) -> None:
        self._world, self._visitor, self._states = world, visitor, states
        self._look_away = look_away
        self._clock = clock
        filming = world.scenario.filming
        self._period_ns, self._row_ns = round(1e9 / filming.fps), filming.row_s * 1e9
        self._folder = clip_folder(world.scenario)
        self._due_ns = 0
        self._last_ns = 0
        self._clips: dict[str, ClipReader] = {}
        self._shown: tuple[str, int] | None = None  # clip and index of the last picture

    def open(self, close_up: bool = False) -> None:
        self._due_ns = self._clock.now_ns()

    def close(self) -> None:
        for clip in self._clips.values():
            clip.close()
        self._clips.clear()
        self._look_away()

    def read(self, timeout_s: float) -> Frame | None:
        if self._visitor.look(self._states()):
            self._world.visit = self._visitor.visit
        t_s = self._next_instant_s()
        t_ns = round(self._world.frame_time_s(t_s) * 1e9)
        if t_ns <= self._last_ns:  # the same frame of the clip again
            return None
        self._last_ns = t_ns
        return Frame(t_ns, self._picture(t_s), self._row_ns)

    def _next_instant_s(self) -> float:
        """Wait for the next exposure; skip those that were missed."""
        now_ns = self._clock.now_ns()
        if now_ns > self._due_ns + _LATE_FRAMES * self._period_ns:
            self._due_ns = now_ns
        self._clock.sleep(max(0, self._due_ns - now_ns) / 1e9)
        t_s = self._due_ns / 1e9
        self._due_ns += self._period_ns
        return t_s

    def _picture(self, t_s: float) -> np.ndarray:
        name, index = self._world.frame_at(t_s)
        if name not in self._clips:
            self._clips[name] = ClipReader(name, self._folder)
        picture, again = self._clips[name].frame(index), (name, index) == self._shown
        self._shown = name, index
        return _with_noise(picture, round(t_s * 1e6)) if again else picture


def _with_noise(picture: np.ndarray, seed: int) -> np.ndarray:
    """A still scene as a sensor shows it: no two pictures of it are alike."""
    noise = np.random.default_rng(seed).integers(0, _NOISE_TOP, (_NOISE_ROWS, *picture.shape[1:]), np.uint8)
    return cv2.add(picture, np.resize(noise, picture.shape))
