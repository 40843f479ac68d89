"""Foot strike and clock offset on real runners seen by both sensors at once, through the station's own analysis.

Run as `python -m tests.benchmarks.marker_runs` (about 5 minutes; `--offsets N`: clock offsets tried a trial and side,
`--only 011_T25`). The markers of a trial (Fukuchi et al. 2017: 5 runners, 3 speeds) become keypoints at 60 pictures a
second with a random phase, 8 mm noise and 3 % lost points; the force of the same trial is pressed on the simulated
deck and chips. The camera's clock is set off by anything within 200 ms, as with two files of a user.

The lag that the offset takes out was measured on these same trials (`gait.sync`). So the offsets are told twice: with
it, and with what the other four runners alone would have given (leave one runner out).

Truth: the angle of the 150 Hz markers at the plate's contact minus the same foot flat at 35-50 % of stance, and the
plate's own centre of pressure at 10 % of stance along the foot: 0 = heel marker, 1 = a foot's length (0.152 of the
stature, Drillis & Contini 1966) ahead of it. A step is rearfoot above 8 degrees and below an index of a third;
borderline (4-12 degrees by the markers, 0.28-0.38) are left out.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from station import __version__
from station.fusion.scoring import Analysed, analyse_session
from station.fusion.session import Session
from station.gait.foot_strike import REARFOOT_DEG
from station.gait.posture_track import PoseTrack
from station.gait.results import SIDES, CellSignal, ForceResult, Measure, Side, Step
from station.gait.sync import camera_offset
from station.messages import RunInfo
from station.sim.runner.corners import corner_forces
from tests.benchmarks.pressing import SAME_STEP_S, Condition, station_answer
from tests.gait.marker_run import MarkerRun
from tests.gait.plate import Trial, data_dir, plate_steps

CAMERA_HZ, NOISE_M, LOST = 60.0, 0.008, 0.03
WIDEST_OFFSET_S = 0.2
OFFSET_LIMIT_MS = 4.0
FLAT_STANCE = (0.35, 0.50)
INDEX_STANCE = 0.10
FOOT_LENGTH_STATURES = 0.152
REARFOOT_INDEX = 1 / 3
BORDERLINE_DEG, BORDERLINE_INDEX = (4.0, 12.0), (0.28, 0.38)


@dataclass(frozen=True)
class TrueStep:
    """One contact by plate and markers."""

    side: Side
    contact_s: float
    angle_deg: float
    strike_index: float  # NaN where the plate tells no pressure yet

    @property
    def borderline(self) -> bool:
        between = (BORDERLINE_DEG[0] < self.angle_deg < BORDERLINE_DEG[1],
                   BORDERLINE_INDEX[0] < self.strike_index < BORDERLINE_INDEX[1])  # fmt: skip
        return any(between) or np.isnan(self.strike_index)


@dataclass(frozen=True)
class Seen:
    """One trial seen from one side. Errors in degrees, `offset_ms` in ms."""

    side: Side
    angle: Measure
    mean_error_deg: float
    covered: bool  # the 80 % interval of the mean holds the markers' mean
    step_errors_deg: np.ndarray
    named_right: tuple[int, int]  # steps of the right name, of all that were found
    class_right: tuple[int, int]  # of the steps that are not borderline
    offset_error_ms: float
    offset_half_ms: float  # of its 80 % interval


@dataclass(frozen=True)
class Row:
    """One trial."""

    name: str
    seen: tuple[Seen, ...]
    offset_errors_ms: np.ndarray  # with other offsets, phases and noise
    offset_halves_ms: np.ndarray

    @property
    def runner(self) -> str:
        return self.name.partition("_")[0]

    @property
    def offsets_covered(self) -> np.ndarray:
        return np.abs(self.offset_errors_ms) <= self.offset_halves_ms

    def __str__(self) -> str:
        cells = [f"{self.name:8s}"]
        for one in self.seen:
            cells.append(
                f"{one.angle.n:4d} {one.angle.value if one.angle.measured else np.nan:+6.1f} {one.mean_error_deg:+5.1f}"
                f" {_sd(one.step_errors_deg):4.1f} {'yes' if one.covered else 'no':>4s}"
            )
        right, of = np.sum([one.class_right for one in self.seen], axis=0)
        cells.append(f"{right:4d}/{of:<4d} {self.offset_errors_ms.mean():+6.1f} {_worst(self.offset_errors_ms):5.1f}")
        return "  ".join([*cells, f"{100 * self.offsets_covered.mean():4.0f} %"])


_FOOT_HEAD = "   n  angle error   sd in80"
HEAD = (
    "angle: mean of a foot's n judged steps, its error, sd of the steps' errors, truth in the 80 % interval;\n"
    "class: rearfoot or not, right of the steps that are not borderline; offset: error of the clock offset in ms\n"
    f"{'':8s}  {'left foot':26s}  {'right foot':26s}  {'class':9s}  offset\n"
    f"{'trial':8s}  {_FOOT_HEAD}  {_FOOT_HEAD}  {'right':>4s}/of      mean worst   in80"
)


def measure(name: str, offsets: int, rng: np.random.Generator) -> Row:
    """Press one trial, film it from both sides, and compare."""
    folder = data_dir()
    trial = Trial.read(folder / "running_force" / f"RBDS{name}.npz")
    markers = MarkerRun.read(folder / "running_markers" / f"RBDS{name}.npz")
    truth = list(true_steps(trial, markers, _stature_m(folder, name)))
    condition = Condition()
    session = _pressed(condition, trial)
    seen = tuple(_seen(session, markers, side, truth, rng) for side in SIDES)
    run, force = station_answer(condition, trial)
    more = [_offset(markers, run.cells, force, SIDES[k % 2], rng) for k in range(offsets)]
    offsets_ms = [(one.offset_error_ms, one.offset_half_ms) for one in seen] + more
    return Row(name, seen, *np.array(offsets_ms).T)


def true_steps(trial: Trial, markers: MarkerRun, stature_m: float) -> Iterator[TrueStep]:
    """Every complete contact of the plate; its foot is the lower one in mid-stance."""
    steps = plate_steps(trial.t_s, trial.fz_n)
    low = {side: markers.points[side, "heel"][:, 2] + markers.points[side, "foot_index"][:, 2] for side in SIDES}
    pitch = {side: markers.pitch_deg(side) for side in SIDES}
    middle_s = [(step.contact_s + step.toe_off_s) / 2 for step in steps]
    feet = [min(SIDES, key=lambda side: np.interp(t, markers.t_s, low[side])) for t in middle_s]
    for side in SIDES:
        mine = [step for step, foot in zip(steps, feet, strict=True) if foot == side]
        flat_deg = np.median(np.concatenate([_flat(markers.t_s, pitch[side], s.contact_s, s.toe_off_s) for s in mine]))
        heel_x_m = markers.points[side, "heel"][:, 0]
        for step in mine:
            early_s = step.contact_s + INDEX_STANCE * (step.toe_off_s - step.contact_s)
            ahead_m = np.interp(early_s, trial.t_s, trial.cop_x_m) - np.interp(early_s, markers.t_s, heel_x_m)
            angle_deg = float(np.interp(step.contact_s, markers.t_s, pitch[side]) - flat_deg)
            yield TrueStep(side, step.contact_s, angle_deg, float(ahead_m / (FOOT_LENGTH_STATURES * stature_m)))


def _flat(t_s: np.ndarray, pitch_deg: np.ndarray, contact_s: float, toe_off_s: float) -> np.ndarray:
    early_s, late_s = (contact_s + share * (toe_off_s - contact_s) for share in FLAT_STANCE)
    return pitch_deg[(t_s >= early_s) & (t_s <= late_s)]


def _pressed(condition: Condition, trial: Trial) -> Session:
    rig = condition.rig()
    pressed = rig.press(trial.t_s, corner_forces(trial.fz_n, trial.cop_x_m, trial.cop_y_m, rig.places))
    return Session(
        info=RunInfo(visit_id=trial.name, version=__version__, seed=1, inputs={}),
        start_s=float(trial.t_s[0]),
        end_s=float(trial.t_s[-1]),
        t0_ns=pressed.epoch_ns,
        calibration=condition.calibration,
        samples=pressed.samples.arrays(),
        one_clock=False,
    )


def _filmed(markers: MarkerRun, side: Side, offset_s: float, rng: np.random.Generator) -> PoseTrack:
    """The keypoints on a clock that is `offset_s` behind that of the force."""
    frame_s = np.arange(rng.uniform(0, 1 / CAMERA_HZ), markers.t_s[-1], 1 / CAMERA_HZ)
    track = markers.track(frame_s, side, CAMERA_HZ, rng, NOISE_M, LOST)
    return replace(track, t_s=track.t_s - offset_s)


def _seen(session: Session, markers: MarkerRun, side: Side, truth: list[TrueStep], rng: np.random.Generator) -> Seen:
    offset_s = rng.uniform(-WIDEST_OFFSET_S, WIDEST_OFFSET_S)
    found = analyse_session(replace(session, poses=_filmed(markers, side, offset_s, rng)))
    posture = found.facts.posture
    angle = posture.foot_strike_angle_deg[side] if posture is not None else Measure.missing("nothing was seen")
    pairs = [(true, step) for true in truth if (step := _same(true, found.facts.force.steps)) is not None]
    judged = [(t, step) for t, step in pairs if step.foot_strike_angle_deg is not None and t.side == side]
    true_deg = np.mean([t.angle_deg for t in truth if t.side == side])
    sure = [(t, step) for t, step in judged if not t.borderline]
    agree = [(step.foot_strike_angle_deg > REARFOOT_DEG) == (t.strike_index < REARFOOT_INDEX) for t, step in sure]
    return Seen(
        side=side,
        angle=angle,
        mean_error_deg=float(angle.value - true_deg) if angle.measured else np.nan,
        covered=angle.measured and angle.low <= true_deg <= angle.high,
        step_errors_deg=np.array([step.foot_strike_angle_deg - t.angle_deg for t, step in judged]),
        named_right=(sum(step.side == t.side for t, step in pairs), len(pairs)),
        class_right=(sum(agree), len(agree)),
        **_compared(found, offset_s),
    )


def _compared(found: Analysed, offset_s: float) -> dict[str, float]:
    error_ms, half_ms = _against(found.offset, offset_s)
    return {"offset_error_ms": error_ms, "offset_half_ms": half_ms}


def _offset(
    markers: MarkerRun, cells: Sequence[CellSignal], force: ForceResult, side: Side, rng: np.random.Generator
) -> tuple[float, float]:
    offset_s = rng.uniform(-WIDEST_OFFSET_S, WIDEST_OFFSET_S)
    return _against(camera_offset(_filmed(markers, side, offset_s, rng), cells, force), offset_s)


def _against(found: Measure, offset_s: float) -> tuple[float, float]:
    """Error in ms, and half the 80 % interval."""
    if not found.measured:
        return np.nan, np.nan
    return found.value - 1e3 * offset_s, (found.high - found.low) / 2


def _same(true: TrueStep, steps: tuple[Step, ...]) -> Step | None:
    nearest = min(steps, key=lambda step: abs(step.contact_s - true.contact_s), default=None)
    return nearest if nearest is not None and abs(nearest.contact_s - true.contact_s) < SAME_STEP_S else None


def _stature_m(folder: Path, name: str) -> float:
    with open(folder / "running_force" / "runners.csv", newline="") as file:
        return next(float(row["height_cm"]) / 100 for row in csv.DictReader(file) if row["runner"] == f"RBDS{name[:3]}")


def _sd(values: np.ndarray) -> float:
    return float(values.std()) if len(values) else np.nan


def _worst(errors: np.ndarray) -> float:
    return float(np.abs(errors).max())


def pooled(rows: list[Row]) -> str:
    """What issue C asks, in words."""
    seen = [one for row in rows for one in row.seen]
    means = np.abs([one.mean_error_deg for one in seen])
    steps = np.concatenate([one.step_errors_deg for one in seen])
    right, of = np.sum([one.class_right for one in seen], axis=0)
    named, found = np.sum([one.named_right for one in seen], axis=0)
    return "\n".join(
        [
            f"a foot's mean angle: |error| median {np.median(means):.1f}, worst {means.max():.1f} degrees over"
            f" {len(seen)} feet; {100 * np.mean([one.covered for one in seen]):.0f} % in their 80 % interval",
            f"a step's angle: error {steps.mean():+.1f} +- {steps.std():.1f} degrees over {len(steps)} steps",
            f"rearfoot or not, against the plate's strike index: {right} of {of} steps that are not borderline"
            f" ({100 * right / of:.1f} %); feet named right: {100 * named / found:.1f} %",
            f"clock offset: {_offsets(rows)}",
            f"clock offset, with the lag of the other runners alone: {_offsets(_with_lag_of_others(rows))}",
        ]
    )


def _with_lag_of_others(rows: list[Row]) -> list[Row]:
    """The same offsets, had the lag been measured without the runner himself. The interval's width stays."""
    others = [[o.offset_errors_ms.mean() for o in rows if o.runner != row.runner] for row in rows]
    return [
        replace(row, offset_errors_ms=row.offset_errors_ms - np.mean(errors_ms))
        for row, errors_ms in zip(rows, others, strict=True)
        if errors_ms
    ]


