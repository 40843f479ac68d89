"""The force chain under other chips, decks and troubles: `python -m tests.benchmarks.force_conditions [--every N]`.

One row a condition: the trials of `running_force` pressed on it as in `tests.benchmarks.pressing`. The simulated chips
share no kernel code with the analysis, and some are of no kind that it has a formula for: an extra box average, a
response that sags over 60 ms. "taps": the deck's resonance comes from the station's own tap test. The last row gives
the trial with an artificial drift of its zero against the same trial without.
"""

import argparse
from dataclasses import dataclass, replace

import numpy as np

from station.calibration.artefact import assemble
from station.calibration.deck_machine import TAPPING_TIME, DeckMachine
from station.errors import CalibrationError
from station.messages import Calibration
from station.sim.deck import Deck
from station.sim.disturbance import Disturbance
from station.sim.rig import Rig
from tests.benchmarks.pressing import VALUES, Condition, Line, Pooled, measure, station_answer
from tests.gait.plate import data_dir, trials

DAMPING = 0.06
ABSOLUTE_WITHIN_PCT = 10.0
HEAD = (
    "condition                      feet missed invented  rate: median   p90  largest   CT p90 ms  peak p90 %"
    "  weight p90 %  in80 %  absolute: feet, beyond 10 %"
)


def tapped(rig: Rig) -> Calibration:
    """Tare, grid, kernels and the tap test; where the taps cannot tell, the deck stays unknown."""
    parts = rig.calibration_parts()
    try:
        parts.append(
            rig.carry_out(DeckMachine(rig.front_end, rig.force.cells, assemble(parts, rig.force.cells), TAPPING_TIME))
        )
    except CalibrationError as e:
        print(f"  the tap test says: {e}")
    return assemble(parts, rig.force.cells)


@dataclass(frozen=True)
class Row:
    title: str
    condition: Condition


ROWS = (
    Row("sinc2", Condition(order=2, seed=12)),
    Row("sinc3", Condition(seed=13)),
    Row("sinc4", Condition(order=4, seed=14)),
    Row("sinc3 + box of 1/4 period", Condition(made={"extra_box_periods": 0.25}, seed=15)),
    Row("sinc3 + box of 1/2 period", Condition(made={"extra_box_periods": 0.5}, seed=16)),
    Row("sinc3, 3 % sags over 60 ms", Condition(made={"sag": 0.03}, seed=17)),
    Row("sinc4, 3 % sags over 60 ms", Condition(order=4, made={"sag": 0.03}, seed=18)),
    Row("oscillators wander 3 ms a minute", Condition(made={"wander_s": 0.003}, seed=19)),
    Row("320 samples/s", Condition(rate_sps=320, seed=20)),
    Row("vibration of 8 N lines", Condition(seed=21, disturbance=Disturbance(vibration_n=8.0))),
    Row("deck of 25 Hz, taps", Condition(deck=Deck(25.0, DAMPING), seed=22, calibrate=tapped)),
    Row("deck of 40 Hz, taps", Condition(deck=Deck(40.0, DAMPING), seed=23, calibrate=tapped)),
    Row("deck of 80 Hz, taps", Condition(deck=Deck(80.0, DAMPING), seed=24, calibrate=tapped)),
    Row("rigid deck, taps", Condition(seed=25, calibrate=tapped)),
    Row("deck of 25 Hz, never tapped", Condition(deck=Deck(25.0, DAMPING), seed=22)),
    Row("deck of 40 Hz, never tapped", Condition(deck=Deck(40.0, DAMPING), seed=23)),
    Row("deck of 80 Hz, never tapped", Condition(deck=Deck(80.0, DAMPING), seed=24)),
)


def row(title: str, lines: list[Line]) -> str:
    pooled = Pooled(lines)
    true, found, invented = pooled.steps()
    rate, contact, peak = (pooled.errors(name) for name in ("rate_pct", "contact_time_ms", "peak_pct"))
    contact_ms, peak_pct = np.quantile(contact, 0.9), np.quantile(peak, 0.9)
    return (
        f"{title:32s} {len(rate):4d} {true - found:6d} {invented:8d}  {np.median(rate):12.2f}"
        f" {np.quantile(rate, 0.9):5.2f} {rate.max():8.1f} {contact_ms:11.2f} {peak_pct:11.2f}"
        f" {np.quantile(pooled.weight_pct(), 0.9):13.2f} {pooled.covered_pct():7.0f} {_absolute(lines)}"
    )


def _absolute(lines: list[Line]) -> str:
    """How many loading rates claim to be absolute, and how many of these are wrong by more than 10 %."""
    claimed = [abs(foot.rate_pct) for line in lines for foot in line.feet if foot.status == "absolute"]
    return f"{len(claimed):14d} {sum(error > ABSOLUTE_WITHIN_PCT for error in claimed):11d}"


def drift_row() -> str:
    """Largest change of any foot's mean by the drift that was added to one trial; both pressed on the deck's centre."""
    trial = next(trials("RBDS001_T25.npz"))
    drifted_n = np.loadtxt(data_dir() / "running_force" / "drift_RBDS001_T25.csv")[: len(trial.fz_n)]
    centre, condition = np.zeros(len(trial.fz_n)), Condition(seed=26)
    still, drifted = (
        station_answer(condition, replace(trial, fz_n=fz_n, cop_x_m=centre, cop_y_m=centre))[1]
        for fz_n in (trial.fz_n, drifted_n)
    )
    changes = {
        name: max(
            abs(100 * (getattr(drifted.feet[side], name).value / getattr(still.feet[side], name).value - 1))
            for side in still.feet
        )
        for name in VALUES
    }
    changes["body_weight_n"] = abs(100 * (drifted.body_weight_n.value / still.body_weight_n.value - 1))
    figures = ", ".join(f"{name} {change:.2f} %" for name, change in changes.items())
    drift_n = float(np.ptp(drifted_n - trial.fz_n))
    return f"zero drifting over {drift_n:.0f} N: largest change of a foot's mean: {figures}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--every", type=int, default=1, help="only every n-th trial")
    parser.add_argument("--only", default="", help="only conditions with these words in their title")
    options = parser.parse_args()
    chosen = list(trials())[:: options.every]
    print(HEAD)
    for each in ROWS:
        if options.only in each.title:
            answers = [measure(each.condition, trial) for trial in chosen]
            for answer in answers:
                if isinstance(answer, str):
                    print(f"  {answer}")
            print(row(each.title, [a for a in answers if isinstance(a, Line)]), flush=True)
    print(drift_row())


if __name__ == "__main__":
    main()
