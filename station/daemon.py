"""The common life of a daemon: signals, readiness, a watchdog tied to data flowing, one bus context.

A daemon is a function that runs until `life.stopping`; SIGTERM and SIGINT only set that flag.
"""

import logging
import os
import signal
import socket
from pathlib import Path
from types import FrameType, TracebackType
from typing import TypeVar

import zmq

from station.bus import Publisher, Server, Subscriber
from station.config import Config
from station.messages import Message

_Socket = TypeVar("_Socket", Publisher, Subscriber, Server)
log = logging.getLogger(__name__)


class Life:
    """What every daemon is given: its configuration, its sockets, and whether it should stop.

    Use as a context manager; leaving it closes all sockets. `name` is the daemon's name on the bus.
    """

    def __init__(self, name: str, config: Config) -> None:
        self.name = name
        self.config = config
        self.stopping = False
        self.context = zmq.Context()
        self._closers: list[Publisher | Subscriber | Server] = []

    def __enter__(self) -> "Life":
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for each in self._closers:
            each.close()
        self.context.destroy(linger=0)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    @property
    def runtime(self) -> Path:
        return self.config.runtime

    def publisher(self) -> Publisher:
        return self._kept(Publisher(self.context, self.runtime, self.name))

    def server(self) -> Server:
        return self._kept(Server(self.context, self.runtime, self.name))

    def subscriber(self, daemons: list[str], types: list[type[Message]]) -> Subscriber:
        return self._kept(Subscriber(self.context, self.runtime, daemons, types))

    def ready(self) -> None:
        """Tell the supervisor that the daemon serves (sd_notify protocol; silent without a supervisor)."""
        notify("READY=1")
        log.info("%s: ready", self.name)

    def alive(self) -> None:
        """Feed the watchdog: call it only when data really flowed (or none is due)."""
        notify("WATCHDOG=1")

    def _kept(self, socket_: _Socket) -> _Socket:
        self._closers.append(socket_)
        return socket_


def notify(state: str) -> None:
    """Send one sd_notify(3) datagram to $NOTIFY_SOCKET, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.sendto(state.encode(), b"\0" + address[1:].encode() if address.startswith("@") else address)
