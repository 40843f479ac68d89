"""The square, rotated region of interest that BlazePose's keypoint network looks at."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

_ROOM = 1.25  # side of the region against the circle around the body (BlazePose's training crop)
_SAME_PERSON = 0.25  # of the smaller side: about 0.6 m between the hips of two adults


@dataclass(frozen=True)
class Region:
    """A square around a person: centre and side in px, rotation that brings the body upright (rad, clockwise)."""

    centre_px: tuple[float, float]
    side_px: float
    rotation_rad: float

    @classmethod
    def around(cls, hip_centre_px: np.ndarray, circle_point_px: np.ndarray) -> "Region":
        """From the middle of the hips and the point above the head on the circle around the whole body."""
        dx, dy = circle_point_px - hip_centre_px
        side = 2.0 * _ROOM * math.hypot(dx, dy)
        rotation = math.pi / 2 - math.atan2(-dy, dx)
        rotation = (rotation + math.pi) % (2 * math.pi) - math.pi
        return cls((float(hip_centre_px[0]), float(hip_centre_px[1])), float(side), rotation)

    def to_image(self, crop_px: int) -> np.ndarray:
        """(2, 3) affine map from pixels of a crop of `crop_px` x `crop_px` to pixels of the image."""
        scale = self.side_px / crop_px
        c, s = scale * math.cos(self.rotation_rad), scale * math.sin(self.rotation_rad)
        turn = np.array([[c, -s], [s, c]])
        shift = np.array(self.centre_px) - turn @ np.full(2, crop_px / 2)
        return np.column_stack([turn, shift])

    def crop(self, image_rgb: np.ndarray, crop_px: int) -> np.ndarray:
        """(crop_px, crop_px, 3) uint8, the body upright; black beyond the image."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(image_rgb, self.to_image(crop_px), (crop_px, crop_px), flags=flags)

    def shows_same_person(self, other: "Region") -> bool:
        """Whether the centres (hips) are so near that both regions must be of one body."""
        return math.dist(self.centre_px, other.centre_px) < _SAME_PERSON * min(self.side_px, other.side_px)


def separate(regions: list[Region]) -> list[Region]:
    """The regions without those that show the person of an earlier one."""
    people: list[Region] = []
    for region in regions:
        if not any(region.shows_same_person(p) for p in people):
            people.append(region)
    return people
