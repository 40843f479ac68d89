"""Which steps behind a verdict are shown: the most telling ones, spread over the run."""

from typing import Literal

import numpy as np

MOST_STEPS = 3
LEAST_APART = 2
"""Values, of steps or strides, from one that is shown to the next: neighbours tell the same."""
WORST_FROM = 0.7
RANKS: dict[str, float] = {
    "contact_time_ms": 0.92, "peak_force_bw": 0.99, "impulse_bw_s": 1.00, "loading_rate_bw_s": 0.82,
    "step_time_pct": 0.93, "contact_time_pct": 0.92, "flight_time_pct": 0.93, "peak_force_pct": 0.99,
    "impulse_pct": 1.00, "loading_rate_pct": 0.87,
}  # fmt: skip
"""Rank correlation (Spearman) of a single step's or stride's value with its truth. Force: the least of nine real
force-plate trials, pressed on chips of 80 samples a second (`tests.benchmarks.worst_steps --real 3`; on the mean 0.95
or more, on simulated runners 0.99). What is not here was not measured, or fell short: the neck, 0.59
(`tests.benchmarks.worst_strides`, good_man and head_forward). The elbow's 1.00 there does not count: its turns were put
in behind the pose network, which may not follow single ones."""

StepWord = Literal["worst", "example"]


def word_of(variable: str) -> StepWord:
    """What a step may be called that was chosen by this variable."""
    return "worst" if RANKS.get(variable, 0.0) >= WORST_FROM else "example"


def telling(t_s: np.ndarray, badness: np.ndarray, most: int = MOST_STEPS) -> list[int]:
    """Indexes of up to `most` of the values (n,) at rising `t_s` (n,), the worst first; NaN is never chosen.

    Each is the worst that lies far enough from those before it: a sixth of the run where three are shown, and never a
    neighbour.
    """
    least_s = np.ptp(t_s) / (2 * most) if len(t_s) else 0.0
    chosen: list[int] = []
    for k in np.argsort(-np.asarray(badness, float), kind="stable"):
        if len(chosen) == most or not np.isfinite(badness[k]):
            break
        if all(abs(k - other) >= LEAST_APART and abs(t_s[k] - t_s[other]) >= least_s for other in chosen):
            chosen.append(int(k))
    return chosen
