"""How often the scorecard accuses runners who have nothing, and finds those who have something.

Run as `python -m tests.benchmarks.null_runners [--runners 500] [--pressed 60]`. Null runners are drawn from the normal
bands of healthy runners (asymmetries: Girard 2019 and 2024, Mtibaa 2023; no drift of the head), but land softly: 45 +-
8 BW/s, where usual rearfoot landers have 50 to 90 (biomechanics spec 5) and so lie on either side of the watch point of
66; a table of their own says what those are told. The others lie at twice the watch point of the mistake's main
variables, and, for the intervals, anywhere between half and twice of it. Strides fluctuate as persistently as those of
runners (exponents 0.75-0.9); steps have the errors that the force chain was measured to have; every run has systematic
errors of its own, drawn from the same tables of the biomechanics spec that the verdicts reckon with: these rows test
the statistics, not whether those tables are right. Only the last rows are independent of them: simulated runners
pressed on simulated pins, through the real force analysis.
"""

import argparse
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from station.gait.posture import FOOT_STRIKE
from station.gait.results import ASYMMETRIES
from station.scorecard.mistakes.heavy_rearfoot_strike import LOADING_RATE
from station.scorecard.registry import all_mistakes, judge_all
from tests.benchmarks.pressed_runners import Pressed, pressed_runner
from tests.benchmarks.true_severity import TRUE_SEVERITY
from tests.scorecard.stepped_runs import SteppedRun

NORMAL_SI_PCT = {  # mean and SD of |asymmetry| in healthy runners
    "step_time_pct": (2.2, 0.9), "contact_time_pct": (2.5, 2.2), "flight_time_pct": (4.4, 1.9),
    "impulse_pct": (5.3, 3.1), "peak_force_pct": (5.7, 2.8), "loading_rate_pct": (17.0, 3.5),
}  # fmt: skip
SOFT_BW_S = (45.0, 8.0)  # mean and SD of the null runners' loading rates
USUAL_REARFOOT_BW_S = (50.0, 90.0)  # of usual rearfoot landers
USUAL_REARFOOT_DEG = (20.4, 4.8)
ALTERNATION = 0.3  # correlation of the sides on which the variables of one runner are larger
WATCH_SI_PCT = {
    "step_time_pct": 5.5, "contact_time_pct": 7.0, "flight_time_pct": 13.0, "impulse_pct": 12.0,
    "peak_force_pct": 14.0, "loading_rate_pct": 40.0,
}  # fmt: skip
SYSTEMATIC_SI_PCT = dict(zip(NORMAL_SI_PCT, (0.3, 0.7, 1.5, 1.5, 2.0, 8.0), strict=True))
SHORT_STRIDES, LONG_STRIDES = 80, 520  # 56 s and 6 minutes
PEAK_BW = 2.4
MISTAKES = {mistake.id: mistake for mistake in all_mistakes()}
FOUND = ("present", "likely")
WORDS = ("present", "likely", "borderline", "unlikely", "not_seen", "not_measured")
ROUNDING = 1e-6
SHOWN_FOOT = ("contact_time_ms", "peak_force_bw", "loading_rate_bw_s")
SHOWN_ANGLES = ("neck_relative_deg", "trunk_lean_deg", "elbow_angle_deg", "shoulder_rotation_deg", FOOT_STRIKE)


def as_seen(run: SteppedRun) -> SteppedRun:
    """The run with systematic errors, drawn from the tables of the spec."""
    rng = np.random.default_rng([run.seed, 7])
    return replace(
        run,
        strides=LONG_STRIDES if run.seed % 2 else SHORT_STRIDES,
        exponent=rng.uniform(0.75, 0.9),
        asymmetry_offset_pct={key: rng.normal(0, sd) for key, sd in SYSTEMATIC_SI_PCT.items()},
        force_gain={"loading_rate_bw_s": rng.normal(1, 0.15), "poi_bw": rng.normal(1, 0.05 / 0.6)},
        picture_offset_deg={
            "neck_relative_deg": rng.normal(0, 3.0), "forearm_across_deg": rng.normal(0, 10.0),
            "elbow_angle_deg": rng.normal(0, 7.0), FOOT_STRIKE: rng.normal(0, 4.0),
        },
        picture_gain={"shoulder_rotation_deg": max(0.2, rng.normal(1, 0.30))},
        picture_drift_deg={
            "neck_relative_deg": rng.normal(0, 1.5), "shoulder_rotation_deg": rng.normal(0, 3.0),
        },
    )  # fmt: skip


