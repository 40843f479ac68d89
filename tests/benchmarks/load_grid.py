"""The load grid on the simulated bench and on paper: what wrong plates and a hasty hand do to newtons and places.

Bench: real driver on simulated pins. Paper: cells of exact counts, plates put down with an error of a few millimetres,
under the simulated deck and under a rigid one on four springs. Plates are off their labels by up to 3 %, evenly.
"""

import argparse

import numpy as np

from station.calibration.grid import GridFit, fit_grid, pattern
from station.calibration.grid_machine import GridMachine
from station.calibration.plates import Plate
from station.calibration.static_reading import ReadingTime
from station.messages import CHANNELS
from station.sim.chips import COUNTS_PER_NEWTON
from station.sim.rig import Rig
from tests.calibration.laid_out import CELLS, bilinear, laid_out, rigid

LABELS_KG = (20.0, 10.0)
PLATES = [Plate(kg, 0.03 * kg) for kg in LABELS_KG]
MASS_ERROR = 0.03
READING = ReadingTime(settle_s=0.7, mean_s=1.0)
FEET = ((0.0, 0.10), (0.0, -0.10))
"""Where a left and a right foot land, on the usual deck."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8, help="of the bench; the paper has 50 times as many")
    options = parser.parse_args()
    heads = ("case", "n", "common gain error %", "error / gain_sd", "cell against cell %", "place mm", "asymmetry pp",
             "left out N", "left out mm")  # fmt: skip
    print("| " + " | ".join(heads) + " |\n|" + " --- |" * len(heads))
    bench = [_bench(seed) for seed in range(options.seeds)]
    _print("bench, 9 points", bench)
    seeds = range(50 * options.seeds)
    for placing_mm in (0.0, 3.0, 5.0):
        for deck in (bilinear, rigid):
            for points in (9, 12):
                rows = [_paper(seed, deck, placing_mm / 1e3, points) for seed in seeds]
                _print(f"{deck.__name__} deck, put down to {placing_mm:g} mm, {points} points", rows)


def _bench(seed: int) -> list[float]:
    rig = Rig(seed, mass_error=MASS_ERROR)
    cells = rig.force.cells
    machine = GridMachine(rig.front_end, cells, PLATES, pattern(cells, 9), READING)
    while not machine.done:
        rig.obey(machine.prompt)
        machine.measure()
    points = list(machine._points().values())
    true_gain = np.array([1 / spec.counts_per_newton for spec in rig.specs])
    return _row(fit_grid(points, PLATES, cells), true_gain, bilinear)


def _paper(seed: int, deck, placing_m: float, count: int) -> list[float]:
    rng = np.random.default_rng(seed)
    gains = (1 + rng.uniform(-0.05, 0.05, len(CHANNELS))) / COUNTS_PER_NEWTON
    true_kg = [kg * (1 + rng.uniform(-MASS_ERROR, MASS_ERROR)) for kg in LABELS_KG]
    points = laid_out(true_kg, gains, deck, placing_m, seed, pattern(CELLS, count))
    return _row(fit_grid(points, PLATES, CELLS), gains, deck)


def _row(fit: GridFit, true_gain: np.ndarray, deck) -> list[float]:
    """Errors, in the order of the table's heads."""
    ratio = fit.newton_per_count / true_gain
    felt = [deck(1000.0, *foot) for foot in FEET]
    left_n, right_n = (ratio @ newtons for newtons in felt)
    place_m = [np.hypot(*(_place(fit, ratio * newtons) - foot)) for newtons, foot in zip(felt, FEET, strict=True)]
    common = ratio.mean() - 1
    return [
        100 * common,
        common / fit.gain_sd,
        100 * (ratio.max() - ratio.min()),
        1e3 * max(place_m),
        100 * abs(right_n - left_n) / 1000.0,
        fit.left_out_n,
        fit.left_out_mm,
    ]


def _place(fit: GridFit, cells_n: np.ndarray) -> np.ndarray:
    return np.array([cells_n @ fit.x_m, cells_n @ fit.y_m]) / cells_n.sum()


def _print(case: str, rows: list[list[float]]) -> None:
    """Root mean square over the seeds."""
    rms = np.sqrt(np.mean(np.square(rows), axis=0))
    print(f"| {case} | {len(rows)} | " + " | ".join(f"{value:.3g}" for value in rms) + " |", flush=True)


if __name__ == "__main__":
    main()
