"""What the kiosk asks of the fusion daemon."""

from pathlib import Path

import zmq

from station import bus
from station.messages import Done, Report, ReportRequest, VisitCommand

_TIMEOUT_S = 1.0
"""A request ends before the two seconds in which the kiosk must be able to stop."""


class FusionClient:
    """Usable from any thread: each request has its own socket. Raises BusError when refused or unanswered."""

    def __init__(self, context: zmq.Context, runtime: Path) -> None:
        self._context = context
        self._runtime = runtime

    def command(self, command: VisitCommand) -> None:
        bus.request(self._context, self._runtime, "fusion", command, Done, _TIMEOUT_S)

    def report(self, visit_id: str) -> Report:
        return bus.request(self._context, self._runtime, "fusion", ReportRequest(visit_id=visit_id), Report, _TIMEOUT_S)
