"""Accuracy of the force chain on real force-plate trials: `python -m tests.benchmarks.force_plate [--set 500]`.

One line a trial, then the pooled figures. How: `tests.benchmarks.pressing`. Set 300: the 27 trials of nine runners with
centres of pressure; set 500: 31 short trials of one runner, force alone, hence without sides.
"""

import argparse

import numpy as np

from tests.benchmarks.pressing import ASYMMETRY_OF, HEAD, VALUES, Condition, Line, Pooled, measure
from tests.gait.plate import trials, trials_500hz

SIDES_UNRELIABLE = "001_T45"
SETS = {"300": trials, "500": trials_500hz}


def report(pooled: Pooled, sides: bool) -> str:
    """The table of the issue."""
    true, found, invented = pooled.steps()
    weight = pooled.weight_pct()
    rows = [f"steps: {true} true, {found} found, {invented} invented"]
    if sides:
        rows.append(
            f"sides right: {pooled.sides_right_pct(SIDES_UNRELIABLE):.2f} % of the found (without {SIDES_UNRELIABLE})"
        )
    rows += [
        f"body weight: |error| 90th percentile {np.quantile(weight, 0.9):.2f}, largest {weight.max():.2f} %",
        f"contact instant: sd {pooled.contact_sd_ms():.2f} ms",
    ]
    for title, name, unit in (
        ("contact time", "contact_time_ms", "ms"),
        ("peak force", "peak_pct", "%"),
        ("loading rate, naive", "naive_rate_pct", "%"),
        ("loading rate, estimated", "rate_pct", "%"),
    ):
        errors = pooled.errors(name)
        rows.append(
            f"{title}: |error| median {np.median(errors):.2f}, 90th percentile {np.quantile(errors, 0.9):.2f} {unit}"
        )
    for key in ASYMMETRY_OF:
        rows.append(
            f"asymmetry, {key}: |error| 90th percentile {np.quantile(pooled.asymmetry_errors(key), 0.9):.2f} points"
        )
    by_value = ", ".join(f"{name} {held:.0f}" for name, held in zip(VALUES, pooled.covered_by_value_pct(), strict=True))
    rows += [
        f"80 % intervals that hold the plate's value: {pooled.covered_pct():.0f} % ({by_value}); "
        f"asymmetry {pooled.asymmetry_covered_pct():.0f} %",
        f"status of the loading rates: {pooled.statuses()}",
    ]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--set", choices=SETS, default="300")
    parser.add_argument("--every", type=int, default=1, help="only every n-th trial")
    parser.add_argument("--rate", type=int, choices=(80, 320), default=80, help="samples/s of the chips")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    condition = Condition(rate_sps=options.rate, seed=options.seed)
    print(HEAD)
    lines = []
    for trial in list(SETS[options.set]())[:: options.every]:
        line = measure(condition, trial)
        print(line, flush=True)
        lines += [line] if isinstance(line, Line) else []
    print(report(Pooled(lines), sides=options.set == "300"))


if __name__ == "__main__":
    main()
