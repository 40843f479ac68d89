"""The ring: bounded by time, wiped at once, nearest frame."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.camera.ring import MAX_HEIGHT_PX, FrameRing, KeptFrame, decode, encode

PERIOD_NS = 16_666_667


def kept(t_ns: int) -> KeptFrame:
    return KeptFrame(t_ns, 4, 4, b"jpeg of %d" % t_ns)


def filled(frames: int, length_s: float = 1.0) -> FrameRing:
    ring = FrameRing(length_s)
    for i in range(frames):
        ring.append(kept(i * PERIOD_NS))
    return ring


def test_holds_no_more_than_its_length() -> None:
    ring = filled(1000)
    assert len(ring) == 60
    assert ring.newest() == kept(999 * PERIOD_NS)
    assert ring.nearest(900 * PERIOD_NS, PERIOD_NS) is None


def test_holds_no_more_bytes_than_allowed() -> None:
    ring = FrameRing(100.0, max_bytes=1000)
    for i in range(50):
        ring.append(KeptFrame(i * PERIOD_NS, 4, 4, bytes(300 if i % 2 else 100)))
        assert sum(len(f.jpeg) for f in ring._frames) <= 1000
    assert len(ring) == 4
    ring.append(KeptFrame(50 * PERIOD_NS, 4, 4, bytes(2000)))  # one alone that is too large is not kept
    assert len(ring) == 0


def test_says_how_long_frames_last() -> None:
    ring = FrameRing(10.0, max_bytes=1000)
    assert ring.lasts_s == 10.0
    for k in range(5):
        ring.append(KeptFrame(k * 100_000_000, 1, 1, bytes(100)))
    assert ring.lasts_s == pytest.approx(0.8)  # 400 ms of frames take half of it
    assert FrameRing(0.2).lasts_s == 0.2


def test_wipe_leaves_nothing() -> None:
    ring = filled(30)
    ring.wipe()
    assert len(ring) == 0
    assert ring.newest() is None
    assert ring.nearest(0, 10**12) is None
    ring.append(kept(5))
    assert ring.newest() == kept(5)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40, unique=True), st.integers(-(10**8), 11 * 10**8))
def test_nearest_is_the_nearest(times: list[int], t_ns: int) -> None:
    ring = FrameRing(2.0)
    for t in sorted(times):
        ring.append(kept(t))
    distance = min(abs(t - t_ns) for t in times)
    found = ring.nearest(t_ns, within_ns=distance)
    assert found is not None
    assert abs(found.t_ns - t_ns) == distance
    assert ring.nearest(t_ns, within_ns=distance - 1) is None


@pytest.mark.parametrize(("size", "expected"), [((480, 360), (480, 360)), ((1280, 720), (MAX_HEIGHT_PX, 360))])
def test_frame_survives_compression_at_most_so_high(size: tuple[int, int], expected: tuple[int, int]) -> None:
    y, x = np.mgrid[: size[0], : size[1]]
    image = np.stack([x * 255 // size[1], y * 255 // size[0], np.full(size, 40)], axis=2).astype(np.uint8)
    frame = encode(7, image)
    back = decode(frame.jpeg)
    assert back.shape == (*expected, 3)
    assert (frame.height_px, frame.width_px) == expected
    assert abs(back[10, -10].astype(int) - image[10, -10]).max() < 12  # red right, dark above: channels in order


def test_rows_of_a_shrunken_frame_are_further_apart_in_time() -> None:
    image = np.zeros((2 * MAX_HEIGHT_PX, 40, 3), np.uint8)
    assert encode(7, image, row_ns=9_000.0).row_ns == 18_000.0
    assert encode(7, image[:100], row_ns=9_000.0).row_ns == 9_000.0
