"""After a visit, what it used is given back to the system: rings of objects are freed, and freed pages returned.

Python looks for what only points at itself when many objects were made, which in a daemon that nobody needs may take
hours: a page made from a template is such a ring, and holds the visit that it showed. And glibc keeps the pages of
freed blocks that lie between others: the memory of the daemon that scores runs crept up by 10 MB in a thousand visits.
"""

import ctypes
import gc

from station.clock import Clock


class Forgetting:
    """Call `look` often; it gives back `after_s` after each change of the visit, when nothing of it is under way."""

    def __init__(self, clock: Clock, after_s: float) -> None:
        self._clock = clock
        self._after_s = after_s
        self._visit_id: str | None = None
        self._due_ns: int | None = None
        self._glibc = ctypes.CDLL(None)

    def look(self, visit_id: str | None) -> None:
        now_ns = self._clock.now_ns()
        if visit_id != self._visit_id:
            self._visit_id, self._due_ns = visit_id, now_ns + round(self._after_s * 1e9)
        elif self._due_ns is not None and now_ns >= self._due_ns:
            self._due_ns = None
            gc.collect()
            self._glibc.malloc_trim(0)
