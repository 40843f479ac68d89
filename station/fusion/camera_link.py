"""Fusion's end of the camera: what it is asked, how far it has got, and which side of the runner it sees."""

import logging
import time

from station.bus import request
from station.daemon import Life
from station.errors import BusError
from station.fusion.session import poses_of
from station.gait.camera_side import facing, side_of
from station.gait.results import Side
from station.messages import CameraHealth, CameraSwitch, Done, Keypoints, Message, PoseRequest, Still, StillRequest

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 0.5
SILENT_AFTER_S = 3.0
NOT_ASKED_AFTER_S = 1.5  # of silence: a camera daemon that is just being started again would only hold fusion up
_FACING_FRAMES = 8  # live frames after which the runner's direction is looked at


class CameraLink:
    """The camera daemon as fusion knows it. It may be away at any time; nothing here waits for it for long."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._heard_s = time.monotonic()
        self.health: CameraHealth | None = None
        self.forget()

    def forget(self) -> None:
        """Nothing of the last visit's runner is known any more."""
        self.near: Side | None = self._life.config.run.camera_side
        self._seen_live: list[Keypoints] = []

    @property
    def backlog(self) -> int:
        """Frames that were asked for and are not posed yet, as the camera last said."""
        return self.health.backlog if self.health else 0

    @property
    def silent(self) -> bool:
        return self._silent_s > SILENT_AFTER_S

    @property
    def _silent_s(self) -> float:
        return time.monotonic() - self._heard_s

    def hear(self, message: Keypoints | CameraHealth) -> None:
        """Anything the camera says."""
        self._heard_s = time.monotonic()
        if isinstance(message, CameraHealth):
            self.health = message
        elif message.purpose == "live" and message.found and self.near is None:
            self._look_at(message)

    def switch(self, on: bool) -> None:
        """Open the camera (consent was given), or close it and drop all frames."""
        self._ask(CameraSwitch(on=on), Done)

    def pose(self, instants_ns: list[int]) -> None:
        """Ask for the pose in the frames at these instants; the answers come as Keypoints."""
        if instants_ns and self._silent_s < NOT_ASKED_AFTER_S:
            self._ask(PoseRequest(t_ns=instants_ns), Done)

    def still(self, t_ns: int) -> bytes:
        """The frame at that instant as JPEG; empty where it is no longer there."""
        answer = self._ask(StillRequest(t_ns=t_ns), Still)
        return answer.jpeg if isinstance(answer, Still) else b""

    def _ask(self, message: Message, reply: type[Message]) -> Message | None:
        try:
            return request(self._life.context, self._life.runtime, "camera", message, reply, ANSWER_WITHIN_S)
        except BusError as e:
            log.warning("%s", e)
            return None

    def _look_at(self, keypoints: Keypoints) -> None:
        self._seen_live.append(keypoints)
        if len(self._seen_live) % _FACING_FRAMES == 0:
            track = poses_of(self._seen_live, 0)
            direction = facing(track) if track else None
            self.near = side_of(direction) if direction else None
