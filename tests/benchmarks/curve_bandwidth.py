"""What the drawn force curves pass: `python -m tests.benchmarks.curve_bandwidth` (about a minute).

A wave packet of a known frequency, a hundredth of a body weight high, is added to every stance of a simulated runner,
at the same instant after contact in each. What the station's curves show of it, against what was added, is their gain:
of the foot's mean curve (solved from averaging chips, filtered as a plate's, laid over each other) and of a single step
as the cells saw it. The bandwidth is the frequency at which the gain passes -3 dB.
"""

from collections.abc import Callable, Sequence

import numpy as np

from station.gait.blurred_step import blur_bandwidth_hz, blurred_step
from station.gait.cell_source import GivenCells
from station.gait.results import CellSignal, SeenForce
from station.gait.run_force import solve_run
from station.gait.total_force import plate_filtered
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.blur import blurred, corners
from tests.simulated_plate import SimulatedForce, simulate_ground_force

HEEL = GaitSpec(mass_kg=70, speed_m_s=3.2, cadence_spm=168, duty_factor=0.33, impact_force_bw=1.1, impact_time_ms=26)
RUN_S = 30.0
HEIGHT_BW = 0.01
MIDDLE_S, HALF_WIDTH_S = 0.11, 0.09
FREQUENCIES_HZ = np.arange(5.0, 95.0, 5.0)
MINUS_3_DB = np.sqrt(0.5)
SEEDS = range(3)


def packet(since_s: np.ndarray, frequency_hz: float) -> np.ndarray:
    """The wave in a window that lies within the stance, by seconds since contact."""
    x = (since_s - MIDDLE_S) / HALF_WIDTH_S
    window = np.where(np.abs(x) < 1, np.cos(np.pi / 2 * np.clip(x, -1, 1)) ** 2, 0.0)
    return window * np.cos(2 * np.pi * frequency_hz * (since_s - MIDDLE_S))


def with_packet(plate: SimulatedForce, frequency_hz: float) -> np.ndarray:
    """The plate's force with the packet in every stance."""
    force_n = plate.fz_n.copy()
    for contact in plate.contacts:
        force_n += HEIGHT_BW * plate.body_weight_n * packet(plate.t_s - contact.contact_s, frequency_hz)
    return force_n


def cells_of(plate: SimulatedForce, force_n: np.ndarray, rate_sps: float, seed: int) -> tuple[CellSignal, ...]:
    return blurred(plate.t_s, corners(force_n, plate.cop_x_m, plate.cop_y_m), seed=seed, rate_sps=rate_sps)


def restored(cells: tuple[CellSignal, ...], contact_s: Sequence[float], since_s: np.ndarray) -> np.ndarray:
    """(len(since_s),) newtons of the mean stance, as the mean curves are read."""
    ground = solve_run(GivenCells(cells), 0.0, RUN_S).blocks[0].ground
    filtered = plate_filtered(ground)
    return np.interp(np.add.outer(contact_s, since_s), filtered.t_s, filtered.force_n).mean(axis=0)


def seen(cells: tuple[CellSignal, ...], contact_s: Sequence[float], since_s: np.ndarray) -> np.ndarray:
    """(len(since_s),) newtons of single steps as they are shown, their mean."""
    force = SeenForce(cells, np.zeros(0), np.zeros(0))
    curves = [blurred_step(force, t, t + since_s[-1], 1.0) for t in contact_s]
    return np.mean([np.interp(1e3 * since_s, curve.t_ms, curve.force_bw) for curve in curves], axis=0)


Curve = Callable[[tuple[CellSignal, ...], Sequence[float], np.ndarray], np.ndarray]


def gains(plate: SimulatedForce, rate_sps: float, seed: int, curve: Curve) -> np.ndarray:
    """(frequencies,) of the mean over the stances: what came out over what was put in."""
    since_s = np.arange(-0.02, 0.24, 0.001)
    contact_s = [c.contact_s for c in plate.contacts if 1.0 < c.contact_s < 29.0]
    without = curve(cells_of(plate, plate.fz_n, rate_sps, seed), contact_s, since_s)
    out = []
    for frequency_hz in FREQUENCIES_HZ:
        more = curve(cells_of(plate, with_packet(plate, frequency_hz), rate_sps, seed), contact_s, since_s)
        put_in = packet(since_s, frequency_hz)
        out.append((more - without) @ put_in / (put_in @ put_in) / (HEIGHT_BW * plate.body_weight_n))
    return np.array(out)


def bandwidth_hz(gain: np.ndarray) -> float:
    """Where the gain first passes -3 dB; the highest frequency tried where it does not."""
    below = np.flatnonzero(gain < MINUS_3_DB)
    if not len(below) or below[0] == 0:
        return float(FREQUENCIES_HZ[-1] if not len(below) else FREQUENCIES_HZ[0])
    span = slice(below[0] - 1, below[0] + 1)
    return float(np.interp(-MINUS_3_DB, -gain[span], FREQUENCIES_HZ[span]))


def main() -> None:
    print(
        f"{'chips':>9s} {'curve':>22s} {'-3 dB':>8s}   gain at " + " ".join(f"{f:5.0f}" for f in FREQUENCIES_HZ[1::2])
    )
    for rate_sps in (80.0, 320.0):
        for name, curve in (("mean_estimated", restored), ("single_step_blurred", seen)):
            plates = [simulate_ground_force(HEEL, RUN_S, seed=4 + seed) for seed in SEEDS]
            gain = np.mean([gains(p, rate_sps, seed, curve) for seed, p in zip(SEEDS, plates, strict=True)], axis=0)
            shown = " ".join(f"{g:5.2f}" for g in gain[1::2])
            print(f"{rate_sps:5.0f}/s   {name:>22s} {bandwidth_hz(gain):5.1f} Hz           {shown}", flush=True)
        cells = cells_of(plates[0], plates[0].fz_n, rate_sps, 0)
        print(f"{rate_sps:5.0f}/s   {'by the kernels':>22s} {blur_bandwidth_hz(cells):5.1f} Hz")


if __name__ == "__main__":
    main()
