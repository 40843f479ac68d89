"""One simulated visit on one time axis: what presses on the cells and what the camera sees, linked by time alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from station.sim.runner.corners import DEFAULT_PLACES, corner_matrix, moments
from station.sim.runner.ground_force import GroundForce
from station.sim.runner.scenario import Scenario
from station.sim.runner.stride_timing import Contact

STEP_ON_S = 0.5  # the weight comes smoothly on the deck
STEP_OFF_S = 0.3
LIFT_S = 0.08  # from standing into the flight before the first contact
_LOOP_VARIANTS = 8  # the same contacts with other forces, made beforehand: nothing is solved while a run goes on
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
    """

    def __init__(
        self,
        scenario: Scenario,
        visit: Visit,
        seed: int,
        run_s: float = 60.0,
        places: Mapping[str, tuple[float, float]] = DEFAULT_PLACES,
    ) -> None:
        self.scenario = scenario
        self.visit = visit
        self._run_s = run_s
        self._fps = scenario.filming.fps
        self._corners = corner_matrix(places)
        self._loop = loop = scenario.loop()
        variants = range(_LOOP_VARIANTS)
        self._forces = [GroundForce(scenario, loop.contacts, (seed, k), loop.length_s) for k in variants]

    def cell_force_n(self, t_s: np.ndarray) -> np.ndarray:
        """Times (n,) -> true newtons (4, n) on the cells, in the order of CHANNELS."""
        t_s = np.asarray(t_s, float)
        standing_n = self._standing_share(t_s) * self.scenario.body_weight_n
        return self._corners @ (moments(standing_n, *_sway(t_s)) + self._running(t_s))

    def contacts(self) -> list[Contact]:
        """The true contacts of the run up to its end (the expected one where it has not ended), on the clock."""
        start_s = self.visit.run_start_s
        if start_s is None:
            return []
        run_s = min(self.visit.last_run_s - start_s, self._run_s)
        loops = range(int(run_s / self._loop.length_s) + 1)
        every = (c.later(k * self._loop.length_s) for k in loops for c in self._loop.contacts)
        return [c.later(start_s) for c in every if c.contact_s <= run_s]

    def frame_at(self, t_s: float) -> tuple[str, int]:
        """The newest frame at `t_s`: its clip and its index in it."""
        visit = self.visit
        if not _reached(visit.step_on_s, t_s) or _reached(visit.step_off_s, t_s):
            return self.scenario.empty_clip, 0
        if not _reached(visit.run_start_s, t_s) or _reached(visit.run_end_s, t_s):
            standing = self._frames_since(visit.step_on_s, t_s) % self.scenario.standing_frames
            return self.scenario.standing_clip, standing
        loop, index = divmod(self._frames_since(visit.run_start_s, t_s), round(self._loop.length_s * self._fps))
        return self.scenario.clip_names()[self._stage(loop)], index

    def frame_time_s(self, t_s: float) -> float:
        """The instant which the first row of the frame of `frame_at(t_s)` shows (at most one frame before)."""
        visit = self.visit
        running = _reached(visit.run_start_s, t_s) and t_s < visit.last_run_s
        origin = visit.run_start_s if running else visit.step_on_s or 0.0
        return origin + self._frames_since(origin, t_s) / self._fps

    def _frames_since(self, instant_s: float, t_s: float) -> int:
        return int(np.floor((t_s - instant_s) * self._fps + _FRAME_TOLERANCE))

    def _stage(self, loop: int) -> int:
        """The stage of the drift in this loop of the run: that of the loop's middle."""
        share = (loop + 0.5) * self._loop.length_s / self._run_s
        return min(int(share * self.scenario.stages), self.scenario.stages - 1)

    def _standing_share(self, t_s: np.ndarray) -> np.ndarray:
        """Weight of quiet standing over body weight: before and after the run."""
        visit = self.visit
        on_deck = _rise(t_s, visit.step_on_s, STEP_ON_S) - _rise(t_s, visit.step_off_s, STEP_OFF_S)
        stopped_s = visit.last_run_s if np.isfinite(visit.last_run_s) else None
        running = _rise(t_s, visit.run_start_s, LIFT_S) - _rise(t_s, stopped_s, STEP_ON_S)
        return np.clip(on_deck - running, 0.0, 1.0)

    def _running(self, t_s: np.ndarray) -> np.ndarray:
        """Moments (4, n) of the contacts that begin within the run, each to its end."""
        start_s = self.visit.run_start_s
        if start_s is None or not len(t_s) or t_s.max() < start_s:
            return np.zeros((4, len(t_s)))
        since = t_s - start_s
        length_s = self._loop.length_s
        first = max(int(since.min() // length_s) - 1, 0)  # its last contact may reach into the next loop
        last = int(since.max() // length_s)
        run_s = self.visit.last_run_s - start_s
        return sum(
            self._forces[k % _LOOP_VARIANTS].moments(since - k * length_s, run_s - k * length_s)
            for k in range(first, last + 1)
        )


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
