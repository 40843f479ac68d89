"""How the body rises and falls: the ground force integrated twice, so that force and picture obey one physics."""

import numpy as np
from scipy.interpolate import CubicSpline

from station.gravity import GRAVITY_M_S2
from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.ground_force import GroundForce
from station.sim.runner.stride_timing import StrideLoop

_STEP_S = 0.001


def vertical_path(spec: GaitSpec, loop: StrideLoop) -> CubicSpline:
    """Height in metres of the centre of mass about its mean, over any time (the loop repeats).

    Integrated in the frequency domain, from the stride's frequency upwards, so that it closes over the loop.
    """
    count = round(loop.length_s / _STEP_S)
    t_s = np.arange(count) * loop.length_s / count
    force = GroundForce(spec, loop.contacts, None, loop.length_s)
    total_n = sum(force.moments(t_s + k * loop.length_s)[0] for k in (0, 1))
    acceleration = np.fft.rfft(total_n / spec.mass_kg - GRAVITY_M_S2)
    angular = 2 * np.pi * np.fft.rfftfreq(count, loop.length_s / count)
    path = np.zeros_like(acceleration)
    strides = len(loop.of("right"))
    path[strides:] = -acceleration[strides:] / angular[strides:] ** 2
    height = np.fft.irfft(path, count)
    return CubicSpline(np.append(t_s, loop.length_s), np.append(height, height[0]), bc_type="periodic")
