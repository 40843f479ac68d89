"""Measure how fast this board finds poses: `python -m station.camera.measure_speed [--config PATH]`, once at install.

`./install.sh setup` does so. `heavy` runs in one process, in two, ... up to one less than the board has cores, each at
the priority of a pose worker; the result goes into the state directory. A station that was never measured takes the
largest number, and learns its speed in its first visit.
"""

import argparse
import multiprocessing
import os
import sys
import time
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import BrokenBarrierError

import cv2
import numpy as np

from station import config
from station.camera import pose_speed, weights
from station.camera.landmarks import LandmarkNetwork
from station.camera.memory import keep_freed_memory
from station.camera.pose_speed import PoseSpeed
from station.camera.pose_worker import NICENESS
from station.camera.quiet import quiet_native_stderr
from station.camera.ring import MAX_HEIGHT_PX, decode, encode
from station.camera.roi import Region
from station.errors import StationError

WORTH_A_WORKER = 1.1  # a further process must bring a tenth more, else memory and heat are spent for nothing
_MEASURE_S = 2.0  # the first frame is not counted: about ten seconds in all on a board of four cores
_START_WITHIN_S = 120.0  # to load the network; a board with a slow card takes its time

_spawn = multiprocessing.get_context("spawn")  # as the workers are started


def measure(weights_dir: Path, most: int, seconds: float = _MEASURE_S) -> list[PoseSpeed]:
    """The speed with one process, with two, ... with `most`.

    Raises InputError where the weights are not there, StationError where a process cannot do it.
    """
    weights.find(weights_dir, weights.LANDMARKS["heavy"])
    return [PoseSpeed(workers=n, scored_per_s=_together(weights_dir, n, seconds)) for n in range(1, most + 1)]


def best_of(speeds: list[PoseSpeed]) -> PoseSpeed:
    """The last one that was worth its further process. `speeds` by rising number of workers."""
    best = speeds[0]
    for speed in speeds[1:]:
        if speed.scored_per_s < WORTH_A_WORKER * best.scored_per_s:
            break
        best = speed
    return best


def _together(weights_dir: Path, count: int, seconds: float) -> float:
    """Frames a second of `count` processes at the same time."""
    start, answers = _spawn.Barrier(count), _spawn.SimpleQueue()
    arguments = (weights_dir, seconds, start, answers)
    processes = [_spawn.Process(target=_pose_again_and_again, args=arguments, daemon=True) for _ in range(count)]
    for process in processes:
        process.start()
    _wait_for(processes, start)
    heard = []
    while not answers.empty():
        heard.append(answers.get())
    faults = [fault for fault in heard if isinstance(fault, str)]
    if faults:
        raise StationError(faults[0])
    if len(heard) < count:
        raise StationError(f"pose speed: one of {count} processes did not start or was ended; is there enough memory?")
    return sum(heard)


def _wait_for(processes: list[BaseProcess], start: Barrier) -> None:
    """Until all have ended; where one fails, the others do not wait for it."""
    running = list(processes)
    while running:
        wait([process.sentinel for process in running])
        if any(process.exitcode for process in processes):
            start.abort()
        running = [process for process in running if process.is_alive()]


def _pose_again_and_again(
    weights_dir: Path, seconds: float, start: Barrier, answers: multiprocessing.SimpleQueue
) -> None:
    """In a process: what a pose worker does with a frame, and how often a second it can; or why it cannot, in words."""
    os.nice(NICENESS)
    cv2.setNumThreads(1)
    keep_freed_memory()
    try:
        with quiet_native_stderr():
            network = LandmarkNetwork(weights_dir, "heavy", threads=1)
    except StationError as e:
        answers.put(str(e))
        start.abort()
        return
    image = np.random.default_rng(1).integers(0, 255, (MAX_HEIGHT_PX, MAX_HEIGHT_PX, 3), np.uint8)
    jpeg = encode(0, image).jpeg
    whole = Region((MAX_HEIGHT_PX / 2, MAX_HEIGHT_PX / 2), float(MAX_HEIGHT_PX), 0.0)
    network.find(decode(jpeg), whole)  # the first takes longer
    try:
        start.wait(_START_WITHIN_S)
    except BrokenBarrierError:
        return  # another one is not there
    begun_s, frames = time.monotonic(), 0
    while (took_s := time.monotonic() - begun_s) < seconds:
        network.find(decode(jpeg), whole)
        frames += 1
    answers.put(frames / took_s)


def main(arguments: list[str]) -> int:
    """Measure and say so; exit status 2 and one line where that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m station.camera.measure_speed", description=__doc__.split(":")[0])
    parser.add_argument("--config", type=Path, default=config.default_path(), help="of the station")
    options = parser.parse_args(arguments)
    try:
        settings = config.load(options.config)
        pose_speed.check_writable(settings)
        speeds = measure(weights.DEFAULT_DIRECTORY, pose_speed.most_workers())
        best = best_of(speeds)
        pose_speed.save(settings, best)
    except StationError as e:
        print(e, file=sys.stderr)
        return 2
    for speed in speeds:
        print(f"{speed.workers} at once: {speed.scored_per_s:.1f} frames a second")
    print(f"pose speed: {best.scored_per_s:.1f} frames a second with {best.workers} at once, kept in {settings.state}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
