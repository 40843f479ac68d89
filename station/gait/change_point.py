"""Whether a series changed its level once, and when: one step against no change and against a straight line.

Least squares, compared by the Bayesian information criterion (Schwarz 1978, Ann Stat 6:461). A slow drift also fits a
step better than a constant, so a step is named only where it explains more than a line, too.
"""

import numpy as np

LEAST_GAIN = 10.0
"""Difference of the criterion from which a step is named: very strong evidence (Kass & Raftery 1995, JASA 90:773)."""
LEAST_SEGMENT_S = 90.0


def change_point(t_s: np.ndarray, value: np.ndarray) -> float | None:
    """Instant at which the level of (n,) values at rising, not quite even (n,) `t_s` changed; None where it did not."""
    starts = [k for k in range(1, len(t_s)) if _long_enough(t_s, k)]
    if not starts:
        return None
    squares = [float(np.sum((value[:k] - value[:k].mean()) ** 2) + np.sum((value[k:] - value[k:].mean()) ** 2))
               for k in starts]  # fmt: skip
    best = int(np.argmin(squares))
    line = np.polyval(np.polyfit(t_s - t_s[0], value, 1), t_s - t_s[0])
    n = len(value)
    step = _criterion(squares[best], n, 3)
    smooth = min(_criterion(float(np.sum((value - value.mean()) ** 2)), n, 1),
                 _criterion(float(np.sum((value - line) ** 2)), n, 2))  # fmt: skip
    if smooth - step <= LEAST_GAIN:
        return None
    return float((t_s[starts[best] - 1] + t_s[starts[best]]) / 2)


def _long_enough(t_s: np.ndarray, k: int) -> bool:
    """Both segments, from the middle of a bin to the step between bins."""
    spacing_s = float(np.median(np.diff(t_s)))
    return min(t_s[k - 1] - t_s[0], t_s[-1] - t_s[k]) + spacing_s >= LEAST_SEGMENT_S


def _criterion(squares: float, n: int, parameters: int) -> float:
    """Bayesian information criterion of a fit with normal errors of unknown size."""
    return n * np.log(max(squares, 1e-12) / n) + parameters * np.log(n)
