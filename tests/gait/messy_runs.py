"""Runs made of parts, as the simulated world presses them on the deck."""

from collections.abc import Sequence

import numpy as np

from station.gait.results import CellSignal, ForceResult
from station.gait.total_force import GroundForce, interpolated_force
from station.sim.course import Course
from station.sim.runner.scenario import load_scenario
from station.sim.world import Visit, World
from station.simulation_config import HandsOnRail, OtherPerson, RunPart
from tests.gait.analysed import analyse_force
from tests.gait.blur import unblurred

SCENARIO = load_scenario("good_man")
RATE_HZ = 250.0
_START_S = 3.0


def run(seconds: float, speed_m_s: float | None = None) -> RunPart:
    return RunPart(kind="run", for_s=seconds, speed_m_s=speed_m_s)


def walk(seconds: float, speed_m_s: float = 1.3) -> RunPart:
    return RunPart(kind="walk", for_s=seconds, speed_m_s=speed_m_s)


def stand(seconds: float) -> RunPart:
    return RunPart(kind="stand", for_s=seconds)


def off(seconds: float) -> RunPart:
    return RunPart(kind="off", for_s=seconds)


def cells_of(
    parts: Sequence[RunPart], rail: Sequence[HandsOnRail] = (), others: Sequence[OtherPerson] = ()
) -> tuple[CellSignal, ...]:
    """Unblurred cells from the beginning of the run to the end of its last part."""
    run_s = sum(part.for_s for part in parts)
    course = Course(SCENARIO, 1, parts, rail, others)
    world = World(SCENARIO, Visit(0.0, _START_S, _START_S + run_s, 1e9), 1, run_s, course=course)
    t_s = np.arange(0, run_s, 1 / RATE_HZ)
    return unblurred(t_s, world.cell_force_n(_START_S + t_s))


def ground_of(parts: Sequence[RunPart]) -> GroundForce:
    return interpolated_force(cells_of(parts), 0.0, sum(part.for_s for part in parts))


def analysed(parts: Sequence[RunPart], **events) -> ForceResult:
    """`events`: as of `cells_of`."""
    run_s = sum(part.for_s for part in parts)
    cells = cells_of(parts, **events)
    return analyse_force(cells, 0.0, run_s, deck_known=True, kernel_known=True, speed_m_s=None)
