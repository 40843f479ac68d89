"""Dropped frames by the intervals between stamps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.camera.intervals import FrameIntervals


@given(st.sets(st.integers(1, 498), max_size=60), st.floats(0, 0.1), st.integers(0, 100))
def test_counts_exactly_the_missing_frames(missing: set[int], jitter: float, seed: int) -> None:
    period = 1e9 / 60
    noise = np.random.default_rng(seed).uniform(-jitter, jitter, 500) * period
    intervals = FrameIntervals(60.0)
    for i in range(500):
        if i not in missing:
            assert intervals.add(round(10**12 + i * period + noise[i]))
    assert intervals.dropped == len(missing)
    assert intervals.frames == 500 - len(missing)
    assert sum(intervals.counts) == intervals.frames - 1
    gaps = np.diff(sorted(set(range(500)) - missing))
    assert intervals.counts == [*(int(np.sum(gaps == k)) for k in range(1, 8)), int(np.sum(gaps >= 8))]


@pytest.mark.parametrize("period_ns", [10_000_000, 20_000_000, 25_000_000, 33_333_333])
def test_learns_the_rate_that_the_camera_really_has(period_ns: int) -> None:
    intervals = FrameIntervals(60.0)
    for i in range(400):
        intervals.add(i * period_ns)
        assert intervals.dropped == 0
    assert intervals.fps == pytest.approx(1e9 / period_ns)
    assert intervals.usual_ns == period_ns
    assert intervals.counts == [399, 0, 0, 0, 0, 0, 0, 0]


def test_frames_dropped_at_the_very_start_are_counted_too() -> None:
    intervals = FrameIntervals(60.0)
    for i in (0, 1, 4, *range(5, 60)):
        intervals.add(i * 33_333_333)
    assert (intervals.dropped, intervals.counts[:3]) == (2, [56, 0, 1])


def test_repeated_stamp_is_no_frame() -> None:
    intervals = FrameIntervals(60.0)
    assert intervals.add(5)
    assert not intervals.add(5)
    assert not intervals.add(4)
    assert intervals.frames == 1


def test_time_for_which_the_camera_was_closed_is_no_dropped_frame() -> None:
    intervals = FrameIntervals(60.0)
    for t_s in (0.0, 1 / 60, 2 / 60):
        intervals.add(round(t_s * 1e9))
    intervals.interrupt()
    assert intervals.fps == 0.0
    assert not intervals.add(round(2 / 60 * 1e9))  # the last frame of before is none of after
    for frame in (0, *range(3, 40)):
        intervals.add(round((9.0 + frame / 60) * 1e9))
    assert (intervals.frames, intervals.dropped, intervals.counts[:3]) == (41, 2, [38, 0, 1])
