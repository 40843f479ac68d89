"""What no camera beside a treadmill can be (biomechanics spec, section 1.1): just calibrated, or read from a file."""

from collections.abc import Iterator

from station.gait.camera_geometry import CameraGeometry
from station.gait.posture_gates import MOST_ROLL_DEG
from station.messages import CameraCalibration

DISTANCE_M, HEIGHT_M = (1.0, 10.0), (0.05, 2.5)
MAX_YAW_DEG, MAX_PITCH_DEG = 15.0, 25.0
MAX_RADIAL = 0.3
FIELD = (0.4, 4.0)
"""Focal length in widths of the picture: from a wide angle of 100 degrees to a telephoto lens."""


def impossible(camera: CameraGeometry | CameraCalibration) -> Iterator[str]:
    """Each thing that cannot be, in words."""
    distance_m, height_m = abs(camera.place_m[1]), camera.place_m[2]
    if not DISTANCE_M[0] <= distance_m <= DISTANCE_M[1]:
        yield f"a distance of {distance_m:.1f} m from the belt cannot be"
    if not HEIGHT_M[0] <= height_m <= HEIGHT_M[1]:
        yield f"a height of {height_m:.2f} m above the belt cannot be"
    if (camera.place_m[1] > 0) != (camera.side == "left"):
        yield f"at the runner's {camera.side} it cannot stand at y = {camera.place_m[1]:.1f} m"
    for name, angle_deg, most_deg in (
        ("roll", camera.roll_deg, MOST_ROLL_DEG),
        ("pitch", camera.pitch_deg, MAX_PITCH_DEG),
        ("yaw", camera.yaw_deg, MAX_YAW_DEG),
    ):
        if abs(angle_deg) > most_deg:
            yield f"its {name} of {angle_deg:.3g} degrees is beyond {most_deg:g}"
    if not FIELD[0] <= camera.focal_px / camera.width_px <= FIELD[1] or abs(camera.radial) > MAX_RADIAL:
        yield f"a lens with a focal length of {camera.focal_px:.0f} px cannot be"
