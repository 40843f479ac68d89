"""The load cells of a running force daemon, over the bus: for a calibration beside it, which must not take the pins."""

import time
from pathlib import Path

import numpy as np
import zmq

from station.bus import Subscriber, request
from station.errors import BusError, DeviceError
from station.messages import CHANNELS, ForceHealth, SampleBatch, ShuntRequest, ShuntSwitched
from station.words import N_

HEARD_WITHIN_S = 2.5
"""The daemon says how it fares once a second."""
LATE_S = 1.0
"""How much longer than a read it waits for the batch that ends it; a daemon that is later has stopped."""
NAMED_WITHIN_S = 3.5
"""After the last conversion the driver takes up to two seconds to name the trouble, the daemon one more to say it."""
GOES_ON_NS = 500_000_000
"""A read that begins this soon after the one before goes on where that ended, without a gap."""


class BusFrontEnd:
    """A `LoadCellFrontEnd` over the daemon "force". `runtime`: the station's runtime directory.

    `faulty`: also where chips, even all of them, are silent and their driver says why, for whoever asks for that.
    """

    channels = CHANNELS

    def __init__(self, runtime: Path, nominal_rate_sps: float, faulty: bool = False) -> None:
        self.nominal_rate_sps = nominal_rate_sps
        self._runtime = runtime
        self._faulty = faulty
        self._context: zmq.Context | None = None
        self._subscriber: Subscriber | None = None
        self._batches: list[SampleBatch] = []  # not read yet
        self._health: ForceHealth | None = None
        self._heard_s = 0.0  # when that came
        self._end_ns = 0  # of the last read

    def open(self) -> None:
        """Listen. Raises DeviceError where the force daemon is not heard, or (but with `faulty`) says a fault."""
        self._context = zmq.Context()
        self._subscriber = Subscriber(self._context, self._runtime, ["force"], [SampleBatch, ForceHealth])
        end_s = time.monotonic() + HEARD_WITHIN_S
        while self._health is None and time.monotonic() < end_s:
            self._hear(end_s)
        if self._health is not None and (self._faulty or self._health.fault is None):
            return
        fault = self._health.fault if self._health else N_("the force daemon is not heard; start the station first")
        self.close()
        raise DeviceError(N_("load cells: {fault}").format(fault=fault))

    def close(self) -> None:
        if self._context is not None and self._subscriber is not None:
            self._subscriber.close()
            self._context.destroy(linger=0)
        self._context = self._subscriber = self._health = None
        self._batches = []

    def read(self, duration_s: float) -> SampleBatch:
        """The conversions of the next `duration_s` by their own stamps, which are this machine's monotonic time.

        Raises DeviceError where they end before it, with the fault that the daemon says; with `faulty` only where that
        is no trouble of all four chips.
        """
        now_ns = time.monotonic_ns()
        begin_ns = self._end_ns if now_ns - self._end_ns < GOES_ON_NS else now_ns
        self._end_ns = now_ns + round(duration_s * 1e9)
        self._hear_to_the_end(time.monotonic() + duration_s)
        if self._newest_ns() <= self._end_ns and not self._all_silent():
            raise DeviceError(N_("load cells: {why_nothing_comes}").format(why_nothing_comes=self._why_nothing_comes()))
        if not self._batches:
            return SampleBatch.of(**{name: () for name in SampleBatch.DTYPES})
        columns = [batch.arrays() for batch in self._batches]
        self._batches = [b for b, c in zip(self._batches, columns, strict=True) if c["t_low_ns"][-1] > self._end_ns]
        joined = {name: np.concatenate([c[name] for c in columns]) for name in SampleBatch.DTYPES}
        inside = (joined["t_low_ns"] > begin_ns) & (joined["t_low_ns"] <= self._end_ns)
        return SampleBatch.of(**{name: values[inside] for name, values in joined.items()})

    def health(self) -> ForceHealth:
        """The latest that the daemon published. Raises DeviceError before `open`."""
        self._take_waiting()
        if self._health is None:
            raise DeviceError(N_("load cells: not opened"))
        return self._health

    def shunt(self, on: bool) -> int:
        """As the daemon's own front end; the instant on the machine's monotonic clock."""
        if self._context is None:
            raise DeviceError(N_("load cells: not opened"))
        try:
            return request(self._context, self._runtime, "force", ShuntRequest(on=on), ShuntSwitched).t_ns
        except BusError as e:
            raise DeviceError(str(e)) from None

    def _hear_to_the_end(self, end_s: float) -> None:
        """Until a conversion ends the read, or for as long as one may come."""
        late_s = end_s + (NAMED_WITHIN_S if self._faulty else LATE_S)
        while self._newest_ns() <= self._end_ns:
            until_s = end_s if self._all_silent() else late_s
            if time.monotonic() >= until_s:
                return
            self._hear(until_s)

    def _all_silent(self) -> bool:
        """Whether the daemon says of each chip why it is silent, to somebody who asks for that."""
        if not self._faulty or self._health is None or time.monotonic() - self._heard_s > HEARD_WITHIN_S:
            return False
        return bool(self._health.trouble) and all(self._health.trouble)

    def _newest_ns(self) -> int:
        """Stamp of the last conversion that was heard and not read."""
        return int(self._batches[-1].arrays()["t_low_ns"][-1]) if self._batches else 0

    def _why_nothing_comes(self) -> str:
        said = self._health.fault if self._health else None
        return said or N_("the force daemon went silent; see whether the station is still running, and begin again")

    def _hear(self, until_s: float) -> None:
        """Wait for the next message."""
        self._keep(self._subscriber.receive(max(0.0, until_s - time.monotonic())))

    def _take_waiting(self) -> None:
        for message in self._subscriber.drain() if self._subscriber else ():
            self._keep(message)

    def _keep(self, message: SampleBatch | ForceHealth | None) -> None:
        if isinstance(message, ForceHealth):
            self._health, self._heard_s = message, time.monotonic()
        elif message is not None and message.channel:
            self._batches.append(message)
