"""What a lens out of focus and too little light cost the pose: where the doctor's thresholds come from.

`python -m tests.benchmarks.blurred_pose [--scenario NAME] [--frames N]`: the rendered runner, as a faulty camera sees
it (station/sim/faulty_camera.py), posed by `heavy` as the scoring does. For each fault: what the doctor measures of the
empty scene; how many of the four boards the calibration takes, and how many landmarks of the sharp, bright picture are
found again; how far points near the camera lie from where they are (median, and the spread about their own mean: a
constant offset is the net's own), and the frames in which nobody is found.
"""

import argparse

import msgspec
import numpy as np

from station.camera import scene_landmarks, weights
from station.camera.backend import Frame
from station.camera.blazepose import PoseTracker
from station.camera.quiet import quiet_native_stderr
from station.camera.ring import decode, encode
from station.doctor.camera_look import look
from station.doctor.sharpness import blur_px
from station.messages import KEYPOINTS
from station.sim.camera import SimulatedCamera
from station.sim.faulty_camera import FaultyCamera
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip import FOLDER, ClipTruth
from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.scenario import load_scenario
from station.sim.virtual_clock import VirtualClock
from station.sim.visitor import Visitor
from station.sim.world import Visit, World
from station.simulation_config import CameraFaults
from tests.doctor.seen_camera import boards_taken

POINTS = ("right_ear", "right_shoulder", "right_hip", "right_ankle", "right_heel", "right_foot_index")
FAULTS = [
    CameraFaults(),
    *(CameraFaults(blur_px=radius) for radius in (1, 2, 3, 4, 6, 8, 12)),
    *(CameraFaults(light=light) for light in (0.3, 0.1, 0.05, 0.03, 0.02, 0.01)),
]


class Clip:
    """A back end that gives frames of a running clip, one a read."""

    def __init__(self, reader: ClipReader, indices: np.ndarray) -> None:
        self._reader, self._indices = reader, list(indices)

    def open(self, close_up: bool = False) -> None: ...

    def close(self) -> None: ...

    def read(self, timeout_s: float) -> Frame:
        index = self._indices.pop(0)
        return Frame(index, self._reader.frame(int(index)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", default="good_man")
    parser.add_argument("--frames", type=int, default=24)
    options = parser.parse_args()
    scenario = load_scenario(options.scenario)
    name = scenario.clip_names()[0]
    truth = msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=ClipTruth)
    indices = np.linspace(0, truth.frames - 1, options.frames).astype(int)
    columns = [truth.points.index(point) for point in POINTS]
    true_px = np.array(truth.px)[indices][:, columns]
    with quiet_native_stderr():
        tracker = PoseTracker(weights.DEFAULT_DIRECTORY, "heavy")
    view = CameraView.of(scenario.filming)
    print(
        f"{'fault':>16} {'blur px':>8} {'grey':>5} {'noise':>5} {'boards':>6} {'again':>5} "
        f"{'median px':>10} {'spread px':>10} {'lost':>5}"
    )
    landmarks = scene_landmarks.find(_empty_scene(scenario, view, CameraFaults()).kept_rgb)
    for faults in FAULTS:
        seen = _empty_scene(scenario, view, faults)
        clip = FaultyCamera(Clip(ClipReader(name), indices), faults, view.vertical_field_deg, 1)
        off_px = _off(tracker, clip, true_px)
        again = scene_landmarks.compare(landmarks, seen.kept_rgb, 0).found
        lost = np.isnan(off_px[:, 0, 0]).sum()
        spread = np.nanmedian(np.abs(off_px - np.nanmedian(off_px, axis=0)))
        blur = blur_px(seen.mean, seen.noise)
        label = f"blur {faults.blur_px:g} px" if faults.blur_px else f"light {faults.light:g}"
        print(
            f"{label:>16} {'-' if blur is None else f'{blur:.2f}':>8} {np.median(seen.mean):5.0f} {seen.noise:5.1f} "
            f"{boards_taken(faults, options.scenario):6d} {again:5d} "
            f"{np.nanmedian(np.hypot(*np.moveaxis(off_px, 2, 0))):10.2f} {spread:10.2f} {lost:5d}",
            flush=True,
        )


def _empty_scene(scenario, view, faults):
    clock = VirtualClock(1)
    films = SimulatedCamera(World(scenario, Visit(), 1), Visitor(0.0), clock, lambda: ())
    camera = FaultyCamera(films, faults, view.vertical_field_deg, 1)
    camera.open()
    return look(camera, scenario.filming.fps, clock, lambda: None)


def _off(tracker: PoseTracker, camera: FaultyCamera, true_px: np.ndarray) -> np.ndarray:
    """(frames, points, 2) px from the truth, NaN where nobody was found."""
    found = [KEYPOINTS.index(point) for point in POINTS]
    off_px = np.full_like(true_px, np.nan)
    for k in range(len(true_px)):
        tracker.forget()
        pose = tracker.find(decode(encode(0, camera.read(1.0).image_rgb).jpeg))
        if pose is not None:
            off_px[k] = pose.xy_px[found] - true_px[k]
    return off_px


if __name__ == "__main__":
    main()
