"""The load grid step by step: the unloaded deck, then each plate at each place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from station.calibration.grid import GridFit, fit_grid
from station.calibration.grid_faults import MIN_POINTS, WrongPointsError
from station.calibration.grid_fit import GridPoint
from station.calibration.machine import CellMachine, StepRefusedError, described
from station.calibration.parts import GridPart, PointReading, WeighedPlate, origin
from station.calibration.plates import Plate
from station.calibration.static_reading import USUAL_TIME, ReadingTime, StaticReading, read_static
from station.config import Cell
from station.errors import CalibrationError
from station.force.front_end import LoadCellFrontEnd
from station.messages import CalibrationPrompt
from station.words import N_

UNLOADED = CalibrationPrompt(action="unload", text=N_("Stop the belt and take everything off the deck."))
MIN_FELT_COUNTS = 2_000
"""Of all cells together: about 1 N on cells of 200 kg and 2 mV/V; less is no plate."""
MAX_MASS_KG = 250.0


class GridMachine(CellMachine[StaticReading]):
    """Each of `plates` at each of `places` (x, y) in metres; looked at as a whole whenever a plate has been everywhere.

    A point that contradicts the others is asked for again.
    """

    kind = "grid"

    def __init__(
        self,
        front_end: LoadCellFrontEnd,
        cells: dict[str, Cell],
        plates: Sequence[Plate],
        places: Sequence[tuple[float, float]],
        time: ReadingTime = USUAL_TIME,
    ) -> None:
        for plate in plates:
            if not 0 < plate.label_kg < MAX_MASS_KG:
                raise CalibrationError(
                    N_("load grid: a mass of {name}; give the mass in kilograms").format(name=plate.name)
                )
        self._plates = list(plates)
        self._spots = [(number, *place) for number in range(len(self._plates)) for place in places]
        self._time = time
        self._fit: GridFit | None = None
        super().__init__(front_end, cells, [UNLOADED, *(self._put(*spot) for spot in self._spots)], time.total_s)

    def _put(self, number: int, x_m: float, y_m: float) -> CalibrationPrompt:
        plate = self._plates[number]
        same = [k for k, p in enumerate(self._plates) if p.label_kg == plate.label_kg]
        place = described(x_m, y_m)
        text = N_("Put the {name} plate here: {place}.").format(name=plate.name, place=place)
        if len(same) > 1:
            index = same.index(number) + 1
            text = N_("Put {name} plate number {index} here: {place}.").format(
                name=plate.name, index=index, place=place
            )
        return CalibrationPrompt(action="place", text=text, mass_kg=plate.label_kg, x_m=x_m, y_m=y_m)

    def _read(self, prompt: CalibrationPrompt) -> StaticReading:
        if prompt is UNLOADED:
            return read_static(self._front_end, self._time, N_("load grid, unloaded"))
        reading = read_static(self._front_end, self._time, _at(prompt))
        tared = reading.counts - self._readings[0].counts
        if np.abs(tared).sum() < MIN_FELT_COUNTS:
            raise StepRefusedError(N_("{place}: the cells feel no load; put it there").format(place=_at(prompt)))
        return replace(reading, counts=tared)

    def _points(self) -> dict[int, GridPoint]:
        """Step -> what was read there."""
        return {
            step: GridPoint(x_m, y_m, number, self._readings[step].counts)
            for step, (number, x_m, y_m) in enumerate(self._spots, start=1)
            if step in self._readings
        }

    def _review(self) -> None:
        points = self._points()
        plates_used = 1 + max((p.plate for p in points.values()), default=-1)
        whole = len(points) == plates_used * len(self._spots) // len(self._plates)
        if not whole or (len(points) < MIN_POINTS and not self.done):
            return
        try:
            self._fit = fit_grid(list(points.values()), self._plates[:plates_used], self._cells)
        except WrongPointsError as e:
            steps = list(points)
            for number in e.numbers:
                del self._readings[steps[number]]
            raise StepRefusedError(str(e)) from None

    def result(self, created: datetime) -> GridPart:
        fit = self._fit
        if fit is None or not self.done:
            raise CalibrationError(N_("load grid: it has not been carried through"))
        return GridPart(
            **origin(self.kind, created, self._front_end, self._cells),
            unloaded_counts=self._readings[0].counts.tolist(),
            newton_per_count=fit.newton_per_count.tolist(),
            x_m=fit.x_m.tolist(),
            y_m=fit.y_m.tolist(),
            gain_sd=fit.gain_sd,
            plates=[
                WeighedPlate(label_kg=p.label_kg, sd_kg=p.sd_kg, seems_kg=kg)
                for p, kg in zip(self._plates, fit.plates_kg, strict=True)
            ],
            points=[
                PointReading(x_m=p.x_m, y_m=p.y_m, plate=p.plate, counts=p.counts.tolist())
                for p in self._points().values()
            ],
            residuals={
                "leave_one_out_n": fit.left_out_n,
                "leave_one_out_mm": fit.left_out_mm,
                "gain_sd_pct": 100 * fit.gain_sd,
            },
            notes=list(fit.notes),
        )


def _at(prompt: CalibrationPrompt) -> str:
    return N_("load grid at {x_m:g} m forward and {y_m:g} m left").format(x_m=prompt.x_m, y_m=prompt.y_m)
