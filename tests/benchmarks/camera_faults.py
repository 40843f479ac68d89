"""What the doctor says of each fault of the camera, and of healthy ones.

`python -m tests.benchmarks.camera_faults [--healthy N]` prints a table fault x verdict (F fault, W warning, . ok, - not
checked) on the simulated camera, then counts the accusations of N healthy cameras: each with another seed and light,
nearly sharp, nearly where it was calibrated.
"""

import argparse

import numpy as np

from station.calibration.parts import CameraPart
from station.config import Camera, Config, Force
from station.errors import DeviceBusyError, DeviceError
from station.messages import CameraCalibration
from station.simulated_world import calibrate_simulation
from station.simulation_config import CameraFaults
from tests.doctor.seen_camera import findings, looked

FAULTS = {
    "healthy": (CameraFaults(), None),
    "missing": (CameraFaults(missing=True), "camera_missing"),
    "busy": (CameraFaults(busy=True), "camera_busy"),
    "frozen": (CameraFaults(frozen=True), "camera_frozen"),
    "half the rate": (CameraFaults(every_nth=2), "camera_wrong_sensor"),
    "a third of the rate": (CameraFaults(every_nth=3), "camera_wrong_sensor"),
    "unknown sensor": (CameraFaults(unknown_rows=True), "camera_wrong_sensor"),
    "5 % lost": (CameraFaults(lost_share=0.05), "camera_lost"),
    "20 % lost": (CameraFaults(lost_share=0.2), "camera_lost"),
    "blur 3 px": (CameraFaults(blur_px=3), "camera_focus"),
    "blur 6 px": (CameraFaults(blur_px=6), "camera_focus"),
    "blur 12 px": (CameraFaults(blur_px=12), "camera_focus"),
    "blur 30 px": (CameraFaults(blur_px=30), "camera_focus"),
    "light 5 %": (CameraFaults(light=0.05), "camera_dim"),
    "light 3 %": (CameraFaults(light=0.03), "camera_dim"),
    "light 1 %": (CameraFaults(light=0.01), "camera_dim"),
    "turned 4 degrees": (CameraFaults(turned_deg=(0.0, 0.0, 4.0)), "camera_tilted"),
    "turned -7 degrees": (CameraFaults(turned_deg=(0.0, 0.0, -7.0)), "camera_tilted"),
    "aside 1 degree": (CameraFaults(turned_deg=(1.0, 0.0, 0.0)), "camera_moved"),
    "aside 5 degrees": (CameraFaults(turned_deg=(5.0, 0.0, 0.0)), "camera_moved"),
    "up 2 degrees": (CameraFaults(turned_deg=(0.0, 2.0, 0.0)), "camera_moved"),
    "turned 0.7 degrees": (CameraFaults(turned_deg=(0.0, 0.0, 0.7)), "camera_moved"),
}
"""Name -> what has happened, and the self-test that must name it."""
CHECKS = (
    "camera_frozen", "camera_wrong_sensor", "camera_lost", "camera_focus", "camera_dim", "camera_tilted",
    "camera_moved",
)  # fmt: skip
MARKS = {"fault": "F", "warning": "W", "ok": ".", "not_checked": "-"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--healthy", type=int, default=0, metavar="N")
    options = parser.parse_args()
    camera = calibrated()
    print(f"{'':20}", *(f"{name.removeprefix('camera_'):>12}" for name in CHECKS), " named", flush=True)
    missed = 0
    for name, (faults, expected) in FAULTS.items():
        verdicts = told(faults, camera)
        named = expected is None or verdicts.get(expected) in ("fault", "warning")
        missed += not named
        marks = (f"{MARKS[verdicts[check]] if check in verdicts else '':>12}" for check in CHECKS)
        print(f"{name:20}", *marks, f"  {'yes' if named else 'NO'}", flush=True)
    print(f"{missed} of {len(FAULTS) - 1} faults not named", flush=True)
    accused = [line for seed in range(options.healthy) for line in accusations(seed, camera)]
    print(*accused, f"{len(accused)} accusations of {options.healthy} healthy cameras", sep="\n")


def calibrated() -> CameraCalibration:
    """Of the camera to which nothing has happened yet."""
    settings = Config(force=Force(device="simulated"), camera=Camera(device="simulated"))
    return next(part.camera for part in calibrate_simulation(settings) if isinstance(part, CameraPart))


def told(faults: CameraFaults, camera: CameraCalibration, seed: int = 1) -> dict[str, str]:
    """Self-test -> verdict. What hinders the look itself is named by its own self-test alone."""
    try:
        return {name: finding.verdict for name, finding in findings(looked(faults, seed), camera).items()}
    except DeviceBusyError:
        return {"camera_busy": "fault"}
    except DeviceError:
        return {"camera_missing": "fault"}


def healthy(seed: int) -> CameraFaults:
    """A camera as it may be: some light, nearly sharp, a picture lost now and then, shaken by a hundredth of a turn."""
    random = np.random.default_rng([seed, 6])
    return CameraFaults(
        light=float(random.uniform(0.15, 0.99)),
        blur_px=float(random.uniform(0, 1.5)),
        turned_deg=tuple(random.uniform(-0.03, 0.03, 3).tolist()),
        lost_share=float(random.uniform(0, 0.004)),
    )


def accusations(seed: int, camera: CameraCalibration) -> list[str]:
    found = told(healthy(seed), camera, seed)
    return [f"seed {seed}: {check}: {verdict}" for check, verdict in found.items() if verdict in ("warning", "fault")]


if __name__ == "__main__":
    main()
