"""The kernel test as a step machine: one step, on the unloaded deck."""

import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import numpy as np

from station.calibration.kernel import REPEATS, KernelFit, contradiction, fit_kernel
from station.calibration.kernel_recording import Switching, record_switching, switching_s
from station.calibration.machine import CellMachine, StepRefusedError
from station.calibration.parts import KernelPart, origin
from station.calibration.static_reading import USUAL_TIME, ReadingTime, read_static
from station.config import Cell
from station.errors import CalibrationError, DeviceError
from station.force.front_end import LoadCellFrontEnd
from station.messages import CalibrationPrompt, ChipKernel
from station.words import N_

EMPTY = CalibrationPrompt(
    action="unload",
    text=N_(
        "Stop the belt, take everything off the deck and do not touch it; the switch of the test clicks by itself."
    ),
)


class KernelMachine(CellMachine[Switching]):
    """Switches the known step and fits each chip.

    `newton_per_count` (4,) only puts the residuals into newtons. `before`: the kernels in use until now, in the order
    of CHANNELS, empty where there are none; the part's notes name the chips that no longer do as they say.
    """

    kind = "kernel"

    def __init__(
        self,
        front_end: LoadCellFrontEnd,
        cells: dict[str, Cell],
        newton_per_count: np.ndarray,
        time: ReadingTime = USUAL_TIME,
        seed: int = 1,
        before: Sequence[ChipKernel] = (),
    ) -> None:
        super().__init__(front_end, cells, [EMPTY], time.total_s + switching_s(front_end.nominal_rate_sps, REPEATS))
        self._time = time
        self._newton_per_count = newton_per_count
        self._seed = seed
        self._before = before
        self._fits: list[KernelFit] = []

    def _read(self, prompt: CalibrationPrompt) -> Switching:
        read_static(self._front_end, self._time, N_("kernel test"))  # the last mass is gone and the deck at rest
        try:
            return record_switching(self._front_end, random.Random(self._seed), REPEATS)
        finally:
            with suppress(DeviceError):
                self._front_end.shunt(False)

    def _review(self) -> None:
        try:
            self._fits = [
                fit_kernel(self._readings[0], channel, abs(gain)) for channel, gain in enumerate(self._newton_per_count)
            ]
        except CalibrationError as e:
            del self._readings[0]
            raise StepRefusedError(str(e)) from None

    def result(self, created: datetime) -> KernelPart:
        fits = self._fits
        compared = [contradiction(self._readings[0], channel, kernel) for channel, kernel in enumerate(self._before)]
        return KernelPart(
            **origin(self.kind, created, self._front_end, self._cells),
            kernels=[fit.kernel for fit in fits],
            residuals={
                "rms_n": max(fit.kernel.residual_n for fit in fits),
                "noise_n": max(fit.noise_n for fit in fits),
                "sinc_rms_n": max(fit.family_residual_n for fit in fits),
            },
            notes=[note for note in compared if note],
        )
