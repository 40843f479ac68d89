import time
from pathlib import Path

import numpy as np
import pytest
import zmq

from station.bus import Publisher
from station.errors import DeviceError
from station.force.bus_front_end import BusFrontEnd
from station.force.front_end import LoadCellFrontEnd
from station.messages import CHANNELS, ChipTrouble, ForceHealth, SampleBatch


@pytest.fixture
def front_end(tmp_path, daemon):
    made = BusFrontEnd(tmp_path, 80.0)
    for _ in range(10):  # the daemon takes its time to start on a busy machine
        try:
            made.open()
            break
        except DeviceError:
            continue
    yield made
    made.close()


def level(batch: SampleBatch, channel: int = 0) -> float:
    columns = batch.arrays()
    return float(np.median(columns["raw"][columns["channel"] == channel]))


def test_the_cells_of_a_running_daemon_are_read_and_switched(front_end: LoadCellFrontEnd):
    before_ns = time.monotonic_ns()
    first, second = front_end.read(0.5), front_end.read(0.5)
    columns = [b.arrays() for b in (first, second)]
    for own in columns:
        assert min(np.bincount(own["channel"], minlength=len(CHANNELS))) > 20
    assert columns[0]["t_low_ns"].min() >= before_ns - 1
    for c in range(len(CHANNELS)):
        seq = np.concatenate([own["seq"][own["channel"] == c] for own in columns])
        assert np.all(np.diff(seq) == 1), "nothing is lost between two reads, and nothing comes twice"
    off = level(second)
    asked_ns = time.monotonic_ns()
    switched_ns = front_end.shunt(on=True)
    assert asked_ns < switched_ns < time.monotonic_ns()
    front_end.read(0.3)
    on = level(front_end.read(0.3))
    front_end.shunt(on=False)
    front_end.read(0.3)
    assert on - off > 100_000
    assert level(front_end.read(0.3)) == pytest.approx(off, abs=2_000)
    assert front_end.health().conversions[0] > 40


def test_a_read_after_a_pause_holds_nothing_of_the_pause(front_end: LoadCellFrontEnd):
    front_end.read(0.1)
    time.sleep(0.8)
    now_ns = time.monotonic_ns()
    assert front_end.read(0.3).arrays()["t_low_ns"].min() >= now_ns


def test_a_daemon_that_goes_silent_is_named_and_nothing_hangs(front_end: LoadCellFrontEnd, daemon):
    daemon.kill()
    daemon.wait()
    with pytest.raises(DeviceError, match="the force daemon went silent"):
        front_end.read(0.1)
    with pytest.raises(DeviceError, match="force daemon did not answer"):
        front_end.shunt(on=True)


def test_without_a_daemon_the_remedy_is_named(tmp_path):
    front_end = BusFrontEnd(tmp_path, 80.0)
    with pytest.raises(DeviceError, match="force daemon is not heard; start the station"):
        front_end.open()
    front_end.close()
    for act in (front_end.health, lambda: front_end.shunt(True)):
        with pytest.raises(DeviceError, match="not opened"):
            act()


class Told(BusFrontEnd):
    """Each time that it listens, the daemon says this of itself, and nothing else."""

    def __init__(self, runtime: Path, publisher: Publisher, faulty: bool) -> None:
        super().__init__(runtime, 80.0, faulty)
        self._publisher = publisher
        self.fault: str | None = None
        self.trouble: list[ChipTrouble | None] = []

    def _hear(self, until_s: float) -> None:
        none = [0] * len(CHANNELS)
        self._publisher.send(
            ForceHealth(
                t_ns=1,
                conversions=none,
                lost=none,
                rejected=none,
                power_downs=none,
                rate_sps=[0.0] * len(CHANNELS),
                fault=self.fault,
                trouble=self.trouble,
            )
        )
        super()._hear(time.monotonic() + 0.05)


@pytest.fixture(params=[False])
def told(request, tmp_path):
    context = zmq.Context()
    publisher = Publisher(context, tmp_path, "force")
    front_end = Told(tmp_path, publisher, faulty=request.param)
    yield front_end
    front_end.close()
    publisher.close()
    context.destroy(linger=0)


def test_a_fault_that_the_daemon_says_is_passed_on(told):
    told.fault = "no pins"
    with pytest.raises(DeviceError, match="load cells: no pins"):
        told.open()


def test_a_read_that_a_fault_cuts_short_names_the_fault(told):
    told.open()
    told.fault = "all four chips: no answer"
    with pytest.raises(DeviceError, match="load cells: all four chips: no answer"):
        told.read(0.1)


@pytest.mark.parametrize("told", [True], indirect=True)
def test_who_looks_for_the_reason_reads_on_where_all_four_chips_are_named(told):
    told.fault, told.trouble = "all four chips: no answer", ["open"] * len(CHANNELS)
    told.open()
    assert not told.read(0.1).channel
    assert told.health().trouble == ["open"] * len(CHANNELS)


@pytest.mark.parametrize("told", [True], indirect=True)
def test_a_fault_that_is_none_of_the_chips_is_said_to_them_too(told):
    told.open()
    told.fault = "no pins"
    with pytest.raises(DeviceError, match="load cells: no pins"):
        told.read(0.1)
