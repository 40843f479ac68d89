"""Runners made step by step: habits, persistent fluctuations, and sensors with the errors that were measured.

Asymmetries, pairs and intervals come from the analysis' own code, on steps with errors; the truth is kept beside.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from station.gait.asymmetry import OWN_SHARE, VALUE_OF, asymmetries, pair_series, symmetry_index_pct
from station.gait.bootstrap import block_bootstrap_means, interval
from station.gait.contacts import Contacts
from station.gait.measurement_error import SLOW_CHIPS, mean_measure
from station.gait.posture import FOOT_STRIKE
from station.gait.posture_frames import ARM_SWING
from station.gait.results import POSTURE_ANGLES, SIDES, FootForce, ForceResult, Measure, PostureResult, Series, Step
from station.gait.sides import Sides
from station.gait.step_values import StepValues
from station.scorecard.facts import Facts
from tests.scorecard.persistent_noise import persistent_noise

# Of a usual runner, by StepValues: mean, coefficient of variation of the strides (both feet alike), and of what is
# each foot's own (Riazati 2019; Oliveira & Pirscoveanu 2021; biomechanics spec 5 and 6: loading rate 8.5 %).
USUAL = {
    "step_time_ms": (350.0, 0.012, 0.006), "contact_time_ms": (250.0, 0.012, 0.015),
    "flight_time_ms": (100.0, 0.04, 0.04), "peak_force_bw": (2.4, 0.015, 0.015),
    "impulse_bw_s": (0.35, 0.012, 0.015), "loading_rate_bw_s": (45.0, 0.06, 0.085), "poi_bw": (1.4, 0.05, 0.05),
}  # fmt: skip
# Standard deviation of the error common to a foot's steps, and of a single step's, through chips of 80 samples a
# second (README: 90th percentiles over 1.645); relative but for the times.
SENSOR_SD = {
    "step_time_ms": (0.06, 0.6), "contact_time_ms": (0.41, 1.3), "flight_time_ms": (0.41, 1.3),
    "peak_force_bw": (0.0009, 0.003), "impulse_bw_s": (0.0015, 0.003), "loading_rate_bw_s": (0.03, 0.05),
    "poi_bw": (0.01, 0.02),
}  # fmt: skip
STRIDE_SD_DEG = {
    **dict.fromkeys(POSTURE_ANGLES, 1.5), "shoulder_rotation_deg": 2.5, "forearm_across_deg": 4.0, ARM_SWING: 3.0,
    FOOT_STRIKE: 1.5,
}  # fmt: skip
"""What an angle does from stride to stride."""
PICTURE_SD_DEG = {**dict.fromkeys(STRIDE_SD_DEG, 1.0), FOOT_STRIKE: 2.2, "forearm_across_deg": 3.0}
"""What the keypoints' noise adds to one stride, or landing (README: a single landing +- 2.2 degrees)."""


