"""Real force-plate trials pressed on a simulated station, and how far its answers lie from the plate's.

Each trial is pressed on the simulated deck: corners -> four simulated HX711 chips on simulated pins -> the driver ->
the chips' clocks -> the analysis, with the calibration that the simulated installer made. The truth is the plate's own
signal by the definitions of the design, read by independent code (`tests.gait.plate`). Errors of values are those of
a foot's mean over its steps; "naive" reads each step from the interpolated samples.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from station.config import Force
from station.fusion.scoring import resonance, setup_of
from station.gait.asymmetry import symmetry_index_pct
from station.gait.body_weight import body_weight_n
from station.gait.cell_source import RawCells
from station.gait.contacts import find_contacts
from station.gait.force_analysis import analyse_run
from station.gait.lowpass import zero_phase_lowpass
from station.gait.results import SIDES, CellSignal, ForceResult, Measure
from station.gait.run_force import SolvedRun, solve_run
from station.gait.stances import find_stances, rough_body_weight
from station.gait.step_values import step_values
from station.gait.total_force import interpolated_force
from station.messages import Calibration
from station.sim.chips import draw_chips
from station.sim.deck import Deck
from station.sim.disturbance import Disturbance
from station.sim.rig import Rig
from station.sim.runner.corners import corner_forces
from tests.gait.plate import PlateStep, Trial, plate_steps, plate_weight_n

SAME_STEP_S = 0.03
VALUES = ("contact_time_ms", "peak_force_bw", "loading_rate_bw_s")
ASYMMETRY_OF = {"contact_time_pct": 0, "peak_force_pct": 1, "loading_rate_pct": 2}


@dataclass(frozen=True)
class Condition:
    """A simulated station: chips (`made`: as in `draw_chips`), deck, and what its calibration was told."""

    rate_sps: int = 80
    deck: Deck = field(default_factory=Deck)
    made: dict[str, float] = field(default_factory=dict)
    order: int = 3
    seed: int = 1
    disturbance: Disturbance = field(default_factory=Disturbance)
    calibrate: Callable[[Rig], Calibration] = Rig.calibrate

    def rig(self) -> Rig:
        """A bench of this kind; always the same four chips."""
        chips = draw_chips(self.seed, self.rate_sps, self.order, **self.made)
        return Rig(self.seed, Force(chip_rate_sps=self.rate_sps), self.deck, chips, disturbance=self.disturbance)

    @cached_property
    def calibration(self) -> Calibration:
        """Made before anything is wrong: on a deck that shakes, the kernel test is refused."""
        return self.calibrate(replace(self, disturbance=Disturbance()).rig())


@dataclass(frozen=True)
class Foot:
    """Errors of one foot's means: contact time in ms, the others in percent of the plate's value."""

    contact_time_ms: float
    peak_pct: float
    rate_pct: float
    naive_rate_pct: float
    covered: tuple[bool, ...]  # by VALUES: the 80 % interval holds the plate's value
    status: str


@dataclass(frozen=True)
class Line:
    """One trial. `asymmetry` by ASYMMETRY_OF: error in percentage points, and whether the interval holds it."""

    name: str
    true: int
    found: int
    invented: int
    side_right: int
    weight_pct: float
    contact_sd_ms: float
    feet: tuple[Foot, ...]
    asymmetry: dict[str, tuple[float, bool]]

    def __str__(self) -> str:
        cells = [
            f"{self.name:8s} {self.true:4d} {self.found:5d} {self.invented:6d} {self.side_right:5d}"
            f" {self.weight_pct:+6.2f} {self.contact_sd_ms:6.2f}"
        ]
        for name, form in (
            ("contact_time_ms", "+7.1f"),
            ("peak_pct", "+7.2f"),
            ("naive_rate_pct", "+7.1f"),
            ("rate_pct", "+7.1f"),
        ):
            cells += [f"{getattr(foot, name):{form}}" for foot in self.feet]
        inside = [held for foot in self.feet for held in foot.covered]
        return " ".join([*cells, f"  {sum(inside)}/{len(inside)}"])


HEAD = (
    "trial    true found invent sides    BW% con.sd    CT L    CT R  peak L  peak R naive L naive R    LR L    LR R"
    "  in80"
)


def station_answer(condition: Condition, trial: Trial) -> tuple[SolvedRun, ForceResult]:
    """Press one trial; the solved run and what the station says of it."""
    rig = condition.rig()
    corners = corner_forces(trial.fz_n, trial.cop_x_m, trial.cop_y_m, rig.places)
    pressed = rig.press(trial.t_s, corners)
    calibration = condition.calibration
    source = RawCells(pressed.samples.arrays(), calibration, pressed.epoch_ns)
    run = solve_run(source, float(trial.t_s[0]), float(trial.t_s[-1]), resonance(calibration))
    return run, analyse_run(run, setup_of(calibration, run))


def measure(condition: Condition, trial: Trial) -> Line | str:
    """Press one trial and compare; a line of words where the station gave no steps."""
    run, result = station_answer(condition, trial)
    if not result.steps:
        return f"{trial.name:8s} {result.gait}: {result.reason}"
    window = (float(trial.t_s[0]), float(trial.t_s[-1]))
    return _line(trial, result, _naive_rates(run.cells, window))


def _line(trial: Trial, result: ForceResult, naive: dict[float, float]) -> Line:
    true = plate_steps(trial.t_s, trial.fz_n)
    weight_n = plate_weight_n(trial.t_s, trial.fz_n, true)
    matched = _matched(true, result)
    pairs = [[(p, k) for p, k in matched if _foot_of(result, k) == side] for side in SIDES]
    truths = [_truth([p for p, _ in of_foot], weight_n) for of_foot in pairs]
    contact_ms = np.array([1e3 * (result.steps[k].contact_s - p.contact_s) for p, k in matched])
    return Line(
        name=trial.name,
        true=len(true),
        found=len(matched),
        invented=len(result.steps) - len(matched),
        side_right=sum(_side_right(trial, result, k) for _, k in matched),
        weight_pct=100 * (result.body_weight_n.value / weight_n - 1),
        contact_sd_ms=float(contact_ms.std()),
        feet=tuple(
            _foot(result, side, truth, [p for p, _ in of_foot], naive)
            for side, truth, of_foot in zip(SIDES, truths, pairs, strict=True)
        ),
        asymmetry={key: _asymmetry(result.asymmetry[key], *truths, i) for key, i in ASYMMETRY_OF.items()},
    )


def _matched(true: list[PlateStep], result: ForceResult) -> list[tuple[PlateStep, int]]:
    contact_s = np.array([step.contact_s for step in result.steps])
    pairs = [(p, int(np.argmin(np.abs(contact_s - p.contact_s)))) for p in true]
    return [(p, k) for p, k in pairs if abs(contact_s[k] - p.contact_s) < SAME_STEP_S]


def _foot_of(result: ForceResult, k: int) -> str:
    """Where no side is known, the first foot is called left."""
    return result.steps[k].side if result.sides_known else SIDES[k % 2]


def _side_right(trial: Trial, result: ForceResult, k: int) -> bool:
    step = result.steps[k]
    if step.side is None or not len(trial.side):
        return False
    nearest = int(np.argmin(np.abs(trial.side_at_s - step.contact_s)))
    return step.side[0].upper() == trial.side[nearest]


def _truth(steps: list[PlateStep], weight_n: float) -> tuple[float, ...]:
    """The plate's means of one foot, by VALUES."""
    return (
        float(np.mean([p.contact_time_ms for p in steps])),
        float(np.mean([p.peak_n for p in steps])) / weight_n,
        float(np.mean([p.loading_rate_n_s for p in steps])) / weight_n,
    )


