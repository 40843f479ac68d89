"""Result types of the analysis: each value with its interval, n, and the reason where it was not measured.

Axes and signs: docs/axes.md. Units are in the names. Times `t_s` are seconds on the run's own time axis.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from station.gait.parts import RunParts

Side = Literal["left", "right"]
Strike = Literal["rearfoot", "midfoot", "forefoot"]
SIDES: tuple[Side, Side] = ("left", "right")


@dataclass(frozen=True)
class Measure:
    """A mean over the judged steps with its 80 % measurement interval, or the reason why there is none.

    `n` steps, strides or contacts were judged `of` so many that there were (None: not counted).
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None = None
    of: int | None = None

    @classmethod
    def missing(cls, reason: str, n: int = 0, of: int | None = None) -> "Measure":
        """Not measured, because of `reason` (a sentence a runner understands)."""
        return cls(None, None, None, n, reason, of)

    @property
    def measured(self) -> bool:
        return self.value is not None


TAPS_PER_PERIOD = 4
"""Spacing of a kernel's taps: a quarter of a conversion period."""


@dataclass(frozen=True)
class Kernel:
    """Averaging kernel of one load-cell chip: `order` boxes of `period_s`, ended `delay_s` before the conversion.

    `taps`: what a chip does beyond that, measured: the kernel is the sum of taps[j] times the boxes' kernel another
    j / TAPS_PER_PERIOD periods older; they sum to 1.
    """

    order: int
    period_s: float
    delay_s: float = 0.0
    taps: tuple[float, ...] = (1.0,)

    @property
    def lag_s(self) -> float:
        """Group delay from force to conversion: the mean age."""
        beyond = sum(j * tap for j, tap in enumerate(self.taps)) / TAPS_PER_PERIOD
        return (self.order / 2 + beyond) * self.period_s + self.delay_s

    @property
    def reach_s(self) -> float:
        """Age of the oldest force that a conversion contains."""
        return (self.order + (len(self.taps) - 1) / TAPS_PER_PERIOD) * self.period_s + self.delay_s


@dataclass(frozen=True)
class DeckResonance:
    """The deck between foot and cells: H(s) = (2 z w s + w^2) / (s^2 + 2 z w s + w^2), w = 2 pi `frequency_hz`.

    `*_sd`: standard deviations of what the taps told.
    """

    frequency_hz: float
    damping_ratio: float
    frequency_sd_hz: float = 0.0
    damping_sd: float = 0.0


@dataclass(frozen=True)
class CellSignal:
    """One load cell over the run. `kernel` None = the newtons are unblurred. Gaps are simply absent samples."""

    t_s: np.ndarray  # (n,) end of each conversion, by the chip's clock model
    force_n: np.ndarray  # (n,) tared newtons, up positive
    x_m: float
    y_m: float
    kernel: Kernel | None


@dataclass(frozen=True)
class MeanCurve:
    """Vertical force of one foot against time since contact.

    `sd_bw`: standard deviation between the steps; None for a single one. `rise_ms`: where the loading rate is read, at
    20 % and at 80 % of the force at the point of interest; None where it is not to be read off this curve.
    """

    t_ms: np.ndarray
    force_bw: np.ndarray
    sd_bw: np.ndarray | None
    kind: Literal["mean_estimated", "single_step_blurred"]
    bandwidth_hz: float  # at which a wave is drawn 3 dB too low
    n: int = 1  # steps
    rise_ms: tuple[float, float] | None = None


@dataclass(frozen=True)
class SeenForce:
    """The run as its cells gave it, nothing restored, for showing single steps."""

    cells: tuple[CellSignal, ...]
    zero_s: np.ndarray  # (m,)
    zero_n: np.ndarray  # (m,) of all cells together, to be taken off


@dataclass(frozen=True)
class CopPath:
    """Mean centre of pressure of one foot over stance, in a frame that rides with the belt; all arrays (m,).

    x forward, y to the runner's left; origin: its own mean over mid-stance. NaN where the foot presses too lightly to
    tell. `sd`: between steps; `half_width`: of the 80 % measurement interval of the mean.
    """

    stance_pct: np.ndarray  # 0 = contact, 100 = toe-off
    x_m: np.ndarray
    y_m: np.ndarray
    x_sd_m: np.ndarray
    y_sd_m: np.ndarray
    x_half_width_m: np.ndarray
    y_half_width_m: np.ndarray
    n: int  # steps
    belt_speed_m_s: float
    belt_speed_source: Literal["given", "centre of pressure"]


