"""The averaging kernel of a load-cell chip: `order` box averages of one conversion period in a row.

A sigma-delta converter with a sinc^p decimation filter gives, at each conversion, the convolution of the force
with p boxes of length T: the cardinal B-spline of order p (Unser 1999, IEEE Signal Process Mag 16:22).
"""

import numpy as np
from scipy.interpolate import BSpline

from station.gait.results import Kernel


def kernel_density(lag_s: np.ndarray, kernel: Kernel) -> np.ndarray:
    """Weight per second given to the force `lag_s` before the conversion, any shape; integrates to 1.

    Zero outside [delay, delay + order * period].
    """
    x = (np.asarray(lag_s, float) - kernel.delay_s) / kernel.period_s
    if kernel.order == 1:
        return np.where((x >= 0) & (x < 1), 1.0, 0.0) / kernel.period_s
    spline = BSpline.basis_element(np.arange(kernel.order + 1.0), extrapolate=False)
    return np.nan_to_num(spline(x)) / kernel.period_s
