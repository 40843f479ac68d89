"""How a calibrated camera projects: metres of the deck into pixels, and pixels back onto an upright plane.

Pinhole with one term of radial distortion (Brown 1971, Photogramm Eng 37:855); its optical axis meets the picture's
middle. In camera axes x is image right, y image down, z along the line of sight.
"""

from dataclasses import dataclass

import numpy as np

from station.gait.results import Side
from station.messages import CameraCalibration

SQUARE = {
    "right": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
    "left": np.array([[-1.0, 0, 0], [0, 0, -1], [0, -1, 0]]),
}
"""Deck axes in those of a camera that looks square at the belt, from this side of the runner."""
_STRAIGHTENING_ROUNDS = 8
_ONE_M = 1e-3
"""Metres over which a scale is taken."""


@dataclass(frozen=True)
class CameraGeometry:
    """The camera of a station. Angles in degrees as in messages.CameraCalibration; metres in the deck's axes."""

    side: Side
    width_px: int
    height_px: int
    focal_px: float
    place_m: np.ndarray  # (3,)
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    radial: float = 0.0
    scale_sd: float = 0.0  # relative
    shift_px: float = 0.0  # by which its pictures may lie aside of the calibrated ones

    @classmethod
    def of(cls, calibration: CameraCalibration) -> "CameraGeometry":
        return cls(
            side=calibration.side,
            width_px=calibration.width_px,
            height_px=calibration.height_px,
            focal_px=calibration.focal_px,
            place_m=np.array(calibration.place_m),
            yaw_deg=calibration.yaw_deg,
            pitch_deg=calibration.pitch_deg,
            roll_deg=calibration.roll_deg,
            radial=calibration.radial,
            scale_sd=calibration.scale_sd,
        )

    @property
    def direction(self) -> int:
        """+1 where the running direction is image right, -1 image left."""
        return 1 if self.side == "right" else -1

    @property
    def rotation(self) -> np.ndarray:
        """Deck axes -> camera axes (3, 3)."""
        (cy, cp, cr), (sy, sp, sr) = (f(np.radians([self.yaw_deg, self.pitch_deg, self.roll_deg])) for f in _COS_SIN)
        yaw = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
        pitch = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
        roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        return roll @ pitch @ yaw @ SQUARE[self.side]

    def px_of(self, points_m: np.ndarray) -> np.ndarray:
        """Deck points (n, 3) in front of the camera -> pixels (n, 2)."""
        seen = (points_m - self.place_m) @ self.rotation.T
        flat = seen[:, :2] / seen[:, 2:]
        bent = flat * (1 + self.radial * (flat**2).sum(axis=1, keepdims=True))
        return self.focal_px * bent + self._middle_px

    def on_plane(self, xy_px: np.ndarray, y_m: np.ndarray | float) -> np.ndarray:
        """Pixels (n, 2) -> (n, 2) metres x and z where their rays meet the upright plane y = `y_m` along the belt."""
        bent = (xy_px - self._middle_px) / self.focal_px
        flat = bent
        for _ in range(_STRAIGHTENING_ROUNDS):
            flat = bent / (1 + self.radial * (flat**2).sum(axis=1, keepdims=True))
        rays = np.column_stack([flat, np.ones(len(flat))]) @ self.rotation
        reach = (y_m - self.place_m[1]) / rays[:, 1]
        return (self.place_m + reach[:, None] * rays)[:, [0, 2]]

    def px_per_m(self, y_m: float = 0.0) -> float:
        """Along the belt, at the deck's middle and the height of its surface, in the upright plane y = `y_m`."""
        ends = self.px_of(np.array([[-_ONE_M / 2, y_m, 0.0], [_ONE_M / 2, y_m, 0.0]]))
        return float(np.hypot(*(ends[1] - ends[0]))) / _ONE_M

    def belt_line_px(self, x_m: np.ndarray) -> np.ndarray:
        """(n, 2) pixels of the belt's middle line at these metres along it."""
        return self.px_of(np.column_stack([x_m, np.zeros((len(x_m), 2))]))

    @property
    def _middle_px(self) -> np.ndarray:
        return np.array([self.width_px, self.height_px]) / 2


_COS_SIN = (np.cos, np.sin)
