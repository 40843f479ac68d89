"""The soak of tests/benchmarks/reader_soak.py for a few seconds of virtual time."""

import pytest

from station.messages import CHANNELS
from tests.benchmarks.reader_soak import DISTURBED, World, memory_growth_bytes, soak


@pytest.mark.parametrize("world", DISTURBED, ids=lambda world: world.name)
def test_no_bad_value_is_delivered_and_the_run_goes_on(world):
    row = soak(world, rate_sps=80, seconds=5.0, seed=3)
    assert row.total("bad") == 0
    assert row.total("delivered") > 0.5 * row.total("made")
    assert row.rest_ms < 1500


def test_nor_at_320_samples_a_second():
    row = soak(DISTURBED[-1], rate_sps=320, seconds=3.0, seed=3)
    assert row.total("bad") == 0
    assert row.total("delivered") > 0.5 * row.total("made")


@pytest.mark.parametrize("rate_sps", [80, 320])
def test_undisturbed_every_conversion_is_delivered_within_its_bracket(rate_sps):
    row = soak(World("undisturbed"), rate_sps, seconds=10.0 * 80 / rate_sps)
    assert abs(row.total("made") - row.total("delivered")) <= len(CHANNELS), "one of each chip is still held"
    assert (row.lost, row.rejected, row.power_downs) == (0, 0, 0)
    assert row.total("bad") == row.total("outside") == 0
    assert row.late_ms(99) < 1.0


def test_the_reader_holds_no_more_memory_after_a_while():
    assert memory_growth_bytes(80, 3.0) < 200, "a few counters that left the small integers"