def null_runner(seed: int) -> SteppedRun:
    """A healthy runner."""
    rng = np.random.default_rng([seed, 1])
    shared = rng.normal()
    signs = {
        key: np.sign(np.sqrt(ALTERNATION) * shared + np.sqrt(1 - ALTERNATION) * rng.normal()) for key in NORMAL_SI_PCT
    }
    return SteppedRun(
        seed=seed,
        asymmetry={key: signs[key] * abs(rng.normal(mean, sd)) for key, (mean, sd) in NORMAL_SI_PCT.items()},
        angles={
            "neck_relative_deg": rng.normal(8.0, 3.0),
            "shoulder_rotation_deg": rng.normal(25.0, 5.0),
            "forearm_across_deg": rng.normal(25.0, 7.0),
            "elbow_angle_deg": rng.normal(92.0, 10.0),
            FOOT_STRIKE: rng.normal(12.0, 8.0),
        },
        standing_neck_deg=rng.normal(5.0, 3.0),
        means={"loading_rate_bw_s": rng.normal(*SOFT_BW_S), "poi_bw": PEAK_BW * rng.normal(0.55, 0.08)},
        impact_visible=0.9,
    )


def rearfoot_lander(seed: int) -> SteppedRun:
    """A usual one, otherwise as even and upright as a null runner."""
    rng = np.random.default_rng([seed, 3])
    healthy = null_runner(seed)
    return replace(
        healthy,
        angles=healthy.angles | {FOOT_STRIKE: rng.normal(*USUAL_REARFOOT_DEG)},
        means=healthy.means | {"loading_rate_bw_s": rng.uniform(*USUAL_REARFOOT_BW_S)},
    )


def runner_with(mistake: str, seed: int, share: float = 2.0) -> SteppedRun:
    """`share` times the watch point in the main variables of one mistake, and only in that."""
    if mistake == "uneven_gait":
        return SteppedRun(seed=seed, asymmetry={key: share * watch for key, watch in WATCH_SI_PCT.items()})
    if mistake == "head_forward" and seed % 2:  # a long run
        return SteppedRun(seed=seed, drift={"neck_relative_deg": share * 5.0}, angles={"neck_relative_deg": 8.0})
    if mistake == "head_forward":
        return SteppedRun(seed=seed, angles={"neck_relative_deg": 5.0 + share * 14.0})
    if mistake == "arm_movement":
        return SteppedRun(
            seed=seed, angles={"shoulder_rotation_deg": share * 40.0, "forearm_across_deg": min(90, share * 45.0)}
        )
    return SteppedRun(
        seed=seed,
        angles={FOOT_STRIKE: share * 8.0},
        means={"loading_rate_bw_s": share * 66.0, "poi_bw": PEAK_BW * share * 0.65},
        impact_visible=0.9,
    )


def spread_runner(mistake: str, seed: int) -> SteppedRun:
    """Anywhere between half and twice the watch point."""
    return runner_with(mistake, seed, np.random.default_rng([seed, 2]).uniform(0.5, 2.0))


@dataclass(frozen=True)
class Null:
    """A null runner's words by mistake, and which measurement intervals held what they should."""

    words: dict[str, str]
    held: dict[str, bool]


def judged_null(seed: int) -> Null:
    run = as_seen(null_runner(seed))
    facts = run.facts()
    force, posture = facts.force, facts.posture
    measures = {key: (force.asymmetry[key], run.shown_asymmetry(key)) for key in ASYMMETRIES}
    for name in SHOWN_FOOT:
        measures[name] = (getattr(force.feet["left"], name), run.shown_steps[name][:, 0].mean())
    for key in SHOWN_ANGLES:
        measure = posture.measures.get(key) or posture.foot_strike_angle_deg["right"]
        measures[key] = (measure, run.shown_angles[key].mean())
    return Null(
        words={name: verdict.verdict for name, verdict in judge_all(facts).items()},
        held={key: bool(measure.low <= shown <= measure.high) for key, (measure, shown) in measures.items()},
    )


def judged_with(mistake: str, make: Callable[[str, int], SteppedRun], seed: int) -> tuple[str, bool]:
    """The word for one mistake, and whether the interval of its severity holds the true one."""
    run = as_seen(make(mistake, seed))
    verdict = MISTAKES[mistake].judge(run.facts(), np.random.default_rng(seed))
    true = TRUE_SEVERITY[mistake](run)
    holds = verdict.low is not None and verdict.low - ROUNDING <= true <= verdict.high + ROUNDING
    return verdict.verdict, holds


