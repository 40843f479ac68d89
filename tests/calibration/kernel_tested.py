"""The kernels of a bench's chips, as the kernel test gives them."""

import random

import numpy as np

from station.calibration.kernel import REPEATS, KernelFit, fit_kernel
from station.calibration.kernel_recording import record_switching
from station.force.front_end import LoadCellFrontEnd


def kernel_test(
    front_end: LoadCellFrontEnd, newton_per_count: np.ndarray, seed: int = 1, repeats: int = REPEATS
) -> list[KernelFit]:
    """Switch the known step `repeats` times on and off; the fit of each chip, in the order of CHANNELS."""
    test = record_switching(front_end, random.Random(seed), repeats)
    return [fit_kernel(test, channel, abs(gain)) for channel, gain in enumerate(newton_per_count)]
