"""Refinement by heat: to the centroid of the window, and not where the map says nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.camera.heatmap import refine, sigmoid

CELLS, CROP_PX = 64, 256
PER_CELL = CROP_PX / CELLS


def blob(x: float, y: float, peak: float = 4.0, spread: float = 1.0) -> np.ndarray:
    """(cells, cells) logits with one hill at a place in cells."""
    rows, columns = np.indices((CELLS, CELLS))
    return peak - ((columns - x) ** 2 + (rows - y) ** 2) / spread


@given(st.floats(8, 55), st.floats(8, 55), st.floats(-1.4, 1.4), st.floats(-1.4, 1.4))
def test_point_goes_to_the_hill_beside_it(x: float, y: float, dx: float, dy: float) -> None:
    coarse = PER_CELL * np.array([[x + dx, y + dy]])
    fine = refine(coarse, blob(x, y)[:, :, None], CROP_PX)
    hill = PER_CELL * np.array([x, y])
    assert np.linalg.norm(fine - hill) < max(0.35 * np.linalg.norm(coarse - hill), 0.5 * PER_CELL)


@given(st.lists(st.tuples(st.floats(-40, 300), st.floats(-40, 300)), min_size=1, max_size=8), st.integers(0, 99))
def test_each_point_is_the_centroid_of_its_own_window(points: list[tuple[float, float]], seed: int) -> None:
    maps = np.random.default_rng(seed).normal(0, 3, (CELLS, CELLS, len(points)))
    fine = refine(np.array(points), maps, CROP_PX)
    for k, point in enumerate(np.array(points)):
        column, row = (int(v / PER_CELL) for v in point)
        if not (0 <= column < CELLS and 0 <= row < CELLS):
            assert np.array_equal(fine[k], point)
            continue
        near = [slice(max(0, i - 3), i + 4) for i in (row, column)]
        heat = sigmoid(maps[near[0], near[1], k])
        r, c = np.indices(heat.shape)
        centroid = [(c * heat).sum() / heat.sum() + near[1].start, (r * heat).sum() / heat.sum() + near[0].start]
        expected = PER_CELL * np.array(centroid) if heat.max() >= 0.5 else point
        assert fine[k] == pytest.approx(expected, abs=1e-6)


def test_cold_map_leaves_the_point() -> None:
    point = np.array([[100.3, 77.7]])
    assert np.array_equal(refine(point, np.full((CELLS, CELLS, 1), -3.0), CROP_PX), point)
