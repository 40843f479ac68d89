"""Left and right of the legs: random swaps of a synthetic runner's labels are repaired."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.legs import near_side, repair_legs
from station.gait.results import Side
from station.messages import KEYPOINTS

HEIGHT_PX = 500.0
STRIDE_S = 0.72
LEFT, RIGHT = (
    np.array([KEYPOINTS.index(f"{side}_{j}") for j in ("hip", "knee", "ankle", "heel", "foot_index")])
    for side in ("left", "right")
)
seeds = st.integers(0, 10_000)


def runner(t_s: np.ndarray, near: Side = "right", facing: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """(n, 33, 2) px and (n, 33) confidence of somebody who runs on the spot; the right foot lands at phase 0."""
    xy = np.tile((400.0, 300.0), (len(t_s), 33, 1))
    confidence = np.full((len(t_s), 33), 0.95)
    for side, offset in (("right", 0.0), ("left", 0.5)):
        phase = 2 * np.pi * (t_s / STRIDE_S + offset)
        swing = facing * np.cos(phase)  # forward-most when it lands
        lift = np.maximum(-np.sin(phase), 0.0)  # on its way forward the leg is folded
        for name, x, y in (
            ("hip", 0.01 * swing, 0.0 * lift),
            ("knee", 0.10 * swing, 0.24 - 0.05 * lift),
            ("ankle", 0.22 * swing, 0.46 - 0.18 * lift),
            ("heel", 0.22 * swing - 0.03 * facing, 0.49 - 0.19 * lift),
            ("foot_index", 0.22 * swing + 0.10 * facing, 0.49 - 0.14 * lift),
            ("elbow", -0.07 * swing, -0.17 + 0.0 * lift),
            ("shoulder", 0.0 * swing, -0.32 + 0.0 * lift),
        ):
            xy[:, KEYPOINTS.index(f"{side}_{name}")] += HEIGHT_PX * np.stack([x, y], axis=1)
        if side != near:
            hidden = [KEYPOINTS.index(f"{side}_{j}") for j in ("elbow", "wrist", "knee", "ankle")]
            confidence[:, hidden] = 0.2
    return xy, confidence


def swapped(xy: np.ndarray, frames: np.ndarray) -> np.ndarray:
    out = xy.copy()
    rows = np.flatnonzero(frames)[:, None]
    out[rows, LEFT], out[rows, RIGHT] = xy[rows, RIGHT], xy[rows, LEFT]
    return out


def wrong(found: np.ndarray, truth: np.ndarray) -> float:
    """Share of the frames in which the left ankle is not where the left ankle is."""
    return float((np.linalg.norm(found[:, LEFT[2]] - truth[:, LEFT[2]], axis=1) > 0.06 * HEIGHT_PX).mean())


@settings(deadline=None, max_examples=40)
@given(
    seed=seeds, near=st.sampled_from(["left", "right"]), facing=st.sampled_from([-1, 1]), fps=st.sampled_from([30, 60])
)
def test_random_swaps_are_repaired(seed: int, near: Side, facing: int, fps: int) -> None:
    rng = np.random.default_rng(seed)
    t = np.arange(6 * fps) / fps
    truth, confidence = runner(t, near, facing)
    noisy = truth + rng.normal(0, 3, truth.shape)
    flips = rng.random(len(t)) < 0.05
    labels = np.cumsum(flips) % 2 == 1  # swapped and unswapped stretches of about 20 frames
    found = repair_legs(t, swapped(noisy, labels), confidence, HEIGHT_PX)
    assert wrong(swapped(noisy, labels), truth) > 0.02 or not labels.any()
    assert wrong(found.xy_px, truth) <= 0.02


@settings(deadline=None, max_examples=30)
@given(seed=seeds)
def test_clusters_around_contacts_with_gaps(seed: int) -> None:
    """The frames of a scored run: clusters around the right foot's landings and a thin even sample."""
    rng = np.random.default_rng(seed)
    landings = np.arange(1, 25) * STRIDE_S
    around = (landings[:, None] + np.arange(-5, 9) / 60).ravel()
    t = np.unique(np.round(np.concatenate([around, np.arange(0, 18, 0.2)]) * 60)) / 60
    truth, confidence = runner(t)
    cluster = np.cumsum(np.diff(t, prepend=t[0]) > 0.05)
    labels = (rng.random(cluster.max() + 1) < 0.15)[cluster]
    noisy = swapped(truth + rng.normal(0, 3, truth.shape), labels)
    contacts: list[tuple[float, Side]] = [(s, "right") for s in landings]
    contacts += [(s + STRIDE_S / 2, "left") for s in landings]
    by_arm = repair_legs(t, noisy, confidence, HEIGHT_PX)
    by_force = repair_legs(t, noisy, confidence, HEIGHT_PX, sorted(contacts))
    assert wrong(by_arm.xy_px, truth) <= 0.06
    assert wrong(by_force.xy_px, truth) <= 0.02
    landing = np.abs(t[:, None] - landings - 0.04).min(axis=1) < 0.05
    assert wrong(by_force.xy_px[landing], truth[landing]) == 0


