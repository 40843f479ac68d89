"""What of a run can be compared with another visit's: its main numbers, and the conditions they were taken under.

How far a number wanders from day to day without any change of the runner, and the systematic error of its measurement:
biomech.md 7.6 (between-day SD, engineering values until the station has learned its own from repeated runs) and the
sigma_sys tables of biomech.md 2-5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from station.gait.results import Measure
from station.words import N_

Need = Literal["speed", "incline", "shoes", "absolute", "sides", "same_station"]
"""What must agree between two runs for a number to be comparable.

Asymmetries and the neck do not change with speed (Girard 2019, Stiffler-Joachim 2021; Fisher & Tawa); times keep their
meaning on another station, forces and angles do not.
"""

LoadingStatus = Literal["absolute", "relative", "not_measured"]

_SQRT2 = 2**0.5
_VALR_DAY, _VALR_SYSTEMATIC = 0.10, 0.15


@dataclass(frozen=True)
class Variable:
    """One number of a run. The two standard deviations are in its unit, of the value where `relative`.

    `quantum`: the step in which a code carries it; `signed`: the sign says the side, right larger is positive.
    """

    id: str
    title: str
    unit: str
    quantum: float
    day_sd: float
    systematic_sd: float
    needs: frozenset[Need]
    relative: bool = False
    signed: bool = False
    sensor: Literal["force", "camera"] = "force"


def _asymmetry(id_: str, title: str, day_sd: float, systematic_sd: float, *needs: Need) -> Variable:
    wanted = frozenset({"incline", "sides", *needs})
    return Variable(f"asymmetry.{id_}", title, "%", 0.1, day_sd, systematic_sd, wanted, signed=True)


def _angle(id_: str, title: str, systematic_sd: float, *needs: Need) -> Variable:
    return Variable(
        f"posture.{id_}", title, "deg", 0.1, 5.0, systematic_sd, frozenset({"incline", "same_station", *needs}),
        sensor="camera",
    )  # fmt: skip


VARIABLES = (
    _asymmetry("step_time_pct", N_("Step time, right against left"), 2.0, 0.3),
    _asymmetry("contact_time_pct", N_("Contact time, right against left"), 2.0, 0.7),
    _asymmetry("flight_time_pct", N_("Flight time, right against left"), 2.0, 1.5),
    _asymmetry("peak_force_pct", N_("Peak force, right against left"), 5.0, 2.0, "same_station"),
    _asymmetry("impulse_pct", N_("Impulse, right against left"), 5.0, 1.5, "same_station"),
    _asymmetry(
        "loading_rate_pct", N_("Loading rate, right against left"), 100 * _SQRT2 * _VALR_DAY, 8.0,
        "same_station", "speed", "shoes", "absolute",
    ),
    *(
        Variable(
            f"feet.{side}.loading_rate_bw_s", title, "BW/s", 0.1, _VALR_DAY, _VALR_SYSTEMATIC,
            frozenset({"speed", "incline", "shoes", "absolute", "sides", "same_station"}), relative=True,
        )
        for side, title in (("left", N_("Loading rate, left foot")), ("right", N_("Loading rate, right foot")))
    ),
    *(
        Variable(
            f"feet.{side}.contact_time_ms", title, "ms", 0.5, 0.025, 0.005,
            frozenset({"speed", "incline", "shoes", "sides"}), relative=True,
        )
        for side, title in (("left", N_("Contact time, left foot")), ("right", N_("Contact time, right foot")))
    ),
    Variable(
        "summary.cadence_spm", N_("Steps a minute"), "/min", 0.5, 0.025, 0.0,
        frozenset({"speed", "incline", "shoes"}), relative=True,
    ),
    _angle("neck_inclination_deg", N_("Neck from vertical"), 6.0),
    _angle("neck_relative_deg", N_("Neck against the trunk"), 6.0),
    _angle("neck_drift_deg", N_("Change of the neck over the run"), 1.5),
    _angle("shoulder_rotation_deg", N_("Shoulder rotation in each stride"), 6.0, "speed"),
)  # fmt: skip
"""In the order in which a code of schema 1 carries them: new ones go to the end.

Contact time and cadence: a coefficient of variation of 2.5 % (biomech.md 6); contact time's systematic error is that of
its asymmetry, shared by two feet; shoulder rotation's is 30 % of a usual 20 degrees. The asymmetry of the loading rate
has the day-to-day scatter of two feet."""


@dataclass(frozen=True)
class Conditions:
    """How a run was measured. None and empty: not known.

    `station`: short id of its key; `force_calibration`, `camera_calibration`: short ids.
    """

    speed_m_s: float | None = None
    incline_pct: float | None = None
    shoes: str | None = None
    loading_rate: LoadingStatus = "not_measured"
    sides_known: bool = False
    station: bytes = b""
    force_calibration: bytes = b""
    camera_calibration: bytes = b""

    def calibration(self, sensor: Literal["force", "camera"]) -> bytes:
        return self.force_calibration if sensor == "force" else self.camera_calibration


@dataclass(frozen=True)
class Judged:
    """A mistake's verdict and the number on its card, where there was one."""

    verdict: str
    headline: Measure | None = None
    unit: str = ""


@dataclass(frozen=True)
class RunSummary:
    """`values` by the ids of VARIABLES; `mistakes` by the ids of the registry."""

    day: date
    values: Mapping[str, Measure]
    mistakes: Mapping[str, Judged] = field(default_factory=dict)
    conditions: Conditions = Conditions()

    def value(self, variable: Variable) -> Measure:
        return self.values.get(variable.id) or Measure.missing(N_("not measured"))
