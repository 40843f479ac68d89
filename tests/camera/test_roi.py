"""Regions: the affine map, and who counts as the same person."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from station.camera.roi import Region, separate

pixels = st.floats(-2000, 4000)


@given(x=pixels, y=pixels, dx=st.floats(-900, 900), dy=st.floats(-900, 900))
def test_body_is_upright_and_centred_in_the_crop(x: float, y: float, dx: float, dy: float) -> None:
    hip, circle = np.array([x, y]), np.array([x + dx, y + dy])
    length = math.hypot(dx, dy)
    if length < 1:
        return
    region = Region.around(hip, circle)
    to_image = region.to_image(256)
    to_crop = np.linalg.inv(np.vstack([to_image, [0, 0, 1]]))
    assert np.allclose(to_crop @ [x, y, 1], [128, 128, 1], atol=1e-6)
    above = to_crop @ [x + dx, y + dy, 1]  # straight above the hips, at 1/1.25 of half the crop
    assert np.allclose(above[:2], [128, 128 - 128 / 1.25], atol=1e-6)


def test_crop_shows_the_turned_image_upright() -> None:
    image = np.zeros((200, 200, 3), np.uint8)
    image[95:105, 140:160] = 255  # to the right of the middle: the head of somebody lying
    crop = Region.around(np.array([100.0, 100.0]), np.array([160.0, 100.0])).crop(image, 64)
    rows, columns = np.nonzero(crop[..., 0] > 128)
    assert abs(columns.mean() - 31.5) < 1.5
    assert rows.mean() < 24


def test_far_people_are_counted_and_double_sights_are_not() -> None:
    one, again, other = (Region((x, 400.0), 500.0, 0.0) for x in (300.0, 340.0, 700.0))
    assert separate([one, again, other]) == [one, other]