@dataclass(frozen=True)
class SteppedRun:
    """`strides` strides of a runner. `asymmetry`, `angles`, `means` (of USUAL): what is true of the runner.

    `picture_*`, `force_gain`, `asymmetry_offset_pct`: systematic errors of this run. `drift`: from nothing at a third
    of the run to all of it at two thirds, by name; in percent for USUAL's, else in the value's unit.
    """

    strides: int = 80
    seed: int = 1
    exponent: float = 0.8
    asymmetry: dict[str, float] = field(default_factory=dict)
    angles: dict[str, float] = field(default_factory=dict)
    means: dict[str, float] = field(default_factory=dict)
    drift: dict[str, float] = field(default_factory=dict)
    picture_offset_deg: dict[str, float] = field(default_factory=dict)
    picture_gain: dict[str, float] = field(default_factory=dict)
    picture_drift_deg: dict[str, float] = field(default_factory=dict)
    force_gain: dict[str, float] = field(default_factory=dict)
    asymmetry_offset_pct: dict[str, float] = field(default_factory=dict)
    impact_visible: float = 0.0
    standing_neck_deg: float | None = 5.0
    noise: float = 1.0
    speed_m_s: float = 3.0

    @cached_property
    def true_steps(self) -> dict[str, np.ndarray]:
        """(strides, 2) of each of USUAL, left and right."""
        return {name: self._habit(name) for name in USUAL}

    @cached_property
    def seen_steps(self) -> dict[str, np.ndarray]:
        """The same with the sensors' errors: of the whole run, of each foot, of each step."""
        return {name: self._seen(name) for name in USUAL}

    @cached_property
    def true_angles(self) -> dict[str, np.ndarray]:
        """(strides,) degrees of each angle."""
        usual = {
            "neck_inclination_deg": 12.0, "neck_relative_deg": 6.0, "trunk_lean_deg": 6.0, "elbow_angle_deg": 90.0,
            "shoulder_rotation_deg": 25.0, "forearm_across_deg": 25.0, ARM_SWING: 60.0, FOOT_STRIKE: 4.0,
        }  # fmt: skip
        return {key: self._angle(key, mean) for key, mean in (usual | self.angles).items()}

    @cached_property
    def shown_steps(self) -> dict[str, np.ndarray]:
        """What sensors without noise would show: the true values with this run's systematic errors."""
        return {name: true * self._gains(name) for name, true in self.true_steps.items()}

    @cached_property
    def shown_angles(self) -> dict[str, np.ndarray]:
        """The same for the angles."""
        return {
            key: true * self.picture_gain.get(key, 1.0)
            + self.picture_offset_deg.get(key, 0.0)
            + self.picture_drift_deg.get(key, 0.0) * self._ramp()
            for key, true in self.true_angles.items()
        }

    def true_asymmetry(self, key: str) -> float:
        """Of the feet's true means over the judged steps."""
        return _index(self.true_steps[VALUE_OF[key]])

    def shown_asymmetry(self, key: str) -> float:
        """The same with the systematic errors, which intervals of a measurement do not speak of."""
        return _index(self.shown_steps[VALUE_OF[key]])

    def facts(self) -> Facts:
        return Facts(self.force, self.posture, speed_m_s=self.speed_m_s, seed=self.seed)

    @cached_property
    def force(self) -> ForceResult:
        sides = Sides(np.tile([0, 1], self.strides), True, 0.03)
        contacts, values = self._contacts(), self._values()
        feet = {side: self._foot(values, i) for i, side in enumerate(SIDES)}
        return ForceResult(
            gait="running",
            body_weight_n=Measure(700.0, 699.0, 701.0, self.strides),
            steps=self._steps(contacts, values),
            feet=feet,
            asymmetry=asymmetries(values, sides, SLOW_CHIPS),
            pairs=pair_series(values, contacts, sides),
            cadence_spm=60e3 / float(values.step_time_ms.mean()),
            sides_known=True,
        )

    @cached_property
    def posture(self) -> PostureResult:
        t_s = self._contacts().contact_s[::2]
        series = {key: Series(t_s, self._pictured(key)) for key in self.true_angles}
        measures = {key: _measure(series[key]) for key in POSTURE_ANGLES if key in series}
        standing = {} if self.standing_neck_deg is None else {"neck_relative_deg": self.standing_neck_deg}
        return PostureResult(
            gait="running",
            camera_side="right",
            measures={"neck_drift_deg": Measure.missing("not worked out here"), **measures},
            series=series,
            foot_strike_angle_deg={"right": _measure(series[FOOT_STRIKE]), "left": Measure.missing("far side")},
            standing=standing,
            cadence_spm=self.force.cadence_spm,
            quality={
                "strides": self.strides, "camera_side_found": "right", "roll_deg": 0.0, "flat_foot_seen_in": "standing",
            },
        )  # fmt: skip

    def _rng(self, *purpose: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, *(byte for word in purpose for byte in word.encode())])

    def _ramp(self) -> np.ndarray:
        return np.clip(3 * np.arange(self.strides) / max(1, self.strides - 1) - 1, 0, 1)

    def _fluctuation(self, rng: np.random.Generator) -> np.ndarray:
        return self.noise * persistent_noise(self.strides, self.exponent, rng)

    def _habit(self, name: str) -> np.ndarray:
        mean, common, own = USUAL[name]
        rng = self._rng("habit", name)
        key = next((key for key, value in VALUE_OF.items() if value == name), "")
        uneven = (self.asymmetry.get(key, 0.0) + self.drift.get(key, 0.0) * self._ramp()) / 200
        level = self.means.get(name, mean) * (1 + self.drift.get(name, 0.0) / 100 * self._ramp())
        strides = level * (1 + common * self._fluctuation(rng))
        feet = [strides * (1 + sign * uneven + own * self._fluctuation(rng)) for sign in (-1, 1)]
        return np.stack(feet, axis=1)

    def _gains(self, name: str) -> np.ndarray:
        """(2,) systematic factor of each foot."""
        key = next((key for key, value in VALUE_OF.items() if value == name), "")
        between = self.asymmetry_offset_pct.get(key, 0.0) / 200
        return self.force_gain.get(name, 1.0) * (1 + np.array([-1, 1]) * between)

    def _seen(self, name: str) -> np.ndarray:
        shown, rng = self.shown_steps[name], self._rng("seen", name)
        foot_sd, step_sd = SENSOR_SD[name]
        foot = foot_sd * (np.sqrt(1 - OWN_SHARE**2) * rng.normal() + OWN_SHARE * rng.normal(size=2))
        error = foot + step_sd * rng.normal(size=shown.shape)
        return shown + error if name.endswith("_ms") else shown * (1 + error)

    def _angle(self, key: str, mean: float) -> np.ndarray:
        return (
            mean
            + self.drift.get(key, 0.0) * self._ramp()
            + STRIDE_SD_DEG[key] * self._fluctuation(self._rng("angle", key))
        )

    def _pictured(self, key: str) -> np.ndarray:
        noise = PICTURE_SD_DEG[key] * self._rng("picture", key).normal(size=self.strides)
        return self.shown_angles[key] + noise

    def _contacts(self) -> Contacts:
        step_s = self.seen_steps["step_time_ms"].ravel() / 1e3
        contact_s = np.concatenate([[0.0], np.cumsum(step_s)[:-1]])
        toe_off_s = contact_s + self.seen_steps["contact_time_ms"].ravel() / 1e3
        return Contacts(contact_s, toe_off_s, contact_s, toe_off_s, np.zeros(len(contact_s), int))

    def _values(self) -> StepValues:
        columns = {name: seen.ravel() for name, seen in self.seen_steps.items()}
        count = 2 * self.strides
        return StepValues(
            **columns,
            impact_visible=np.full(count, float(self.impact_visible > 0.5)),
            landing_s=np.full((count, 3), np.nan),
        )

    def _steps(self, contacts: Contacts, values: StepValues) -> tuple[Step, ...]:
        columns = (contacts.contact_s, contacts.toe_off_s, values.contact_time_ms, values.flight_time_ms,
                   values.peak_force_bw, values.impulse_bw_s)  # fmt: skip
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return tuple(Step(k + 1, SIDES[k % 2], *row) for k, row in enumerate(rows))

    def _foot(self, values: StepValues, foot: int) -> FootForce:
        measured = {
            name: mean_measure(getattr(values, name)[foot::2], SLOW_CHIPS[name])
            for name in ("contact_time_ms", "peak_force_bw", "poi_bw", "loading_rate_bw_s")
        }
        return FootForce(
            contact_time_ms=measured["contact_time_ms"],
            peak_force_bw=measured["peak_force_bw"],
            impact_peak_bw=measured["poi_bw"] if self.impact_visible else Measure.missing("no impact peak"),
            loading_rate_bw_s=measured["loading_rate_bw_s"],
            loading_rate_status="absolute",
            loading_rate_reason=None,
            strike_index=Measure.missing("not known"),
            impact_peak_visible=self.impact_visible,
        )


def _index(steps: np.ndarray) -> float:
    left, right = steps.mean(axis=0)
    return float(symmetry_index_pct(left, right))


def _measure(series: Series) -> Measure:
    low, high = interval(block_bootstrap_means(series.value, np.random.default_rng(0)))
    return Measure(float(series.value.mean()), low, high, len(series.value))
