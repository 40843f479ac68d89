"""The camera of a recorded run: its keypoints again, with their own stamps, in step with the load cells.

The load cells' daemon replays at whatever speed it was told; its samples carry the recording's time, and that paces
the keypoints. Fusion so meets both streams as it met them live. A request for an instant shows as well that the
recording's time has come so far.
"""

from collections.abc import Sequence

import msgspec

from station.bus import Publisher
from station.clock import Clock
from station.daemon import Life
from station.messages import (
    Calibration,
    CameraHealth,
    CameraPlace,
    CameraSwitch,
    Done,
    Keypoints,
    Message,
    PlaceRequest,
    PoseRequest,
    PosesQueued,
    SampleBatch,
    Still,
    StillRequest,
)

_TICK_S = 0.02
_HEALTH_NS = 1_000_000_000


class KeypointReplay:
    """Recorded keypoints in place of a camera, and what the camera said of itself and of its place.

    Pictures were not recorded: every still is empty.
    """

    def __init__(
        self,
        keypoints: Sequence[Keypoints],
        said: Sequence[CameraHealth],
        place: CameraPlace | None,
        calibration: Calibration | None,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._place = place
        self._calibrated = calibration.camera if calibration else None
        self._keypoints = sorted(keypoints, key=lambda k: k.t_ns)
        self._said = sorted(said, key=lambda h: h.t_ns)
        self._next = 0
        self._time_ns = 0  # of the recording
        self._health_ns = -_HEALTH_NS
        self._said_ns = 0  # of the recording, when the health was last told
        self._on = False
        self._holding = False  # the run is over: of it there may be more to give
        self._requests = 0  # since it was switched on

    def run(self, life: Life) -> None:
        """Serve until the life ends."""
        publisher, server = life.publisher(), life.server()
        samples = life.subscriber(["force"], [SampleBatch])
        while not life.stopping:
            for batch in samples.drain(_TICK_S):
                self._advance(batch.arrays()["t_low_ns"].max(initial=0))
            request = server.receive()
            if request is not None:
                address, message = request
                server.reply(address, self._answer(message))
            self._publish(publisher)
            life.alive()

    def due(self) -> list[Keypoints]:
        """Keypoints up to the recording's time, each once, unless the camera is off."""
        first, gives = self._next, self._on or self._holding
        while gives and self._next < len(self._keypoints) and self._keypoints[self._next].t_ns <= self._time_ns:
            self._next += 1
        return list(self._keypoints[first : self._next])

    def _advance(self, t_ns: int) -> None:
        self._time_ns = max(self._time_ns, int(t_ns))

    def _answer(self, request: Message) -> Message:
        if isinstance(request, StillRequest):
            return Still(t_ns=request.t_ns, jpeg=b"")
        if isinstance(request, PlaceRequest):
            return self._placed(request)
        if isinstance(request, CameraSwitch):
            if request.on and not self._on:
                self._next = self._time_ns = self._requests = 0  # another visit: from the start
            self._holding = not request.on and request.keep_frames and (self._on or self._holding)
            self._on = request.on
        elif isinstance(request, PoseRequest):
            self._advance(max(request.t_ns, default=0))
            self._requests += 1
            self._health_ns = -_HEALTH_NS  # say so at once
            return PosesQueued(requests=self._requests)
        else:
            return Done(error=f"the camera does not know the request {request.topic}")
        return Done()

    def _placed(self, request: PlaceRequest) -> Message:
        """As it was recorded, which was against the landmarks of the recording's own calibration."""
        if self._place is None or self._calibrated is None or request.landmarks != self._calibrated.landmarks:
            return Done(error="the recording does not say how the camera stood against these landmarks")
        return self._place

    def _publish(self, publisher: Publisher) -> None:
        for keypoints in self.due():
            publisher.send(keypoints)
        now_ns = self._clock.now_ns()
        if now_ns - self._health_ns >= _HEALTH_NS or abs(self._time_ns - self._said_ns) >= _HEALTH_NS:
            self._health_ns, self._said_ns = now_ns, self._time_ns
            publisher.send(self.health())

    def health(self) -> CameraHealth:
        """As the camera was at the recording's time; where it said nothing, as it must have been."""
        asked = {"backlog": 0, "requests": self._requests, "wanted": self._on, "holding": self._holding}
        said = [h for h in self._said if h.t_ns <= self._time_ns][-1:]
        if said and self._on:
            return msgspec.structs.replace(said[0], t_ns=self._time_ns, **asked)
        return CameraHealth(t_ns=self._time_ns, opened=self._on, frames=self._next, dropped=0, fps=0.0, **asked)