def test_force_overrules_arms_that_do_not_swing() -> None:
    t = np.arange(360) / 60
    truth, confidence = runner(t)
    truth[:, KEYPOINTS.index("right_elbow")] = truth[:, KEYPOINTS.index("right_shoulder")] + (0.0, 75.0)
    everything = np.ones(len(t), bool)
    contacts: list[tuple[float, Side]] = [(k * STRIDE_S, "right") for k in range(1, 8)]
    found = repair_legs(t, swapped(truth, everything), confidence, HEIGHT_PX, contacts)
    assert wrong(found.xy_px, truth) == 0
    without = repair_legs(t, swapped(truth, everything), confidence, HEIGHT_PX)
    assert not without.swapped.any()  # nothing speaks against the labels


def test_a_landing_is_looked_for_when_the_feets_own_rows_were_exposed() -> None:
    """A contact tells the frames of the next 120 ms; this one's feet are seen 125 ms after it."""
    t = np.array([STRIDE_S + 0.11])
    seen, confidence = runner(t)
    mixed = swapped(seen, np.array([True]))
    for row_s, judged in ((0.0, True), (17.3e-3 / 640, False)):
        found = repair_legs(t, mixed, confidence, HEIGHT_PX, [(STRIDE_S, "right")], row_s)
        assert found.swapped[0] == judged


def test_confidence_moves_with_the_labels() -> None:
    t = np.arange(120) / 60
    truth, confidence = runner(t)
    confidence[:, RIGHT] = 0.9
    confidence[:, LEFT] = 0.4
    labels = (t > 0.5) & (t < 0.9)
    mixed = confidence.copy()
    mixed[np.ix_(labels, LEFT)], mixed[np.ix_(labels, RIGHT)] = 0.9, 0.4
    found = repair_legs(t, swapped(truth, labels), mixed, HEIGHT_PX)
    assert np.array_equal(found.swapped, labels)
    assert np.array_equal(found.confidence, confidence)
    assert np.array_equal(found.xy_px, truth)


@settings(deadline=None)
@given(seed=seeds, n=st.integers(0, 30))
def test_any_keypoints_are_only_exchanged(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    xy = rng.normal(300, 200, (n, 33, 2))
    xy[rng.random((n, 33)) < 0.3] = np.nan
    xy[rng.random(n) < 0.2] = np.nan
    confidence = rng.random((n, 33))
    t = np.cumsum(rng.exponential(0.05, n) + 1e-3)
    found = repair_legs(t, xy, confidence, HEIGHT_PX, [(0.3, "left"), (0.6, "right")])
    assert np.array_equal(found.xy_px, swapped(xy, found.swapped), equal_nan=True)
    assert np.array_equal(found.confidence, swapped(confidence[..., None], found.swapped)[..., 0])
    assert np.all(found.margin >= 0)


@pytest.mark.parametrize("near", ["left", "right"])
def test_near_side(near: Side) -> None:
    assert near_side(runner(np.arange(30) / 60, near)[1]) == near
