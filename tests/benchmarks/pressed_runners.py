"""Simulated runners of all kinds, pressed on a simulated station and judged for uneven gait by the real analysis."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from station.scorecard.facts import Facts
from station.scorecard.registry import judge_all
from station.sim.disturbance import Disturbance
from station.sim.runner.gait_spec import GaitSpec
from tests.benchmarks.pressing import Condition, station_answer
from tests.gait.plate import PlateStep, Trial, plate_steps
from tests.simulated_plate import SimulatedForce, simulate_ground_force

RUN_S = 45.0
RATE_HZ = 500.0
STATIONS = 3
ZERO_DRIFT_N_PER_MIN = 2.0
SAME_STEP_S = 0.03
NORMAL_SI_PCT = {"step_time": (2.2, 0.9), "contact_time": (2.5, 2.2), "peak_force": (5.7, 2.8)}
TWICE_WATCH_PCT = {"step_time": 11.0, "contact_time": 14.0, "peak_force": 28.0}


@dataclass(frozen=True)
class Pressed:
    """The word for uneven gait, and which 80 % intervals of asymmetries held the pressed force's own."""

    word: str
    held: dict[str, bool]


def runner(seed: int, uneven: bool) -> GaitSpec:
    """Any body at any speed; evenness from the normal bands, or at twice the watch points."""
    rng = np.random.default_rng([seed, 11])
    side = rng.choice([-1.0, 1.0])
    asymmetry = {
        f"{name}_asymmetry_pct": side * TWICE_WATCH_PCT[name]
        if uneven
        else float(np.clip(rng.choice([-1.0, 1.0]) * abs(rng.normal(mean, sd)), -15, 15))
        for name, (mean, sd) in NORMAL_SI_PCT.items()
    }
    return GaitSpec(
        mass_kg=rng.uniform(45, 110),
        speed_m_s=rng.uniform(2.3, 4.0),
        cadence_spm=rng.uniform(158, 185),
        duty_factor=rng.uniform(0.33, 0.40),
        strike_angle_deg=rng.uniform(-8, 20),
        impact_force_bw=rng.uniform(0, 0.9),
        impact_time_ms=rng.uniform(25, 50),
        step_width_m=rng.uniform(0.05, 0.12),
        **asymmetry,
    )


def pressed_runner(seed: int, uneven: bool) -> Pressed:
    """Press a runner and judge him."""
    plate = simulate_ground_force(runner(seed, uneven), RUN_S, seed, RATE_HZ)
    _, force = station_answer(_station(seed % STATIONS), _trial(plate))
    verdict = judge_all(Facts(force, None, seed=seed))["uneven_gait"]
    if not force.sides_known:
        return Pressed(verdict.verdict, {})
    truth = _truth(plate, plate_steps(plate.t_s, plate.fz_n))
    measured = {key: force.asymmetry[key] for key in truth}
    return Pressed(verdict.verdict, {key: m.low <= truth[key] <= m.high for key, m in measured.items() if m.measured})


@cache
def _station(number: int) -> Condition:
    """A station whose zeros drift."""
    return Condition(seed=number + 1, disturbance=Disturbance(zero_drift_n_per_min=ZERO_DRIFT_N_PER_MIN))


def _trial(plate: SimulatedForce) -> Trial:
    nothing = np.zeros(0)
    cop = (np.nan_to_num(plate.cop_x_m), np.nan_to_num(plate.cop_y_m))
    return Trial("simulated", plate.t_s, plate.fz_n, *cop, nothing, nothing)


def _truth(plate: SimulatedForce, steps: list[PlateStep]) -> dict[str, float]:
    """Asymmetries of the pressed force, read by independent code; sides as they were simulated."""
    began_s = np.array([contact.contact_s for contact in plate.contacts])
    right = np.array([plate.contacts[int(np.argmin(np.abs(began_s - s.contact_s)))].side == "right" for s in steps])
    contact_s = np.array([step.contact_s for step in steps])
    values = {
        "step_time_pct": np.append(np.diff(contact_s), np.nan),
        "contact_time_pct": np.array([step.contact_time_ms for step in steps]),
        "peak_force_pct": np.array([step.peak_n for step in steps]),
        "loading_rate_pct": np.array([step.loading_rate_n_s for step in steps]),
    }
    means = {key: (np.nanmean(v[~right]), np.nanmean(v[right])) for key, v in values.items()}
    return {key: float(200 * (r - left) / (r + left)) for key, (left, r) in means.items()}
