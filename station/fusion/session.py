"""All that is known of one run, however it came: live from the bus, from a recording, or from a user's files."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from station import __version__
from station.config import Config
from station.errors import RecordingError
from station.fusion.filming import Filming, filming_of
from station.gait.posture_track import PoseTrack
from station.gait.results import CellSignal
from station.messages import (
    Calibration,
    CameraHealth,
    CameraPlace,
    Choices,
    Keypoints,
    Mark,
    Message,
    RunInfo,
    SampleBatch,
)
from station.words import N_

BROKEN_OFF = N_("The recording ends before the run did; it is scored up to there.")
_SHORTEST = 0.05  # quantile of the frame spacings that stands for the shortest: robust against a doubled stamp


@dataclass(frozen=True)
class Surroundings:
    """What else the picture shows than the runner."""

    people: np.ndarray  # persons seen at each check
    background_px_s: np.ndarray | None = None  # its speed, where it could be told; None: the camera stands fixed


@dataclass(frozen=True)
class Session:
    """One run. Times `*_s` are on the run's own axis; `t0_ns` is its zero on the data's clock.

    `samples` are raw conversions (columns of SampleBatch); `cells` newtons that came without chips.
    """

    info: RunInfo
    start_s: float
    end_s: float
    t0_ns: int = 0
    calibration: Calibration | None = None
    samples: dict[str, np.ndarray] | None = None
    cells: tuple[CellSignal, ...] | None = None
    poses: PoseTrack | None = None
    standing_s: tuple[float, float] | None = None
    camera_place: CameraPlace | None = None  # against the camera's calibration, before the run
    surroundings: Surroundings | None = None
    notes: tuple[str, ...] = ()  # what is wrong with the run as a whole, in sentences
    one_clock: bool = True  # camera and load cells share a clock; False: two files of a user
    filming: Filming | None = None  # None: no camera daemon was at work, or it said nothing


def run_info(config: Config, visit_id: str, choices: Choices) -> RunInfo:
    """What a recording of this station begins with."""
    return RunInfo(
        visit_id=visit_id,
        version=__version__,
        seed=config.run.seed,
        inputs={
            "source": "station",
            "recorder_version": __version__,
            "started_utc": datetime.now(UTC).isoformat(timespec="seconds"),
            "force": config.force.device,
            "camera": config.camera.device if choices.camera else "refused",
            "incline_pct": choices.incline_pct,
            "shoes": choices.shoes,
            "weigh_s": config.run.weigh_s,
            "cell_capacity_kg": config.force.cell_capacity_kg,
            "treadmill_kg": config.force.treadmill_kg,
        },
        speed_m_s=choices.speed_m_s or config.run.speed_m_s,
        camera_side=config.run.camera_side,
        choices=choices,
    )


@dataclass
class SessionBuilder:
    """Collects the messages of one run, in the order they are recorded, into a Session."""

    _info: RunInfo | None = None
    _calibration: Calibration | None = None
    _place: CameraPlace | None = None
    _batches: list[SampleBatch] = field(default_factory=list)
    _keypoints: list[Keypoints] = field(default_factory=list)
    _camera: list[CameraHealth] = field(default_factory=list)
    _marks: dict[str, int] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        if isinstance(message, SampleBatch):
            self._batches.append(message)
        elif isinstance(message, Keypoints) and message.purpose == "score":
            self._keypoints.append(message)
        elif isinstance(message, CameraHealth):
            self._camera.append(message)
        elif isinstance(message, Mark):
            self._marks[message.phase] = message.t_ns
        elif isinstance(message, Calibration):
            self._calibration = message
        elif isinstance(message, CameraPlace):
            self._place = message
        elif isinstance(message, RunInfo):
            self._info = message

    def build(self, end_ns: int | None = None) -> Session:
        """The session from the mark "run" to `end_ns`, else to the mark "score". Raises RecordingError: nobody ran."""
        if self._info is None:
            raise RecordingError(N_("the recording has no run information; it was cut off at its very start"))
        samples = _joined(self._batches)
        if "run" not in self._marks or samples is None:
            raise RecordingError(N_("the recording ends before the running began; there is nothing to score"))
        t0_ns = self._marks["run"]
        if end_ns is None:
            end_ns = self._marks.get("score", int(samples["t_low_ns"][-1]))
        standing_s = None
        if "ready" in self._marks:
            weighed_s = float(self._info.inputs.get("weigh_s") or 0.0)
            ready_s = (self._marks["ready"] - t0_ns) / 1e9
            standing_s = (ready_s - weighed_s, ready_s)
        return Session(
            info=self._info,
            start_s=0.0,
            end_s=(end_ns - t0_ns) / 1e9,
            t0_ns=t0_ns,
            calibration=self._calibration,
            samples=samples,
            poses=poses_of(self._keypoints, t0_ns),
            standing_s=standing_s,
            camera_place=self._place,
            surroundings=_surroundings([k for k in self._keypoints if t0_ns <= k.t_ns <= end_ns]),
            notes=() if "score" in self._marks else (BROKEN_OFF,),
            filming=filming_of(self._camera, t0_ns, end_ns),
        )


def poses_of(keypoints: Iterable[Keypoints], t0_ns: int) -> PoseTrack | None:
    """The frames where a pose was found; None where there is none. The camera's rate: its shortest frame spacing."""
    found = [k for k in keypoints if k.found]
    if not found:
        return None
    t_s = (np.array([k.t_ns for k in found]) - t0_ns) / 1e9
    points = [k.points() for k in found]
    spacing_s = np.diff(np.unique(t_s))
    return PoseTrack.of(
        t_s,
        np.array([xy for xy, _ in points]),
        np.array([c for _, c in points]),
        found[0].width_px,
        found[0].height_px,
        float(1 / np.quantile(spacing_s, _SHORTEST)) if len(spacing_s) else 0.0,
        found[0].row_ns / 1e9,
        np.array([k.foot_turns() for k in found]),
    )


def _surroundings(keypoints: Iterable[Keypoints]) -> Surroundings | None:
    """None where nobody was counted, as in old recordings."""
    people = [k.people for k in keypoints if k.people is not None]
    return Surroundings(np.array(people)) if people else None


def _joined(batches: list[SampleBatch]) -> dict[str, np.ndarray] | None:
    if not batches:
        return None
    return {
        name: np.frombuffer(b"".join(getattr(b, name) for b in batches), dtype)
        for name, dtype in SampleBatch.DTYPES.items()
    }
