"""The common life of a daemon: signals, readiness, a watchdog tied to work done, one bus context, one of a kind.

A daemon is a function that runs until `life.stopping`: SIGTERM or SIGINT came, or the configuration has changed and
nobody is using the station. Whoever keeps it running then starts it anew.
"""

import logging
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import TypeVar

import zmq

from station import __version__
from station.bus import Publisher, Server, Subscriber
from station.clock import Clock, SystemClock
from station.config import Config
from station.config_watch import ConfigWatch
from station.errors import ConfigError, StationError
from station.locks import InUse, lock
from station.messages import DaemonHealth, Message

_Socket = TypeVar("_Socket", Publisher, Subscriber, Server)
_Made = TypeVar("_Made")
log = logging.getLogger(__name__)

ALIVE_EVERY_NS = 1_000_000_000
_LOOK_EVERY_NS = 1_000_000_000  # at the configuration


class Life:
    """What every daemon is given: its configuration, its sockets, and whether it should stop.

    Use as a context manager; leaving it closes all sockets. `name` is the daemon's name on the bus. Entering raises
    ConfigError where that daemon is running already on the same runtime directory. `config_path`: where `config` was
    read, None for one that is in no file.
    """

    def __init__(
        self, name: str, config: Config, clock: Clock | None = None, config_path: str | os.PathLike[str] | None = None
    ) -> None:
        self.name = name
        self.config = config
        self.context = zmq.Context()
        self.in_use = InUse(self.runtime)
        self._ready = self._stopping = False
        self._clock = clock or SystemClock()
        self.config_path = None if config_path is None else Path(config_path)
        self._watch = ConfigWatch(config_path, config)
        self._look_due_ns = self._clock.now_ns() + _LOOK_EVERY_NS
        self._closers: list[Publisher | Subscriber | Server] = []
        self._publisher: Publisher | None = None
        self._server: Server | None = None
        self._lock: int | None = None
        self._alive_due_ns = 0
        self._since_ns = self._clock.now_ns()

    def __enter__(self) -> "Life":
        try:
            self._lock = lock(self.runtime, self.name)
            if self._lock is None:
                raise ConfigError(
                    f"the {self.name} daemon is running already on runtime_dir {self.runtime}; "
                    "end that one or choose another directory"
                )
        except ConfigError:
            self.context.destroy(linger=0)
            raise
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for each in self._closers:
            each.close()
        self.context.destroy(linger=0)
        self.in_use.close()
        if self._lock is not None:
            os.close(self._lock)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    @property
    def stopping(self) -> bool:
        """Whether to end now. Ask it in every turn of the loop: about once a second it looks at the configuration."""
        now_ns = self._clock.now_ns()
        if not self._stopping and now_ns >= self._look_due_ns:
            self._look_due_ns = now_ns + _LOOK_EVERY_NS
            if not self.in_use.by_anybody() and self._watch.changed():
                log.warning("%s: the configuration has changed; the daemon ends, to be started with it", self.name)
                self._stopping = True
        return self._stopping

    @stopping.setter
    def stopping(self, stopping: bool) -> None:
        self._stopping = stopping

    @property
    def runtime(self) -> Path:
        return self.config.runtime

    def publisher(self) -> Publisher:
        """The one publisher of this daemon."""
        if self._publisher is None:
            self._publisher = self._kept(Publisher(self.context, self.runtime, self.name))
        return self._publisher

    def server(self) -> Server:
        """The one request socket of this daemon."""
        if self._server is None:
            self._server = self._kept(Server(self.context, self.runtime, self.name))
        return self._server

    def subscriber(self, daemons: list[str], types: list[type[Message]]) -> Subscriber:
        return self._kept(Subscriber(self.context, self.runtime, daemons, types))

    def ready(self) -> None:
        """Tell the supervisor, once, that the daemon serves (sd_notify protocol; silent without a supervisor)."""
        if not self._ready:
            self._ready = True
            notify("READY=1")
            log.info("%s: ready", self.name)

    def alive(self) -> None:
        """Feed the watchdog, as often as you like: only when data really flowed, none is due, or it was looked for."""
        now_ns = self._clock.now_ns()
        if now_ns >= self._alive_due_ns:
            self._alive_due_ns = now_ns + ALIVE_EVERY_NS
            notify("WATCHDOG=1")
            self.publisher().send(self.health())

    def health(self) -> DaemonHealth:
        """How this process is."""
        return DaemonHealth(
            daemon=self.name,
            version=__version__,
            pid=os.getpid(),
            since_ns=self._since_ns,
            resident_bytes=_resident_bytes(),
        )

    def until_made(self, make: Callable[[], _Made], excuse: Callable[[str], None]) -> _Made | None:
        """What `make` gives; None = told to stop before it gave anything. The daemon is ready then.

        For as long as it raises StationError, `excuse` is told why: it publishes that and takes about a second. The
        daemon is ready for that, too: how long `make` takes the first time is no business of the watchdog's.
        """
        said = None
        while not self.stopping:
            try:
                made = make()
                self.ready()
                return made
            except StationError as e:
                self.ready()
                if str(e) != said:
                    said = str(e)
                    log.error("%s", said)
                excuse(said)
                self.alive()  # it is no use to start this daemon again: it tries by itself
        return None

    def _kept(self, socket_: _Socket) -> _Socket:
        self._closers.append(socket_)
        return socket_


def _resident_bytes() -> int:
    """proc(5): the second number of statm, in pages; 0 on a system without it."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def notify(state: str) -> None:
    """Send one sd_notify(3) datagram to $NOTIFY_SOCKET, if there is one. A supervisor that is gone ends no daemon."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.sendto(state.encode(), b"\0" + address[1:].encode() if address.startswith("@") else address)
    except OSError as e:
        log.warning("the supervisor's socket %s: %s", address, e.strerror or e)
