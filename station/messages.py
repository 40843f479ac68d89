"""Every struct that crosses a process boundary: on the bus, in a recording, in an artefact.

Arrays travel as the bytes of little-endian numpy arrays; the properties give them back without a copy.
Axes: x forward (running direction), y to the runner's left, z up, origin at the deck centre (docs/axes.md).
"""

from typing import Annotated, ClassVar, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct

from station.words import N_

CHANNELS = ("front_left", "front_right", "rear_left", "rear_right")
"""Order of the four cells in every array with an axis of cells."""

KEYPOINTS = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
    "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
    "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "left_heel", "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip
"""BlazePose's 33 keypoints, in its order."""

Positive = Annotated[float, Meta(gt=0)]


_SPOKEN = dict(zip(CHANNELS, (N_("front left"), N_("front right"), N_("rear left"), N_("rear right")), strict=True))


def spoken(channel: str) -> str:
    """One of CHANNELS as a person says it: "front left"."""
    return _SPOKEN[channel]


class Message(Struct, frozen=True, kw_only=True):
    """Root of all messages; `topic` names it on the bus and in a recording."""

    topic: ClassVar[str]


# --- load cells ---------------------------------------------------------------------------------

FLAG_FIRST_AFTER_RESET = 1
"""The chip was power-cycled before this conversion: conversions are missing in front of it."""
FLAG_AFTER_SATURATION = 2
"""Conversions at the end of the chip's range were rejected in front of this one: the load was out of range."""


class SampleBatch(Message, frozen=True, kw_only=True):
    """Conversions of the load-cell chips, in the order they were read. All arrays have one length n.

    `t_high_ns` is the last time the chip's DOUT was seen high (not ready), `t_low_ns` the first time it
    was seen low: the conversion ended between the two. `seq` counts a channel's accepted conversions.
    """

    topic: ClassVar[str] = "samples"
    channel: bytes  # uint8, index into CHANNELS
    raw: bytes  # int32, counts
    t_high_ns: bytes  # int64
    t_low_ns: bytes  # int64
    seq: bytes  # uint32
    flags: bytes  # uint8

    DTYPES: ClassVar[dict[str, str]] = {
        "channel": "<u1", "raw": "<i4", "t_high_ns": "<i8", "t_low_ns": "<i8", "seq": "<u4", "flags": "<u1",
    }  # fmt: skip

    @classmethod
    def of(cls, **columns: np.ndarray) -> "SampleBatch":
        """Pack one array (or list) per column."""
        return cls(**{k: np.asarray(columns[k]).astype(d).tobytes() for k, d in cls.DTYPES.items()})

    def arrays(self) -> dict[str, np.ndarray]:
        """Column name -> (n,) array."""
        return {k: np.frombuffer(getattr(self, k), d) for k, d in self.DTYPES.items()}


ChipTrouble = Literal["open", "exchanged", "high", "clock_high", "low", "out_of_range", "slow", "disturbed"]
"""Why a chip does not deliver: nothing drives DOUT; DOUT and PD_SCK exchanged; DOUT, or PD_SCK, held high; DOUT held
low; each conversion at the end of the range; too few conversions a second; none that can be trusted."""


class ForceHealth(Message, frozen=True, kw_only=True):
    """Counters of the reader since it started, one entry per channel."""

    topic: ClassVar[str] = "force_health"
    t_ns: int
    conversions: list[int]
    lost: list[int]
    rejected: list[int]
    power_downs: list[int]
    rate_sps: list[float]
    noise_n: list[float | None] = []  # sd of a conversion while nobody moves on the deck; None: not seen, or no scale
    zero_drift_n: list[float | None] = []  # level of the unloaded deck against the tare
    overload: str | None = None  # to the staff: which cell carried more than it is made for
    fault: str | None = None  # in a user's words; None while all four chips deliver
    trouble: list[ChipTrouble | None] = []  # of each chip; None: it delivers, or nothing is known


# --- camera -------------------------------------------------------------------------------------