@dataclass(frozen=True)
class EarlyCop:
    """Centre of pressure of every step on the deck at 10 % of its stance, for the strike index; arrays (n,)."""

    t_s: np.ndarray
    force_n: np.ndarray  # 0 where the other foot is still down
    x_m: np.ndarray
    y_m: np.ndarray
    sd_m: float  # standard deviation of the mean over a foot's steps, along x
    belt_m_s: float  # speed of the belt, and its standard deviation
    belt_sd_m_s: float


@dataclass(frozen=True)
class FootPlaces:
    """Where heel and toe of each step stood on the deck at one instant of its stance, flat on the belt; arrays (n,).

    NaN where a step's place is not known. `sd_m`: standard deviation of a coordinate, common to all steps.
    """

    t_s: np.ndarray
    heel_x_m: np.ndarray
    heel_y_m: np.ndarray
    toe_x_m: np.ndarray
    toe_y_m: np.ndarray
    sd_m: float


@dataclass(frozen=True)
class Step:
    """One complete contact of one foot. `flight_time_ms`: after this step, None on the last, negative = overlap."""

    n: int
    side: Side | None
    contact_s: float
    toe_off_s: float
    contact_time_ms: float
    flight_time_ms: float | None
    peak_force_bw: float
    impulse_bw_s: float
    foot_strike_angle_deg: float | None = None
    strike: Strike | None = None
    judged: bool = True  # False: it was not in the steady running that means, asymmetries and verdicts speak of


@dataclass(frozen=True)
class FootForce:
    """One foot's force values: means over its steps."""

    contact_time_ms: Measure
    peak_force_bw: Measure
    impact_peak_bw: Measure
    loading_rate_bw_s: Measure
    loading_rate_status: Literal["absolute", "relative", "not_measured"]
    loading_rate_reason: str | None
    strike_index: Measure
    impact_peak_visible: float | None  # share of the steps (0..1) with a visible impact peak
    curve: MeanCurve | None = None
    cop_path: CopPath | None = None
    cop_path_reason: str | None = None  # why there is none


@dataclass(frozen=True)
class Series:
    """One value per stride or step, for the verdict's bootstrap and for picking evidence."""

    t_s: np.ndarray  # (n,)
    value: np.ndarray  # (n,)
    side: np.ndarray | None = None  # (n,) of "left"/"right", where it matters
    outliers: int = 0  # values left out of it, because they lay far from their neighbours


ASYMMETRIES = (
    "step_time_pct", "contact_time_pct", "flight_time_pct", "peak_force_pct", "impulse_pct", "loading_rate_pct",
)  # fmt: skip
"""Asymmetry = 100 (R - L) / ((R + L) / 2), positive = right larger."""

POSTURE_ANGLES = (
    "neck_inclination_deg", "neck_relative_deg", "neck_drift_deg", "trunk_lean_deg", "shoulder_rotation_deg",
    "forearm_across_deg", "elbow_angle_deg",
)  # fmt: skip


@dataclass(frozen=True)
class ForceResult:
    """All that the load cells say of a run."""

    gait: Literal["running", "walking", "other"]
    body_weight_n: Measure
    steps: tuple[Step, ...]
    feet: dict[Side, FootForce]
    asymmetry: dict[str, Measure]  # by ASYMMETRIES
    pairs: dict[str, Series]  # asymmetry of each left/right stride pair, by ASYMMETRIES (where defined per stride)
    cadence_spm: float | None
    sides_known: bool  # False: "left" is only the first foot
    reason: str | None = None  # why there are no steps
    usable: bool = True  # False: the data were too few or too poor to tell even the gait, or to measure any step
    quality: dict[str, float | int | str | bool | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # sentences about the run as a whole
    early_cop: EarlyCop | None = None
    speed_changes_s: tuple[float, ...] = ()  # when the belt's speed changed lastingly
    step_series: dict[str, Series] = field(default_factory=dict)  # per step, by the names of StepValues; foot as side
    seen: SeenForce | None = None
    parts: RunParts | None = None  # None: nobody looked for them

    @property
    def judged_steps(self) -> tuple[Step, ...]:
        """Those of which means, asymmetries and verdicts speak."""
        return tuple(step for step in self.steps if step.judged)


@dataclass(frozen=True)
class PostureResult:
    """All that the camera says of a run."""

    gait: Literal["running", "walking", "other"]
    camera_side: Side | None
    measures: dict[str, Measure]  # by POSTURE_ANGLES
    series: dict[str, Series]  # per stride, by POSTURE_ANGLES, and "foot_strike_angle_deg" per judged contact
    foot_strike_angle_deg: dict[Side, Measure]
    standing: dict[str, float]  # angles of the standing reference, by POSTURE_ANGLES; empty where none was taken
    cadence_spm: float | None
    reason: str | None = None  # why nothing was measured
    quality: dict[str, float | int | str | bool | None] = field(default_factory=dict)
