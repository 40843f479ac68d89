"""What the kiosk asks of the workbench daemon."""

from pathlib import Path

import zmq

from station import bus
from station.messages import Done, WorkbenchCommand

_TIMEOUT_S = 1.9
"""Giving up ends a process first."""


class WorkbenchClient:
    """Usable from any thread: each request has its own socket. Raises BusError when refused or unanswered."""

    def __init__(self, context: zmq.Context, runtime: Path) -> None:
        self._context = context
        self._runtime = runtime

    def command(self, command: WorkbenchCommand) -> None:
        bus.request(self._context, self._runtime, "workbench", command, Done, _TIMEOUT_S)
