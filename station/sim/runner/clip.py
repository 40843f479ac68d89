"""A rendered clip's truth: where every named point is in every frame, and when the feet touch the belt."""

import os
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from station.errors import ConfigError
from station.gait.results import Side
from station.sim.runner.scenario import Scenario
from station.sim.runner.stride_timing import Contact

FOLDER = Path(__file__).parent.parent / "clips"
PX_DIGITS, M_DIGITS = 1, 3


class TrueEvent(Struct, frozen=True):
    """A contact of the loop in seconds from its first frame (toe-off may lie behind the last)."""

    side: Side
    contact_s: float
    toe_off_s: float


class ClipTruth(Struct, frozen=True, kw_only=True):
    """Frame k shows the instant k / fps: the middle of the exposure of its first row; row r, r * row_s later.

    Points carry BlazePose's names, and the soles' ends their own; axes as in docs/axes.md. `px` is where a point is in
    the picture, `m` where it was when its own row was exposed.
    """

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
    camera_side: Side = "right"  # of the runner that the camera sees
    roll_deg: float = 0.0  # of the picture: the belt falls towards image right
    row_s: float = 0.0  # from one image row to the next
    points: list[str]
    px: list[list[list[float]]]  # frames x points x (x, y), image x right, y down
    m: list[list[list[float]]]  # frames x points x (x, y, z)

    @property
    def frames(self) -> int:
        return round(self.length_s * self.fps)

    def contacts(self) -> list[Contact]:
        return [Contact(e.side, e.contact_s, e.toe_off_s) for e in self.events]


def true_events(contacts: tuple[Contact, ...]) -> list[TrueEvent]:
    return [TrueEvent(c.side, round(c.contact_s, 6), round(c.toe_off_s, 6)) for c in contacts]


def study_cache() -> Path:
    """Where rendered studies are kept unless told otherwise: the user's cache, one folder for each study."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "station-studies"


def clip_folder(scenario: Scenario) -> Path:
    """Where the scenario's clips are: shipped, or a study's in the cache."""
    return study_cache() / scenario.name if scenario.study else FOLDER


def existing(path: Path) -> Path:
    """The path of a clip's file. Raises ConfigError where there is none."""
    if not path.exists():
        again = path.stem if path.parent == FOLDER else f"--studies {path.parent.name}"
        raise ConfigError(f"clip {path} is missing; make it again: python -m station.sim.runner.render {again}")
    return path


def save_truth(truth: ClipTruth, folder: Path) -> None:
    (folder / f"{truth.name}.json").write_bytes(msgspec.json.encode(truth))
