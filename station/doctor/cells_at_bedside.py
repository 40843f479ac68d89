"""The load cells during an examination: opened once, and what several self-tests need is read once."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from station.calibration.watched import WatchedFrontEnd
from station.daemon import Life
from station.doctor.recording import Recording, record
from station.errors import DeviceError
from station.force.front_end import LoadCellFrontEnd
from station.messages import SampleBatch
from station.words import N_

Reading = Callable[[], AbstractContextManager]
OpenCells = Callable[[Life], AbstractContextManager[tuple[LoadCellFrontEnd, Reading]]]
"""The front end, opened, and what is to be entered while it is read."""

REST_S = 8.0
"""A silent chip is named by its driver after a second; a contact that opens once a second shows several times."""


class CellsAtBedside:
    """`end` makes a reading that goes on in another thread end soon."""

    def __init__(self, life: Life, open_cells: OpenCells) -> None:
        self._life = life
        self._open_cells = open_cells
        self._opened = ExitStack()
        self._front_end: LoadCellFrontEnd | None = None
        self._at_rest: Recording | None = None
        self._ended = False

    def at_rest(self) -> Recording:
        """What the chips say while nothing happens at the deck; read once. Raises DeviceError."""
        if self._at_rest is None:
            self._at_rest = self.read(REST_S)
        return self._at_rest

    def read(self, duration_s: float) -> Recording:
        """What the chips say from now on. Raises DeviceError."""
        if self._front_end is None:
            opened, self._reading = self._opened.enter_context(self._open_cells(self._life))
            self._front_end = WatchedFrontEnd(opened, self._heed)
        with self._reading():
            return record(self._front_end, duration_s)

    def end(self) -> None:
        self._ended = True

    def close(self) -> None:
        self._opened.close()

    def _heed(self, batch: SampleBatch) -> None:
        if self._ended:
            raise DeviceError(N_("the examination was given up"))
