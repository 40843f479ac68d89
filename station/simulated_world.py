"""What the simulated world is made of, as the configuration describes it, and what needs it beside live devices."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from station.calibration.parts import Part, later
from station.config import Config, Force, Simulation
from station.messages import CHANNELS, Calibration
from station.records.force_csv import ForcePlate

if TYPE_CHECKING:
    from station.sim.deck import Deck
    from station.sim.disturbance import Disturbance
    from station.sim.visitor import Visitor
    from station.sim.world import World


def world(config: Config) -> tuple["World", "Visitor"]:
    """The simulated runner and what they do; load cells and camera each make the same."""
    from station.sim.course import Course
    from station.sim.runner.scenario import load_scenario
    from station.sim.visitor import Visitor
    from station.sim.world import Visit, World

    settings = config.simulation
    scenario = load_scenario(settings.scenario)
    course = Course(scenario, settings.seed, settings.parts, settings.rail, settings.others)
    made = World(scenario, Visit(), settings.seed, settings.run_s, places(config.force), course)
    return made, Visitor(settings.run_s)


def places(force: Force) -> dict[str, tuple[float, float]]:
    return {name: (force.cells[name].x_m, force.cells[name].y_m) for name in CHANNELS}


def deck(settings: Simulation) -> "Deck":
    from station.sim.deck import Deck

    return Deck(settings.deck_hz, settings.deck_damping)


def disturbance(settings: Simulation) -> "Disturbance":
    from station.sim.disturbance import Disturbance

    return Disturbance(
        vibration_n=settings.vibration_n,
        zero_drift_n_per_min=settings.zero_drift_n_per_min,
        creep_share=settings.creep_share,
        dead_cell=settings.dead_cell,
        swapped_cells=settings.swapped_cells,
    )


def scenarios() -> dict[str, str]:
    """Name -> one line, of the shipped scenarios."""
    from station.sim.runner.scenario import load_scenario, scenario_names

    return {name: load_scenario(name).title for name in scenario_names()}


def belt_speed_m_s(scenario: str) -> float:
    """The speed the scenario's belt runs at, as the treadmill's display would show it."""
    from station.sim.runner.scenario import load_scenario

    return load_scenario(scenario).speed_m_s


def calibrate_simulation(config: Config) -> list[Part]:
    """Calibrate what this configuration simulates in virtual time, before anything went wrong with it; just now."""
    from station.sim.camera_bench import CameraBench
    from station.sim.rig import Rig
    from station.sim.runner.scenario import load_scenario

    settings, cells = config.simulation, config.force.cells
    rig = Rig(
        settings.seed,
        config.force,
        deck(settings),
        mass_error=settings.mass_error,
        treadmill_kg=settings.treadmill_kg,
    )
    parts = rig.calibration_parts()
    if config.camera.device == "simulated":
        scenario, side = load_scenario(settings.scenario), config.run.camera_side
        parts.append(CameraBench(scenario, cells, settings.seed, wanted_side=side).calibrate())
    since = datetime.now(UTC) - max(datetime.fromisoformat(part.created_utc) for part in parts)
    return [later(part, since) for part in parts]


@dataclass(frozen=True)
class Pressed:
    """A force plate's recording as the station's own chips delivered it, on the plate's time axis."""

    samples: dict[str, np.ndarray]
    calibration: Calibration
    t0_ns: int
    start_s: float
    end_s: float


def press_force_plate(plate: ForcePlate, settings: Simulation, *, chip_rate_sps: int, deck_calibrated: bool) -> Pressed:
    """Press a recording on the simulated deck. What is wrong with the world befell it after its calibration."""
    from station.sim.rig import Rig
    from station.sim.runner.corners import corner_forces

    force = Force(chip_rate_sps=chip_rate_sps)
    calibration = Rig(settings.seed, force, deck(settings)).calibrate(deck_calibrated)
    rig = Rig(settings.seed, force, deck(settings), disturbance=disturbance(settings))
    pressing = rig.press(plate.t_s, corner_forces(plate.fz_n, plate.cop_x_m, plate.cop_y_m, rig.places))
    return Pressed(pressing.samples.arrays(), calibration, pressing.epoch_ns, float(plate.t_s[0]), float(plate.t_s[-1]))


def cell_places() -> list[tuple[float, float]]:
    """(x, y) in metres of the four cells of a default deck, in the order of CHANNELS."""
    return list(places(Force()).values())
