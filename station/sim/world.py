"""One simulated visit on one time axis: what presses on the cells and what the camera sees, linked by time alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from station.sim.course import Course, Part
from station.sim.runner.corners import DEFAULT_PLACES, corner_matrix, moments
from station.sim.runner.scenario import Scenario
from station.sim.runner.stride_timing import Contact

STEP_ON_S = 0.5  # the weight comes smoothly on the deck
STEP_OFF_S = 0.3
LIFT_S = 0.08  # from standing into the flight before the first contact
_FRAME_TOLERANCE = 1e-4  # of a frame, for the rounding of large clock values


@dataclass(frozen=True)
class Visit:
    """The instants of a visit in seconds of one clock; None = not yet (or never)."""

    step_on_s: float | None = None
    run_start_s: float | None = None
    run_end_s: float | None = None
    step_off_s: float | None = None

    @property
    def last_run_s(self) -> float:
        """The end of the run, so far as it is known."""
        ends = [t for t in (self.run_end_s, self.step_off_s) if t is not None]
        return min(ends, default=np.inf)


class World:
    """A visit of the scenario's runner. `visit` may be replaced while time goes on: only its future may change.

    `run_s` is the expected length of the run, over which the scenario drifts from its first to its last stage.
    `course`: what the run is made of; None: running alone.
    """

    def __init__(
        self,
        scenario: Scenario,
        visit: Visit,
        seed: int,
        run_s: float = 60.0,
        places: Mapping[str, tuple[float, float]] = DEFAULT_PLACES,
        course: Course | None = None,
    ) -> None:
        self.scenario = scenario
        self.visit = visit
        self._run_s = run_s
        self._fps = scenario.filming.fps
        self._corners = corner_matrix(places)
        self._frames_a_loop = round(scenario.loop().length_s * self._fps)
        self._course = course or Course(scenario, seed)

    def cell_force_n(self, t_s: np.ndarray) -> np.ndarray:
        """Times (n,) -> true newtons (4, n) on the cells, in the order of CHANNELS."""
        t_s = np.asarray(t_s, float)
        standing_n = self._standing_share(t_s) * self.scenario.body_weight_n
        on_foot = moments(standing_n, *_sway(t_s))
        start_s = self.visit.run_start_s
        if start_s is None:
            return self._corners @ on_foot
        since_s = t_s - start_s
        running = self._course.moments(since_s, self.visit.last_run_s - start_s)
        runner = self._course.carried(since_s) * (on_foot + running)
        return self._corners @ (runner + self._course.other_moments(since_s))

    def contacts(self) -> list[Contact]:
        """The true contacts of all running up to its end (the expected one where it has not ended), on the clock."""
        start_s = self.visit.run_start_s
        if start_s is None:
            return []
        run_s = min(self.visit.last_run_s - start_s, self._run_s)
        runs = [part for part in self._course.parts if part.kind == "run" and part.start_s <= run_s]
        return [
            c.later(start_s + part.start_s)
            for part in runs
            for c in part.gait.contacts(min(part.end_s, run_s) - part.start_s)
        ]

    def frame_at(self, t_s: float) -> tuple[str, int]:
        """The newest frame at `t_s`: its clip and its index in it."""
        visit = self.visit
        if not _reached(visit.step_on_s, t_s) or _reached(visit.step_off_s, t_s):
            return self.scenario.empty_clip, 0
        part = self._part(t_s)
        if part is None or part.kind != "run":
            standing = self._frames_since(visit.step_on_s, t_s) % self.scenario.standing_frames
            return self.scenario.standing_clip, standing
        part_s = visit.run_start_s + part.start_s
        loop, index = divmod(self._frames_since(part_s, t_s, part.pace), self._frames_a_loop)
        return self.scenario.clip_names()[self._stage(part, loop)], index

    def frame_time_s(self, t_s: float) -> float:
        """The instant which the first row of the frame of `frame_at(t_s)` shows (at most one frame before)."""
        part = self._part(t_s) if t_s < self.visit.last_run_s else None
        if part is None or part.kind != "run":
            origin = self.visit.step_on_s or 0.0
            return origin + self._frames_since(origin, t_s) / self._fps
        origin = self.visit.run_start_s + part.start_s
        return origin + self._frames_since(origin, t_s, part.pace) / (part.pace * self._fps)

    def _part(self, t_s: float) -> Part | None:
        """The part of the run at that instant; None before and after it."""
        visit = self.visit
        if not _reached(visit.run_start_s, t_s) or _reached(visit.run_end_s, t_s):
            return None
        return self._course.part_at(t_s - visit.run_start_s)

    def _frames_since(self, instant_s: float, t_s: float, pace: float = 1.0) -> int:
        return int(np.floor((t_s - instant_s) * pace * self._fps + _FRAME_TOLERANCE))

    def _stage(self, part: Part, loop: int) -> int:
        """The stage of the drift in this loop of a part of the run: that of the loop's middle."""
        share = (part.start_s + (loop + 0.5) * part.gait.length_s) / self._run_s
        return min(int(share * self.scenario.stages), self.scenario.stages - 1)

    def _standing_share(self, t_s: np.ndarray) -> np.ndarray:
        """Weight of quiet standing over body weight: before and after the run, and between its parts."""
        visit = self.visit
        standing = _rise(t_s, visit.step_on_s, STEP_ON_S) - _rise(t_s, visit.step_off_s, STEP_OFF_S)
        for begin_s, end_s in self._course.on_foot_s if visit.run_start_s is not None else ():
            from_s = visit.run_start_s + begin_s
            until_s = min(visit.run_start_s + end_s, visit.last_run_s)
            if from_s <= until_s:
                stopped_s = until_s if np.isfinite(until_s) else None
                standing -= _rise(t_s, from_s, LIFT_S) - _rise(t_s, stopped_s, STEP_ON_S)
        return np.clip(standing, 0.0, 1.0)


def _reached(instant_s: float | None, t_s: float) -> bool:
    return instant_s is not None and t_s >= instant_s


def _rise(t_s: np.ndarray, instant_s: float | None, duration_s: float) -> np.ndarray:
    """0 until the instant (for ever where it is None), then smoothly to 1 within the duration."""
    if instant_s is None:
        return np.zeros(len(t_s))
    return (1 - np.cos(np.pi * np.clip((t_s - instant_s) / duration_s, 0, 1))) / 2


def _sway(t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre of pressure of quiet standing: millimetres at fractions of a hertz."""
    x_m = 0.006 * np.sin(2 * np.pi * 0.23 * t_s) + 0.003 * np.sin(2 * np.pi * 0.61 * t_s + 1.0)
    y_m = 0.003 * np.sin(2 * np.pi * 0.31 * t_s + 2.0)
    return x_m, y_m
