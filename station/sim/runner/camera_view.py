"""The camera at the runner's side: its matrix, and where a point of the world falls in the picture."""

from dataclasses import dataclass

import numpy as np

from station.sim.runner.filming import Filming

UP = (0.0, 0.0, 1.0)
_DISTANCE_M, _HEIGHT_M = 3.3, 0.92  # of the eye from the belt's middle line, and above the belt


@dataclass(frozen=True)
class CameraView:
    """A pinhole camera square to the belt; metres in the station's axes. `roll_deg` turns the picture clockwise."""

    width_px: int = 960
    height_px: int = 540
    eye_m: tuple[float, float, float] = (0.0, -_DISTANCE_M, _HEIGHT_M)
    aim_m: tuple[float, float, float] = (0.0, 0.0, _HEIGHT_M)
    roll_deg: float = 0.0
    vertical_field_deg: float = 38.0

    @classmethod
    def of(cls, filming: Filming) -> "CameraView":
        """The view on this side of the runner, 16:9."""
        away = _DISTANCE_M if filming.side == "left" else -_DISTANCE_M
        return cls(
            width_px=filming.height_px * 8 // 9 * 2,  # even: the video's colours are halved
            height_px=filming.height_px,
            eye_m=(0.0, away, _HEIGHT_M),
            roll_deg=filming.roll_deg,
        )

    @property
    def matrix(self) -> np.ndarray:
        """World to clip space (4, 4)."""
        field = np.radians(self.vertical_field_deg)
        aspect = self.width_px / self.height_px
        roll = rolled(np.radians(self.roll_deg))
        return perspective(field, aspect, near_m=0.2, far_m=20.0) @ roll @ look_at(self.eye_m, self.aim_m)

    def project(self, points_m: np.ndarray) -> np.ndarray:
        """World points (n, 3) -> pixels (n, 2), x right, y down."""
        clip = np.column_stack([points_m, np.ones(len(points_m))]) @ self.matrix.T
        x, y = (clip[:, :2] / clip[:, 3:]).T
        return np.column_stack([(x / 2 + 0.5) * self.width_px, (0.5 - y / 2) * self.height_px])


def rolled(angle: float) -> np.ndarray:
    """Eye space turned clockwise about the line of sight (4, 4); radians."""
    c, s = np.cos(angle), np.sin(angle)
    turn = np.eye(4)
    turn[:2, :2] = [[c, s], [-s, c]]
    return turn


def look_at(eye_m: tuple[float, ...], aim_m: tuple[float, ...]) -> np.ndarray:
    """World to eye space (4, 4), z up in the picture."""
    eye = np.asarray(eye_m, float)
    forward = np.asarray(aim_m, float) - eye
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, UP)
    right /= np.linalg.norm(right)
    view = np.eye(4)
    view[:3, :3] = np.stack([right, np.cross(right, forward), -forward])
    view[:3, 3] = -view[:3, :3] @ eye
    return view


def perspective(field: float, aspect: float, near_m: float, far_m: float) -> np.ndarray:
    scale = 1 / np.tan(field / 2)
    depth = near_m - far_m
    return np.array(
        [
            [scale / aspect, 0, 0, 0],
            [0, scale, 0, 0],
            [0, 0, (far_m + near_m) / depth, 2 * far_m * near_m / depth],
            [0, 0, -1, 0],
        ]
    )


def orthographic(half_width_m: float, near_m: float, far_m: float) -> np.ndarray:
    depth = far_m - near_m
    return np.array(
        [
            [1 / half_width_m, 0, 0, 0],
            [0, 1 / half_width_m, 0, 0],
            [0, 0, -2 / depth, -(far_m + near_m) / depth],
            [0, 0, 0, 1],
        ]
    )
