"""How often the scorecard accuses runners who have nothing, and finds those who have something.

Run as `python -m tests.benchmarks.null_runners [RUNNERS]`. Null runners are drawn from the normal bands of healthy
runners (asymmetries: Girard 2019 and 2024, Mtibaa 2023; heel strikers with soft landings; no drift of the head), the
others lie at twice the watch point of every variable of the mistake. Systematic errors of the sensors are drawn, too.
"""

import sys
from collections.abc import Callable

import numpy as np

from station.scorecard.registry import all_mistakes, judge_all
from tests.scorecard.runs import Run

NORMAL_SI_PCT = {  # mean and SD of |asymmetry| in healthy runners
    "step_time_pct": (2.2, 0.9), "contact_time_pct": (2.5, 2.2), "flight_time_pct": (4.4, 1.9),
    "impulse_pct": (5.3, 3.1), "peak_force_pct": (5.7, 2.8), "loading_rate_pct": (17.0, 3.5),
}  # fmt: skip
ALTERNATION = 0.3  # correlation of the sides on which the variables of one runner are larger
WATCH_SI_PCT = {
    "step_time_pct": 5.5, "contact_time_pct": 7.0, "flight_time_pct": 13.0, "impulse_pct": 12.0,
    "peak_force_pct": 14.0, "loading_rate_pct": 40.0,
}  # fmt: skip
LONG_RUN_STRIDES = 300


def null_runner(rng: np.random.Generator, seed: int) -> Run:
    """A healthy runner, as the sensors with their systematic errors see one."""
    shared = rng.normal()
    signs = {
        key: np.sign(np.sqrt(ALTERNATION) * shared + np.sqrt(1 - ALTERNATION) * rng.normal()) for key in NORMAL_SI_PCT
    }
    return Run(
        strides=LONG_RUN_STRIDES if seed % 2 else 80,
        seed=seed,
        asymmetry={key: signs[key] * abs(rng.normal(mean, sd)) for key, (mean, sd) in NORMAL_SI_PCT.items()},
        angles={
            "neck_relative_deg": rng.normal(8.0, 3.0),
            "shoulder_rotation_deg": rng.normal(25.0, 5.0) * rng.normal(1.0, 0.2),
            "forearm_across_deg": rng.normal(25.0, 7.0),
            "elbow_angle_deg": rng.normal(92.0, 10.0),
        },
        standing_neck_deg=rng.normal(5.0, 3.0),
        foot_strike_deg=rng.normal(12.0, 8.0),
        loading_rate_bw_s=rng.normal(45.0, 8.0),
        impact_peak_bw=2.4 * rng.normal(0.55, 0.08),
    )


def runner_with(mistake: str, seed: int) -> Run:
    """Twice the watch point in every variable of one mistake, and only in that."""
    if mistake == "uneven_gait":
        return Run(seed=seed, asymmetry={key: 2 * watch for key, watch in WATCH_SI_PCT.items()})
    if mistake == "head_forward":
        return Run(seed=seed, strides=LONG_RUN_STRIDES, neck_drift_deg=10.0, angles={"neck_relative_deg": 23.0})
    if mistake == "arm_movement":
        return Run(seed=seed, angles={"shoulder_rotation_deg": 80.0, "forearm_across_deg": 80.0})
    return Run(seed=seed, foot_strike_deg=16.0, loading_rate_bw_s=132.0, impact_peak_bw=3.1)


def share(runners: int, make: Callable[[int], Run], mistake: str, words: tuple[str, ...]) -> float:
    """Share of the runners on whose card the mistake has one of the words."""
    return sum(judge_all(make(seed).facts())[mistake].verdict in words for seed in range(runners)) / runners


def main() -> None:
    runners = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rng = np.random.default_rng(1)
    nulls = [null_runner(rng, seed) for seed in range(runners)]
    cards = [judge_all(run.facts()) for run in nulls]
    print(f"{runners} null runners, {runners // 2} at twice the watch point\n")
    print(f"{'mistake':24}{'null: present':>15}{'null: likely':>15}{'2 x watch: present or likely':>32}")
    for mistake in all_mistakes():
        words = [card[mistake.id].verdict for card in cards]
        found = share(runners // 2, lambda seed, m=mistake.id: runner_with(m, seed), mistake.id, ("present", "likely"))
        present, likely = (words.count(word) / runners for word in ("present", "likely"))
        print(f"{mistake.id:24}{present:15.1%}{likely:15.1%}{found:32.1%}")


if __name__ == "__main__":
    main()
