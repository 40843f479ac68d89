"""From instants to frames: nearest, each once, patient with what is not filmed yet."""

import pytest

from station.camera.requests import FrameRequests
from station.camera.ring import FrameRing, KeptFrame

PERIOD_NS = 16_666_667


@pytest.fixture
def ring() -> FrameRing:
    ring = FrameRing(10.0)
    for i in range(60):
        ring.append(KeptFrame(i * PERIOD_NS, 4, 4, b""))
    return ring


def indices(frames: list[KeptFrame]) -> list[int]:
    return [f.t_ns // PERIOD_NS for f in frames]


def test_each_frame_once(ring: FrameRing) -> None:
    requests = FrameRequests(ring)
    requests.add([10 * PERIOD_NS, 10 * PERIOD_NS + 5, 11 * PERIOD_NS - 5])
    assert indices(requests.due(0, PERIOD_NS)) == [10, 11]
    requests.add([10 * PERIOD_NS, 12 * PERIOD_NS])
    assert indices(requests.due(0, PERIOD_NS)) == [12]
    assert len(requests) == 0


def test_waits_for_what_is_not_filmed_yet_but_not_for_ever(ring: FrameRing) -> None:
    requests = FrameRequests(ring)
    wanted = 62 * PERIOD_NS
    requests.add([wanted])
    assert requests.due(wanted, PERIOD_NS) == []
    assert len(requests) == 1
    for i in range(60, 64):
        ring.append(KeptFrame(i * PERIOD_NS, 4, 4, b""))
    assert indices(requests.due(wanted, PERIOD_NS)) == [62]
    requests.add([1000 * PERIOD_NS])
    assert requests.due(1000 * PERIOD_NS + 3 * 10**9, PERIOD_NS) == []
    assert len(requests) == 0


def test_instant_of_a_dropped_frame_is_not_answered_by_a_far_one() -> None:
    ring = FrameRing(10.0)
    for i in (0, 1, 2, 8, 9):
        ring.append(KeptFrame(i * PERIOD_NS, 4, 4, b""))
    requests = FrameRequests(ring)
    requests.add([5 * PERIOD_NS])
    assert requests.due(0, PERIOD_NS) == []
    assert len(requests) == 0


def test_frames_given_are_kept_when_the_ring_has_let_go_of_them_as_far_as_memory_goes() -> None:
    ring = FrameRing(1.0)
    requests = FrameRequests(ring, max_kept_bytes=25)
    for i in range(200):
        ring.append(KeptFrame(i * PERIOD_NS, 4, 4, bytes(10)))
        requests.add([i * PERIOD_NS] if i % 50 == 0 else [])
        requests.due(i * PERIOD_NS, PERIOD_NS)
    assert ring.nearest(100 * PERIOD_NS, PERIOD_NS) is None
    assert requests.nearest_given(100 * PERIOD_NS + 50_000, PERIOD_NS).t_ns == 100 * PERIOD_NS
    assert requests.nearest_given(120 * PERIOD_NS, PERIOD_NS) is None
    assert requests.nearest_given(50 * PERIOD_NS, PERIOD_NS) is None  # two more were given since: 25 bytes are full
    assert requests.taken == 200
    requests.clear()
    assert requests.nearest_given(100 * PERIOD_NS, PERIOD_NS) is None
    assert requests.taken == 0
