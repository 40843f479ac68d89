"""The tap test as a step machine: blows on the deck at several places, with nobody on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from station.calibration.deck import DeckFit, fit_deck
from station.calibration.deck_taps import Blows, CellRecord, cell_records, find_blows
from station.calibration.machine import CellMachine, StepRefusedError, described
from station.calibration.parts import DeckPart, origin
from station.calibration.static_reading import ReadingTime
from station.config import Cell
from station.errors import CalibrationError
from station.force.front_end import LoadCellFrontEnd
from station.messages import CHANNELS, Calibration, CalibrationPrompt
from station.words import N_

TAPPING_TIME = ReadingTime(settle_s=1.0, mean_s=8.0)
MIN_BLOWS_A_PLACE = 3
PLACES = ((0.0, 0.0), (0.5, 0.0), (-0.5, 0.0), (0.0, 0.5))
"""Shares of the way from the cells' middle to their edge: different places wake what swings differently."""


@dataclass(frozen=True)
class Tapped:
    """The blows at one place."""

    cells: list[CellRecord]
    blows: Blows


class DeckMachine(CellMachine[Tapped]):
    """Taps at each of PLACES. `calibration` gives gains and kernels; raises CalibrationError without kernels."""

    kind = "deck"

    def __init__(
        self,
        front_end: LoadCellFrontEnd,
        cells: dict[str, Cell],
        calibration: Calibration,
        time: ReadingTime = TAPPING_TIME,
    ) -> None:
        kernels = [cell.kernel for cell in calibration.cells if cell.kernel is not None]
        if len(kernels) < len(CHANNELS):
            raise CalibrationError(
                N_("tap test: what the chips average over is not known; run `station calibrate kernel`")
            )
        self._kernels = kernels
        self._newton_per_count = np.array([cell.newton_per_count for cell in calibration.cells])
        self._time = time
        self._fit: DeckFit | None = None
        super().__init__(front_end, cells, [_tap(*place, time.mean_s) for place in _places_m(cells)], time.total_s)

    def _read(self, prompt: CalibrationPrompt) -> Tapped:
        self._front_end.read(self._time.settle_s)
        columns = self._front_end.read(self._time.mean_s).arrays()
        try:
            cells = cell_records(columns, self._newton_per_count, self._kernels)
            blows = find_blows(cells)
        except CalibrationError as e:
            raise StepRefusedError(str(e)) from None
        if blows.count < MIN_BLOWS_A_PLACE:
            raise StepRefusedError(
                N_(
                    "tap test: {count} clear taps were found here, at least {min_blows_a_place} are "
                    "needed; strike the deck harder, a second or two apart"
                ).format(count=blows.count, min_blows_a_place=MIN_BLOWS_A_PLACE)
            )
        return Tapped(cells, blows)

    def _review(self) -> None:
        if self.done:
            tapped = list(self._readings.values())
            self._fit = fit_deck(tapped[0].cells, Blows.joined([t.blows for t in tapped]))

    def result(self, created: datetime) -> DeckPart:
        if self._fit is None:
            raise CalibrationError(N_("tap test: it has not been carried through"))
        return DeckPart(
            **origin(self.kind, created, self._front_end, self._cells),
            deck=self._fit.deck,
            residuals={"misfit": self._fit.misfit, "taps": float(self._fit.blows)},
        )


def _places_m(cells: dict[str, Cell]) -> Sequence[tuple[float, float]]:
    x_m, y_m = ([getattr(cell, axis) for cell in cells.values()] for axis in ("x_m", "y_m"))

    def between(values: list[float], share: float) -> float:
        return round((max(values) + min(values)) / 2 + share * (max(values) - min(values)) / 2, 3)

    return [(between(x_m, along), between(y_m, across)) for along, across in PLACES]


def _tap(x_m: float, y_m: float, seconds: float) -> CalibrationPrompt:
    text = N_(
        "With the belt off and nobody on the deck, strike it {place} with a rubber hammer or the "
        "heel of your hand, once every second or two, for {seconds:g} s. Begin as soon as the "
        "measuring begins."
    ).format(place=described(x_m, y_m), seconds=seconds)
    return CalibrationPrompt(action="tap", text=text, x_m=x_m, y_m=y_m)
