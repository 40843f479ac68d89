"""The scorecard on the screen: it is shown at once, its pictures come when they are there."""

import time

from msgspec.structs import replace

from station.fusion.kept_run import KeptRun
from station.fusion.visit import Visit
from station.fusion.visit_camera import VisitCamera
from station.messages import Report, Scored

GIVEN_UP_S = 600.0  # the kiosk counts down and says when; this is for a kiosk that died


class ShownCard:
    """Of one visit after the other."""

    def __init__(self, kept: KeptRun, camera: VisitCamera) -> None:
        self._kept, self._camera = kept, camera
        self._report: Report | None = None
        self._since_s = 0.0

    def forget(self) -> None:
        """Nobody looks at it any more."""
        self._report = None

    def report(self, visit_id: str) -> Report | None:
        """The scorecard of that visit, while it is shown."""
        return self._report if self._report is not None and self._report.visit_id == visit_id else None

    def touched(self) -> None:
        """Somebody reads it."""
        self._since_s = time.monotonic()

    @property
    def given_up(self) -> bool:
        """Nobody has touched the card or ended the visit for long."""
        return time.monotonic() - self._since_s > GIVEN_UP_S

    def show(self, visit: Visit, scored: Scored) -> None:
        """The visit's run is scored."""
        self._report = Report(visit_id=visit.id, json=scored.json)
        self.touched()
        self._kept.keep_report(self._report)
        self._camera.fetch_stills(visit, scored.stills)
        visit.enter("card", visit.marks_ns["score"])
        self.follow(visit)

    def follow(self, visit: Visit) -> bool:
        """Call it often. Whether its pictures have just come."""
        stills = self._camera.fetched()
        if stills is not None and self._report is not None:
            self._report = replace(self._report, pictures=stills)
        visit.pictures_coming = self._camera.fetching
        return stills is not None
