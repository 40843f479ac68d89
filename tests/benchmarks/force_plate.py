"""Accuracy of the force chain on real force-plate trials: `python -m tests.benchmarks.force_plate [--every N]`.

Each trial is pressed on the simulated deck: corners -> four simulated HX711 chips on simulated pins -> the driver ->
the chips' clocks -> the analysis, with the calibration that the simulated bench made. The truth is the plate's own
300 Hz signal by the definitions of the design, read by independent code (`tests.gait.plate`). Errors of values are
those of a foot's mean over its steps; "naive" reads each step from the interpolated samples.
"""

import argparse
import time
from dataclasses import dataclass

import numpy as np

from station.config import Force
from station.gait.body_weight import body_weight_n
from station.gait.cell_signals import cell_signals
from station.gait.contacts import find_contacts
from station.gait.force_analysis import analyse_force
from station.gait.lowpass import zero_phase_lowpass
from station.gait.results import SIDES, CellSignal, DeckResonance, FootForce, ForceResult, Step
from station.gait.stances import find_stances, rough_body_weight
from station.gait.step_values import step_values
from station.gait.total_force import interpolated_force
from station.sim.deck import Deck
from station.sim.rig import Rig
from station.sim.runner.corners import corner_forces
from tests.gait.plate import PlateStep, Trial, plate_steps, plate_weight_n, trials

SAME_STEP_S = 0.03
SIDES_UNRELIABLE = "001_T45"
HEAD = (
    "trial    true found invent sides   BW%  con.sd  CT L   CT R   peak L  peak R   naive L  R      LR L    LR R"
    "   in80 solve"
)


@dataclass(frozen=True)
class Line:
    """One trial. Arrays of feet hold left and right."""

    name: str
    true: int
    found: int
    invented: int
    side_right: int
    weight_pct: float
    contact_sd_ms: float
    contact_time_ms: np.ndarray
    peak_pct: np.ndarray
    naive_rate_pct: np.ndarray
    rate_pct: np.ndarray
    covered: list[bool]
    solve_s: float

    def __str__(self) -> str:
        feet = [*self.contact_time_ms, *self.peak_pct, *self.naive_rate_pct, *self.rate_pct]
        return (
            f"{self.name:8s} {self.true:4d} {self.found:5d} {self.invented:6d} {self.side_right:5d}"
            f" {self.weight_pct:+5.2f} {self.contact_sd_ms:6.2f} {feet[0]:+6.1f} {feet[1]:+6.1f}"
            f"  {feet[2]:+6.2f}  {feet[3]:+6.2f}   {feet[4]:+6.1f} {feet[5]:+6.1f}  {feet[6]:+6.1f}  {feet[7]:+6.1f}"
            f"   {sum(self.covered)}/{len(self.covered)} {self.solve_s:5.2f}"
        )


def measure(trial: Trial, rate_sps: int, seed: int, deck: DeckResonance | None = None) -> Line:
    """Press one trial and compare. `deck`: resonance of the simulated deck, known to the analysis."""
    simulated = Deck(deck.frequency_hz, deck.damping_ratio) if deck else Deck()
    rig = Rig(seed=seed, force=Force(chip_rate_sps=rate_sps), deck=simulated)
    calibration = rig.calibrate()
    corners = corner_forces(trial.fz_n, trial.cop_x_m, trial.cop_y_m, rig.places)
    pressed = rig.press(trial.t_s, corners)
    cells = cell_signals(pressed.samples.arrays(), calibration, pressed.epoch_ns)
    window = (float(trial.t_s[0]), float(trial.t_s[-1]))
    begun = time.process_time()
    result = analyse_force(cells, *window, deck_known=True, kernel_known=True, speed_m_s=None, seed=seed, deck=deck)
    return _line(trial, result, _naive_rates(cells, window), time.process_time() - begun)


def _line(trial: Trial, result: ForceResult, naive: dict[float, float], solve_s: float) -> Line:
    true = plate_steps(trial.t_s, trial.fz_n)
    weight_n = plate_weight_n(trial.t_s, trial.fz_n, true)
    matched = _matched(true, result)
    feet = []
    for side in SIDES:
        pairs = [(p, k) for p, k in matched if _foot_of(result, k) == side]
        feet.append(_foot(result.feet[side], pairs, weight_n, naive))
    contact_ms = np.array([1e3 * (result.steps[k].contact_s - p.contact_s) for p, k in matched])
    columns = {name: np.array([foot[name] for foot in feet]) for name in ("ct", "peak", "naive", "rate")}
    return Line(
        name=trial.name,
        true=len(true),
        found=len(matched),
        invented=len(result.steps) - len(matched),
        side_right=sum(_side_right(trial, result.steps[k]) for _, k in matched),
        weight_pct=100 * (result.body_weight_n.value / weight_n - 1),
        contact_sd_ms=float(contact_ms.std()),
        contact_time_ms=columns["ct"],
        peak_pct=columns["peak"],
        naive_rate_pct=columns["naive"],
        rate_pct=columns["rate"],
        covered=[inside for foot in feet for inside in foot["covered"]],
        solve_s=solve_s,
    )


