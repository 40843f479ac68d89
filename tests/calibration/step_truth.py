"""A measured kernel against the simulated chip's own."""

import numpy as np

from station.gait.kernel import step_response
from station.gait.results import Kernel
from station.messages import ChipKernel
from station.sim.chip_filter import STEPS_PER_CONVERSION, filter_weights
from station.sim.hx711_chip import ChipSpec
from station.sim.shunt import RISE_S

COMPARED_S = 0.2


def step_error(spec: ChipSpec, kernel: ChipKernel) -> float:
    """Rms difference (share of the step) between the measured step response and the simulated chip's own."""
    weights = filter_weights(spec.order, 1 / spec.rate_sps, spec.extra_box_periods, spec.sag, spec.sag_tau_s)[::-1]
    age_s = np.arange(0, COMPARED_S, 1 / spec.rate_sps / STEPS_PER_CONVERSION)
    true = np.interp(age_s * spec.rate_sps * STEPS_PER_CONVERSION, np.arange(len(weights)) + 0.5, np.cumsum(weights))
    measured = step_response(Kernel(kernel.order, kernel.period_s, kernel.delay_s, tuple(kernel.taps)), age_s)
    return float(np.sqrt(np.mean((np.interp(age_s - RISE_S / 2, age_s, true) - measured) ** 2)))
