"""What the force daemon is asked over the bus: to switch the shunt of the kernel test."""

import logging

from station.bus import Server
from station.clock import Clock
from station.errors import DeviceError
from station.force.front_end import LoadCellFrontEnd
from station.messages import Done, Message, ShuntRequest, ShuntSwitched

log = logging.getLogger(__name__)

LONGEST_ON_NS = 5_000_000_000
"""The kernel test never rests on longer than a fraction of a second; whoever left the shunt on has gone."""


class ForceRequests:
    """Answers whatever waits at the server, between two reads."""

    def __init__(self, server: Server, clock: Clock) -> None:
        self._server = server
        self._clock = clock
        self._off_due_ns: int | None = None  # None: the shunt is off
        self._complained = False  # that it does not go off

    def refuse(self, why: str) -> None:
        """There is no front end yet."""
        while (request := self._server.receive()) is not None:
            self._server.reply(request[0], Done(error=why))

    def serve(self, front_end: LoadCellFrontEnd) -> None:
        """Answer what waits; a shunt that was left on is switched off, or it would be taken for a load."""
        while (request := self._server.receive()) is not None:
            address, message = request
            self._server.reply(address, self._answer(message, front_end))
        if self._off_due_ns is not None and self._clock.now_ns() > self._off_due_ns:
            self._switch_off(front_end)

    def _switch_off(self, front_end: LoadCellFrontEnd) -> None:
        """Nobody asked: a failure is logged once, and tried again with the next turn until it works."""
        try:
            self._switch(front_end, on=False)
        except DeviceError as e:
            if not self._complained:
                log.error("%s; the shunt is still on, and is tried again", e)
            self._complained = True

    def _answer(self, message: Message, front_end: LoadCellFrontEnd) -> Message:
        if not isinstance(message, ShuntRequest):
            return Done(error=f"the load cells do not know the request {message.topic}")
        try:
            return ShuntSwitched(t_ns=self._switch(front_end, message.on))
        except DeviceError as e:
            return Done(error=str(e))

    def _switch(self, front_end: LoadCellFrontEnd, on: bool) -> int:
        t_ns = front_end.shunt(on)
        self._off_due_ns = t_ns + LONGEST_ON_NS if on else None
        self._complained = False
        return t_ns
