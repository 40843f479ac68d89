"""Which values rank single steps rightly: `python -m tests.benchmarks.worst_steps` (about a minute).

A step may be called a "worst" one only where the station's value of single steps ranks them as the truth does. Force: a
minute of each simulated runner, whose steps vary as a healthy runner's do, is pressed on the simulated deck, chips and
pins; the truth is the runner's own force by the definitions of the design, read by independent code, step by step. The
rank correlation (Spearman) is taken within each foot, or over the stride pairs, of each runner: the table gives the
mean over all of them, and the least one. `--real N`: the same on real force-plate trials, every N-th of them, whose
pressure wanders as that of people does. Camera: `tests.benchmarks.worst_strides`.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

import numpy as np
from scipy.stats import spearmanr

from station.gait.asymmetry import VALUE_OF, symmetry_index_pct
from station.gait.results import SIDES, ForceResult, Series
from station.scorecard.worst_steps import word_of
from station.sim.runner.gait_spec import GaitSpec
from tests.benchmarks.pressing import SAME_STEP_S, Condition, station_answer
from tests.gait.plate import Trial, plate_steps, plate_weight_n, trials
from tests.simulated_plate import simulate_ground_force

RUN_S = 60.0
_MAN = {"mass_kg": 72, "speed_m_s": 3.0, "cadence_spm": 168, "duty_factor": 0.34}
RUNNERS = {
    "soft": {},
    "heel": {"impact_force_bw": 1.1, "impact_time_ms": 26},
    "hard heel": {"impact_force_bw": 1.4, "impact_time_ms": 20, "speed_m_s": 3.6, "duty_factor": 0.31},
    "uneven": {"step_time_asymmetry_pct": 6, "contact_time_asymmetry_pct": 8, "impact_force_bw": 0.9},
    "light": {"mass_kg": 52, "cadence_spm": 180, "impact_force_bw": 0.8, "impact_time_ms": 30},
}


def simulated() -> Iterator[Trial]:
    """A minute of each of RUNNERS."""
    for seed, (name, changes) in enumerate(RUNNERS.items()):
        plate = simulate_ground_force(GaitSpec(**_MAN | changes), RUN_S, seed=11 + seed)
        cop = [np.nan_to_num(c) for c in (plate.cop_x_m, plate.cop_y_m)]
        yield Trial(name, plate.t_s, plate.fz_n, *cop, np.zeros(0), np.zeros(0))


def ranks_of(trial: Trial, condition: Condition) -> Iterator[tuple[str, float]]:
    """Variable, rank correlation of the single steps (of each foot) or stride pairs."""
    true, contact_s = true_values(trial)
    _, result = station_answer(condition, trial)
    yield from step_ranks(result, true, contact_s)
    yield from pair_ranks(result, true, contact_s)


def true_values(trial: Trial) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Each value (n,) of the complete steps, NaN on the last where it needs the next one; and their contacts (n,)."""
    steps = plate_steps(trial.t_s, trial.fz_n)
    weight_n = plate_weight_n(trial.t_s, trial.fz_n, steps)
    contact, toe_off = (np.array([getattr(s, name) for s in steps]) for name in ("contact_s", "toe_off_s"))
    impulse = np.concatenate([[0.0], np.cumsum(trial.fz_n[1:] + trial.fz_n[:-1])]) * (trial.t_s[1] - trial.t_s[0]) / 2
    at = [np.interp(t, trial.t_s, impulse) for t in (contact, toe_off)]
    values = {
        "contact_time_ms": 1e3 * (toe_off - contact),
        "flight_time_ms": 1e3 * np.append(contact[1:] - toe_off[:-1], np.nan),
        "step_time_ms": 1e3 * np.append(np.diff(contact), np.nan),
        "peak_force_bw": np.array([s.peak_n for s in steps]) / weight_n,
        "impulse_bw_s": (at[1] - at[0]) / weight_n,
        "loading_rate_bw_s": np.array([s.loading_rate_n_s for s in steps]) / weight_n,
    }
    return values, contact


def matched(series_t_s: np.ndarray, contact_s: np.ndarray) -> np.ndarray:
    """(n,) number of the true step at each instant, -1 where there is none."""
    nearest = np.abs(np.subtract.outer(series_t_s, contact_s)).argmin(axis=1)
    return np.where(np.abs(series_t_s - contact_s[nearest]) < SAME_STEP_S, nearest, -1)


def step_ranks(result: ForceResult, true: dict[str, np.ndarray], contact_s: np.ndarray) -> Iterator[tuple[str, float]]:
    """Variable, rank correlation: of each foot's steps."""
    for name, series in result.step_series.items():
        for side in SIDES:
            yield name, _ranked(_of_side(series, side), true[name], contact_s)


def pair_ranks(result: ForceResult, true: dict[str, np.ndarray], contact_s: np.ndarray) -> Iterator[tuple[str, float]]:
    """Variable, rank correlation: of the stride pairs' asymmetries."""
    first_left = result.steps[0].side == "left"
    for key, name in VALUE_OF.items():
        value = true[name]
        left_first = symmetry_index_pct(value[:-1], value[1:])
        lefts = (np.arange(len(value) - 1) % 2 == 0) == (first_left == (matched_parity(result, contact_s) == 0))
        yield key, _ranked(result.pairs[key], np.append(np.where(lefts, left_first, -left_first), np.nan), contact_s)


def matched_parity(result: ForceResult, contact_s: np.ndarray) -> int:
    """0 where the station's first step has an even number among the true ones."""
    return int(matched(np.array([result.steps[0].contact_s]), contact_s)[0] % 2)


def _of_side(series: Series, side: str) -> Series:
    mine = series.side == side
    return Series(series.t_s[mine], series.value[mine])


def _ranked(series: Series, true: np.ndarray, contact_s: np.ndarray) -> float:
    step = matched(series.t_s, contact_s)
    good = (step >= 0) & np.isfinite(true[step])
    return float(spearmanr(series.value[good], true[step[good]]).statistic)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=int, default=0, metavar="N", help="also on every N-th real trial")
    every = parser.parse_args().real
    condition = Condition()
    columns = {"simulated": simulated()} | ({"real trials": islice(trials(), 0, None, every)} if every else {})
    found = {name: defaultdict(list) for name in columns}
    for name, runs in columns.items():
        for trial in runs:
            for variable, rank in ranks_of(trial, condition):
                found[name][variable].append(rank)
    print(f"{'variable':<20s} " + " ".join(f"{name + ' (least)':>22s}" for name in columns) + "  word")
    for variable in found["simulated"]:
        cells = [f"{np.mean(of[variable]):14.2f} ({min(of[variable]):5.2f})" for of in found.values()]
        print(f"{variable:<20s} " + " ".join(cells) + f"  {word_of(variable)}")


if __name__ == "__main__":
    main()
