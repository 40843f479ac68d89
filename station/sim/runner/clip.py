"""A rendered clip's truth: where every named point is in every frame, and when the feet touch the belt."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from station.errors import ConfigError
from station.gait.results import Side
from station.sim.runner.stride_timing import Contact

FOLDER = Path(__file__).parent.parent / "clips"
PX_DIGITS, M_DIGITS = 1, 3


class TrueEvent(Struct, frozen=True):
    """A contact of the loop in seconds from its first frame (toe-off may lie behind the last)."""

    side: Side
    contact_s: float
    toe_off_s: float


class ClipTruth(Struct, frozen=True, kw_only=True):
    """Frame k shows the instant k / fps. Points carry BlazePose's names; axes as in docs/axes.md."""

    name: str
    fps: float
    width_px: int
    height_px: int
    length_s: float
    speed_m_s: float
    cadence_spm: float
    neck_deg: float  # shoulder to ear against the trunk, over the same runner's standing
    scenario: dict[str, Any]  # what was injected; empty for a standing or empty clip
    events: list[TrueEvent]
    camera_matrix: list[list[float]]  # world (x, y, z, 1) to clip space
    points: list[str]
    px: list[list[list[float]]]  # frames x points x (x, y), image x right, y down
    m: list[list[list[float]]]  # frames x points x (x, y, z)

    @property
    def frames(self) -> int:
        return round(self.length_s * self.fps)

    def px_array(self) -> np.ndarray:
        """(frames, points, 2) pixels."""
        return np.array(self.px)

    def m_array(self) -> np.ndarray:
        """(frames, points, 3) metres."""
        return np.array(self.m)

    def contacts(self) -> list[Contact]:
        return [Contact(e.side, e.contact_s, e.toe_off_s) for e in self.events]


def true_events(contacts: tuple[Contact, ...]) -> list[TrueEvent]:
    return [TrueEvent(c.side, round(c.contact_s, 6), round(c.toe_off_s, 6)) for c in contacts]


@cache
def load_truth(name: str) -> ClipTruth:
    """The truth of the shipped clip `name`. Raises ConfigError where there is none."""
    path = FOLDER / f"{name}.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=ClipTruth)
    except OSError:
        raise ConfigError(f"clip {path} is missing; make it again: python -m station.sim.runner.render") from None


def save_truth(truth: ClipTruth, folder: Path) -> None:
    (folder / f"{truth.name}.json").write_bytes(msgspec.json.encode(truth))
