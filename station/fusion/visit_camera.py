"""The camera's part in a visit: whom it films, which frames are posed, what is shown. Nobody who has not consented."""

from station.daemon import Life
from station.fusion.aim import Aim
from station.fusion.camera_link import CameraLink
from station.fusion.live_contacts import LiveContact
from station.fusion.visit import Visit
from station.messages import CameraHealth, Keypoints

HEALTH_EVERY_S = 1.2  # a little more than the camera daemon's own second
POSE_TAIL_S = 60.0  # how long the scoring waits for frames that are still being posed
_FILMED = ("weigh", "ready", "run")


class VisitCamera:
    """Between the visit and the camera's `link`; `visit` None: nobody is there."""

    def __init__(self, life: Life) -> None:
        self.link = CameraLink(life)
        self._standing_ns = round(life.config.run.weigh_s * 1e9)
        self.forget()

    def forget(self) -> None:
        """A visit begins or ends: nothing was asked of it so far."""
        self._aim = Aim()
        self._tail = 0  # frames that were still to be posed when the run ended
        self.link.forget()

    def hear(self, message: Keypoints | CameraHealth, visit: Visit | None) -> None:
        """Anything the camera says. It is put right where it films, or holds frames, against the visit's needs."""
        self.link.hear(message)
        phase = visit.phase if visit is not None and visit.consent_camera else "idle"
        self.link.keep(filming=phase in _FILMED, may_hold_frames=phase in (*_FILMED, "score"))

    def stood_still(self, visit: Visit) -> None:
        """The standing reference ended just now."""
        ready_ns = visit.marks_ns["ready"]
        self._pose(visit, self._aim.standing(ready_ns - self._standing_ns, ready_ns))

    def landed(self, visit: Visit, contact: LiveContact) -> None:
        self._pose(visit, self._aim.landing(contact, self.link.near, self.link.backlog))

    def ran_on(self, visit: Visit, now_ns: int) -> None:
        """The run goes on up to now."""
        self._pose(visit, self._aim.even(visit.marks_ns["run"], now_ns))

    def run_ended(self, visit: Visit) -> None:
        self._pose(visit, self._aim.rest())

    def posed(self, visit: Visit, waited_s: float) -> bool:
        """All frames that the scoring is to have are posed, `waited_s` after the run's end: it waits no longer."""
        self._tail = max(self._tail, self.link.backlog)
        if not visit.consent_camera or self.link.silent or waited_s > POSE_TAIL_S:
            return True
        return self.link.backlog == 0 and waited_s > HEALTH_EVERY_S  # the camera has said so after the last request

    @property
    def posed_share(self) -> float | None:
        """Of the frames that were still to be posed when the run ended; None where there were none."""
        return 1 - self.link.backlog / self._tail if self._tail else None

    def stills(self, visit: Visit, instants_ns: dict[str, int]) -> dict[str, bytes]:
        """Frames at named instants as JPEG."""
        return self.link.stills(instants_ns) if visit.consent_camera else {}

    def _pose(self, visit: Visit, instants_ns: list[int]) -> None:
        if visit.consent_camera:
            self.link.pose(instants_ns)
