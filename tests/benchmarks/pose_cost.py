"""Cost and soundness of the pose networks: `python -m tests.benchmarks.pose_cost [--heavy-only] [CLIP...]`.

On the rendered clips (truth known) and, where they are, on the real videos of the data folder. One table:
CPU time a frame, frames with a pose, most people counted, legs with exchanged labels before and after the repair (of
all frames; of the sparse frames that a live run asks for, without and with the force), near-side error.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from station.camera.blazepose import PoseTracker
from station.camera.landmarks import Model
from station.camera.video_file import read_frames
from station.camera.weights import DEFAULT_DIRECTORY, prepare
from station.fusion.live_contacts import LiveContact
from station.fusion.stride_frames import USUAL_STRIDE_NS, instants_of
from station.gait.legs import near_side, repair_legs
from station.gait.results import Side
from station.messages import KEYPOINTS

CLIPS = Path(__file__).parents[2] / "station" / "sim" / "clips"
REAL = Path(os.environ.get("STATION_DATA", Path(__file__).parents[3] / "shared" / "data")) / "video"
LOOK_EVERY = 10
STANCE_NS = 240_000_000
FEET = [KEYPOINTS.index(f"{s}_{j}") for j in ("ankle", "heel", "foot_index") for s in ("left", "right")]
CROSSED = [i ^ 1 for i in range(len(FEET))]  # left and right of each joint exchanged
NEAR = ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")


@dataclass(frozen=True)
class Posed:
    t_s: np.ndarray
    xy_px: np.ndarray
    confidence: np.ndarray
    people: int
    cpu_ms: float

    def at(self, frames: np.ndarray) -> "Posed":
        return Posed(self.t_s[frames], self.xy_px[frames], self.confidence[frames], self.people, self.cpu_ms)


def pose_all(path: Path, model: Model) -> Posed:
    tracker = PoseTracker(DEFAULT_DIRECTORY, model)
    t_s, xy, confidence, cpu_s = [], [], [], []
    people = 0
    for i, frame in enumerate(read_frames(path)):
        start = time.thread_time()
        pose = tracker.find(frame.image_rgb, look_around=i % LOOK_EVERY == 0)
        if i % LOOK_EVERY:
            cpu_s.append(time.thread_time() - start)
        people = max(people, pose.people or 0) if pose else people
        t_s.append(frame.t_s)
        xy.append(pose.xy_px if pose else np.full((33, 2), np.nan))
        confidence.append(pose.confidence if pose else np.zeros(33))
    return Posed(np.array(t_s), np.array(xy), np.array(confidence), people, 1000 * float(np.median(cpu_s)))


def body_height_px(xy: np.ndarray) -> float:
    return float(np.nanmedian(np.nanmax(xy[..., 1], axis=1) - np.nanmin(xy[..., 1], axis=1)))


def exchanged(xy: np.ndarray, truth: np.ndarray) -> str:
    """Share of frames whose feet fit the truth better with left and right exchanged."""
    feet, true = xy[:, FEET], truth[:, FEET]
    straight = np.linalg.norm(feet - true, axis=2).sum(axis=1)
    crossed = np.linalg.norm(feet[:, CROSSED] - true, axis=2).sum(axis=1)
    return f"{100 * np.mean(crossed < straight):.1f}"


def truth_of(path: Path) -> tuple[np.ndarray, list[tuple[float, Side]]]:
    """(n, 33, 2) true px (NaN for points without truth) and the true contacts of a rendered clip."""
    clip = json.loads(path.with_suffix(".json").read_text())
    px = np.array(clip["px"], float)
    truth = np.full((len(px), len(KEYPOINTS), 2), np.nan)
    for k, name in enumerate(clip["points"]):
        if name in KEYPOINTS:
            truth[:, KEYPOINTS.index(name)] = px[:, k]
    return truth, [(e["contact_s"], e["side"]) for e in clip["events"]]


def asked(t_s: np.ndarray, contacts: list[tuple[float, Side]], near: Side) -> np.ndarray:
    """The frames that a live run asks for, of every stride of the near foot."""
    landings = [round(1e9 * contact_s) for contact_s, side in contacts if side == near]
    frame_ns = 1e9 * float(np.median(np.diff(t_s)))
    strides = (
        instants_of(LiveContact(at_ns, at_ns + STANCE_NS, 2.2, near), USUAL_STRIDE_NS, frame_ns, turn)
        for turn, at_ns in enumerate(landings)
    )
    return np.unique([np.abs(t_s - t_ns / 1e9).argmin() for stride in strides for t_ns in stride])


def row(path: Path, model: Model) -> list[str]:
    posed = pose_all(path, model)
    found = f"{100 * np.isfinite(posed.xy_px[:, 0, 0]).mean():.1f}"
    start = [path.stem, model, str(len(posed.t_s)), f"{posed.cpu_ms:.1f}", found, str(posed.people)]
    height, near = body_height_px(posed.xy_px), near_side(posed.confidence)
    legs = repair_legs(posed.t_s, posed.xy_px, posed.confidence, height)
    if not path.with_suffix(".json").exists():
        return [*start, near, f"{100 * legs.swapped.mean():.1f} changed", "-", "-", "-", "-"]
    truth, contacts = truth_of(path)
    some = asked(posed.t_s, contacts, near)
    sparse = posed.at(some)
    by_arm, by_force = (
        repair_legs(sparse.t_s, sparse.xy_px, sparse.confidence, height, c).xy_px for c in ((), contacts)
    )
    points = [KEYPOINTS.index(f"{near}_{j}") for j in NEAR]
    error = np.nanmedian(np.linalg.norm(legs.xy_px[:, points] - truth[:, points], axis=2)) / height * 1750
    return [
        *start,
        near,
        exchanged(posed.xy_px, truth),
        exchanged(legs.xy_px, truth),
        exchanged(by_arm, truth[some]),
        exchanged(by_force, truth[some]),
        f"{error:.0f}",
    ]


def videos(chosen: list[str]) -> Iterator[Path]:
    paths = [*sorted(CLIPS.glob("*.mp4")), *sorted(REAL.glob("*.mp4"))]
    running = [p for p in paths if not p.stem.startswith(("standing", "empty"))]
    return (p for p in running if not chosen or p.stem in chosen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", help="names; all without")
    parser.add_argument("--heavy-only", action="store_true")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    prepare()
    head = ["clip", "model", "frames", "CPU ms", "found %", "people", "near"]
    head += ["exchanged %", "repaired %", "sparse %", "+ force %", "error mm"]
    print(" ".join(f"{h:>12}" for h in head))
    for path in videos(options.clips):
        for model in ("heavy",) if options.heavy_only else ("heavy", "full"):
            print(" ".join(f"{v:>12.26}" for v in row(path, model)), flush=True)


if __name__ == "__main__":
    main()
