"""Centre of pressure (CoP) through the four chips against the plate: `python -m tests.benchmarks.cop_path [--every N]`.

Each trial of `running_force` is pressed on the simulated deck and analysed. Printed a foot: rms error of its mean CoP
path along x and y over 10-90 % of stance (about the mean of mid-stance, the belt's speed as given) and, where the
markers of the trial tell the foot's place, the strike index of station and plate with the class it makes (thirds of
the shoe, Cavanagh & Lafortune 1980) beside the class of the data's authors. The plate's own values are read from its
300 Hz CoP by code that shares nothing with the analysis.
"""

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from station.config import Force
from station.gait.cell_signals import cell_signals
from station.gait.results import SIDES, FootPlaces, ForceResult, Measure
from station.gait.strike_index import strike_index
from station.sim.rig import Rig
from station.sim.runner.corners import corner_forces
from tests.gait.analysed import analyse_force
from tests.gait.plate import Trial, data_dir, trials

MARKER_HZ = 150.0
FLAT_STANCE = 0.3
"""Share of stance at which every foot is flat on the belt."""
BALL_SHARE = 0.73
"""Of the foot's length, from the heel to the first metatarsal head (ball of foot 196 of 270 mm: ANSUR 1988, men)."""
HEAD = "trial   foot steps  path x  path y mm   speed of CoP  index plate  station   held  class plate station authors"


@dataclass(frozen=True)
class Line:
    """One foot of one trial."""

    trial: str
    side: str
    steps: int
    path_mm: tuple[float, float]
    path_held: np.ndarray  # (2,) share of the instants at which the interval holds the plate's path
    speed_error_pct: float
    plate_index: float | None
    index: Measure | None
    authors: str

    def __str__(self) -> str:
        shown = (
            f"{self.trial:8s} {self.side[0].upper()} {self.steps:5d} {self.path_mm[0]:8.1f} {self.path_mm[1]:7.1f}"
            f" {self.speed_error_pct:+14.1f} %"
        )
        if self.index is None:
            return shown
        held = self.index.low <= self.plate_index <= self.index.high
        return (
            f"{shown} {self.plate_index:12.3f} {self.index.value:8.3f}  {'yes' if held else 'no':>5s}"
            f"  {strike_class(self.plate_index):>10s} {strike_class(self.index.value):>9s} {self.authors}"
        )


def strike_class(index: float) -> str:
    """Thirds of the foot."""
    return "rearfoot" if index < 1 / 3 else "midfoot" if index < 2 / 3 else "forefoot"


