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
from station.camera.ring import decode, encode
from station.camera.shoe import Shoe, StandingShoes
from station.camera.video_file import read_frames
from station.sim.runner.clip import FOLDER

STANDING = FOLDER / "standing_man.mp4"
STANDING_FRAMES = 10


def main(weights_dir: str, model: str, frames: str) -> None:
    cv2.setNumThreads(1)
    keep_freed_memory()
    with quiet_native_stderr():
        tracker = PoseTracker(Path(weights_dir), model)
    shoe = _standing_shoe(tracker) if model == "heavy" else None
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


def _standing_shoe(tracker: PoseTracker) -> Shoe | None:
    shoes = StandingShoes()
    for k, frame in enumerate(read_frames(STANDING)):
        if k == STANDING_FRAMES:
            break
        shoes.add(encode(k, frame.image_rgb), tracker.find(frame.image_rgb))
    return shoes.shoe


if __name__ == "__main__":
    main(*sys.argv[1:])
