"""A camera with a known place, and a foot that rides on a belt before it."""

import numpy as np

from station.gait.camera_geometry import CameraGeometry
from station.gait.posture_track import PoseTrack, index_of
from station.gait.results import Side, Step
from station.messages import KEYPOINTS, CameraCalibration, CameraPlace, Landmarks

WIDTH_PX, HEIGHT_PX, RATE_HZ = 960, 540, 60.0
UNMOVED = CameraPlace(t_ns=0, landmarks=300, found=150, shift_px=0.1, turn_deg=0.0, scale=1.0)


def calibration(side: Side = "right", roll_deg: float = 2.0, yaw_deg: float = 1.5) -> CameraCalibration:
    away_m = -3.3 if side == "right" else 3.3
    return CameraCalibration(
        side=side, width_px=WIDTH_PX, height_px=HEIGHT_PX, focal_px=780.0, place_m=[0.1, away_m, 0.9], yaw_deg=yaw_deg,
        pitch_deg=-1.0, roll_deg=roll_deg, radial=0.02, roll_sd_deg=0.1, scale_sd=0.004,
        landmarks=Landmarks(xy_px=b"", descriptors=b""),
    )  # fmt: skip


def steps_of(near: Side, count: int, stance_s: float = 0.26, step_s: float = 0.36) -> list[Step]:
    """Alternating feet, the near one first."""
    far: Side = "left" if near == "right" else "right"
    return [
        Step(k + 1, near if k % 2 == 0 else far, k * step_s, k * step_s + stance_s, 1e3 * stance_s, 100.0, 2.3, 0.36)
        for k in range(count)
    ]


def riding_foot(
    geometry: CameraGeometry,
    steps: list[Step],
    belt_m_s: float,
    heel_x_m: float,
    length_m: float,
    noise_px: float = 0.0,
) -> PoseTrack:
    """Heel and toe of the near foot, which lands with its heel at `heel_x_m`; in swing it is not seen."""
    near = geometry.side
    plane_m = 0.05 if near == "left" else -0.05
    t_s = np.arange(0.0, steps[-1].toe_off_s, 1 / RATE_HZ)
    xy_px = np.full((len(t_s), len(KEYPOINTS), 2), np.nan)
    random = np.random.default_rng(1)
    for step in steps:
        here = (t_s >= step.contact_s) & (t_s <= step.toe_off_s)
        if step.side != near or not here.any():
            continue
        heel_m = heel_x_m - belt_m_s * (t_s[here] - step.contact_s)
        for name, x_m in (("heel", heel_m), ("foot_index", heel_m + length_m)):
            points_m = np.column_stack([x_m, np.full(len(x_m), plane_m), np.full(len(x_m), 0.03)])
            seen_px = geometry.px_of(points_m)
            xy_px[here, index_of(f"{near}_{name}")] = seen_px + random.normal(0, noise_px, seen_px.shape)
    return PoseTrack.of(t_s, xy_px, np.ones(xy_px.shape[:2]), WIDTH_PX, HEIGHT_PX, RATE_HZ)
