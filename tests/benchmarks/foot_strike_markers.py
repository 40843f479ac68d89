"""How to read the foot's pitch at contact from 60 pictures a second: ways compared on the markers of real runners.

Run as `python -m tests.benchmarks.foot_strike_markers`. Truth: the 150 Hz markers of heel and fifth metatarsal at the
contact of the force plate. Pictures are taken from them at 60 a second with a random phase.
"""

import os
from pathlib import Path

import numpy as np

DATA = Path(os.environ.get("STATION_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
MARKER_HZ, FORCE_HZ, CAMERA_HZ = 150.0, 300.0, 60.0


def line_before(t_s: np.ndarray, pitch: np.ndarray, contact_s: float, frames: int) -> float:
    """A line through the last frames before the contact, read at the contact."""
    before = np.flatnonzero(t_s <= contact_s)[-frames:]
    return float(np.polyval(np.polyfit(t_s[before] - contact_s, pitch[before], 1), 0.0))


def nearest(t_s: np.ndarray, pitch: np.ndarray, contact_s: float) -> float:
    """The frame nearest to the contact."""
    return float(pitch[np.argmin(np.abs(t_s - contact_s))])


WAYS = {
    "between the two": lambda t, p, c: float(np.interp(c, t, p)),
    "line through 3": lambda t, p, c: line_before(t, p, c, 3),
    "line through 5": lambda t, p, c: line_before(t, p, c, 5),
    "nearest": nearest,
}


def errors(trial: str, rng: np.random.Generator) -> dict[str, list[float]]:
    """Error of each way in degrees, at every contact of one trial."""
    markers = np.load(DATA / "running_markers" / f"{trial}.npz")
    force = np.load(DATA / "running_force" / f"{trial}.npz")
    labels, xyz_mm = list(markers["labels"]), markers["xyz_mm"]
    t_s = np.arange(len(xyz_mm)) / MARKER_HZ
    out: dict[str, list[float]] = {way: [] for way in WAYS}
    for contact, side in zip(force["step_on"] / FORCE_HZ, force["step_side"], strict=True):
        letter = str(side)[0].upper()
        dx, dy, _ = (xyz_mm[:, labels.index(f"{letter}.MT5")] - xyz_mm[:, labels.index(f"{letter}.Heel.Bottom")]).T
        pitch = np.degrees(np.arctan2(dy, dx))
        frames_s = np.arange(contact - 0.2 + rng.uniform(0, 1 / CAMERA_HZ), contact + 0.2, 1 / CAMERA_HZ)
        if frames_s[0] < 0 or frames_s[-1] > t_s[-1]:
            continue
        seen = np.interp(frames_s, t_s, pitch)
        truth = float(np.interp(contact, t_s, pitch))
        for way, read in WAYS.items():
            out[way].append(read(frames_s, seen, contact) - truth)
    return out


def main() -> None:
    rng = np.random.default_rng(1)
    pooled: dict[str, list[float]] = {way: [] for way in WAYS}
    print("mean error +- standard deviation, degrees\ntrial       " + "".join(f"{way:>18}" for way in WAYS))
    for path in sorted((DATA / "running_markers").glob("*_T*.npz")):
        found = errors(path.stem, rng)
        for way, values in found.items():
            pooled[way] += values
        print(f"{path.stem:12}" + "".join(f"{np.nanmean(v):+11.1f} +-{np.nanstd(v):4.1f}" for v in found.values()))
    print(f"{'all':12}" + "".join(f"{np.nanmean(v):+11.1f} +-{np.nanstd(v):4.1f}" for v in pooled.values()))


if __name__ == "__main__":
    main()
