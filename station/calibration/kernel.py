"""Kernel test: what a chip averages over, from a known electrical step switched on and off at random times.

The host switches a shunt resistor across one arm of each cell's bridge and stamps the instants. The conversions
around them sample the chip's step response: the order, the period and the delay that fit it best are its kernel.
With a step of 100 N one order off leaves about ten times the noise (force.md section 4.4). A chip that does more than
the family can say is described by a mixture of shifted members, as far as its own noise lets that be known.
"""

from dataclasses import dataclass

import numpy as np

from station.calibration.kernel_family import FamilyFit, fit_family, fit_step, rms
from station.calibration.kernel_recording import ChipSwitching, Switching, chip_switching
from station.calibration.kernel_shares import mixed_share
from station.calibration.kernel_taps import fit_taps
from station.errors import CalibrationError
from station.gait.results import Kernel
from station.messages import ChipKernel
from station.words import N_

REPEATS = 20
"""40 toggles in about 8 s: the step response to 0.02 % of the step (tests/benchmarks/kernel_and_deck.py)."""
MIN_ADVANTAGE = 1.5
"""The next best order must fit worse by this factor, else the test cannot tell."""
MIN_STEP_TO_RESIDUAL = 20.0
ABOVE_NOISE = 1.25
"""Residual of the family against the chip's noise, beyond which the chip is looked at more closely: both are known to
about a tenth."""
WORTH_IT = 0.95
"""Taps are taken where they predict toggles they have not seen better than the family fits all of them."""
MAX_UNEXPLAINED = 0.004
"""Of the step, rms, beside the noise: a quarter of what one order off leaves (6-7 % of loading rate, force.md 4.3)."""
MAX_CONTRADICTION = 0.006
"""Of the step, rms, beside the noise, in the conversions around the toggles: half of what one order off leaves."""


@dataclass(frozen=True)
class KernelFit:
    """The kernel of one chip, and how far the chip is from the sinc family."""

    kernel: ChipKernel
    family_order: int
    family_residual_n: float  # what the best member of the family leaves; `kernel.residual_n` is what is left now
    noise_n: float  # the chip's own, at rest


def fit_kernel(test: Switching, channel: int, newton_per_count: float) -> KernelFit:
    """The kernel of one chip. Raises CalibrationError where it cannot be told."""
    chip = chip_switching(test, channel)
    family = fit_family(chip)
    best = family[0]
    if abs(best.step_counts) < MIN_STEP_TO_RESIDUAL * best.rms_counts:
        raise CalibrationError(
            N_("{place}: no clear step was seen ({step_counts:.0f} counts); check the shunt switch").format(
                place=chip.place, step_counts=best.step_counts
            )
        )
    kernel, rms_counts = _explained(chip, family)
    return KernelFit(
        kernel=ChipKernel(
            order=kernel.order,
            period_s=float(kernel.period_s),
            delay_s=kernel.delay_s,
            taps=list(kernel.taps),
            residual_n=float(rms_counts * newton_per_count),
        ),
        family_order=best.kernel.order,
        family_residual_n=float(best.rms_counts * newton_per_count),
        noise_n=float(chip.noise_counts * newton_per_count),
    )


def contradiction(test: Switching, channel: int, kernel: ChipKernel) -> str | None:
    """What to know where `kernel`, of an earlier test, is not what the chip does in this one; None where it is."""
    chip = chip_switching(test, channel)
    known = Kernel(kernel.order, chip.period_s, kernel.delay_s, tuple(kernel.taps))
    share = mixed_share(known, chip.end_s, chip.toggles_s)
    residuals, step_counts = fit_step(chip, share)
    unexplained = _beside_noise(residuals[chip.disturbed], chip.noise_counts) / max(abs(step_counts), 1e-9)
    if unexplained <= MAX_CONTRADICTION:
        return None
    return N_(
        "{place}: the chip averages differently than in the kernel test before ({unexplained:.1f} % "
        "of the step is not as that told); check that nobody changed the chip, and tap the deck "
        "again (station calibrate deck)"
    ).format(place=chip.place, unexplained=100 * unexplained)


def _explained(chip: ChipSwitching, family: list[FamilyFit]) -> tuple[Kernel, float]:
    """The kernel that explains the test, and the rms (counts) it leaves: a member of the family where that does."""
    best, second = family[:2]
    kernel, residuals = best.kernel, best.residuals
    if best.rms_counts > ABOVE_NOISE * chip.noise_counts:
        mixture = fit_taps(chip, family)
        if mixture.predicted_rms_counts < WORTH_IT * best.rms_counts:
            kernel, residuals = mixture.kernel, mixture.residuals
    unexplained = _beside_noise(residuals, chip.noise_counts) / abs(best.step_counts)
    if unexplained > MAX_UNEXPLAINED:
        raise CalibrationError(
            N_(
                "{place}: {unexplained:.1f} % of the step is in no kernel that was tried; keep the deck "
                "still, close other programs and repeat"
            ).format(place=chip.place, unexplained=100 * unexplained)
        )
    if kernel is best.kernel and second.rms_counts < MIN_ADVANTAGE * best.rms_counts:
        raise CalibrationError(
            N_("{place}: the order of its filter cannot be told; keep the deck still and repeat").format(
                place=chip.place
            )
        )
    return kernel, rms(residuals)


def _beside_noise(residuals: np.ndarray, noise: float) -> float:
    return float(np.sqrt(max(np.mean(residuals**2) - noise**2, 0.0)))
