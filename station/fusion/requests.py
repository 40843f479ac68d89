"""What the kiosk asks fusion over the bus: to start, end or leave a visit, and for its scorecard."""

from typing import Protocol

from station.bus import Server
from station.messages import Choices, Done, Message, Report, ReportRequest, VisitCommand
from station.words import N_


class Visits(Protocol):
    """Who carries out what is asked. A string says why it cannot be done."""

    def start(self, choices: Choices) -> str | None: ...
    def stop(self, visit_id: str | None) -> str | None: ...
    def stay(self, visit_id: str | None) -> str | None: ...
    def leave(self, visit_id: str | None, *, forget: bool) -> str | None: ...
    def report(self, visit_id: str) -> Report | None: ...


class VisitRequests:
    """Answers whatever waits at the server."""

    def __init__(self, server: Server, visits: Visits) -> None:
        self._server = server
        self._visits = visits

    def serve(self) -> None:
        while (received := self._server.receive()) is not None:
            address, message = received
            self._server.reply(address, self.answer(message))

    def answer(self, message: Message) -> Message:
        match message:
            case ReportRequest():
                return self._visits.report(message.visit_id) or Done(error=N_("there is no scorecard of that visit"))
            case VisitCommand(action="start"):
                return Done(error=self._visits.start(message.choices))
            case VisitCommand(action="stop"):
                return Done(error=self._visits.stop(message.visit_id))
            case VisitCommand(action="stay"):
                return Done(error=self._visits.stay(message.visit_id))
            case VisitCommand(action="finish" | "discard" as action):
                return Done(error=self._visits.leave(message.visit_id, forget=action == "discard"))
        return Done(error=f"{message.topic} is no request to this daemon")
