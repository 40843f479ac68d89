"""What unblurred cells see of a simulated gait: the ground force and the contacts found in it."""

import numpy as np

from station.gait.contacts import Contacts, find_contacts
from station.gait.lowpass import zero_phase_lowpass
from station.gait.stances import find_stances
from station.gait.total_force import GroundForce, interpolated_force
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.blur import corners, unblurred
from tests.simulated_plate import SimulatedForce, simulate_ground_force


def spec_of(**changes) -> GaitSpec:
    spec = {"mass_kg": 72, "speed_m_s": 3.0, "cadence_spm": 168, "duty_factor": 0.34}
    return GaitSpec(**spec | changes)


def plate_of(seconds: float = 12.0, seed: int = 3, **changes) -> SimulatedForce:
    return simulate_ground_force(spec_of(**changes), seconds, seed)


def seen(plate: SimulatedForce) -> tuple[GroundForce, Contacts]:
    return seen_cells(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m))


def seen_cells(t_s: np.ndarray, cells_n: np.ndarray) -> tuple[GroundForce, Contacts]:
    ground = interpolated_force(unblurred(t_s, cells_n), float(t_s[0]), float(t_s[-1]))
    filtered_n = zero_phase_lowpass(ground.force_n, ground.rate_hz)
    stances = find_stances(ground.t_s, filtered_n, float(ground.force_n.mean()))
    return ground, find_contacts(ground, stances, float(t_s[0]), float(t_s[-1]))
