"""Kernel test: what a chip averages over, from a known electrical step switched on and off at random times.

The host switches a shunt resistor across one arm of each cell's bridge and stamps the instants. The conversions
around them sample the chip's step response: the order, the period and the delay that fit it best are its kernel.
With a step of 100 N one order off leaves about ten times the noise (force.md section 4.4).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from station.clock import Clock
from station.errors import CalibrationError
from station.force.front_end import LoadCellFrontEnd
from station.gait.chip_clock import fit_chip_clock
from station.gait.kernel import step_response
from station.gait.results import Kernel
from station.messages import CHANNELS, FLAG_FIRST_AFTER_RESET, ChipKernel, SampleBatch

ORDERS = range(1, 7)
DELAY_PERIODS = (-1.0, 3.0)
"""Range of the delay that is searched, in conversion periods."""
HOLD_PERIODS = (5.0, 11.0)
"""The switch rests between these many periods of the slowest chip; random, so that all phases are met."""
SLOWEST_SHARE = 0.85
MIN_ADVANTAGE = 1.5
"""The next best order must fit worse by this factor, else the test cannot tell."""
MIN_STEP_TO_NOISE = 50.0


@dataclass(frozen=True)
class Switching:
    """Conversions during the test, and the instants of the switch: on, off, on ..."""

    samples: dict[str, np.ndarray]  # columns of SampleBatch
    toggles_ns: np.ndarray


def kernel_test(
    front_end: LoadCellFrontEnd,
    clock: Clock,
    switch: Callable[[bool], None],
    newton_per_count: np.ndarray,
    seed: int = 1,
    repeats: int = 20,
) -> list[ChipKernel]:
    """Switch the known step `repeats` times on and off; the kernel of each chip, in the order of CHANNELS.

    `switch` sets the shunt; `newton_per_count` (4,) only puts the residual into newtons. Raises CalibrationError
    where a chip did not answer, saw no step, or fits no kernel better than the others.
    """
    test = record_switching(front_end, clock, switch, random.Random(seed), repeats)
    return [fit_kernel(test, c, abs(gain)) for c, gain in enumerate(newton_per_count)]


def record_switching(
    front_end: LoadCellFrontEnd, clock: Clock, switch: Callable[[bool], None], rng: random.Random, repeats: int
) -> Switching:
    """Toggle the switch at random times while reading."""
    period_s = 1 / (SLOWEST_SHARE * front_end.nominal_rate_sps)
    front_end.read(HOLD_PERIODS[1] * period_s)  # settle
    batches = [front_end.read(HOLD_PERIODS[1] * period_s)]
    toggles_ns = []
    for k in range(2 * repeats):
        before_ns = clock.now_ns()
        switch(k % 2 == 0)
        toggles_ns.append((before_ns + clock.now_ns()) // 2)
        batches.append(front_end.read(rng.uniform(*HOLD_PERIODS) * period_s))
    columns = [b.arrays() for b in batches]
    samples = {name: np.concatenate([c[name] for c in columns]) for name in SampleBatch.DTYPES}
    return Switching(samples, np.array(toggles_ns))


def fit_kernel(test: Switching, channel: int, newton_per_count: float) -> ChipKernel:
    """The kernel of one chip. Raises CalibrationError where it cannot be told."""
    place = f"kernel test, {CHANNELS[channel].replace('_', ' ')} load cell"
    end_s, period_s, counts, toggles_s = _longest_stretch(test, channel, place)
    fits = sorted(_fit_order(order, end_s, period_s, counts, toggles_s) for order in ORDERS)
    (rms, order, delay_s, step), (next_rms, *_) = fits[:2]
    if abs(step) < MIN_STEP_TO_NOISE * rms:
        raise CalibrationError(f"{place}: no clear step was seen ({step:.0f} counts); check the shunt switch")
    if next_rms < MIN_ADVANTAGE * rms:
        raise CalibrationError(f"{place}: the order of its filter cannot be told; keep the deck still and repeat")
    residual_n = float(rms * newton_per_count)
    return ChipKernel(order=order, period_s=float(period_s), delay_s=float(delay_s), residual_n=residual_n)


def _longest_stretch(test: Switching, channel: int, place: str) -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """Ends of conversion (s), period (s), counts and toggles (s) of the longest stretch without a power cycle."""
    own = test.samples["channel"] == channel
    columns = {name: values[own] for name, values in test.samples.items()}
    resets = np.flatnonzero(columns["flags"] & FLAG_FIRST_AFTER_RESET)
    stretches = np.split(np.arange(len(columns["raw"])), resets)
    longest = max(stretches, key=len)
    epoch_ns = int(test.toggles_ns[0])
    try:
        clock = fit_chip_clock(columns["t_high_ns"][longest], columns["t_low_ns"][longest], epoch_ns)
    except ValueError as e:
        raise CalibrationError(f"{place}: {e}; check its wires and repeat") from None
    if not clock.steady:
        raise CalibrationError(f"{place}: its conversions came irregularly; close other programs and repeat")
    return clock.t_s, clock.period_s, columns["raw"][longest].astype(float), (test.toggles_ns - epoch_ns) * 1e-9


def _fit_order(
    order: int, end_s: np.ndarray, period_s: float, counts: np.ndarray, toggles_s: np.ndarray
) -> tuple[float, int, float, float]:
    """Best delay for one order: (rms counts, order, delay_s, step counts)."""

    def residual(delay_s: float) -> tuple[float, float]:
        on = _on_share(Kernel(order, period_s, delay_s), end_s, toggles_s)
        on, level = on - on.mean(), counts - counts.mean()
        step = float(on @ level / max(on @ on, 1e-12))
        return float(np.sqrt(np.mean((level - step * on) ** 2))), step

    bounds = (DELAY_PERIODS[0] * period_s, DELAY_PERIODS[1] * period_s)
    best = minimize_scalar(lambda d: residual(d)[0], bounds=bounds, method="bounded", options={"xatol": 1e-7})
    rms, step = residual(best.x)
    return rms, order, float(best.x), step


def _on_share(kernel: Kernel, end_s: np.ndarray, toggles_s: np.ndarray) -> np.ndarray:
    """Share (0..1) of each conversion for which the switch was on."""
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
