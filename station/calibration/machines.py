"""Each calibration's step machine from what the operator chose: for the command line and for the workbench alike."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from station.calibration import artefact
from station.calibration.board import SQUARE_MM
from station.calibration.deck_machine import TAPPING_TIME, DeckMachine
from station.calibration.grid import PATTERNS, pattern
from station.calibration.grid_machine import GridMachine
from station.calibration.kernel_machine import KernelMachine
from station.calibration.machine import Machine
from station.calibration.plates import DEFAULT_SD_SHARE, USUAL_MASSES_KG, Plate
from station.calibration.static_reading import LOOKING_TIME, USUAL_TIME, ReadingTime
from station.calibration.tare import TareMachine
from station.config import Config
from station.errors import CalibrationError
from station.force.front_end import LoadCellFrontEnd
from station.messages import CalibrationKind, CalibrationOptions, PlateLabel
from station.words import N_

if TYPE_CHECKING:
    from station.calibration.camera_eye import CameraEye

USUAL_TIMES: dict[CalibrationKind, ReadingTime] = {
    "tare": USUAL_TIME,
    "grid": USUAL_TIME,
    "kernel": USUAL_TIME,
    "deck": TAPPING_TIME,
    "camera": LOOKING_TIME,
}


def of_cells(
    kind: CalibrationKind,
    front_end: LoadCellFrontEnd,
    settings: Config,
    options: CalibrationOptions,
    time: ReadingTime | None = None,
) -> Machine:
    """Any calibration but the camera's. Raises CalibrationError where another one must come first."""
    return _OF_CELLS[kind](front_end, settings, options, time or USUAL_TIMES[kind])


def of_camera(
    eye: "CameraEye", settings: Config, options: CalibrationOptions, time: ReadingTime | None = None
) -> Machine:
    from station.calibration.camera_machine import CameraMachine  # OpenCV, which the load cells do not need

    square_m = (options.square_mm or SQUARE_MM) / 1e3
    return CameraMachine(eye, settings.force.cells, square_m, settings.run.camera_side, time or USUAL_TIMES["camera"])


def _tare(front_end: LoadCellFrontEnd, settings: Config, options: CalibrationOptions, time: ReadingTime) -> Machine:
    return TareMachine(front_end, settings.force.cells, time, belt=options.belt)


def _grid(front_end: LoadCellFrontEnd, settings: Config, options: CalibrationOptions, time: ReadingTime) -> Machine:
    if options.points not in PATTERNS:
        raise CalibrationError(
            N_("load grid: there is no pattern of {n} places; choose one of {patterns}").format(
                n=options.points, patterns=", ".join(map(str, PATTERNS))
            )
        )
    cells = settings.force.cells
    labels = options.plates or [PlateLabel(mass_kg=kg, sd_kg=kg * DEFAULT_SD_SHARE) for kg in USUAL_MASSES_KG]
    plates = [Plate(label.mass_kg, label.sd_kg) for label in labels]
    return GridMachine(front_end, cells, plates, pattern(cells, options.points), time)


def _kernel(front_end: LoadCellFrontEnd, settings: Config, options: CalibrationOptions, time: ReadingTime) -> Machine:
    calibration = artefact.latest(settings.state, settings.force.cells)
    gains = np.array([c.newton_per_count for c in calibration.cells])
    before = [c.kernel for c in calibration.cells if c.kernel is not None]
    return KernelMachine(front_end, settings.force.cells, gains, time, before=before)


def _deck(front_end: LoadCellFrontEnd, settings: Config, options: CalibrationOptions, time: ReadingTime) -> Machine:
    calibration = artefact.latest(settings.state, settings.force.cells)
    return DeckMachine(front_end, settings.force.cells, calibration, time)


_OF_CELLS: dict[CalibrationKind, Callable[..., Machine]] = {
    "tare": _tare,
    "grid": _grid,
    "kernel": _kernel,
    "deck": _deck,
}
