"""How far a landing shoe is turned against the same shoe standing: from its pictures, not from the network's points.

The network puts its heel point along the shank, so that the angle between its points is 2-6 degrees off while the shank
leans (docs/decisions/0008, 0046). A shoe hardly bends before its heel leaves the ground: its picture in a landing is
that of the standing shoe, shifted and turned. Shift and turn are those at which the two pictures correlate best (ECC:
Evangelidis & Psarakis 2008, IEEE TPAMI 30:1858), looked for from where the points lie.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from station.camera.blazepose import Pose
from station.camera.ring import KeptFrame, decode
from station.messages import KEYPOINTS

_SIZE_PX = 64  # of the patch that the shoe is compared in
_ABOUT_PX = 96  # where it is looked for
_INNER = (slice((_ABOUT_PX - _SIZE_PX) // 2, (_ABOUT_PX + _SIZE_PX) // 2),) * 2
_SHARE = 0.6  # of it from the heel point to that of the toes
_OUTLINE = np.array([(-0.15, -0.32), (1.18, -0.32), (1.18, 0.12), (0.6, 0.3), (-0.15, 0.15)])
"""Round the shoe: along the foot from heel to toe point, and upwards from that line, in its lengths. The ankle, which
turns with the shank, is left out."""
_LEAST_LENGTH_PX = 20.0  # from heel to toe point: below, a degree is a third of a pixel
_STEEPEST_DEG = 25.0  # that a standing foot may seem to be: beyond, it is not seen from the side
_LEAST_CORRELATION = 0.7
_MOST_APART_DEG = 40.0  # from what the points say: beyond, something else than the shoe was found
_SWINGS_DEG = 60.0  # a foot that seems turned so far is not about to land: it is not looked for
_BLUR_PX = 7
_CRITERIA = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4)
_MIDDLE = np.full(2, _SIZE_PX / 2)
_FEET = [[KEYPOINTS.index(f"{side}_{point}") for point in ("heel", "foot_index")] for side in ("left", "right")]


@dataclass(frozen=True)
class Shoe:
    """The near shoe of somebody who stands sideways to the camera."""

    patch: np.ndarray  # uint8 (_SIZE_PX, _SIZE_PX)
    mask: np.ndarray  # uint8 (_SIZE_PX, _SIZE_PX): 255 where the shoe is
    image_deg: float  # from the heel to the toe point, image x to image y
    length_px: float  # between them
    faces: int  # 1: image right, -1: left

    def turns_deg(self, image_rgb: np.ndarray, pose: Pose) -> np.ndarray:
        """float32 (2,): toe-up turn of the foot labelled left and of that labelled right, NaN where none is found.

        Both, because the labels may turn out to be exchanged. The far foot is covered mostly, or unlike the near one.
        """
        feet_px = pose.xy_px[_FEET].astype(float)
        return np.array([self._turn_deg(image_rgb, *foot_px) for foot_px in feet_px], np.float32)

    def _turn_deg(self, image_rgb: np.ndarray, heel_px: np.ndarray, toe_px: np.ndarray) -> float:
        if not np.isfinite([heel_px, toe_px]).all():
            return np.nan
        by_points_deg = _half_turn(self.image_deg - _image_deg(heel_px, toe_px))
        if abs(by_points_deg) > _SWINGS_DEG:
            return np.nan
        about, _ = _patch(image_rgb, heel_px, toe_px, self.length_px, _ABOUT_PX)
        for patch, start_deg in ((about[_INNER], by_points_deg), (self._found_level(about), 0.0)):
            turn_deg = self._matched_deg(patch, start_deg)
            if abs(_half_turn(turn_deg - by_points_deg)) <= _MOST_APART_DEG:
                return self.faces * turn_deg
        return np.nan

    def _found_level(self, about: np.ndarray) -> np.ndarray:
        """Where the points lead astray: the part of the wider patch that is most like the shoe as it stood."""
        likeness = np.nan_to_num(cv2.matchTemplate(about, self.patch, cv2.TM_CCOEFF_NORMED, mask=self.mask), posinf=0.0)
        y, x = np.unravel_index(likeness.argmax(), likeness.shape)
        return np.ascontiguousarray(about[y : y + _SIZE_PX, x : x + _SIZE_PX])

    def _matched_deg(self, patch: np.ndarray, start_deg: float) -> float:
        """Turn, image x to image y, at which that patch is most like the standing shoe; NaN where it is not like it."""
        try:
            correlation, to_standing = cv2.findTransformECC(
                patch, self.patch, _turned(start_deg), cv2.MOTION_EUCLIDEAN, _CRITERIA, self.mask, _BLUR_PX
            )
        except cv2.error:  # it does not converge: this is no picture of that shoe
            return np.nan
        if correlation < _LEAST_CORRELATION:
            return np.nan
        return float(np.degrees(np.arctan2(to_standing[1, 0], to_standing[0, 0])))


class StandingShoes:
    """Finds the near shoe in the frames of a standing runner.

    Its outline is laid by the median of the points of all frames, in the frame whose own points lie nearest to it.
    """

    def __init__(self) -> None:
        self.clear()

    def add(self, frame: KeptFrame, pose: Pose | None) -> None:
        if pose is not None:
            self._seen.append((frame, pose))
            self._shoe = None

    @property
    def shoe(self) -> Shoe | None:
        """None where no frame shows it well."""
        if self._seen and self._shoe is None:
            self._shoe = self._find()
        return self._shoe

    def clear(self) -> None:
        self._seen: list[tuple[KeptFrame, Pose]] = []
        self._shoe: Shoe | None = None

    def _find(self) -> Shoe | None:
        """Who faces image right shows the right foot. How sure the network is of the points tells nothing: where they
        lie beside the shoe, no landing looks like it.
        """
        xy_px = np.array([pose.xy_px for _, pose in self._seen], float)
        for faces, foot in ((-1, _FEET[0]), (1, _FEET[1])):
            heel_px, toe_px = points_px = np.median(xy_px[:, foot], axis=0)
            length_px = float(np.linalg.norm(toe_px - heel_px))
            level = faces * (toe_px - heel_px)[0] >= length_px * np.cos(np.radians(_STEEPEST_DEG))
            if level and length_px >= _LEAST_LENGTH_PX:
                nearest = np.abs(xy_px[:, foot] - points_px).sum(axis=(1, 2)).argmin()
                return _shoe(decode(self._seen[nearest][0].jpeg), heel_px, toe_px, faces)
        return None


def _shoe(image_rgb: np.ndarray, heel_px: np.ndarray, toe_px: np.ndarray, faces: int) -> Shoe:
    length_px = float(np.linalg.norm(toe_px - heel_px))
    along = (toe_px - heel_px) / length_px
    upwards = faces * np.array([along[1], -along[0]])
    patch, to_patch = _patch(image_rgb, heel_px, toe_px, length_px)
    outline_px = heel_px + length_px * (_OUTLINE @ np.array([along, upwards]))
    corners = np.round(outline_px @ to_patch[:, :2].T + to_patch[:, 2]).astype(np.int32)
    mask = cv2.fillPoly(np.zeros_like(patch), [corners], 255)
    return Shoe(patch, mask, _image_deg(heel_px, toe_px), length_px, faces)


def _patch(
    image_rgb: np.ndarray, heel_px: np.ndarray, toe_px: np.ndarray, length_px: float, size_px: int = _SIZE_PX
) -> tuple[np.ndarray, np.ndarray]:
    """What lies about a foot, in grey, as large as a standing one; and the (2, 3) map from the image into it."""
    scale = _SHARE * _SIZE_PX / length_px
    shift = size_px / 2 - scale * (heel_px + toe_px) / 2
    to_patch = np.column_stack([scale * np.eye(2), shift])
    patch = cv2.warpAffine(
        image_rgb, to_patch, (size_px, size_px), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), to_patch


def _turned(angle_deg: float) -> np.ndarray:
    """(2, 3) float32: a turn about the middle of a patch, image x to image y."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    turn = np.array([[c, -s], [s, c]])
    return np.column_stack([turn, _MIDDLE - turn @ _MIDDLE]).astype(np.float32)


def _image_deg(heel_px: np.ndarray, toe_px: np.ndarray) -> float:
    x, y = toe_px - heel_px
    return float(np.degrees(np.arctan2(y, x)))


def _half_turn(angle_deg: float) -> float:
    """The same angle within -180..180."""
    return (angle_deg + 180.0) % 360.0 - 180.0
