"""The pose networks as the station's scoring workers run them; run by pose_packages, one network a process.

`python -m tests.benchmarks.station_pose WEIGHTS MODEL FRAMES` prints the same JSON as mediapipe_pose.py. Beyond what
that does, `heavy` compares the feet of every frame with the runner's standing shoe, as scoring does.
"""

import json
import resource
import sys
import time
from pathlib import Path

import cv2

from station.camera.blazepose import PoseTracker
from station.camera.memory import keep_freed_memory
from station.camera.quiet import quiet_native_stderr
from station.camera.ring import KeptFrame, decode
from station.camera.shoe import Shoe, StandingShoes


def main(weights_dir: str, model: str, frames: str) -> None:
    cv2.setNumThreads(1)
    keep_freed_memory()
    with quiet_native_stderr():
        tracker = PoseTracker(Path(weights_dir), model)
    shoe = _standing_shoe(tracker, Path(frames) / "standing") if model == "heavy" else None
    tracker.forget()
    found, cpu_ms = 0, []
    for path in sorted(Path(frames).glob("*.jpg")):
        jpeg = path.read_bytes()
        start_s = time.process_time()
        image_rgb = decode(jpeg)
        pose = tracker.find(image_rgb)
        if pose is not None and shoe is not None:
            shoe.turns_deg(image_rgb, pose)
        found += pose is not None
        cpu_ms.append(1000 * (time.process_time() - start_s))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_ms": cpu_ms, "peak_mb": peak_mb, "found": found}))


def _standing_shoe(tracker: PoseTracker, frames: Path) -> Shoe | None:
    shoes = StandingShoes()
    for k, path in enumerate(sorted(frames.glob("*.jpg"))):
        image_rgb = decode(path.read_bytes())
        height_px, width_px = image_rgb.shape[:2]
        shoes.add(KeptFrame(k, width_px, height_px, path.read_bytes()), tracker.find(image_rgb))
    return shoes.shoe


if __name__ == "__main__":
    main(*sys.argv[1:])
