"""The simulated camera: true stamps, frames of the visit's clips, and no waiting for a slow reader."""

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from station.camera.ring import encode
from station.messages import StationState
from station.sim.camera import SimulatedCamera
from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.filming import Filming
from station.sim.runner.scenario import EMPTY_CLIP, load_scenario
from station.sim.visitor import Visitor
from station.sim.world import Visit, World

SECOND = 1_000_000_000
PERIOD_NS = round(SECOND / 60)
SCENARIO = "good_man"
IDEAL = Filming()


class ManualClock:
    """Time that passes only by waiting, or when told."""

    def __init__(self) -> None:
        self.t_ns = 1000 * SECOND

    def now_ns(self) -> int:
        return self.t_ns

    def sleep(self, seconds: float) -> None:
        self.t_ns += round(seconds * SECOND)


def camera(
    clock: ManualClock, states: Callable[[], list[StationState]], filming: Filming = IDEAL
) -> tuple[SimulatedCamera, World]:
    scenario = msgspec.structs.replace(load_scenario(SCENARIO), filming=filming)
    world = World(scenario, Visit(), seed=1, run_s=20.0)
    camera = SimulatedCamera(world, Visitor(20.0), clock, states)
    camera.open()
    return camera, world


def film(camera: SimulatedCamera, frames: int) -> list[tuple[int, np.ndarray]]:
    filmed = (camera.read(1.0) for _ in range(frames))
    return [(f.t_ns, f.image_rgb) for f in filmed if f is not None]


def test_empty_treadmill_until_somebody_comes() -> None:
    clock = ManualClock()
    filming, _ = camera(clock, list)
    frames = film(filming, 30)
    stamps = np.array([t for t, _ in frames])
    assert len(frames) >= 29
    assert np.abs(np.diff(stamps) - PERIOD_NS).max() < 1000
    assert clock.t_ns - PERIOD_NS - 1000 <= stamps[-1] <= clock.t_ns
    expected = ClipReader(EMPTY_CLIP).frame(0)
    assert all(np.abs(image.astype(int) - expected).max() < 6 for _, image in frames)
    assert len({encode(t, image).jpeg for t, image in frames}) == len(frames)  # as of a sensor: never twice the same


def test_follows_the_visit_as_the_load_cells_do() -> None:
    clips = load_scenario(SCENARIO)
    clock = ManualClock()
    start_ns = clock.t_ns
    marks = {"weigh": start_ns, "ready": start_ns + 5 * SECOND}
    told = [StationState(phase="ready", since_ns=marks["ready"], visit_id="v", marks_ns=marks)]
    filming, world = camera(clock, lambda: [told.pop()] if told else [])
    film(filming, 1)
    assert world.visit.run_start_s == pytest.approx(start_ns / SECOND + 7.0)

    clock.t_ns = start_ns + 9 * SECOND
    running = ClipReader(clips.clip_names()[0])
    for t_ns, image in film(filming, 20):
        index = round((t_ns / SECOND - world.visit.run_start_s) * 60)
        assert np.array_equal(image, running.frame(index))


def test_slow_reader_loses_frames_and_stamps_stay_true() -> None:
    clock = ManualClock()
    filming, _ = camera(clock, list)
    before = film(filming, 3)[-1][0]
    clock.t_ns += SECOND
    after = film(filming, 1)[0][0]
    assert after - before > 0.9 * SECOND
    assert clock.t_ns - after <= PERIOD_NS


def test_films_at_the_rate_of_its_scenario_and_row_by_row() -> None:
    filming, _ = camera(ManualClock(), list, Filming(fps=50, readout_ms=10.8))
    frames = [f for f in (filming.read(1.0) for _ in range(20)) if f is not None]
    assert np.abs(np.diff([f.t_ns for f in frames]) - SECOND // 50).max() < 1000
    assert [f.row_ns for f in frames] == pytest.approx([10.8e6 / 540] * len(frames))
