"""What a stride was like, from its two steps: cadence, contact and flight time, peak force, one value a stride each."""

from collections.abc import Sequence

import numpy as np

from station.gait.results import Series, Step

_LONGEST_STRIDE_S = 1.3
"""Between a step and the next but one: a longer gap means that steps in between were not seen."""


def stride_values(steps: Sequence[Step]) -> dict[str, Series]:
    """Series by "cadence_spm", "contact_time_ms", "flight_time_ms" and "peak_force_bw", of judged steps alone."""
    judged = [step for step in steps if step.judged]
    pairs = [
        (judged[k], judged[k + 1], judged[k + 2].contact_s - judged[k].contact_s)
        for k in range(0, len(judged) - 2, 2)
        if judged[k + 2].contact_s - judged[k].contact_s <= _LONGEST_STRIDE_S
    ]
    t_s = np.array([first.contact_s for first, _, _ in pairs])
    values = {
        "cadence_spm": [120 / stride_s for _, _, stride_s in pairs],
        "contact_time_ms": [(a.contact_time_ms + b.contact_time_ms) / 2 for a, b, _ in pairs],
        "flight_time_ms": [_mean(a.flight_time_ms, b.flight_time_ms) for a, b, _ in pairs],
        "peak_force_bw": [(a.peak_force_bw + b.peak_force_bw) / 2 for a, b, _ in pairs],
    }
    return {key: _finite(t_s, np.array(of_strides, float)) for key, of_strides in values.items()}


def _mean(a: float | None, b: float | None) -> float:
    return np.nan if a is None or b is None else (a + b) / 2


def _finite(t_s: np.ndarray, values: np.ndarray) -> Series:
    known = np.isfinite(values)
    return Series(t_s[known], values[known])
