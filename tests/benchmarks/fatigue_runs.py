"""How often fatigue is said where there is none, and where there is: `python -m tests.benchmarks.fatigue_runs`.

Simulated runs of 10 and 40 minutes, step by step: strides as persistent as those of runners (exponents 0.75-0.9), the
sensors' errors as measured. A drift grows over the middle third of the run; "found" = it is said of that variable.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from station.scorecard.fatigue import VARIABLES, Fatigue, fatigue
from tests.scorecard.stepped_runs import SteppedRun

STRIDE_S = 0.7
NULL_RUNS = ((10, 200), (40, 60))
"""Minutes, and how many runs."""
DRIFTED_MINUTES = 10
DRIFTED_RUNS = 30


def run(minutes: float, seed: int, drift: dict[str, float] | None = None) -> SteppedRun:
    exponent = np.random.default_rng([seed, 3]).uniform(0.75, 0.9)
    return SteppedRun(strides=round(60 * minutes / STRIDE_S), seed=seed, exponent=exponent, drift=drift or {})


def drift_of(key: str, share: float) -> dict[str, float]:
    """What of a simulated run has to drift for this variable to change by `share` watch points."""
    watch = share * VARIABLES[key].watch
    return {"step_time_ms": -watch} if key == "cadence_spm" else {key: watch}


def told(minutes: float, seed: int, key: str | None = None, share: float = 2.0) -> Fatigue:
    return fatigue(run(minutes, seed, drift_of(key, share) if key else None).facts())


def _drifted(answer: Fatigue, key: str) -> bool:
    return any(change.key == key and change.drifted for change in answer.changes)


def _held(answer: Fatigue) -> list[bool]:
    """Whether the intervals of the changes hold that there was none."""
    return [change.windows.change.low <= 0 <= change.windows.change.high for change in answer.changes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--share", type=float, default=1.0, help="of the runs")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.processes) as pool:
        for minutes, usual in NULL_RUNS:
            count = round(options.share * usual)
            answers = list(pool.map(told, [minutes] * count, range(count), chunksize=5))
            claimed = np.mean([answer.status == "drift" for answer in answers])
            held = np.mean([held for answer in answers for held in _held(answer)])
            print(f"{count} null runs of {minutes} min: fatigue said in {claimed:.1%}; 80 % intervals of a change that "
                  f"hold 0: {held:.0%}", flush=True)  # fmt: skip
        count = round(options.share * DRIFTED_RUNS)
        print(f"\n{count} runs of {DRIFTED_MINUTES} min each, a drift of twice the watch point: found, beginning named")
        for key, variable in VARIABLES.items():
            answers = list(pool.map(told, [DRIFTED_MINUTES] * count, range(count), [key] * count, chunksize=5))
            found = np.mean([_drifted(answer, key) for answer in answers])
            named = [c.minute for answer in answers for c in answer.changes if c.key == key and c.minute is not None]
            when = f"in {len(named)}, at minute {np.median(named):.1f}" if named else "in none"
            unit = "%" if variable.relative else variable.unit
            print(f"{key:24}{2 * variable.watch:6.1f} {unit:4}{found:6.0%}   {when}", flush=True)


if __name__ == "__main__":
    main()
