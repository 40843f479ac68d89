"""What a chip's conversions are while a known step is switched on and off: the share of each that it was on."""

import numpy as np

from station.gait.kernel import step_response
from station.gait.results import TAPS_PER_PERIOD, Kernel


def on_share(kernel: Kernel, end_s: np.ndarray, toggles_s: np.ndarray) -> np.ndarray:
    """Share (0..1) of the conversions ended at `end_s` (any shape) for which the switch was on.

    `toggles_s` (k,) increasing: on, off, on ... The kernel has a single tap.
    """
    young_s = kernel.delay_s + kernel.order * kernel.period_s
    settled = np.searchsorted(toggles_s, end_s - young_s)  # toggles that are wholly inside a conversion
    recent = np.searchsorted(toggles_s, end_s - kernel.delay_s)
    share = (settled % 2).astype(float)
    for back in range(int((recent - settled).max(initial=0))):
        which = settled + back
        young = which < recent
        age_s = end_s[young] - toggles_s[which[young]]
        share[young] += np.where(which[young] % 2 == 0, 1.0, -1.0) * step_response(kernel, age_s)
    return share


def mixed_share(kernel: Kernel, end_s: np.ndarray, toggles_s: np.ndarray) -> np.ndarray:
    """The same for conversions (n,) of a kernel of many taps."""
    first = Kernel(kernel.order, kernel.period_s, kernel.delay_s)
    older_s = np.arange(len(kernel.taps)) * kernel.period_s / TAPS_PER_PERIOD
    return on_share(first, end_s[:, None] - older_s, toggles_s) @ np.array(kernel.taps)
