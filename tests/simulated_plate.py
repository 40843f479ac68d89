"""A force-plate recording of a simulated gait, with its true events."""

from dataclasses import dataclass

import numpy as np

from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.ground_force import GroundForce
from station.sim.runner.stride_timing import Contact, contacts_between


@dataclass(frozen=True)
class SimulatedForce:
    """A force-plate recording of a simulated gait with its true events (every contact that overlaps it)."""

    t_s: np.ndarray  # (n,)
    fz_n: np.ndarray  # (n,)
    cop_x_m: np.ndarray  # (n,), NaN without load
    cop_y_m: np.ndarray  # (n,), NaN without load
    contacts: tuple[Contact, ...]
    body_weight_n: float


def simulate_ground_force(spec: GaitSpec, duration_s: float, seed: int, rate_hz: float = 1000.0) -> SimulatedForce:
    """An unbroken run (or walk) recorded from its middle, at one uniform rate."""
    contacts = contacts_between(spec, 0.0, duration_s, seed)
    t_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    force, along, across, _ = GroundForce(spec, contacts, seed).moments(t_s)
    pressed = np.where(force > 0, force, np.nan)
    inside = tuple(c for c in contacts if c.toe_off_s > 0 and c.contact_s < duration_s)
    return SimulatedForce(t_s, force, along / pressed, across / pressed, inside, spec.body_weight_n)
