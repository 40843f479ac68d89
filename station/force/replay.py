"""A front end that plays the sample batches of a recording, with their original stamps."""

from collections.abc import Callable, Sequence

import numpy as np

from station.clock import Clock
from station.errors import DeviceError
from station.force.pace import Pace
from station.messages import CHANNELS, ForceHealth, SampleBatch

WAIT_S = 0.02
"""How long it sleeps at a time, so that it sees a visit begin."""


class ReplayFrontEnd:
    """A `LoadCellFrontEnd` that plays `batches` at `factor` times real speed, each whole and unchanged.

    It begins anew with each visit: `visit()` names the one that is going on, None = none. Between visits and after
    the last batch it is silent.
    """

    channels = CHANNELS

    def __init__(
        self,
        batches: Sequence[SampleBatch],
        factor: float,
        clock: Clock,
        visit: Callable[[], str | None],
        nominal_rate_sps: float = 80.0,
    ) -> None:
        self.nominal_rate_sps = nominal_rate_sps
        self._batches = [b for b in batches if b.channel]
        self._factor = factor
        self._clock = clock
        self._visit = visit
        self._playing: str | None = None  # the visit
        self._next = len(self._batches)
        self._started_ns = 0
        self._paces = [Pace(nominal_rate_sps) for _ in CHANNELS]
        self._conversions = [0] * len(CHANNELS)
        self._lost = [0] * len(CHANNELS)
        self._played_ns = 0

    def open(self) -> None:
        """Nothing to take."""

    def close(self) -> None:
        """Nothing to release."""

    def read(self, duration_s: float) -> SampleBatch:
        """The next recorded batch once it is due, or an empty one after about `duration_s`."""
        end_ns = self._clock.now_ns() + round(duration_s * 1e9)
        while (now_ns := self._clock.now_ns()) < end_ns:
            due_ns = self._due_ns() if self._going_on(now_ns) else None
            if due_ns is not None and due_ns <= now_ns:
                return self._play()
            wait_ns = min(end_ns, due_ns or end_ns) - now_ns
            self._clock.sleep(min(max(wait_ns, 0) * 1e-9, WAIT_S))
        return SampleBatch.of(**{name: () for name in SampleBatch.DTYPES})

    def health(self) -> ForceHealth:
        """As the recorded stamps tell it; `t_ns` on the recording's own clock."""
        return ForceHealth(
            t_ns=self._played_ns,
            conversions=list(self._conversions),
            lost=list(self._lost),
            rejected=[0] * len(CHANNELS),
            power_downs=[0] * len(CHANNELS),
            rate_sps=[1e9 / p.period_ns if n else 0.0 for p, n in zip(self._paces, self._conversions, strict=True)],
        )

    def shunt(self, on: bool) -> int:
        raise DeviceError("kernel test: a replayed recording has no shunt switch; use the station's own load cells")

    def _going_on(self, now_ns: int) -> bool:
        """Whether there is a visit; a new one begins the recording anew."""
        visit = self._visit()
        if visit is not None and visit != self._playing:
            self._playing = visit
            self._next, self._started_ns = 0, now_ns
            self._paces = [Pace(self.nominal_rate_sps) for _ in CHANNELS]
        return visit is not None

    def _due_ns(self) -> int | None:
        """When the next batch is due on the host's clock; None = there is none."""
        if self._next == len(self._batches):
            return None
        recorded_ns = _last_ns(self._batches[self._next]) - _last_ns(self._batches[0])
        return self._started_ns + round(recorded_ns / self._factor)

    def _play(self) -> SampleBatch:
        batch = self._batches[self._next]
        self._next += 1
        columns = batch.arrays()
        for channel, high_ns, low_ns in zip(
            columns["channel"].tolist(), columns["t_high_ns"].tolist(), columns["t_low_ns"].tolist(), strict=True
        ):
            self._conversions[channel] += 1
            self._lost[channel] += self._paces[channel].follow(high_ns, low_ns)
        self._played_ns = _last_ns(batch)
        return batch


def _last_ns(batch: SampleBatch) -> int:
    return int(np.frombuffer(batch.t_low_ns, SampleBatch.DTYPES["t_low_ns"])[-1])