def _offsets(rows: list[Row]) -> str:
    if not rows:
        return "one runner alone"
    errors_ms = np.abs(np.concatenate([row.offset_errors_ms for row in rows]))
    held = np.concatenate([row.offsets_covered for row in rows])
    return (
        f"{100 * np.mean(errors_ms < OFFSET_LIMIT_MS):.0f} % of {len(errors_ms)} within {OFFSET_LIMIT_MS:.0f} ms,"
        f" median {np.median(errors_ms):.1f}, worst {errors_ms.max():.1f} ms;"
        f" {100 * held.mean():.0f} % in their 80 % interval"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offsets", type=int, default=20, help="clock offsets tried besides the two full runs")
    parser.add_argument("--only", default="", help="trials whose name contains this")
    options = parser.parse_args()
    folder = data_dir()
    if folder is None:
        raise SystemExit("no markers here; set STATION_DATA to the folder of the recordings")
    names = [file.stem.removeprefix("RBDS") for file in sorted((folder / "running_markers").glob("RBDS*_T*.npz"))]
    names = [name for name in names if options.only in name]
    if not names:
        parser.error(f"no trial is called like {options.only}; they are named like 011_T25")
    rng = np.random.default_rng(1)
    rows = []
    print(HEAD)
    for name in names:
        rows.append(measure(name, options.offsets, rng))
        print(rows[-1], flush=True)
    print(pooled(rows))


if __name__ == "__main__":
    main()
