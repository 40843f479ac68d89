"""Time -> phase of the stride, so that all slow movements of the body follow the (varying) contacts."""

import numpy as np
from scipy.interpolate import PchipInterpolator

from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.stride_timing import StrideLoop


class BodyPhase:
    """Smooth monotone map: 0 at each right contact of the loop, its fixed share at each left contact."""

    def __init__(self, spec: GaitSpec, loop: StrideLoop) -> None:
        right, left = ([c.contact_s for c in loop.of(side)] for side in ("right", "left"))
        self.left_contact = 0.5 * (1 + spec.step_time_asymmetry_pct / 200)
        strides = len(right)
        times = np.concatenate([right, left])
        phases = np.concatenate([np.arange(strides), np.arange(strides) + self.left_contact])
        times = np.concatenate([times + k * loop.length_s for k in (-1, 0, 1)])
        phases = np.concatenate([phases + k * strides for k in (-1, 0, 1)])
        order = np.argsort(times)
        self._phase = PchipInterpolator(times[order], phases[order])
        self._length_s = loop.length_s

    def __call__(self, t_s: float) -> float:
        """Phase in [0, 1) of the right foot's stride."""
        return float(self._phase(t_s % self._length_s)) % 1.0
