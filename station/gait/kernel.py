"""The averaging kernel of a load-cell chip: a cardinal B-spline, or a measured mixture of shifted ones.

A sigma-delta chip's decimation filter of order p (sinc^p, Hogenauer 1981) averages the force p times over one
conversion period T. Its impulse response is the density of the sum of p uniform delays of length T: the cardinal
B-spline of order p (Schoenberg 1946; the Irwin-Hall distribution), evaluated here by truncated powers. Whatever else
a chip does (a further box, a slow tail) is in the taps: a kernel of any shape is a sum of B-splines on fine knots.
`age_s` is always the time from the force to the end of the conversion: positive = the force came before.
"""

from collections.abc import Callable, Iterator
from functools import cache
from math import comb, factorial

import numpy as np

from station.gait.results import TAPS_PER_PERIOD, Kernel

NODES_PER_BOX = 48
"""Gauss-Legendre nodes per conversion period: 0.26 ms apart at 80 samples/s, a quarter of a 1000 Hz plate's sample."""


def density(kernel: Kernel, age_s: np.ndarray) -> np.ndarray:
    """Weight per second of the force `age_s` before the end of a conversion; integrates to 1."""
    return sum(tap * _truncated_powers(kernel.order, x, kernel.order - 1) for tap, x in _shifted(kernel, age_s)) / (
        kernel.period_s
    )


def step_response(kernel: Kernel, age_s: np.ndarray) -> np.ndarray:
    """Conversion of a unit step of force that came `age_s` before its end: 0 .. 1."""
    order = kernel.order
    return sum(tap * np.where(x < order, _truncated_powers(order, x, order), 1.0) for tap, x in _shifted(kernel, age_s))


def average(kernel: Kernel, force: Callable[[np.ndarray], np.ndarray], end_s: np.ndarray) -> np.ndarray:
    """What conversions that end at `end_s` (n,) make of a force.

    `force` takes times in seconds, any shape (..., m), and returns newtons of that shape.
    """
    age_s, weight = _quadrature(kernel)
    return force(np.asarray(end_s, float)[:, None] - age_s) @ weight


def _quadrature(kernel: Kernel) -> tuple[np.ndarray, np.ndarray]:
    """Ages and weights of a quadrature that is exact for polynomials within each period."""
    node, node_weight = np.polynomial.legendre.leggauss(NODES_PER_BOX)
    boxes = kernel.order + -(-(len(kernel.taps) - 1) // TAPS_PER_PERIOD)
    x = (np.arange(boxes)[:, None] + (node + 1) / 2).ravel()
    age_s = x * kernel.period_s + kernel.delay_s
    weight = density(kernel, age_s) * np.tile(node_weight, boxes) * kernel.period_s / 2
    return age_s, weight / weight.sum()


def _shifted(kernel: Kernel, age_s: np.ndarray) -> Iterator[tuple[float, np.ndarray]]:
    """Each tap with the ages in conversion periods, counted from the youngest force that it contains."""
    x = (np.asarray(age_s, float) - kernel.delay_s) / kernel.period_s
    for j, tap in enumerate(kernel.taps):
        yield tap, x - j / TAPS_PER_PERIOD


@cache
def _coefficients(order: int, degree: int) -> tuple[float, ...]:
    return tuple((-1) ** k * comb(order, k) / factorial(degree) for k in range(order + 1))


def _truncated_powers(order: int, x: np.ndarray, degree: int) -> np.ndarray:
    """Sum over k of (-1)^k C(order, k) (x - k)_+^degree / degree!, which vanishes outside 0 .. order for a density."""
    inside = np.clip(x, 0.0, order)  # beyond, the sum only cancels: its rounding would grow
    out = np.zeros_like(inside)
    for k, coefficient in enumerate(_coefficients(order, degree)):
        out += np.where(inside > k, coefficient * (inside - k) ** degree, 0.0)
    return np.where((x > 0) & (x < order), out, 0.0)
