"""The force daemon: publishes what the front end reads, and once a second how it fares."""

import contextlib
import ctypes
import gc
import os
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from station.bus import Publisher
from station.clock import Clock, SystemClock
from station.daemon import Life
from station.force.front_end import LoadCellFrontEnd
from station.force.overload import Overload
from station.force.requests import ForceRequests
from station.force.rest import Rest
from station.messages import CHANNELS, Calibration, ForceHealth

HEALTH_NS = 1_000_000_000
RETRY_S = 1.0
PRIORITY = 50
"""Of SCHED_FIFO: above all ordinary work, below the kernel's own threads."""
_LOCK_WHAT_IS_USED = 1 | 2 | 4  # MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT: linux/mman.h


def run(
    life: Life,
    make: Callable[[Life], LoadCellFrontEnd],
    calibration: Callable[[], Calibration | None] = lambda: None,
    clock: Clock | None = None,
) -> None:
    """Run until told to stop, on the front end that `make` gives.

    While it cannot be made or opened, the reason is published as a fault, and it is tried again. `calibration` is asked
    once a second and only puts the counters of noise and zero drift into newtons; without one they stay None.
    """
    clock = clock or SystemClock()
    publisher, requests = life.publisher(), ForceRequests(life.server(), clock)

    def opened() -> LoadCellFrontEnd:
        front_end = make(life)
        front_end.open()
        return front_end

    def excuse(text: str) -> None:
        publisher.send(_fault(text, clock.now_ns()))
        requests.refuse(text)
        clock.sleep(RETRY_S)

    front_end = life.until_made(opened, excuse)
    if front_end is None:
        return
    try:
        with undisturbed():
            _publish(life, front_end, publisher, requests, calibration, clock)
    finally:
        front_end.close()


def _publish(
    life: Life,
    front_end: LoadCellFrontEnd,
    publisher: Publisher,
    requests: ForceRequests,
    calibration: Callable[[], Calibration | None],
    clock: Clock,
) -> None:
    rest, overload = Rest(calibration()), Overload(life.config.force, calibration())
    next_health_ns = clock.now_ns()
    while not life.stopping:
        batch = front_end.read(life.config.force.batch_s)
        life.alive()  # silent chips, too, were looked at and tried again; no new start would do more for them
        if batch.channel:
            publisher.send(batch)
            rest.add(batch)
            overload.add(batch)
        requests.serve(front_end)
        if clock.now_ns() >= next_health_ns:
            next_health_ns = clock.now_ns() + HEALTH_NS
            rest.use(calibration())
            overload.use(calibration())
            rest.look()
            publisher.send(
                replace(
                    front_end.health(),
                    noise_n=rest.noise_n,
                    zero_drift_n=rest.zero_drift_n,
                    overload=overload.look(),
                )
            )


def _fault(text: str, t_ns: int) -> ForceHealth:
    none = [0] * len(CHANNELS)
    return ForceHealth(
        t_ns=t_ns, conversions=none, lost=none, rejected=none, power_downs=none, rate_sps=[0.0] * len(none), fault=text
    )


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Meanwhile garbage collection is short, other programs stay away, and no page has to be read from the disk again.

    The last two where the system allows it (mlockall(2), sched_setscheduler(2)).
    """
    gc.collect()
    gc.freeze()
    ctypes.CDLL(None).mlockall(_LOCK_WHAT_IS_USED)
    try:
        with contextlib.suppress(PermissionError, AttributeError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
        yield
    finally:
        with contextlib.suppress(PermissionError, AttributeError):
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        ctypes.CDLL(None).munlockall()
        gc.unfreeze()
