"""The most that each cell has carried, and a sentence for the staff where that is more than it is made for."""

import logging
from collections.abc import Mapping

import numpy as np

from station.config import Force
from station.force.capacity import capacity, carried_kg
from station.messages import CHANNELS, Calibration, SampleBatch, spoken
from station.words import N_

log = logging.getLogger(__name__)

OVER = N_(
    "the {cell} load cell carried {kg:.0f} kg, more than the {rated:.0f} kg that it is made for; see `station wiring` "
    "for the heaviest runner, and fit larger cells where heavier ones come"
)
HARMED = N_(
    "the {cell} load cell carried {kg:.0f} kg, more than the {unharmed:.0f} kg that it bears without harm; run "
    "`station doctor`, then calibrate tare and grid again"
)


class Overload:
    """Told of every batch by `add`. `greatest_kg`: of each cell since the tare, with its part of the treadmill.

    None without a calibration. The chips blur a landing: its true peak is a few percent higher (force.md section 4).
    """

    def __init__(self, force: Force, calibration: Calibration | None) -> None:
        self._force = force
        self._begin(calibration)

    def use(self, calibration: Calibration | None) -> None:
        """From now on this one; another one begins anew."""
        if calibration is not self._calibration:
            self._begin(calibration)

    def _begin(self, calibration: Calibration | None) -> None:
        self._calibration = calibration
        self.greatest_kg: list[float | None] = [None] * len(CHANNELS)
        self._logged: str | None = None

    def add(self, batch: SampleBatch) -> None:
        if self._calibration is None:
            return
        most_kg = most_carried_kg(batch.arrays(), self._calibration, self._force.treadmill_kg)
        for number, kg in enumerate(most_kg):
            before_kg = self.greatest_kg[number]
            if kg is not None and (before_kg is None or kg > before_kg):
                self.greatest_kg[number] = kg

    def look(self) -> str | None:
        """The cell that carried the most, where that was too much; logged when that is said for the first time."""
        heaviest = max(range(len(CHANNELS)), key=lambda number: self.greatest_kg[number] or 0.0)
        sentence = overload_of(heaviest, self.greatest_kg[heaviest] or 0.0, self._force)
        if sentence is not None and self._logged is None:
            log.warning("%s", sentence)
            self._logged = sentence
        return sentence


def most_carried_kg(
    columns: Mapping[str, np.ndarray], calibration: Calibration, treadmill_kg: float
) -> list[float | None]:
    """The most that each cell carried in these columns of SampleBatch; None where it says nothing."""
    most: list[float | None] = []
    for number, cell in enumerate(calibration.cells):
        raw = columns["raw"][columns["channel"] == number]
        force_n = (raw - cell.offset_counts) * cell.newton_per_count
        most.append(carried_kg(float(force_n.max()), treadmill_kg) if len(raw) else None)
    return most


def overload_of(channel: int, kg: float, force: Force) -> str | None:
    """What to tell the staff where one cell carried `kg`; None where it bears that."""
    told, cell = capacity(force), spoken(CHANNELS[channel])
    if kg > told.unharmed_kg:
        return HARMED.format(cell=cell, kg=kg, unharmed=told.unharmed_kg)
    return OVER.format(cell=cell, kg=kg, rated=told.rated_kg) if kg > told.rated_kg else None
