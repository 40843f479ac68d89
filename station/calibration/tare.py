"""Tare: what the chips say while nothing is on the deck, with the belt at rest and with the belt running."""

from datetime import datetime

import numpy as np

from station.calibration.machine import CellMachine, StepRefusedError
from station.calibration.parts import TarePart, origin
from station.calibration.static_reading import MAX_SHAKE_COUNTS, USUAL_TIME, ReadingTime, StaticReading, read_static
from station.config import Cell
from station.force.front_end import LoadCellFrontEnd
from station.messages import CHANNELS, CalibrationPrompt, spoken
from station.words import N_

AT_REST = CalibrationPrompt(
    action="unload", text=N_("Stop the belt. Take everything off the deck, step back and do not touch it.")
)
RUNNING = CalibrationPrompt(
    action="unload", text=N_("Leave the deck empty and start the belt at a usual running speed; stand beside it.")
)
BELT_SHAKE_COUNTS = 10 * MAX_SHAKE_COUNTS
"""Vibration of a running belt is no fault; somebody walking on it is."""
MAX_BELT_SHIFT_COUNTS = 100_000
"""About 50 N on a 200 kg, 2 mV/V cell: the belt does not push the deck, a person does."""


class TareMachine(CellMachine[StaticReading]):
    """Belt at rest, then (with `belt`) running; only the first makes the offsets."""

    kind = "tare"

    def __init__(
        self, front_end: LoadCellFrontEnd, cells: dict[str, Cell], time: ReadingTime = USUAL_TIME, belt: bool = True
    ) -> None:
        super().__init__(front_end, cells, [AT_REST, RUNNING] if belt else [AT_REST], time.total_s)
        self._time = time

    def _read(self, prompt: CalibrationPrompt) -> StaticReading:
        if prompt is AT_REST:
            return read_static(self._front_end, self._time, N_("tare"))
        running = read_static(self._front_end, self._time, N_("tare with the belt running"), BELT_SHAKE_COUNTS)
        shift = running.counts - self._readings[0].counts
        worst = int(np.abs(shift).argmax())
        if abs(shift[worst]) > MAX_BELT_SHIFT_COUNTS:
            raise StepRefusedError(
                N_(
                    "tare with the belt running, {cell} load cell: its mean is {shift:.0f} counts off "
                    "that at rest; nobody and nothing may be on the deck, try again"
                ).format(cell=spoken(CHANNELS[worst]), shift=shift[worst])
            )
        return running

    def result(self, created: datetime) -> TarePart:
        """Residuals in counts: newtons per count may not be known yet."""
        rest, running = self._readings[0], self._readings.get(1)
        residuals = {"noise_counts": float(rest.sd_counts.max())}
        shift = vibration = None
        if running is not None:
            shift = running.counts - rest.counts
            vibration = np.sqrt(np.maximum(running.sd_counts**2 - rest.sd_counts**2, 0.0))
            residuals |= {
                "belt_shift_counts": float(np.abs(shift).max()),
                "belt_vibration_counts": float(vibration.max()),
            }
        return TarePart(
            **origin(self.kind, created, self._front_end, self._cells),
            offset_counts=rest.counts.tolist(),
            noise_counts=rest.sd_counts.tolist(),
            belt_shift_counts=None if shift is None else shift.tolist(),
            belt_vibration_counts=None if vibration is None else vibration.tolist(),
            residuals=residuals,
        )
