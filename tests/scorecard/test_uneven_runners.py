"""Two real runners, one of them uneven in his contact times (README of the recordings)."""

import pytest

from tests.benchmarks.uneven_runners import apart, uneven_line
from tests.gait.plate import data_dir, trials

pytestmark = pytest.mark.skipif(data_dir() is None, reason="no real recordings on this machine (STATION_DATA)")


def test_an_uneven_runner_ranks_above_an_even_one_and_is_not_accused():
    lines = [uneven_line(trial) for name in ("020_T25", "012_T25") for trial in trials(f"RBDS{name}.npz")]
    assert [line.name for line in lines] == ["020_T25", "012_T25"]
    assert apart(lines, "contact_time_pct")
    for line in lines:
        measure = line.station["contact_time_pct"]
        assert measure.value == pytest.approx(line.plate["contact_time_pct"], abs=0.5)
        assert line.verdict.verdict in ("unlikely", "not_seen")  # one number alone, inside the normal band
