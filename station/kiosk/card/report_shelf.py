"""The report of the visit that is on the screen, held in memory and forgotten with the visit."""

import threading
from typing import Protocol

from station.messages import Report


class ReportSource(Protocol):
    def report(self, visit_id: str) -> Report:
        """The scored run. Raises BusError."""


class ReportShelf:
    """Room for one report, so that its pages and pictures ask fusion once."""

    def __init__(self, source: ReportSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._report: Report | None = None
        self._whole = False

    def report(self, visit_id: str, *, whole: bool = False) -> Report:
        """The report of this visit; `whole`: not as it was while its pictures were coming.

        Raises BusError when fusion does not give it.
        """
        with self._lock:
            if self._report is not None and self._report.visit_id == visit_id and (self._whole or not whole):
                return self._report
        report = self._source.report(visit_id)  # outside the lock: `keep_only` must not wait for fusion
        with self._lock:
            self._report, self._whole = report, whole
        return report

    def keep_only(self, visit_id: str | None) -> None:
        """Forget the report of any other visit."""
        with self._lock:
            if self._report is not None and self._report.visit_id != visit_id:
                self._report = None
