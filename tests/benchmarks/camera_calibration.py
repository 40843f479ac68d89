"""How well `station calibrate camera` finds a simulated view: `python -m tests.benchmarks.camera_calibration [SEEDS]`.

The simulated installer puts each board down to 3 mm in each direction, turned by 1.7 degrees (standard deviations); the
picture has a sensor's noise and the station's compression.
"""

import argparse

import numpy as np

from station.gait.camera_geometry import CameraGeometry
from station.messages import CameraCalibration
from station.option_types import natural
from station.sim.runner.camera_view import CameraView
from tests.calibration.shown import Stand

VIEWS = {
    "square": CameraView(),
    "rolled by 3 degrees": CameraView(roll_deg=3.0),
    "from the left, rolled by -2": CameraView(eye_m=(0.0, 3.3, 0.92), roll_deg=-2.0),
    "4 degrees askew": CameraView(aim_m=(0.2, 0.0, 0.8), roll_deg=1.0),
}
ENDS_M = np.array([-0.5, 0.0, 0.5])


def errors(view: CameraView, found: CameraCalibration) -> tuple[float, float, float]:
    """Of roll in degrees, of the scale in the near foot's plane in percent, of the belt line in px."""
    camera = CameraGeometry.of(found)
    near_m = 0.05 if camera.side == "left" else -0.05
    ends = view.project(np.array([[-0.001, near_m, 0.0], [0.001, near_m, 0.0]]))
    scale = 100 * (camera.px_per_m(near_m) / (np.hypot(*(ends[1] - ends[0])) / 0.002) - 1)
    line = view.project(np.column_stack([ENDS_M, np.zeros((len(ENDS_M), 2))]))
    return camera.roll_deg - view.roll_deg, scale, float(np.abs(camera.belt_line_px(ENDS_M) - line).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", type=natural, nargs="?", default=5, help="simulated installers for each view (5)")
    seeds = parser.parse_args().seeds
    if not seeds:
        parser.error("0 installers tell nothing; give 1 or more")
    print("| view | roll, degrees (worst) | scale (worst) | belt line, worst | said: roll, scale |")
    print("|---|---|---|---|---|")
    for name, view in VIEWS.items():
        cameras = [Stand(view, seed).calibrate().camera for seed in range(1, seeds + 1)]
        missed = np.array([errors(view, camera) for camera in cameras])
        roll, scale, _ = np.sqrt(np.mean(missed**2, axis=0))
        worst = np.abs(missed).max(axis=0)
        said = np.mean([(c.roll_sd_deg, 100 * c.scale_sd) for c in cameras], axis=0)
        print(
            f"| {name} | {roll:.2f} ({worst[0]:.2f}) | {scale:.2f} % ({worst[1]:.2f} %) | {worst[2]:.1f} px | "
            f"+- {said[0]:.2f}, {said[1]:.1f} % |",
            flush=True,
        )


if __name__ == "__main__":
    main()
