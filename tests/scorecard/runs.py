"""Runs made of numbers: results as the analysis would give them, with means and stride-to-stride noise as told."""

from dataclasses import dataclass, field

import numpy as np

from station.gait.bootstrap import block_bootstrap_means, interval
from station.gait.posture import FOOT_STRIKE
from station.gait.posture_frames import ARM_SWING
from station.gait.results import (
    ASYMMETRIES,
    POSTURE_ANGLES,
    SIDES,
    FootForce,
    ForceResult,
    Measure,
    PostureResult,
    Series,
    Step,
)
from station.scorecard.facts import Facts

STRIDE_S = 0.7
NOISE_PCT = dict(zip(ASYMMETRIES, (1.5, 2.0, 4.0, 2.5, 2.5, 12.0), strict=True))
NOISE_DEG = {**dict.fromkeys(POSTURE_ANGLES, 2.0), "forearm_across_deg": 5.0, "shoulder_rotation_deg": 3.0}


@dataclass(frozen=True)
class Run:
    """A run of `strides` strides: angles in degrees, asymmetries in percent; the rest is as in a good runner."""

    strides: int = 80
    seed: int = 1
    asymmetry: dict[str, float] = field(default_factory=dict)
    angles: dict[str, float] = field(default_factory=dict)
    neck_drift_deg: float = 0.0  # from the second minute to the end
    standing_neck_deg: float | None = 5.0
    foot_strike_deg: float = 4.0
    loading_rate_bw_s: float = 40.0
    impact_peak_bw: float | None = None
    loading_rate_status: str = "absolute"
    speed_m_s: float | None = 3.0
    seen_speed_m_s: Measure | None = None
    gait: str = "running"
    sides_known: bool = True

    def facts(self, force: bool = True, camera: bool = True) -> Facts:
        return Facts(
            self._force() if force else None,
            self._posture() if camera else None,
            speed_m_s=self.speed_m_s,
            seen_speed_m_s=self.seen_speed_m_s,
            seed=self.seed,
        )

    def _series(self, mean: float | np.ndarray, sd: float, key: str) -> Series:
        rng = np.random.default_rng([self.seed, len(key), *key.encode()])
        return Series(np.arange(self.strides) * STRIDE_S, mean + rng.normal(0, sd, self.strides))

    def _force(self) -> ForceResult:
        pairs = {key: self._series(self.asymmetry.get(key, 0.0), NOISE_PCT[key], key) for key in ASYMMETRIES}
        sides = SIDES if self.sides_known else (None, None)
        steps = tuple(
            Step(k + 1, sides[k % 2], k * STRIDE_S / 2, k * STRIDE_S / 2 + 0.25, 250.0, 100.0, 2.4, 0.35)
            for k in range(2 * self.strides)
        )
        impact = self.impact_peak_bw
        foot = FootForce(
            contact_time_ms=_exact(250.0, self.strides),
            peak_force_bw=_exact(2.4, self.strides),
            impact_peak_bw=Measure.missing("no impact peak") if impact is None else _exact(impact, self.strides),
            loading_rate_bw_s=_exact(self.loading_rate_bw_s, self.strides),
            loading_rate_status=self.loading_rate_status,
            loading_rate_reason=None if self.loading_rate_status == "absolute" else "the deck was never tested",
            strike_index=Measure.missing("not known"),
            impact_peak_visible=0.0 if impact is None else 0.9,
        )
        return ForceResult(
            gait=self.gait,
            body_weight_n=_exact(700.0, self.strides),
            steps=steps,
            feet=dict.fromkeys(SIDES, foot),
            asymmetry={key: _measure(series) for key, series in pairs.items()},
            pairs=pairs,
            cadence_spm=120 / STRIDE_S,
            sides_known=self.sides_known,
        )

    def _posture(self) -> PostureResult:
        means = {
            "neck_inclination_deg": 12.0, "neck_relative_deg": 6.0, "trunk_lean_deg": 6.0, "elbow_angle_deg": 90.0,
            "shoulder_rotation_deg": 20.0, "forearm_across_deg": 20.0, ARM_SWING: 55.0, **self.angles,
        }  # fmt: skip
        series = {key: self._series(mean, NOISE_DEG.get(key, 4.0), key) for key, mean in means.items()}
        series["neck_relative_deg"] = self._series(means["neck_relative_deg"] + self._drift(), 2.0, "neck")
        series[FOOT_STRIKE] = self._series(self.foot_strike_deg, 3.0, FOOT_STRIKE)
        measures = {key: _measure(series[key]) for key in POSTURE_ANGLES if key in series}
        return PostureResult(
            gait=self.gait,
            camera_side="right",
            measures={"neck_drift_deg": Measure.missing("too short"), **measures},
            series=series,
            foot_strike_angle_deg={"right": _measure(series[FOOT_STRIKE]), "left": Measure.missing("far side")},
            standing={} if self.standing_neck_deg is None else {"neck_relative_deg": self.standing_neck_deg},
            cadence_spm=120 / STRIDE_S,
            quality={
                "strides": self.strides,
                "camera_side_found": "right",
                "roll_deg": 0.0,
                "flat_foot_seen_in": "standing",
            },
        )

    def _drift(self) -> np.ndarray:
        """Nothing before the end of the second minute, then all at once."""
        return np.where(np.arange(self.strides) * STRIDE_S > 120, self.neck_drift_deg, 0.0)


def _exact(value: float, n: int) -> Measure:
    return Measure(value, 0.99 * value, 1.01 * value, n)


def _measure(series: Series) -> Measure:
    low, high = interval(block_bootstrap_means(series.value, np.random.default_rng(0)))
    return Measure(float(series.value.mean()), low, high, len(series.value))
