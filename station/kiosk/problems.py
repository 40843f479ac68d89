"""What is wrong with the station, in words for the runner: from what the daemons say and from their silence."""

from dataclasses import dataclass
from typing import Literal

from station.kiosk import texts
from station.messages import CameraHealth, ForceHealth, StationState, WorkbenchState

STATE_SILENT_S = 3.0
"""Fusion publishes its state twice a second: after this long the visit's place is unknown."""

HEALTH_SILENT_S = 5.0
"""The readers publish their health once a second."""

STARTING_S = 20.0
"""A daemon that has never been heard may still be starting with the rest of the station."""

Part = Literal["station", "force", "camera"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: which part, and a sentence."""

    part: Part
    text: str


@dataclass(frozen=True)
class Heard:
    """The last message of one kind, and how long ago it came (or, without one, how long none has come)."""

    message: StationState | ForceHealth | CameraHealth | WorkbenchState | None
    age_s: float


def find_problems(state: Heard, force: Heard, camera: Heard | None) -> tuple[Problem, ...]:
    """All that is wrong now, each sentence once. `camera` None: this station has no camera, so none is missed.

    Fusion misses a silent reader too: of two wordings the longer one, which also says what to do, is told.
    """
    found = []
    if state.age_s > _patience_s(state, STATE_SILENT_S):
        found.append(Problem("station", texts.STATION_SILENT))
    found += _reader("force", force, texts.FORCE_SILENT)
    if camera is not None:
        found += _reader("camera", camera, texts.CAMERA_SILENT)
    told = [p.text for p in found]
    if isinstance(state.message, StationState):
        faults = dict.fromkeys(state.message.faults)
        found += [Problem("station", fault) for fault in faults if not any(fault in text for text in told)]
    return tuple(found)


def _reader(part: Part, heard: Heard, silent: str) -> list[Problem]:
    if heard.age_s > _patience_s(heard, HEALTH_SILENT_S):
        return [Problem(part, silent)]
    fault = getattr(heard.message, "fault", None)
    return [Problem(part, fault)] if fault else []


def _patience_s(heard: Heard, silent_s: float) -> float:
    return silent_s if heard.message is not None else STARTING_S
