"""What the staff has the workbench do, from whichever page; each waits until the workbench says that it does it."""

import contextlib
from collections.abc import Callable

from station.errors import BusError
from station.kiosk.feed import Feed
from station.kiosk.workbench.client import WorkbenchClient
from station.messages import CalibrationKind, CalibrationOptions, WorkbenchCommand, WorkbenchState


class WorkbenchActions:
    """Usable from any thread."""

    def __init__(self, feed: Feed, client: WorkbenchClient) -> None:
        self._feed = feed
        self._client = client

    def calibrate(self, kind: CalibrationKind, options: CalibrationOptions) -> None:
        """Begin a calibration. Raises BusError when it is refused, or nobody answers."""
        command = WorkbenchCommand(action="begin", kind=kind, options=options)
        self._do(command, lambda state: state.doing == "calibration")

    def examine(self, guided: bool = False) -> None:
        """Have the doctor look; `guided`: with the self-tests that ask for a hand. Raises BusError as `calibrate`."""
        command = WorkbenchCommand(action="examine", guided=guided)
        self._do(command, lambda state: state.doing == "examination")

    def measure(self, step: int | None) -> None:
        """What `step` asked for is done at the deck. A refusal is told by the state."""
        before = self._feed.workbench()

        def taken(state: WorkbenchState) -> bool:
            """It is being measured, or was: a measurement that is refused at once may be over by now."""
            went_on = before is not None and (state.step, state.refused) != (before.step, before.refused)
            return state.measuring or went_on

        self._do_if_asked(WorkbenchCommand(action="measure", step=step), taken)

    def give_up(self) -> None:
        self._do_if_asked(WorkbenchCommand(action="give_up"), lambda state: state.doing == "nothing")

    def _do_if_asked(self, command: WorkbenchCommand, done: Callable[[WorkbenchState], bool]) -> None:
        with contextlib.suppress(BusError):  # a second tap, or another browser was faster: the page shows how it stands
            self._do(command, done)

    def _do(self, command: WorkbenchCommand, done: Callable[[WorkbenchState], bool]) -> None:
        self._client.command(command)
        self._feed.follow_workbench(done)