class Keypoints(Message, frozen=True, kw_only=True):
    """The pose in one frame. Image x right, y down, pixels of the frame as captured."""

    topic: ClassVar[str] = "keypoints"
    t_ns: int  # mid-exposure of the frame's first row
    purpose: Literal["score", "live"]
    width_px: int
    height_px: int
    found: bool
    xy_px: bytes = b""  # float32 (33, 2)
    confidence: bytes = b""  # float32 (33,), 0..1
    people: int | None = None  # separate people in the frame; None: not counted in this one
    foot_turn_deg: bytes = b""  # float32 (2,) left, right: the shoe against itself standing, toe-up; NaN: not found
    row_ns: float = 0.0  # from one image row to the next: rolling shutter; 0: the whole image at once

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """(33, 2) pixels and (33,) confidence; NaN and 0 where no pose was found."""
        if not self.found:
            return np.full((33, 2), np.nan, np.float32), np.zeros(33, np.float32)
        return np.frombuffer(self.xy_px, "<f4").reshape(33, 2), np.frombuffer(self.confidence, "<f4")

    def foot_turns(self) -> np.ndarray:
        """(2,) degrees, left and right; NaN where it was not found, or nothing to compare with."""
        return np.frombuffer(self.foot_turn_deg, "<f4") if self.foot_turn_deg else np.full(2, np.nan, np.float32)


class CameraHealth(Message, frozen=True, kw_only=True):
    topic: ClassVar[str] = "camera_health"
    t_ns: int
    opened: bool
    wanted: bool = False  # it was told to film, whether or not it can
    holding: bool = False  # it was told to film no more, but to keep its frames
    frames: int  # since it was switched on
    dropped: int  # by the interval histogram
    fps: float
    backlog: int  # frames asked for and not yet posed
    requests: int = 0  # pose requests taken since it was switched on
    frames_last_s: float | None = None  # how long a frame is kept, by the memory that the last ones took
    scored_per_s: float | None = None  # frames a second that all scoring workers together manage; None: not known yet
    fault: str | None = None  # of the camera, in a user's words: no pictures
    pose_fault: str | None = None  # of the workers that pose for scoring
    live_fault: str | None = None  # of the worker that poses for the live picture alone
    interval_counts: list[int] = []  # of intervals of about 1, 2, ... usual ones; the last: that long and longer
    readout_ms: float = 0.0  # from a picture's first row to its last
    readout_half_width_ms: float = 0.0  # what that may be off: the sensor is not known


class Landmarks(Struct, frozen=True, kw_only=True):
    """Corners of the still picture by which a camera that was moved is noticed: ORB features, no pixels."""

    xy_px: bytes  # float32 (n, 2)
    descriptors: bytes  # uint8 (n, 32)

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """(n, 2) pixels and (n, 32) descriptors."""
        return np.frombuffer(self.xy_px, "<f4").reshape(-1, 2), np.frombuffer(self.descriptors, "u1").reshape(-1, 32)


class CameraPlace(Message, frozen=True, kw_only=True):
    """How the still picture lies now against that of the camera's calibration, by their common landmarks.

    `shift_px`, `turn_deg` (clockwise) and `scale`: of a point of the calibrated picture's middle; None where too few
    landmarks were found again.
    """

    topic: ClassVar[str] = "camera_place"
    t_ns: int
    landmarks: int  # of the calibration
    found: int  # again, where the move says
    shift_px: float | None = None
    turn_deg: float | None = None
    scale: float | None = None


class PlaceRequest(Message, frozen=True, kw_only=True):
    """Request to the camera daemon: how the picture nearest to this instant lies against these landmarks.

    Reply: CameraPlace, or Done with the error.
    """

    topic: ClassVar[str] = "place_request"
    t_ns: int
    landmarks: Landmarks


class CameraSwitch(Message, frozen=True, kw_only=True):
    """Request to the camera daemon: open the camera (consent was given) or close it and drop all frames.

    `keep_frames`, with `on` False: the run is over, but its frames are still to be posed and shown.
    """

    topic: ClassVar[str] = "camera_switch"
    on: bool
    keep_frames: bool = False


class PoseRequest(Message, frozen=True, kw_only=True):
    """Request to the camera daemon: find the pose, for scoring, in the frames nearest to these instants."""

    topic: ClassVar[str] = "pose_request"
    t_ns: list[int]
    standing: bool = False  # the runner stands still: his shoes lie flat


class PosesQueued(Message, frozen=True, kw_only=True):
    """Reply to a PoseRequest: it was the `requests`-th since the camera was switched on (CameraHealth.requests)."""

    topic: ClassVar[str] = "poses_queued"
    requests: int


class StillRequest(Message, frozen=True, kw_only=True):
    """Request to the camera daemon: the posed frame nearest to this instant as JPEG, cut down to its runner."""

    topic: ClassVar[str] = "still_request"
    t_ns: int


class Still(Message, frozen=True, kw_only=True):
    topic: ClassVar[str] = "still"
    t_ns: int
    jpeg: bytes  # empty: that frame is no longer (or was never) there, or shows no runner


