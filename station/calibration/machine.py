"""The step machine that every calibration is: prompts one after the other, a measurement for each, a part at the end.

A machine talks to its device alone: the load cells' front end, or the camera. Whoever drives it, the command line or
the wizard in the browser, shows `prompt`, waits until the operator has done what it says, and calls `measure`; between
two calls nothing happens.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Generic, TypeVar

from station.calibration.parts import Part
from station.config import Cell
from station.errors import CalibrationError
from station.force.front_end import LoadCellFrontEnd
from station.messages import CalibrationPrompt
from station.words import N_

Reading = TypeVar("Reading")

FINISHED = CalibrationPrompt(action="done", text=N_("All steps are done."))


_PLACES = {
    (1, 1): N_("{x} m ahead of the deck's centre, {y} m to the left"),
    (1, -1): N_("{x} m ahead of the deck's centre, {y} m to the right"),
    (1, 0): N_("{x} m ahead of the deck's centre, on its middle line"),
    (-1, 1): N_("{x} m behind the deck's centre, {y} m to the left"),
    (-1, -1): N_("{x} m behind the deck's centre, {y} m to the right"),
    (-1, 0): N_("{x} m behind the deck's centre, on its middle line"),
    (0, 1): N_("{y} m to the left of the deck's centre"),
    (0, -1): N_("{y} m to the right of the deck's centre"),
    (0, 0): N_("at the deck's centre"),
}
"""By the signs of x and y."""


def described(x_m: float, y_m: float) -> str:
    """A place on the deck in the words of a prompt."""
    signs = tuple((value > 0) - (value < 0) for value in (x_m, y_m))
    return _PLACES[signs].format(x=f"{abs(x_m):g}", y=f"{abs(y_m):g}")


class StepRefusedError(CalibrationError):
    """A measurement that cannot be used, with the reason: the machine's `prompt` says what is to be done again."""


class Machine(ABC, Generic[Reading]):
    """One calibration. The step in hand is the first one without a reading. `reading_s`: of one step, about."""

    kind: str

    def __init__(self, prompts: Sequence[CalibrationPrompt], reading_s: float = 0.0) -> None:
        self.reading_s = reading_s
        self._prompts = list(prompts)
        self._readings: dict[int, Reading] = {}

    @property
    def step(self) -> int:
        """Number of the step in hand, from 0; `steps` when all are done."""
        return next((k for k in range(self.steps) if k not in self._readings), self.steps)

    @property
    def steps(self) -> int:
        return len(self._prompts)

    @property
    def done(self) -> bool:
        return self.step == self.steps

    @property
    def prompt(self) -> CalibrationPrompt:
        """What the operator is to do now."""
        return FINISHED if self.done else self._prompts[self.step]

    def measure(self, reading: Callable[[], AbstractContextManager] = nullcontext) -> None:
        """Perform the step in hand and go on to the next; `reading` is entered while the device is read.

        Raises StepRefusedError where the step (or an earlier one, then asked for again) must be repeated, another
        CalibrationError where something must be mended before any repetition can help, DeviceError where the device
        cannot be read. In all cases the machine can go on from its `prompt`.
        """
        step = self.step
        with reading():
            self._readings[step] = self._read(self._prompts[step])
        try:
            self._review()
        except StepRefusedError:
            raise
        except CalibrationError:
            del self._readings[step]
            raise

    @abstractmethod
    def _read(self, prompt: CalibrationPrompt) -> Reading:
        """Perform the measurement of one step."""

    def _review(self) -> None:
        """Look at all readings, wherever they can tell something; deletes those that a StepRefusedError names wrong."""

    @abstractmethod
    def result(self, created: datetime) -> Part:
        """What the steps gave; only when `done`."""


class CellMachine(Machine[Reading]):
    """One calibration of the load cells `cells` by channel name."""

    def __init__(
        self,
        front_end: LoadCellFrontEnd,
        cells: dict[str, Cell],
        prompts: Sequence[CalibrationPrompt],
        reading_s: float,
    ) -> None:
        super().__init__(prompts, reading_s)
        self._front_end = front_end
        self._cells = cells
