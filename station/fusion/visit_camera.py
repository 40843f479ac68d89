"""The camera's part in a visit: whom it films, which frames are posed, what is shown. Nobody who has not consented."""

from station.daemon import Life
from station.fusion.aim import Aim
from station.fusion.camera_link import CameraLink
from station.fusion.filming import worth_keeping
from station.fusion.live_contacts import LiveContact
from station.fusion.still_fetch import StillFetch
from station.fusion.visit import Visit
from station.messages import Calibration, CameraHealth, CameraPlace, Keypoints

POSE_TAIL_S = 60.0  # how long the scoring waits for frames that are still being posed
WORTH_WAITING_S = 15.0  # of posing after the run, where a short run would get no verdict without
RING_SHARE = 0.8  # of the frames' life: what is asked for is not posed at once
_FILMED = ("weigh", "ready", "run")


class VisitCamera:
    """Between the visit and the camera's `link`; `visit` None: nobody is there."""

    def __init__(self, life: Life) -> None:
        self.link = CameraLink(life)
        self._stills: StillFetch | None = None  # while the frames are kept for them
        self._life = life
        self._standing_ns = round(life.config.run.weigh_s * 1e9)
        self.forget()

    def forget(self) -> None:
        """A visit begins or ends: nothing was asked of it so far."""
        self._aim = Aim(self._oldest_ns)
        self._standing_instants: list[int] = []  # instants of the standing reference, until the camera has taken them
        self._tail = 0  # frames that were still to be posed when the run ended
        self._kept_health: CameraHealth | None = None
        self._end_stills()
        self.link.forget()

    def hear(self, message: Keypoints | CameraHealth, visit: Visit | None) -> None:
        """Anything the camera says. It is put right where it films, or holds frames, against the visit's needs."""
        self.link.hear(message)
        if isinstance(message, Keypoints) and self.shows(visit, message):
            self.link.look_at(message)
        phase = visit.phase if visit is not None and visit.choices.camera else "idle"
        self.link.keep(filming=phase in _FILMED, may_hold_frames=phase == "score" or self.fetching)

    def belongs(self, message: Keypoints | CameraHealth, visit: Visit | None) -> bool:
        """Whether the run keeps it: a pose of its runner, or what the camera says of itself while it films him."""
        if isinstance(message, Keypoints):
            return self.shows(visit, message)
        filmed = visit is not None and visit.choices.camera and visit.phase in ("ready", "run")
        if not filmed or not worth_keeping(message, self._kept_health):
            return False
        self._kept_health = message
        return True

    def shows(self, visit: Visit | None, keypoints: Keypoints) -> bool:
        """Whether these are of this visit's runner, who has consented, between their coming and the end of the run.

        Others may be on their way from the camera still: of whoever was there before, or of who filmed on by mistake.
        """
        if visit is None or not visit.choices.camera or keypoints.t_ns < visit.marks_ns["weigh"]:
            return False
        return "score" not in visit.marks_ns or keypoints.t_ns <= visit.marks_ns["score"]

    def stood_still(self, visit: Visit) -> None:
        """The standing reference ended just now."""
        ready_ns = visit.marks_ns["ready"]
        self._standing_instants = self._aim.standing(ready_ns - self._standing_ns, ready_ns)
        self._pose_standing(visit)

    def place(self, visit: Visit, calibration: Calibration | None) -> CameraPlace | None:
        """How the camera stands now against its calibration; None where nobody can tell."""
        if calibration is None or calibration.camera is None or not visit.choices.camera:
            return None
        return self.link.place(visit.marks_ns["ready"], calibration.camera.landmarks)

    def landed(self, contact: LiveContact) -> None:
        self._aim.landed(contact, self.link.near, self.link.frame_ns)

    def ran_on(self, visit: Visit, now_ns: int) -> None:
        """The run goes on up to now."""
        room = self.link.room
        if room:
            self._pose_standing(visit)
        self._aim.oldest_ns = self._oldest_ns
        paused = visit.may_end_ns is not None
        instants_ns = self._aim.due(visit.marks_ns["run"], now_ns, room, paused=paused)
        if instants_ns and not self._pose(visit, instants_ns):
            self._aim.not_taken()

    def run_ended(self, visit: Visit) -> None:
        """No more is filmed. The camera's word after the last request, though it may be empty, is that all is posed."""
        most = round(WORTH_WAITING_S * self.link.per_s)
        self._pose(visit, self._aim.rest(visit.marks_ns["score"], most))
        if visit.choices.camera:
            self.link.hold()

    def posed(self, visit: Visit, waited_s: float) -> bool:
        """All frames that the scoring is to have are posed, `waited_s` after the run's end: it waits no longer."""
        self._tail = max(self._tail, self.link.backlog)
        return not visit.choices.camera or self.link.silent or waited_s > POSE_TAIL_S or self.link.all_posed

    @property
    def posed_share(self) -> float | None:
        """Of the frames that were still to be posed when the run ended; None where there were none."""
        return 1 - self.link.backlog / self._tail if self._tail else None

    def fetch_stills(self, visit: Visit, instants_ns: dict[str, int]) -> None:
        """Begin to fetch frames at named instants; none where the runner wants the drawn skeleton alone."""
        wanted = visit.choices.camera and visit.choices.pictures
        self._stills = StillFetch(self._life, instants_ns if wanted else {})

    @property
    def fetching(self) -> bool:
        return self._stills is not None

    def fetched(self) -> dict[str, bytes] | None:
        """The stills, once, when no more will come: the frames are dropped then. Call it often."""
        if self._stills is None:
            return None
        self._stills.turn()
        if not self._stills.done:
            return None
        found = self._stills.found
        self._end_stills()
        self.link.switch(False)
        return found

    def _end_stills(self) -> None:
        if self._stills is not None:
            self._stills.close()
        self._stills = None

    @property
    def _oldest_ns(self) -> int:
        return round(RING_SHARE * self.link.frames_last_s * 1e9)

    def _pose_standing(self, visit: Visit) -> None:
        if self._standing_instants and self._pose(visit, self._standing_instants, standing=True):
            self._standing_instants = []

    def _pose(self, visit: Visit, instants_ns: list[int], standing: bool = False) -> bool:
        return visit.choices.camera and self.link.pose(instants_ns, standing)
