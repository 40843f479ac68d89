"""The comparison of tests/benchmarks/reader_packages.py for a few seconds of virtual time."""

import logging

import pytest

from tests.benchmarks.reader_packages import PREEMPTED, READERS, run

OWN, SINGLE, MULTI = READERS


def test_the_stations_reader_catches_all_on_the_bench_of_the_comparison():
    result = run(OWN, rate_sps=80, seconds=3.0)
    assert abs(result.made - result.caught) <= 4, "one of each chip is still held"
    assert result.bad == 0
    assert result.cpu_ms_per_s > 0


@pytest.mark.parametrize("reader", [SINGLE, MULTI], ids=lambda reader: reader.name)
def test_the_packages_read_the_same_chips_and_miss_some(reader, caplog):
    with caplog.at_level(logging.CRITICAL):
        result = run(reader, rate_sps=80, seconds=3.0, preemption=PREEMPTED)
    assert 0.5 * result.made < result.caught < 0.95 * result.made
    assert result.pin_calls_per_s > 1000
