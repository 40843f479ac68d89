"""A visit that a crash of this daemon broke off, found again in its recording."""

import time
from dataclasses import dataclass

from station.config import Run
from station.fusion.store import RunStore
from station.fusion.visit import Visit
from station.messages import Choices, Mark, Message, RunInfo, SampleBatch

RECOVERED_WITHIN_S = 60.0
"""An older visit belongs to somebody who has left."""


@dataclass(frozen=True)
class BrokenOff:
    """`began_ns`: when the runner came; `last_ns`: the last conversion of a load cell, where there was one since."""

    info: RunInfo
    messages: list[Message]
    began_ns: int
    last_ns: int

    @property
    def ran(self) -> bool:
        """The runner had begun to run."""
        return any(isinstance(m, Mark) and m.phase == "run" for m in self.messages)

    def visit(self, settings: Run) -> Visit:
        """The visit, its run over."""
        visit = Visit(settings, self.info.visit_id, self.choices, self.began_ns)
        visit.end(self.last_ns)
        return visit

    @property
    def choices(self) -> Choices:
        return self.info.choices or Choices()


def broken_off(store: RunStore) -> BrokenOff | None:
    """The visit of a moment ago, whose recording is readable up to the crash; of an older run a clinic keeps it.

    Where there was one that cannot go on, the store `gave_up`: so it is, too, where the crash came before its beginning
    was written down, and its runner may still stand there.
    """
    messages = store.unfinished()
    if messages is None:
        return None
    info = next((m for m in messages if isinstance(m, RunInfo)), None)
    began_ns = min((m.t_ns for m in messages if isinstance(m, Mark)), default=0)
    last_ns = max((int(m.arrays()["t_low_ns"][-1]) for m in messages if isinstance(m, SampleBatch)), default=began_ns)
    found = None if info is None else BrokenOff(info, messages, began_ns, last_ns)
    if found is not None and abs(time.monotonic_ns() - last_ns) <= RECOVERED_WITHIN_S * 1e9:
        return found
    store.gave_up = True
    if found is not None and found.ran:
        store.set_aside()
    else:
        store.discard()
    return None