def _foot(
    result: ForceResult, side: str, truth: tuple[float, ...], steps: list[PlateStep], naive: dict[float, float]
) -> Foot:
    foot = result.feet[side]
    measures = [getattr(foot, name) for name in VALUES]
    at_s = np.array(list(naive))
    naive_rates = [naive[at_s[np.argmin(np.abs(at_s - p.contact_s))]] for p in steps]
    weight_n = float(np.mean([p.peak_n for p in steps])) / truth[1]
    return Foot(
        contact_time_ms=measures[0].value - truth[0],
        peak_pct=100 * (measures[1].value / truth[1] - 1),
        rate_pct=100 * (measures[2].value / truth[2] - 1),
        naive_rate_pct=100 * (np.nanmean(naive_rates) / weight_n / truth[2] - 1),
        covered=tuple(m.low <= true <= m.high for m, true in zip(measures, truth, strict=True)),
        status=foot.loading_rate_status,
    )


def _asymmetry(measure: Measure, left: tuple[float, ...], right: tuple[float, ...], i: int) -> tuple[float, bool]:
    truth = float(symmetry_index_pct(left[i], right[i]))
    return measure.value - truth, measure.low <= truth <= measure.high


def _naive_rates(cells: tuple[CellSignal, ...], window: tuple[float, float]) -> dict[float, float]:
    """Loading rate (N/s) of each step, by its contact, from the samples joined by a curve."""
    ground = interpolated_force(cells, *window)
    rough_n = rough_body_weight(ground.force_n, ground.rate_hz)
    filtered_n = zero_phase_lowpass(ground.force_n, ground.rate_hz)
    contacts = find_contacts(ground, find_stances(ground.t_s, filtered_n, rough_n), *window)
    weight_n = body_weight_n(ground, contacts)
    rates = step_values(ground.t_s, filtered_n / weight_n, contacts).loading_rate_bw_s * weight_n
    return dict(zip(contacts.contact_s.tolist(), rates.tolist(), strict=True))


@dataclass(frozen=True)
class Pooled:
    """The figures over all trials of a condition; errors over feet as |median| and 90th percentile."""

    lines: list[Line]

    def errors(self, name: str) -> np.ndarray:
        """|error| of every foot."""
        return np.abs([getattr(foot, name) for line in self.lines for foot in line.feet])

    def asymmetry_errors(self, key: str) -> np.ndarray:
        return np.abs([line.asymmetry[key][0] for line in self.lines])

    def steps(self) -> tuple[int, int, int]:
        """True, found, invented."""
        return tuple(sum(getattr(line, name) for line in self.lines) for name in ("true", "found", "invented"))

    def sides_right_pct(self, without: str) -> float:
        sided = [line for line in self.lines if line.name != without]
        return 100 * sum(line.side_right for line in sided) / max(1, sum(line.found for line in sided))

    def weight_pct(self) -> np.ndarray:
        return np.abs([line.weight_pct for line in self.lines])

    def contact_sd_ms(self) -> float:
        return float(np.sqrt(np.mean([line.contact_sd_ms**2 for line in self.lines])))

    def covered_pct(self) -> float:
        """80 % intervals of all feet and values that hold the plate's."""
        return 100 * float(np.mean([held for line in self.lines for foot in line.feet for held in foot.covered]))

    def covered_by_value_pct(self) -> list[float]:
        held = np.array([foot.covered for line in self.lines for foot in line.feet])
        return (100 * held.mean(axis=0)).tolist()

    def asymmetry_covered_pct(self) -> float:
        return 100 * float(np.mean([held for line in self.lines for _, held in line.asymmetry.values()]))

    def statuses(self) -> dict[str, int]:
        all_of = [foot.status for line in self.lines for foot in line.feet]
        return {status: all_of.count(status) for status in sorted(set(all_of))}
