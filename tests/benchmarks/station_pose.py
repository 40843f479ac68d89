"""The pose networks as the station's scoring workers run them; run by pose_packages, one network a process.

`python -m tests.benchmarks.station_pose WEIGHTS MODEL FRAMES` prints the same JSON as mediapipe_pose.py.
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
from station.camera.ring import decode


def main(weights_dir: str, model: str, frames: str) -> None:
    cv2.setNumThreads(1)
    keep_freed_memory()
    with quiet_native_stderr():
        tracker = PoseTracker(Path(weights_dir), model)
    found, cpu_ms = 0, []
    for path in sorted(Path(frames).glob("*.jpg")):
        jpeg = path.read_bytes()
        start_s = time.process_time()
        found += tracker.find(decode(jpeg)) is not None
        cpu_ms.append(1000 * (time.process_time() - start_s))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_ms": cpu_ms, "peak_mb": peak_mb, "found": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
