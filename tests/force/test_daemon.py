import signal
import threading
import time

import numpy as np
import pytest
import zmq

from station.bus import Subscriber
from station.config import Config
from station.daemon import Life
from station.errors import ConfigError, DeviceError
from station.force.daemon import run
from station.messages import CHANNELS, ForceHealth, SampleBatch
from station.sim.chips import draw_chips


@pytest.fixture
def subscriber(tmp_path):
    context = zmq.Context()
    made = Subscriber(context, tmp_path, ["force"], [SampleBatch, ForceHealth])
    yield made
    made.close()
    context.destroy(linger=0)


def collect(subscriber: Subscriber, samples: int, healths: int, limit_s: float = 30.0):
    """Batches and health until there are enough of both."""
    batches: list[SampleBatch] = []
    health: list[ForceHealth] = []
    deadline_s = time.monotonic() + limit_s
    while sum(len(b.channel) for b in batches) < samples or len(health) < healths:
        assert time.monotonic() < deadline_s, "the daemon is silent"
        message = subscriber.receive(timeout_s=1.0)
        if isinstance(message, SampleBatch):
            batches.append(message)
        elif isinstance(message, ForceHealth):
            health.append(message)
    return batches, health


def test_a_real_daemon_publishes_and_ends_on_sigterm(daemon, subscriber):
    batches, health = collect(subscriber, samples=300, healths=3)
    columns = [b.arrays() for b in batches]
    raw, channel = (np.concatenate([c[k] for c in columns]) for k in ("raw", "channel"))
    for c, spec in enumerate(draw_chips(1, 80)):
        expected = 250 * spec.counts_per_newton + spec.offset_counts
        assert raw[channel == c] == pytest.approx(expected, abs=6 * spec.noise_n * spec.counts_per_newton)
    assert min(health[-1].conversions) > 10
    assert health[-1].noise_n == pytest.approx([spec.noise_n for spec in draw_chips(1, 80)], rel=0.5)
    assert health[-1].zero_drift_n == [None] * 4, "a hundred kilograms stand on the deck"
    assert "load cell carried 46 kg, more than the 40 kg that it is made for" in health[-1].overload
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=10) == 0
    assert b"Traceback" not in daemon.stderr.read()


def test_hardware_that_cannot_be_opened_is_a_published_fault_until_it_can(tmp_path, subscriber):
    class Late:
        """A front end whose pins are busy at first, after a while without the package for them."""

        channels, nominal_rate_sps = CHANNELS, 80.0

        def __init__(self) -> None:
            self.tries = 0
            self.closed = False

        def open(self) -> None:
            self.tries += 1
            if self.tries < 5:
                raise DeviceError("GPIO 5: busy; is another program using it?")

        def close(self) -> None:
            self.closed = True

        def read(self, duration_s: float) -> SampleBatch:
            time.sleep(duration_s)
            return SampleBatch.of(channel=[2], raw=[7], t_high_ns=[1], t_low_ns=[2], seq=[0], flags=[0])

        def health(self) -> ForceHealth:
            none = [0] * 4
            return ForceHealth(t_ns=1, conversions=none, lost=none, rejected=none, power_downs=none, rate_sps=[0.0] * 4)

    class Hurried:
        def now_ns(self) -> int:
            return time.monotonic_ns()

        def sleep(self, seconds: float) -> None:
            time.sleep(seconds / 10)

    front_end = Late()
    missing = iter([ConfigError("force.device"), DeviceError("no RPi.GPIO; run apt")])

    def make(life: Life) -> Late:
        for error in missing:
            raise error
        return front_end

    life = Life("force", Config(runtime_dir=str(tmp_path)))
    thread = threading.Thread(target=run, args=(life, make), kwargs={"clock": Hurried()})
    thread.start()
    try:
        faults = collect(subscriber, samples=0, healths=3)[1]
        batches, later = collect(subscriber, samples=1, healths=4)
    finally:
        life.stopping = True
        thread.join(timeout=10)
        life.__exit__(None, None, None)
    assert {"no RPi.GPIO; run apt", "GPIO 5: busy; is another program using it?"} & {f.fault for f in faults}
    assert later[-1].fault is None
    assert batches[0].arrays()["raw"].tolist() == [7]
    assert front_end.closed
