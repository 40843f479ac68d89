"""Naturally uneven real runners against even ones: `python -m tests.benchmarks.uneven_runners`.

Every trial of the folder of real recordings, pressed on the simulated station (`tests.benchmarks.pressing`): a line
with its verdict and, for each asymmetry, the station's value with its 80 % interval and the plate's own, read by
independent code. Then the variables in which runners are known to be uneven (README of the recordings): the uneven
trials must rank above all others, and their intervals must exclude those of all others.
"""

from dataclasses import dataclass

import numpy as np
from scipy.integrate import trapezoid

from station.gait.results import Measure
from station.scorecard.facts import Facts
from station.scorecard.registry import judge_all
from station.scorecard.verdict import Verdict
from tests.benchmarks.pressing import Condition, station_answer
from tests.gait.plate import PlateStep, Trial, plate_steps, trials

UNEVEN = {
    "peak_force_pct": ("025_T25", "025_T35", "025_T45", "028_T35", "028_T45"),
    "contact_time_pct": ("018_T25", "020_T25"),
}
"""Trials known to be uneven, by the variable."""
SHOWN = ("step_time_pct", "contact_time_pct", "flight_time_pct", "peak_force_pct", "impulse_pct", "loading_rate_pct")


@dataclass(frozen=True)
class UnevenLine:
    """One trial: the station's asymmetries, the plate's own, and the verdict on uneven gait."""

    name: str
    station: dict[str, Measure]
    plate: dict[str, float]
    verdict: Verdict

    def __str__(self) -> str:
        verdict = self.verdict
        judged = verdict.verdict.replace("_", " ")
        severity = (
            "" if verdict.severity is None else f"{verdict.severity:3.0f} [{verdict.low:.0f}, {verdict.high:.0f}]"
        )
        cells = [f"{self.name:8}{judged:13}{severity:14}"]
        for key in SHOWN:
            measure = self.station[key]
            told = f"{measure.value:+.1f} [{measure.low:+.1f}, {measure.high:+.1f}]" if measure.measured else "-"
            cells.append(f"{told:>22} {self.plate[key]:+6.1f}")
        return "".join(cells)

    def larger_than(self, key: str, other: "UnevenLine") -> bool:
        """Its interval lies further from nought than all of the other's."""
        return _nearest(self.station[key]) > _furthest(other.station[key])


HEAD = f"{'trial':8}{'verdict':13}{'severity':14}" + "".join(f"{key + ', plate':>29}" for key in SHOWN)


def uneven_line(trial: Trial, seed: int = 1) -> UnevenLine:
    """Press one trial, judge it, and read the plate itself."""
    _, force = station_answer(Condition(seed=seed), trial)
    verdict = judge_all(Facts(force, None, seed=seed))["uneven_gait"]
    return UnevenLine(trial.name, force.asymmetry, _plates_own(trial), verdict)


def apart(lines: list[UnevenLine], key: str) -> bool:
    """Every uneven trial lies above every other one on this variable, intervals included."""
    uneven, even = _parted(lines, key)
    return all(line.larger_than(key, other) for line in uneven for other in even)


def ranking(lines: list[UnevenLine], key: str) -> str:
    """The uneven trials and the largest of the others."""
    uneven, even = _parted(lines, key)
    most = max(even, key=lambda line: _furthest(line.station[key]))
    said = ", ".join(f"{line.name} {_nearest(line.station[key]):.1f}" for line in uneven)
    return (
        f"{key}: lower ends of the uneven: {said}; upper end of the largest of {len(even)} others: {most.name} "
        f"{_furthest(most.station[key]):.1f}; all apart: {'yes' if apart(lines, key) else 'NO'}"
    )


def _parted(lines: list[UnevenLine], key: str) -> tuple[list[UnevenLine], list[UnevenLine]]:
    measured = [line for line in lines if line.station[key].measured]
    return (
        [line for line in measured if line.name in UNEVEN[key]],
        [line for line in measured if line.name not in UNEVEN[key]],
    )


def _nearest(measure: Measure) -> float:
    """Of the interval, to nought."""
    return 0.0 if measure.low <= 0 <= measure.high else min(abs(measure.low), abs(measure.high))


def _furthest(measure: Measure) -> float:
    return max(abs(measure.low), abs(measure.high))


def _plates_own(trial: Trial) -> dict[str, float]:
    """Asymmetries of the plate's own steps; sides by the heel markers."""
    steps = plate_steps(trial.t_s, trial.fz_n)
    contact_s, toe_off_s = (np.array([getattr(step, name) for step in steps]) for name in ("contact_s", "toe_off_s"))
    nearest = np.abs(contact_s[:, None] - trial.side_at_s).argmin(axis=1)
    right = trial.side[nearest] == "R"
    values = {
        "step_time_pct": np.append(np.diff(contact_s), np.nan),
        "contact_time_pct": toe_off_s - contact_s,
        "flight_time_pct": np.append(contact_s[1:] - toe_off_s[:-1], np.nan),
        "peak_force_pct": np.array([step.peak_n for step in steps]),
        "impulse_pct": np.array([_impulse(trial, step) for step in steps]),
        "loading_rate_pct": np.array([step.loading_rate_n_s for step in steps]),
    }
    means = {key: (float(np.nanmean(v[~right])), float(np.nanmean(v[right]))) for key, v in values.items()}
    return {key: 200 * (r - left) / (r + left) for key, (left, r) in means.items()}


def _impulse(trial: Trial, step: PlateStep) -> float:
    span = slice(*np.searchsorted(trial.t_s, (step.contact_s, step.toe_off_s)))
    return float(trapezoid(trial.fz_n[span], trial.t_s[span]))


def main() -> None:
    print(HEAD)
    lines = []
    for trial in trials():
        lines.append(uneven_line(trial))
        print(lines[-1], flush=True)
    print()
    for key in UNEVEN:
        print(ranking(lines, key))


if __name__ == "__main__":
    main()