class CodeRequest(Message, frozen=True, kw_only=True):
    """Request to the camera daemon: look for codes held before the camera, say what was seen since, or stop looking.

    Only while no visit is going on; no picture is kept. Reply: CodeSeen, or Done with the error.
    """

    topic: ClassVar[str] = "code_request"
    action: Literal["start", "look", "stop"]


class CodeSeen(Message, frozen=True, kw_only=True):
    topic: ClassVar[str] = "code_seen"
    looking: bool  # the camera is open for it; False after a minute, too
    texts: list[str] = []  # of codes seen since the last answer, each once
    fault: str | None = None  # of the camera, in a user's words


class Done(Message, frozen=True, kw_only=True):
    """Reply to a request that returns nothing; `error` in a user's words where it failed."""

    topic: ClassVar[str] = "done"
    error: str | None = None


# --- fusion -------------------------------------------------------------------------------------

Phase = Literal["idle", "weigh", "ready", "run", "score", "card"]

Language = Annotated[str, Meta(pattern="^[a-z]{2}$")]
"""ISO 639-1; the kiosk speaks those that have a catalogue (docs/languages.md)."""


class Choices(Struct, frozen=True, kw_only=True):
    """What the runner chose and said before the visit began; all but the language and the camera may be left out."""

    language: Language = "en"
    camera: bool = False  # the camera may be opened
    pictures: bool = True  # stills of the run may be kept for the card; False: only the drawn skeleton
    live: bool = False  # curves while running; False: a calm screen
    nickname: Annotated[str, Meta(max_length=24)] | None = None
    speed_m_s: Annotated[float, Meta(gt=0, le=10)] | None = None  # of the belt
    incline_pct: Annotated[float, Meta(ge=-10, le=40)] | None = None
    shoes: Annotated[str, Meta(max_length=40)] | None = None


class StationState(Message, frozen=True, kw_only=True):
    """Where the visit stands; published on every change and twice a second.

    `since_ns` is the instant of the last change of phase on the data's own clock (equal to the system's
    monotonic clock unless a recording is replayed faster than real time).
    """

    topic: ClassVar[str] = "state"
    phase: Phase
    since_ns: int
    visit_id: str | None
    marks_ns: dict[str, int] = {}  # when each phase of this visit began
    ready: bool = False  # load cells and camera have reported
    choices: Choices | None = None  # None: nobody is there
    progress: float = 0.0  # 0..1 within `weigh` and `score`
    run_s: float = 0.0
    steps: int = 0
    pictures_coming: bool = False  # the report of this card lacks its stills still
    notice: str | None = None  # a sentence for the runner: what is missing, what to do
    faults: list[str] = []
    blank: bytes = b""  # while nobody is there: overwrites the last visit in the buffers of the sockets


class LiveForce(Message, frozen=True, kw_only=True):
    """The last stretch of the total vertical force, for the live curve (blurred by the chips, not for scoring)."""

    topic: ClassVar[str] = "live_force"
    t_s: bytes  # float32 (n,), seconds since the run began
    force_bw: bytes  # float32 (n,), body weights


class LiveStep(Message, frozen=True, kw_only=True):
    """A step that has just ended, from force that the chips have blurred: not for scoring, and without a loading rate.

    `corrected`: by what the blur adds on average, as the last solved stretch of this run told it.
    """

    topic: ClassVar[str] = "live_step"
    n: int
    side: Literal["left", "right"] | None
    t_s: float  # contact, seconds since the run began
    cadence_spm: float | None
    contact_time_ms: float | None
    flight_time_ms: float | None = None  # before this step; None where there was no flight or no step before it
    peak_force_bw: float | None = None
    kind: Literal["single_step_blurred"] = "single_step_blurred"
    corrected: bool = False


class SolvedSteps(Message, frozen=True, kw_only=True):
    """The scoring worker to fusion: the steps of one more solved stretch of the run; lists of one length."""

    topic: ClassVar[str] = "solved_steps"
    contact_s: list[float]  # since the run began
    contact_time_ms: list[float]
    peak_force_bw: list[float]


class RunMayEnd(Message, frozen=True, kw_only=True):
    """Fusion to the scoring worker: the run ended at `t_ns`, unless somebody moves again. No part of a recording."""

    topic: ClassVar[str] = "run_may_end"
    t_ns: int


class ScoreNow(Message, frozen=True, kw_only=True):
    """Fusion to the scoring worker: these were all messages of the run. Reply: Scored, or Done with the error."""

    topic: ClassVar[str] = "score_now"


class Scored(Message, frozen=True, kw_only=True):
    """The public document as JSON, and the instants of the stills its evidence names."""

    topic: ClassVar[str] = "scored"
    json: bytes
    stills: dict[str, int]  # picture id -> t_ns on the data's clock


