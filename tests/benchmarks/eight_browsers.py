"""Browsers with live streams do not slow the reader: `python -m tests.benchmarks.eight_browsers [--run-s 40]`.

The whole simulated station in real time, one run for each row: nobody watches; eight streams of live events read as
fast as they come; eight pages of a real Chromium that draw them. Counted during the run: conversions, those lost by the
reader and on the way, the width of the brackets between which a conversion ended, and what the daemons used of a core.
"""

import argparse
import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from station import config
from station.bus import Subscriber, request
from station.kiosk.event_stream import MAX_STREAMS
from station.messages import Choices, Done, ForceHealth, SampleBatch, StationState, VisitCommand
from station.simulated_world import belt_speed_m_s
from tests.benchmarks.footprint import cpu_time_s, load
from tests.kiosk.browser import SIZES, KioskScreen, chromium
from tests.kiosk.kiosk_process import free_port, wait_for_screen
from tests.whole.kiosk_client import EventStream, StreamRefusedError
from tests.whole.station_process import RunningStation, running_station

SCENARIO = "heavy_rearfoot"
DAEMONS = ("force", "fusion", "kiosk", "camera")
LIVE = "/events?lang=en&live=yes"


@dataclass
class Row:
    """What was counted during one run."""

    name: str
    conversions: int = 0
    lost: int = 0  # by the reader
    astray: int = 0  # on the bus
    widths_ms: list[np.ndarray] = field(default_factory=list)
    cpu_share: dict[str, float] = field(default_factory=dict)
    events: int | str = "-"  # read by the bench itself

    def __str__(self) -> str:
        widths = np.concatenate(self.widths_ms)
        p50, p99 = np.quantile(widths, (0.5, 0.99))
        cpu = " ".join(f"{100 * self.cpu_share[daemon]:7.1f}" for daemon in DAEMONS)
        return (
            f"{self.name:22} {self.conversions:11d} {self.lost:6d} {self.astray:7d} {p50:7.3f} {p99:7.3f}"
            f" {widths.max():7.2f}   {cpu} {self.events:>8}"
        )


HEADER = (
    f"{'':22} {'conversions':>11} {'lost':>6} {'astray':>7} {'bracket width, ms':>23}   {'CPU, % of a core':>31}"
    f" {'events':>8}\n{'':22} {'':11} {'':6} {'':7} {'median':>7} {'99 %':>7} {'max':>7}   "
    + " ".join(f"{daemon:>7}" for daemon in DAEMONS)
)


class Watchers:
    """Streams of live events, each read by a thread of its own."""

    def __init__(self, port: int, count: int) -> None:
        self.events = 0
        self._counting = threading.Lock()
        self._streams = [EventStream(port, LIVE) for _ in range(count)]
        for stream in self._streams:
            threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: EventStream) -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed in mid-read
            for kind, _ in stream:
                with self._counting:
                    self.events += kind != ""

    def close(self) -> None:
        for stream in self._streams:
            stream.close()


def one_run(station: RunningStation, name: str) -> Row:
    """A visit in which the run's data are counted."""
    runtime, context = station.settings.runtime, station.context
    subscriber = Subscriber(context, runtime, ["force", "fusion"], [SampleBatch, ForceHealth, StationState])
    request(context, runtime, "fusion", VisitCommand(action="start", choices=Choices(camera=True, live=True)), Done)
    row, phase, visit_id, last_seq, lost = Row(name), "", None, {}, []
    used_s: dict[str, float] = {}
    began_s = 0.0
    while phase != "score":
        message = subscriber.receive(timeout_s=5.0)
        assert message is not None, "the station is silent"
        if isinstance(message, StationState) and message.phase != phase:
            phase, visit_id = message.phase, message.visit_id
            if phase == "run":
                used_s, began_s = _used_s(station), time.monotonic()
        elif isinstance(message, ForceHealth):
            lost.append(sum(message.lost))
        elif isinstance(message, SampleBatch) and phase == "run":
            _count(row, message, last_seq)
    lasted_s = time.monotonic() - began_s
    row.cpu_share = {daemon: (s - used_s[daemon]) / lasted_s for daemon, s in _used_s(station).items()}
    row.lost = lost[-1] - lost[0]
    request(context, runtime, "fusion", VisitCommand(action="discard", visit_id=visit_id), Done)
    station.await_state(lambda s: s.phase == "idle")
    subscriber.close()
    return row


def _count(row: Row, batch: SampleBatch, last_seq: dict[int, int]) -> None:
    columns = batch.arrays()
    row.widths_ms.append((columns["t_low_ns"] - columns["t_high_ns"]) / 1e6)
    for channel, seq in zip(columns["channel"].tolist(), columns["seq"].tolist(), strict=True):
        row.astray += seq - last_seq.get(channel, seq - 1) - 1
        last_seq[channel] = seq
        row.conversions += 1


def _used_s(station: RunningStation) -> dict[str, float]:
    return {daemon: cpu_time_s(station.pid_of(daemon)) for daemon in DAEMONS}


@contextlib.contextmanager
def pages(port: int, count: int) -> Iterator[None]:
    """Pages of a real browser, each with connections of its own."""
    with chromium() as browser:
        screens = [KioskScreen(browser, f"http://127.0.0.1:{port}/", SIZES["wide"]) for _ in range(count)]
        for screen in screens:
            screen.at("idle")
        yield
        for screen in screens:
            screen.close()


def refusal(port: int) -> str:
    """What one stream too many is answered, while all that are allowed are taken."""
    try:
        EventStream(port, LIVE).close()
    except StreamRefusedError as e:
        return str(e)
    return "taken: there is no limit"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--run-s", type=float, default=40.0, help="length of each run")
    parser.add_argument("--pages", type=int, default=MAX_STREAMS, help="of a real Chromium in the last row; 0: no row")
    options = parser.parse_args()
    settings = config.Config(
        force=config.Force(device="simulated"),
        camera=config.Camera(device="simulated"),
        kiosk=config.Kiosk(port=free_port()),
        run=config.Run(speed_m_s=belt_speed_m_s(SCENARIO)),
        simulation=config.Simulation(scenario=SCENARIO, run_s=options.run_s),
    )
    port = settings.kiosk.port
    print(f"{load()}\n{HEADER}", flush=True)
    with tempfile.TemporaryDirectory() as folder, running_station(Path(folder), settings) as station:
        station.await_state(lambda s: s.ready and not s.faults)
        wait_for_screen(settings, "idle")
        print(one_run(station, "nobody watches"), flush=True)
        watchers = Watchers(port, MAX_STREAMS)
        row = one_run(station, f"{MAX_STREAMS} streams")
        refused = refusal(port)
        watchers.close()
        row.events = watchers.events
        print(row, flush=True)
        if options.pages:
            with pages(port, options.pages):
                print(one_run(station, f"{options.pages} Chromium pages"), flush=True)
    print(f"stream {MAX_STREAMS + 1}: {refused}")
    print(load())


if __name__ == "__main__":
    main()