def _matched(true: list[PlateStep], result: ForceResult) -> list[tuple[PlateStep, int]]:
    contact_s = np.array([step.contact_s for step in result.steps])
    pairs = [(p, int(np.argmin(np.abs(contact_s - p.contact_s)))) for p in true]
    return [(p, k) for p, k in pairs if abs(contact_s[k] - p.contact_s) < SAME_STEP_S]


def _foot_of(result: ForceResult, k: int) -> str:
    """Where no side is known, the first foot is called left."""
    return result.steps[k].side if result.sides_known else SIDES[k % 2]


def _side_right(trial: Trial, step: Step) -> bool:
    k = int(np.argmin(np.abs(trial.side_at_s - step.contact_s)))
    return step.side is not None and step.side[0].upper() == trial.side[k]


def _foot(foot: FootForce, pairs: list[tuple[PlateStep, int]], weight_n: float, naive: dict[float, float]) -> dict:
    truth = {
        "contact_time_ms": np.mean([p.contact_time_ms for p, _ in pairs]),
        "peak_force_bw": np.mean([p.peak_n for p, _ in pairs]) / weight_n,
        "loading_rate_bw_s": np.mean([p.loading_rate_n_s for p, _ in pairs]) / weight_n,
    }
    at_s = np.array(list(naive))
    naive_rates = [naive[at_s[np.argmin(np.abs(at_s - p.contact_s))]] for p, _ in pairs]
    measures = {name: getattr(foot, name) for name in truth}
    return {
        "ct": foot.contact_time_ms.value - truth["contact_time_ms"],
        "peak": 100 * (foot.peak_force_bw.value / truth["peak_force_bw"] - 1),
        "rate": 100 * (foot.loading_rate_bw_s.value / truth["loading_rate_bw_s"] - 1),
        "naive": 100 * (np.nanmean(naive_rates) / truth["loading_rate_bw_s"] - 1),
        "covered": [measures[name].low <= truth[name] <= measures[name].high for name in truth],
    }


def _naive_rates(cells: tuple[CellSignal, ...], window: tuple[float, float]) -> dict[float, float]:
    """Loading rate of each step, by its contact, from the samples joined by a curve."""
    ground = interpolated_force(cells, *window)
    rough_n = rough_body_weight(ground.force_n, ground.rate_hz)
    filtered_n = zero_phase_lowpass(ground.force_n, ground.rate_hz)
    contacts = find_contacts(ground, find_stances(ground.t_s, filtered_n, rough_n), *window)
    weight_n = body_weight_n(ground, contacts)
    rates = step_values(ground.t_s, filtered_n / weight_n, contacts).loading_rate_bw_s
    return dict(zip(contacts.contact_s.tolist(), rates.tolist(), strict=True))


def pooled(lines: list[Line]) -> str:
    """The figures over all trials; errors over feet as |median| and 90th percentile."""
    true, found, invented = (sum(getattr(line, name) for line in lines) for name in ("true", "found", "invented"))
    sided = [line for line in lines if line.name != SIDES_UNRELIABLE]
    right_pct = 100 * sum(line.side_right for line in sided) / max(1, sum(line.found for line in sided))
    rows = [
        f"steps: {true} true, {found} found, {invented} invented",
        f"sides right: {right_pct:.2f} % (without {SIDES_UNRELIABLE})",
        f"body weight: |error| max {max(abs(line.weight_pct) for line in lines):.2f} %",
        f"contact instant: sd {np.sqrt(np.mean([line.contact_sd_ms**2 for line in lines])):.2f} ms",
    ]
    for title, name, unit in (
        ("contact time", "contact_time_ms", "ms"),
        ("peak force", "peak_pct", "%"),
        ("loading rate, naive", "naive_rate_pct", "%"),
        ("loading rate, estimated", "rate_pct", "%"),
    ):
        errors = np.abs(np.concatenate([getattr(line, name) for line in lines]))
        rows.append(
            f"{title}: |error| median {np.median(errors):.2f}, 90th percentile {np.quantile(errors, 0.9):.2f} {unit}"
        )
    covered = [inside for line in lines for inside in line.covered]
    rows.append(f"80 % intervals that hold the plate's value: {100 * np.mean(covered):.0f} %")
    rows.append(f"CPU a trial: {np.mean([line.solve_s for line in lines]):.2f} s")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--every", type=int, default=1, help="only every n-th trial")
    parser.add_argument("--rate", type=int, choices=(80, 320), default=80, help="samples/s of the chips")
    parser.add_argument("--deck-hz", type=float, help="resonance of the deck, known to the analysis (damping 0.08)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    deck = DeckResonance(options.deck_hz, 0.08) if options.deck_hz else None
    print(HEAD)
    lines = []
    for trial in list(trials())[:: options.every]:
        lines.append(measure(trial, options.rate, options.seed, deck))
        print(lines[-1], flush=True)
    print(pooled(lines))


if __name__ == "__main__":
    main()