class VisitCommand(Message, frozen=True, kw_only=True):
    """Request to the fusion daemon, from the kiosk."""

    topic: ClassVar[str] = "visit_command"
    action: Literal["start", "stop", "stay", "finish", "discard"]
    """stay: the card is being read; finish: leave it; discard: wipe everything now."""
    choices: Choices = Choices()  # with "start"
    visit_id: str | None = None  # with all others: the visit that is meant; no other one is touched


class ReportRequest(Message, frozen=True, kw_only=True):
    topic: ClassVar[str] = "report_request"
    visit_id: str


class Report(Message, frozen=True, kw_only=True):
    """The scored run: `json` is the public schema-1 document, `pictures` the stills its evidence names."""

    topic: ClassVar[str] = "report"
    visit_id: str
    json: bytes
    pictures: dict[str, bytes] = {}  # picture id -> JPEG


class Mark(Message, frozen=True, kw_only=True):
    """A change of phase inside a recording."""

    topic: ClassVar[str] = "mark"
    t_ns: int
    phase: Phase


# --- calibration --------------------------------------------------------------------------------


class CalibrationPrompt(Message, frozen=True, kw_only=True):
    """What the operator of a calibration is asked to do now; published by whoever drives the steps."""

    topic: ClassVar[str] = "calibration_prompt"
    action: Literal["unload", "place", "tap", "wait", "board", "done"]
    text: str
    mass_kg: float | None = None  # with "place"; None: the operator, to stand there
    x_m: float | None = None  # with "place", "tap" and "board"
    y_m: float | None = None
    square_m: float | None = None  # with "board": side of its squares


class ShuntRequest(Message, frozen=True, kw_only=True):
    """Request to the force daemon: switch the known step of the kernel test on or off. Reply: ShuntSwitched or Done."""

    topic: ClassVar[str] = "shunt_request"
    on: bool


class ShuntSwitched(Message, frozen=True, kw_only=True):
    topic: ClassVar[str] = "shunt_switched"
    t_ns: int


# --- all daemons --------------------------------------------------------------------------------


DAEMONS = ("force", "camera", "fusion", "kiosk", "workbench")
"""All of a station, in the order in which they are started."""


class DaemonHealth(Message, frozen=True, kw_only=True):
    """What every daemon says of itself once a second, while it would feed its watchdog."""

    topic: ClassVar[str] = "daemon_health"
    daemon: str
    version: str
    pid: int
    since_ns: int  # when it began, monotonic
    resident_bytes: int  # of its memory; its workers are processes of their own


# --- workbench ----------------------------------------------------------------------------------

CalibrationKind = Literal["tare", "grid", "kernel", "deck", "camera"]

FindingVerdict = Literal["ok", "warning", "fault", "not_checked"]


class Finding(Struct, frozen=True, kw_only=True):
    """What one self-test found. `text` says what, where and what to do, to an installer without Python."""

    check: str  # the self-test's name, such as "cell_unplugged"
    title: str = ""  # what it looks at
    verdict: FindingVerdict
    text: str
    where: str | None = None  # one of CHANNELS, "camera", "board", ...
    measured: dict[str, float] = {}  # units in the names


class PlateLabel(Struct, frozen=True, kw_only=True):
    """A known mass of the load grid, and what its label is worth."""

    mass_kg: Positive
    sd_kg: Positive


class CalibrationOptions(Struct, frozen=True, kw_only=True):
    """What the operator chose before the first step; each kind of calibration heeds its own."""

    belt: bool = True  # tare: also with the running belt
    plates: tuple[PlateLabel, ...] = ()  # grid; none: the usual two
    points: int = 9  # grid
    square_mm: Positive | None = None  # camera; None: as printed


class WorkbenchCommand(Message, frozen=True, kw_only=True):
    """Asks the workbench to begin a calibration, to measure the step in hand, to give up, or to examine the station."""

    topic: ClassVar[str] = "workbench_command"
    action: Literal["begin", "measure", "give_up", "examine"]
    kind: CalibrationKind | None = None  # of "begin"
    options: CalibrationOptions = CalibrationOptions()
    step: int | None = None  # of "measure": the one that is meant; another one in hand is not measured
    guided: bool = False  # of "examine": also what somebody must do something for at the deck


