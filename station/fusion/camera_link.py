"""Fusion's end of the camera: what it is asked, how far it has got, and which side of the runner it sees."""

import logging
import math
import time

import numpy as np

from station.bus import request
from station.daemon import Life
from station.errors import BusError, NoAnswerError
from station.fusion.session import poses_of
from station.gait.camera_side import facing, side_of
from station.gait.results import SIDES, Side
from station.messages import (
    KEYPOINTS,
    CameraHealth,
    CameraPlace,
    CameraSwitch,
    Done,
    Keypoints,
    Landmarks,
    Message,
    PlaceRequest,
    PoseRequest,
    PosesQueued,
)

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 0.5
SILENT_AFTER_S = 3.0
SWITCH_AGAIN_S = 2.0
TAIL_S = 1.0  # of posing may be asked for at once: the run may end at any time, and then somebody waits for it
UNKNOWN_PER_S = 2.0  # frames a second of a camera that has not posed any yet: a Pi 4 with one worker
_FEET = [KEYPOINTS.index(f"{side}_{point}") for side in SIDES for point in ("heel", "foot_index")]
_FACING_FRAMES = 8  # live frames after which the runner's direction is looked at


class CameraLink:
    """The camera daemon as fusion knows it. It may be away at any time; nothing here waits for it for long."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._heard_s = time.monotonic()
        self._switched_s = 0.0
        self._unanswered = False  # since it was last heard: one request to a daemon that is away is enough
        self._requests = 0  # for poses, as the camera counted the last one
        self.health: CameraHealth | None = None
        self.forget()

    def forget(self) -> None:
        """Nothing of the last visit's runner is known any more."""
        self.near: Side | None = self._life.config.run.camera_side
        self._seen_live: list[Keypoints] = []
        self._foot_delay_ns = 0  # from the stamp of a frame to the row that shows the feet

    @property
    def backlog(self) -> int:
        """Frames that were asked for and are not posed yet, as the camera last said."""
        return self.health.backlog if self.health else 0

    @property
    def frames_last_s(self) -> float:
        """How long the camera keeps its frames."""
        return (self.health.frames_last_s if self.health else None) or self._life.config.camera.ring_s

    @property
    def per_s(self) -> float:
        """Frames a second that the camera poses for scoring, as it last said."""
        return (self.health.scored_per_s if self.health else None) or UNKNOWN_PER_S

    @property
    def frame_ns(self) -> float:
        """From one frame to the next; where the camera drops some or is slower than was asked, that is too short.

        Instants that lie too close only ask for a frame twice; those too far apart would pass over one.
        """
        return 1e9 / max(self.health.fps if self.health else 0.0, self._life.config.camera.fps)

    @property
    def room(self) -> int:
        """How many frames may be asked for now; none before the camera has counted the last ones."""
        if not self._counted or not self.health.opened:
            return 0
        return max(0, math.ceil(self.per_s * TAIL_S) - self.backlog)

    @property
    def all_posed(self) -> bool:
        """Nothing that was asked for is still to come; also of a camera that was started again and knows of nothing."""
        if self.health is None:
            return False
        knows_of_it = self.health.wanted or self.health.holding
        return not knows_of_it or (self._counted and self.backlog == 0)

    @property
    def _counted(self) -> bool:
        """What the camera last said, it said after the last request."""
        return self.health is not None and self.health.requests >= self._requests

    @property
    def silent(self) -> bool:
        return time.monotonic() - self._heard_s > SILENT_AFTER_S

    def hear(self, message: Keypoints | CameraHealth) -> None:
        """Anything the camera says."""
        self._heard_s = time.monotonic()
        self._unanswered = False
        if isinstance(message, CameraHealth):
            self.health = message

    def look_at(self, keypoints: Keypoints) -> None:
        """Where the feet are in the picture of this visit's runner, and which side of them it shows."""
        if not keypoints.found:
            return
        feet_px = keypoints.points()[0][_FEET, 1]
        if np.isfinite(feet_px).any():
            self._foot_delay_ns = round(keypoints.row_ns * float(np.nanmax(feet_px)))
        if keypoints.purpose == "live" and self.near is None:
            self._find_side(keypoints)

    def switch(self, on: bool) -> None:
        """Open the camera (consent was given), or close it and drop all frames."""
        self._switched_s = time.monotonic()
        self._requests = 0
        self._ask(CameraSwitch(on=on), Done)

    def hold(self) -> None:
        """Close the camera; the frames of the run stay, to be posed and shown."""
        self._switched_s = time.monotonic()
        self._ask(CameraSwitch(on=False, keep_frames=True), Done)

    def keep(self, filming: bool, may_hold_frames: bool) -> None:
        """Say it again where the camera was told otherwise: its daemon was started again, or a request was lost."""
        if self.health is None or time.monotonic() - self._switched_s < SWITCH_AGAIN_S:
            return
        if filming:
            if not self.health.wanted:
                self.switch(True)
        elif may_hold_frames:
            if self.health.wanted:
                self.hold()
        elif self.health.wanted or self.health.holding:
            self.switch(False)

    def pose(self, instants_ns: list[int], standing: bool = False) -> bool:
        """Ask for the pose in the frames that show the feet at these instants; the answers come as Keypoints.

        False where the camera did not take the request.
        """
        if self._unanswered:
            return False
        frames_ns = [t - self._foot_delay_ns for t in instants_ns]
        answer = self._ask(PoseRequest(t_ns=frames_ns, standing=standing), PosesQueued)
        if isinstance(answer, PosesQueued):
            self._requests = answer.requests
        return isinstance(answer, PosesQueued)

    def place(self, t_ns: int, landmarks: Landmarks) -> CameraPlace | None:
        """How the picture of this instant lies against the calibrated one; None where the camera does not say."""
        answer = None if self.silent else self._ask(PlaceRequest(t_ns=t_ns, landmarks=landmarks), CameraPlace)
        return answer if isinstance(answer, CameraPlace) else None

    def _ask(self, message: Message, reply: type[Message]) -> Message | None:
        try:
            return request(self._life.context, self._life.runtime, "camera", message, reply, ANSWER_WITHIN_S)
        except BusError as e:
            log.warning("%s", e)
            self._unanswered = self._unanswered or isinstance(e, NoAnswerError)
            return None

    def _find_side(self, keypoints: Keypoints) -> None:
        self._seen_live.append(keypoints)
        if len(self._seen_live) % _FACING_FRAMES == 0:
            track = poses_of(self._seen_live, 0)
            direction = facing(track) if track else None
            self.near = side_of(direction) if direction else None
