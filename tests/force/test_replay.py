import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.clock import Clock
from station.errors import DeviceError
from station.force.replay import ReplayFrontEnd
from station.messages import SampleBatch
from station.sim.virtual_clock import VirtualClock
from tests.force.four_chips import FourChips, wave


@pytest.fixture(scope="module")
def recorded() -> list[SampleBatch]:
    bench = FourChips(wave)
    bench.reader.read(0.3)
    return [bench.reader.read(0.05) for _ in range(60)]


def play(front_end: ReplayFrontEnd, clock: Clock, count: int) -> tuple[list[SampleBatch], list[int]]:
    """The next batches that are not empty, and when (ns) each came."""
    batches, came_ns = [], []
    while len(batches) < count:
        batch = front_end.read(0.05)
        if batch.channel:
            batches.append(batch)
            came_ns.append(clock.now_ns())
    return batches, came_ns


@pytest.mark.parametrize("factor", [1.0, 20.0])
def test_every_batch_comes_unchanged_and_in_time(recorded, factor):
    clock = VirtualClock()
    front_end = ReplayFrontEnd(recorded, factor, clock, lambda: "a visit")
    front_end.open()
    played, came_ns = play(front_end, clock, len(recorded))
    assert played == recorded
    recorded_ns = [int(b.arrays()["t_low_ns"][-1]) for b in recorded]
    for k in range(len(recorded)):
        due_ns = (recorded_ns[k] - recorded_ns[0]) / factor
        assert 0 <= came_ns[k] - came_ns[0] - due_ns + 1e6 < 25e6
    assert front_end.read(0.2).channel == b"", "silent after the end"
    front_end.close()


def test_it_waits_for_a_visit_and_begins_again_with_the_next(recorded):
    clock = VirtualClock()
    visit: list[str | None] = [None]
    front_end = ReplayFrontEnd(recorded, 50.0, clock, lambda: visit[0])
    assert front_end.read(1.0).channel == b""
    visit[0] = "first"
    assert play(front_end, clock, 10)[0] == recorded[:10]
    visit[0] = None
    assert front_end.read(1.0).channel == b"", "the visit is over"
    visit[0] = "second"
    assert play(front_end, clock, 10)[0] == recorded[:10]


def test_health_is_told_from_the_stamps(recorded):
    clock = VirtualClock()
    front_end = ReplayFrontEnd(recorded, 50.0, clock, lambda: "a visit")
    play(front_end, clock, len(recorded))
    health = front_end.health()
    assert sum(health.conversions) == sum(len(b.channel) for b in recorded)
    assert health.lost == [0] * 4
    assert health.rate_sps == pytest.approx([80.0] * 4, rel=0.04)
    assert health.t_ns == recorded[-1].arrays()["t_low_ns"][-1]
    assert health.fault is None


def test_a_recording_has_no_shunt_switch(recorded):
    with pytest.raises(DeviceError, match="replayed recording"):
        ReplayFrontEnd(recorded, 1.0, VirtualClock(), lambda: None).shunt(on=True)


@given(st.lists(st.integers(0, 5), max_size=12))
@settings(max_examples=20)
def test_empty_batches_are_skipped(sizes):
    clock = VirtualClock()
    batches = []
    for k, n in enumerate(sizes):
        t_ns = [k * 50_000_000 + i for i in range(n)]
        batches.append(
            SampleBatch.of(channel=[0] * n, raw=range(n), t_high_ns=t_ns, t_low_ns=t_ns, seq=range(n), flags=[0] * n)
        )
    full = [b for b in batches if b.channel]
    front_end = ReplayFrontEnd(batches, 10.0, clock, lambda: "a visit")
    assert play(front_end, clock, len(full))[0] == full