class WorkbenchState(Message, frozen=True, kw_only=True):
    """What the workbench does; published twice a second and at every change."""

    topic: ClassVar[str] = "workbench"
    doing: Literal["nothing", "calibration", "examination"] = "nothing"
    kind: CalibrationKind | None = None
    step: int = 0  # in hand, from 0
    steps: int = 0
    prompt: CalibrationPrompt | None = None
    measuring: bool = False
    left_s: float | None = None  # of the measurement, about; 0: it is being worked out
    refused: str | None = None  # why the last measurement must be done again
    failed: str | None = None  # why what was begun last could not be carried through; nothing was saved
    report: tuple[str, ...] = ()  # of the calibration that ended last: residuals and what they mean
    force_n: tuple[float, ...] = ()  # live, each cell in the order of CHANNELS; counts where not calibrated
    calibrated: bool = False  # `force_n` is in newtons
    findings: tuple[Finding, ...] = ()  # of the examination, as far as it has come
    examined: tuple[int, int] = (0, 0)  # self-tests done, of how many


# --- calibration artefacts ----------------------------------------------------------------------


class ChipKernel(Struct, frozen=True, kw_only=True):
    """A chip's averaging kernel: `order` box averages of one conversion period each, ended `delay_s` before ready.

    `taps`: weights of copies of that, each another quarter of a period older (`gait.results.Kernel`); they sum to 1.
    """

    order: Annotated[int, Meta(ge=1, le=8)]
    period_s: Positive
    delay_s: float = 0.0
    taps: list[float] = msgspec.field(default_factory=lambda: [1.0])
    residual_n: float = 0.0  # rms of the kernel test


class CellCalibration(Struct, frozen=True, kw_only=True):
    channel: str
    x_m: float
    y_m: float
    offset_counts: float
    newton_per_count: float
    kernel: ChipKernel | None  # None: never tested; dynamic numbers are then relative


class DeckCalibration(Struct, frozen=True, kw_only=True):
    """What is known of the deck's vertical resonance. `stiff` = rigid by declaration.

    Either the taps told frequency and damping, or they only told that nothing rings below `at_least_hz`.
    """

    stiff: bool
    frequency_hz: float | None = None
    damping_ratio: float | None = None
    frequency_sd_hz: float = 0.0
    damping_sd: float = 0.0
    at_least_hz: float | None = None


class CameraCalibration(Struct, frozen=True, kw_only=True):
    """Where the camera stands and how it projects the deck's metres into its pictures (docs/axes.md).

    The angles turn it away from looking square at the belt: `yaw_deg` to image right, `pitch_deg` upwards, and
    `roll_deg`, by which the belt then falls towards image right. Optical axis: through the picture's middle.
    """

    side: Literal["left", "right"]  # of the runner, where the camera stands
    width_px: int
    height_px: int
    focal_px: Positive
    place_m: list[float]  # (3,) of the lens
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    radial: float = 0.0  # lens distortion: a point at r focal lengths from the middle is seen at r (1 + radial r^2)
    roll_sd_deg: float = 0.0
    scale_sd: float = 0.0  # relative, in the runner's plane
    belt_sd_px: float = 0.0
    landmarks: Landmarks


class CalibrationPart(Struct, frozen=True, kw_only=True):
    """Where a part of a calibration came from: tare, grid, kernel, deck or camera."""

    id: str
    created_utc: str
    residuals: dict[str, float] = {}  # by name, the unit in it: "rms_n", "leave_one_out_mm"


class Calibration(Message, frozen=True, kw_only=True):
    """The artefact that turns counts into newtons; each run stores it whole."""

    topic: ClassVar[str] = "calibration"
    id: str
    created_utc: str
    cells: list[CellCalibration]  # in the order of CHANNELS
    deck: DeckCalibration | None  # None: never tested
    residual_n: float = 0.0  # of the load grid
    gain_sd: float = 0.0  # relative, common to all cells: what the masses of the grid are worth
    parts: dict[str, CalibrationPart] = {}  # by "tare", "grid", "kernel", "deck", "camera"
    camera: CameraCalibration | None = None  # None: never calibrated
    source: str = ""  # how it was made, in a reader's words
    left_out: list[str] = []  # parts that do not belong to it, each with the reason and what to do


class RunInfo(Message, frozen=True, kw_only=True):
    """First message of a recording: everything about a run that is not a measurement."""

    topic: ClassVar[str] = "run_info"
    visit_id: str
    version: str
    seed: int
    inputs: dict[str, str | float | int | bool | None]
    speed_m_s: float | None = None
    mass_kg: float | None = None
    camera_side: Literal["left", "right"] | None = None
    choices: Choices | None = None  # None: a user's files


def encode(message: Struct) -> bytes:
    """Message -> msgpack bytes."""
    return msgspec.msgpack.encode(message)
