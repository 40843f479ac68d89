"""CPU time and memory of a scored frame, beside the same networks through the `mediapipe` package.

    python3 -m venv /tmp/mp && /tmp/mp/bin/pip install mediapipe==1.2.2
    python -m tests.benchmarks.pose_packages --mediapipe /tmp/mp/bin/python [--rounds 3] [--frames 120]

Both take the same JPEG frames of the rendered runner, as the ring holds them, and follow one person through them:
decode, crop, network, refine (mediapipe also smooths; its VIDEO mode offers no way not to). Both run in a process of
their own on one and the same processor, in turn, round by round; counted is the CPU time of all their threads in the
median frame, so that neither the first frame's detector nor another program's load decides. Peak memory: the process's.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from station.camera.ring import encode
from station.camera.video_file import read_frames
from station.camera.weights import DEFAULT_DIRECTORY, PACKAGE, prepare
from station.sim.runner.clip_reader import FOLDER

CLIP, STANDING = FOLDER / "good_man.mp4", FOLDER / "standing_man.mp4"
STANDING_FRAMES = 10
LIMITS = {"full": 0.75, "heavy": 1.0}  # of mediapipe's CPU time


def write_frames(clip: Path, folder: Path, count: int) -> None:
    """The clip's first frames as the camera daemon keeps them."""
    folder.mkdir(exist_ok=True)
    for k, frame in enumerate(read_frames(clip)):
        if k == count:
            return
        kept = encode(round(frame.t_s * 1e9), frame.image_rgb)
        (folder / f"{k:04}.jpg").write_bytes(kept.jpeg)


def measured(command: list[str]) -> dict:
    """What one process says of itself, on one processor."""
    one = min(os.sched_getaffinity(0))
    done = subprocess.run(["taskset", "-c", str(one), *command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mediapipe", required=True, metavar="PYTHON", help="an interpreter that has mediapipe")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--frames", type=int, default=120)
    options = parser.parse_args()
    prepare()
    print("model  path       CPU ms a frame (all rounds)  peak MB  poses  ratio  at most")
    with tempfile.TemporaryDirectory() as folder:
        write_frames(CLIP, Path(folder), options.frames)
        write_frames(STANDING, Path(folder) / "standing", STANDING_FRAMES)
        for model, limit in LIMITS.items():
            ours = [sys.executable, "-m", "tests.benchmarks.station_pose", str(DEFAULT_DIRECTORY), model, folder]
            theirs = [
                options.mediapipe,
                str(Path(__file__).with_name("mediapipe_pose.py")),
                str(PACKAGE),
                model,
                folder,
            ]
            rounds = [(measured(ours), measured(theirs)) for _ in range(options.rounds)]
            ratios = [statistics.median(a["cpu_ms"]) / statistics.median(b["cpu_ms"]) for a, b in rounds]
            for name, runs in (("station", [a for a, _ in rounds]), ("mediapipe", [b for _, b in rounds])):
                cpu = " ".join(f"{statistics.median(run['cpu_ms']):.1f}" for run in runs)
                peak, found = max(run["peak_mb"] for run in runs), min(run["found"] for run in runs)
                ratio = f"{statistics.median(ratios):5.2f}  {limit:7.2f}" if name == "station" else ""
                print(f"{model:6} {name:10} {cpu:28} {peak:7.0f}  {found:5}  {ratio}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