@dataclass(frozen=True)
class Recorded:
    """What is known of a trial beside its force."""

    trial: Trial
    speed_m_s: float
    centre_mm: np.ndarray
    markers: dict[str, np.ndarray] | None  # by label: (frames, 3) mm in the lab

    @classmethod
    def of(cls, trial: Trial) -> "Recorded":
        folder = data_dir()
        with np.load(folder / "running_force" / f"RBDS{trial.name}.npz") as z:
            speed, corners = float(z["speed"]), z["corners_mm"]
        path = folder / "running_markers" / f"RBDS{trial.name}.npz"
        markers = None
        if path.is_file():
            with np.load(path) as z:
                markers = dict(zip(z["labels"].tolist(), z["xyz_mm"].transpose(1, 0, 2), strict=True))
        return cls(trial, speed, (corners.min(axis=1) + corners.max(axis=1)) / 2, markers)

    def marker_m(self, label: str, t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """x, y of a marker on the deck at the instants (n,)."""
        xyz = self.markers[label]
        frames_s = np.arange(len(xyz)) / MARKER_HZ
        x, z = (np.interp(t_s, frames_s, xyz[:, k]) - self.centre_mm[k] for k in (0, 2))
        return x / 1000, -z / 1000

    def foot_places(self, contact_s: np.ndarray, toe_off_s: np.ndarray, side: str) -> FootPlaces:
        """Heel and toe of each step of one foot, flat on the belt."""
        t_s = contact_s + FLAT_STANCE * (toe_off_s - contact_s)
        heel = self.marker_m(f"{side[0].upper()}.Heel.Bottom", t_s)
        ball = self.marker_m(f"{side[0].upper()}.MT1", t_s)
        toe = [h + (b - h) / BALL_SHARE for h, b in zip(heel, ball, strict=True)]
        return FootPlaces(t_s, *heel, *toe, sd_m=0.0)


def measure(recorded: Recorded, rate_sps: int, seed: int, authors: dict[str, str]) -> list[Line]:
    """Press one trial and compare both feet."""
    trial = recorded.trial
    rig = Rig(seed=seed, force=Force(chip_rate_sps=rate_sps))
    calibration = rig.calibrate()
    pressed = rig.press(trial.t_s, corner_forces(trial.fz_n, trial.cop_x_m, trial.cop_y_m, rig.places))
    cells = cell_signals(pressed.samples.arrays(), calibration, pressed.epoch_ns)
    window = (float(trial.t_s[0]), float(trial.t_s[-1]))
    given, own = (
        analyse_force(cells, *window, deck_known=True, kernel_known=True, speed_m_s=speed_m_s)
        for speed_m_s in (recorded.speed_m_s, None)
    )
    lines = []
    for side in SIDES:
        steps = np.array([k for k, step in enumerate(given.steps) if _foot_of(given, k) == side])
        path = given.feet[side].cop_path
        error_m = np.array([path.x_m, path.y_m]) - _plate_path_m(recorded, given, steps, path.stance_pct)
        judged = (path.stance_pct >= 10) & (path.stance_pct <= 90) & np.isfinite(error_m).all(axis=0)
        half_m = np.array([path.x_half_width_m, path.y_half_width_m])
        index, plate_index = _indices(recorded, given, steps, side)
        lines.append(
            Line(
                trial=trial.name,
                side=side,
                steps=path.n,
                path_mm=tuple(1e3 * np.sqrt((error_m[:, judged] ** 2).mean(axis=1))),
                path_held=(np.abs(error_m) <= half_m)[:, judged].mean(axis=1),
                speed_error_pct=100 * (own.feet[side].cop_path.belt_speed_m_s / recorded.speed_m_s - 1),
                plate_index=plate_index,
                index=index,
                authors=authors[side],
            )
        )
    return lines


def _foot_of(result: ForceResult, k: int) -> str:
    """Where no side is known, the first foot is called left."""
    return result.steps[k].side if result.sides_known else SIDES[k % 2]


def _plate_path_m(recorded: Recorded, result: ForceResult, steps: np.ndarray, pct: np.ndarray) -> np.ndarray:
    """(2, m) the plate's mean path of the same steps, each weighted by its force, about its own mid-stance."""
    trial, weights, paths = recorded.trial, [], []
    middle = (pct >= 40) & (pct <= 70)
    for k in steps:
        step = result.steps[k]
        t_s = step.contact_s + pct / 100 * (step.toe_off_s - step.contact_s)
        force_n = np.interp(t_s, trial.t_s, trial.fz_n)
        x_m = np.interp(t_s, trial.t_s, trial.cop_x_m) + recorded.speed_m_s * (t_s - t_s.mean())
        path = np.array([x_m, np.interp(t_s, trial.t_s, trial.cop_y_m)])
        paths.append(path - np.average(path[:, middle], axis=1, weights=force_n[middle])[:, None])
        weights.append(np.tile(np.maximum(force_n, 1.0), (2, 1)))
    return np.average(np.array(paths), axis=0, weights=np.array(weights))


def _indices(
    recorded: Recorded, result: ForceResult, steps: np.ndarray, side: str
) -> tuple[Measure | None, float | None]:
    """Strike index of the station and of the plate for the same places of the foot."""
    if recorded.markers is None:
        return None, None
    trial = recorded.trial
    contact_s, toe_off_s = np.array([(step.contact_s, step.toe_off_s) for step in result.steps]).T
    places = recorded.foot_places(contact_s, toe_off_s, side)
    t_s = (contact_s + 0.1 * (toe_off_s - contact_s))[steps]
    heel_x = places.heel_x_m[steps] + recorded.speed_m_s * (places.t_s[steps] - t_s)
    foot = np.array([places.toe_x_m - places.heel_x_m, places.toe_y_m - places.heel_y_m])[:, steps]
    along = np.interp(t_s, trial.t_s, trial.cop_x_m) - heel_x
    across = np.interp(t_s, trial.t_s, trial.cop_y_m) - places.heel_y_m[steps]
    plate = float(np.mean((along * foot[0] + across * foot[1]) / (foot**2).sum(axis=0)))
    return strike_index(result.early_cop, places, steps), plate


def pooled(lines: list[Line]) -> str:
    """The figures over all feet."""
    rows = []
    for axis, name in enumerate("xy"):
        rms = np.array([line.path_mm[axis] for line in lines])
        held_pct = 100 * np.mean([line.path_held[axis] for line in lines])
        rows.append(
            f"path {name}: rms error median {np.median(rms):.1f}, 90th percentile {np.quantile(rms, 0.9):.1f} mm;"
            f" 80 % intervals that hold the plate's: {held_pct:.0f} %"
        )
    speed = np.array([line.speed_error_pct for line in lines])
    rows.append(f"belt speed from the CoP: error {speed.mean():+.1f} +- {speed.std():.1f} %")
    placed = [line for line in lines if line.index is not None]
    if not placed:
        return "\n".join(rows)
    error = np.array([line.index.value - line.plate_index for line in placed])
    same = [strike_class(line.index.value) == strike_class(line.plate_index) for line in placed]
    named = [strike_class(line.index.value) == line.authors for line in placed]
    plate_named = [strike_class(line.plate_index) == line.authors for line in placed]
    inside = [line.index.low <= line.plate_index <= line.index.high for line in placed]
    rows += [
        f"strike index: |error| median {np.median(abs(error)):.3f}, 90th percentile {np.quantile(abs(error), 0.9):.3f}"
        f" of the foot's length; 80 % intervals that hold the plate's: {100 * np.mean(inside):.0f} %",
        f"class as the plate's: {sum(same)} of {len(same)}; as the authors': station {sum(named)},"
        f" plate {sum(plate_named)} of {len(named)}",
    ]
    return "\n".join(rows)


def strike_classes() -> dict[str, dict[str, str]]:
    """The authors' class of each leg, by trial ("011_T25")."""
    with Path(data_dir() / "running_force" / "runners.csv").open(encoding="utf-8") as file:
        return {
            f"{row['runner'][-3:]}_T{10 * float(row['speed_m_s']):.0f}": {s: row[f"{s}_strike"] for s in SIDES}
            for row in csv.DictReader(file)
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--every", type=int, default=1, help="only every n-th trial")
    parser.add_argument("--rate", type=int, choices=(80, 320), default=80, help="samples/s of the chips")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    authors = strike_classes()
    print(HEAD)
    lines: list[Line] = []
    for trial in list(trials())[:: options.every]:
        both = measure(Recorded.of(trial), options.rate, options.seed, authors[trial.name])
        print(*both, sep="\n", flush=True)
        lines += both
    print(pooled(lines))


if __name__ == "__main__":
    main()