def told_rearfoot(seed: int) -> tuple[float, str]:
    """True loading rate of a usual rearfoot lander in BW/s, and the word for a heavy rearfoot strike."""
    run = rearfoot_lander(seed)
    verdict = MISTAKES["heavy_rearfoot_strike"].judge(as_seen(run).facts(), np.random.default_rng(seed))
    return run.means["loading_rate_bw_s"], verdict.verdict


def share(found: Sequence[bool]) -> str:
    """Percent, and the half width of its 95 % interval."""
    p = float(np.mean(found))
    return f"{100 * p:5.1f} +-{100 * 1.96 * np.sqrt(p * (1 - p) / len(found)):3.1f} %"


def facts_tables(pool: ProcessPoolExecutor, runners: int) -> None:
    few = 2 * runners // 5
    nulls = list(pool.map(judged_null, range(runners), chunksize=10))
    print(
        f"{runners} null runners; of each mistake {few} at twice the watch point, {few} between half and twice of it\n"
    )
    print(f"{'mistake':24}{'null: present':>18}{'null: likely':>18}{'2 x watch: found':>20}{'80 % severity holds':>22}")
    for mistake in MISTAKES:
        clear, spread = (
            list(pool.map(partial(judged_with, mistake, make), range(few), chunksize=10))
            for make in (runner_with, spread_runner)
        )
        columns = (
            share([null.words[mistake] == "present" for null in nulls]),
            share([null.words[mistake] == "likely" for null in nulls]),
            share([word in FOUND for word, _ in clear]),
            share([holds for _, holds in spread]),
        )
        print(f"{mistake:24}{columns[0]:>18}{columns[1]:>18}{columns[2]:>20}{columns[3]:>22}", flush=True)
    print(f"(heavy_rearfoot_strike: null runners land softly, {SOFT_BW_S[0]:g} +- {SOFT_BW_S[1]:g} BW/s)")
    print("\n80 % measurement intervals of the null runners that hold the true mean of the judged steps")
    for name in nulls[0].held:
        print(f"{name:24}{share([null.held[name] for null in nulls]):>18}")


def rearfoot_table(pool: ProcessPoolExecutor, runners: int) -> None:
    told = list(pool.map(told_rearfoot, range(runners), chunksize=10))
    watch_bw_s = LOADING_RATE.watch
    groups = {
        f"below {watch_bw_s:g} BW/s": [word for rate, word in told if rate < watch_bw_s],
        f"{watch_bw_s:g} BW/s or more": [word for rate, word in told if rate >= watch_bw_s],
    }
    least, most = USUAL_REARFOOT_BW_S
    print(
        f"\n{runners} usual rearfoot landers ({least:g} to {most:g} BW/s): what they are told of a heavy heel landing"
    )
    print(f"{'loading rate':24}" + "".join(f"{word:>18}" for word in WORDS))
    for name, words in groups.items():
        print(f"{name:24}" + "".join(f"{share([word == one for word in words]):>18}" for one in WORDS))


def pressed_table(pool: ProcessPoolExecutor, runners: int) -> None:
    uneven = runners // 3
    answers: list[Pressed] = list(pool.map(pressed_runner, range(runners), [k < uneven for k in range(runners)]))
    nulls, others = answers[uneven:], answers[:uneven]
    print(f"\nuneven gait through the real force analysis, {len(nulls)} null and {len(others)} uneven runners on pins")
    print(f"{'null: present':30}{share([p.word == 'present' for p in nulls]):>18}")
    print(f"{'null: likely':30}{share([p.word == 'likely' for p in nulls]):>18}")
    print(f"{'2 x watch: present or likely':30}{share([p.word in FOUND for p in others]):>18}")
    for key in answers[0].held:
        print(f"{f'80 % of {key} holds':30}{share([p.held[key] for p in answers if key in p.held]):>18}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(".")[0])
    parser.add_argument("--runners", type=int, default=500, help="null runners made of numbers")
    parser.add_argument("--pressed", type=int, default=60, help="runners on pins, a third of them uneven; 0: none")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.processes) as pool:
        facts_tables(pool, options.runners)
        rearfoot_table(pool, 2 * options.runners // 5)
        if options.pressed:
            pressed_table(pool, options.pressed)


if __name__ == "__main__":
    main()
