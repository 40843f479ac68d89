"""72 hours of visits: `python -m tests.benchmarks.long_haul [--hours 72] [--factor 40] [--only gym]`.

The real daemons under their supervisor, visited by HTTP as in `many_visits`, with a recorded run of ten minutes that is
replayed faster than real time. Half of the hours the station is a gym's, half a clinic's: two stations, of which
`--only` takes one for its half.

What an hour is made of: of the time that passed in the replayed data, and of the real time in which none flowed
(pages read, scoring, idling), which counts as it is. Nights count nothing: after each twelve hours of visits the
clinic's files are dated back by twelve more, and after each visit by what the data were ahead of the real clock. So the
station, whose clock is the real one, sees them as old as they would be, and deletes what its settings do not keep.

Flat memory, files and threads; the same clock offset, chip rate and delay of a live step at the end as at the
beginning; a disk that holds no more than the settings say: that is the verdict.
"""

import argparse
import contextlib
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from station import config
from station.fusion import retention
from station.messages import Keypoints, Message
from station.records import run_files
from station.simulated_world import belt_speed_m_s
from tests.benchmarks.footprint import load
from tests.benchmarks.many_visits import (
    CARD_TIMEOUT_S,
    PLANS,
    SCENARIO,
    Sample,
    judge,
    look,
    show,
    show_header,
    visit_by,
)
from tests.benchmarks.simulated_hours import OPEN_S, Calendar, Timing, Watch
from tests.kiosk.kiosk_process import free_port, wait_for_screen
from tests.whole.kiosk_client import KioskClient
from tests.whole.recorded_visit import EPOCH_NS, RUN_START_S, visit_messages, write_visit
from tests.whole.station_process import RunningStation, running_station

MODES = ("gym", "clinic")
RUN_S = 600.0
POSED_WHOLE_S = 60.0  # every frame is posed for so long, then every tenth: some six a second, as on a board
START_WITHIN_S = 300.0
DAYS_KEPT = 2
SHARE_KEPT = 1.25  # of the bytes of one day's runs
COMPARED = 0.2  # of the runs: those at the beginning and those at the end
OFFSET_MS, RATE_SHARE, DELAY_MS = 0.5, 1e-4, 20.0
"""What may lie between the two medians. The replayed run is the same each time: offset and rate could only differ by
something that the station remembers; the delay also by what else the machine does."""


def recorded(folder: Path, run_s: float) -> Path:
    """The run that everybody runs."""

    def posed(message: Message) -> bool:
        if not isinstance(message, Keypoints) or message.purpose != "score":
            return True
        since_s = (message.t_ns - EPOCH_NS) / 1e9 - RUN_START_S
        return since_s < POSED_WHOLE_S or int(since_s * 60) % 10 == 0

    path = folder / "visit.mcap"
    write_visit(path, [message for message in visit_messages(SCENARIO, run_s) if posed(message)])
    return path


@contextlib.contextmanager
def station_of(folder: Path, mode: str, recording: Path, options: argparse.Namespace) -> Iterator[RunningStation]:
    state = folder / mode
    state.mkdir()
    day_bytes = recording.stat().st_size * OPEN_S / options.run_s
    settings = config.Config(
        mode=mode,
        force=config.Force(device="replay"),
        camera=config.Camera(device="replay"),
        kiosk=config.Kiosk(port=free_port(), card_timeout_s=CARD_TIMEOUT_S),
        run=config.Run(speed_m_s=belt_speed_m_s(SCENARIO)),
        retention=config.Retention(days=DAYS_KEPT, gigabytes=SHARE_KEPT * day_bytes / 1e9),
        simulation=config.Simulation(recording=str(recording), replay_factor=options.factor),
    )
    with running_station(state, settings) as station:
        station.await_state(lambda s: s.ready and not s.faults, START_WITHIN_S)
        wait_for_screen(settings, "idle")
        yield station


@dataclass
class Half:
    """What was seen of one station in its half of the hours."""

    samples: list[Sample] = field(default_factory=list)
    cards_s: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)
    simulated_s: float = 0.0
    ended_s: list[float] = field(default_factory=list)  # the visits, by the real clock
    most_bytes: int = 0
    over: list[str] = field(default_factory=list)  # when the disk held more than it may


def spend(folder: Path, mode: str, recording: Path, options: argparse.Namespace) -> Half:
    """Half of the hours on a station of that mode."""
    half, plans = Half(), random.Random(options.seed)
    within_s = 180.0 + 6 * options.run_s / options.factor
    with station_of(folder, mode, recording, options) as station:
        client, watch = KioskClient(station.settings.kiosk.port), Watch(station, options.factor)
        calendar = Calendar(station.settings.state / "runs")
        try:
            show_header()
            while half.simulated_s < options.hours / 2 * 3600:
                (plan,) = plans.choices(list(PLANS), list(PLANS.values()))
                done = visit_by(client, plan, half.failures, within_s)
                if done is not None and done.card_after_s is not None:
                    half.cards_s.append(done.card_after_s)
                half.simulated_s = watch.simulated_s
                calendar.turn(half.simulated_s)
                half.ended_s.append(time.monotonic())
                half.samples.append(look(station, len(half.samples) + 1))
                if mode == "clinic":
                    _look_at_the_disk(station, half, calendar)
                if len(half.samples) % options.every == 1 % options.every:
                    print(f"{mode}, day {calendar.day}, {half.simulated_s / 3600:.1f} h")
                    show(half.samples[-1], half.cards_s)
        finally:
            watch.close()
            client.close()
        half.timings = watch.timings
    return half


def _look_at_the_disk(station: RunningStation, half: Half, calendar: Calendar) -> None:
    """More than is to be kept may lie there only until the station looks again, or where all of it is of today."""
    runs = run_files.kept(station.settings.state / "runs")
    stored = sum(run.bytes for run in runs)
    half.most_bytes = max(half.most_bytes, stored)
    now_s = time.time()
    midnight_s = time.mktime((*time.localtime(now_s)[:3], 0, 0, 0, 0, 0, -1))
    young = sum(run.bytes for run in runs if run.written_s >= midnight_s)
    largest = max((run.bytes for run in runs), default=0)
    looked_s = time.monotonic() - 2 * retention.LOOK_EVERY_S
    since = sum(ended_s > looked_s for ended_s in half.ended_s)
    if stored > max(station.settings.retention.gigabytes * 1e9, young) + since * largest:
        half.over.append(f"day {calendar.day}: {stored / 1e6:.1f} MB")


def judge_timing(timings: list[Timing]) -> bool:
    """Say how timing was at the beginning and is at the end; whether that is the same."""
    n = max(1, round(COMPARED * len(timings)))
    same = len(timings) >= 2
    figures = (("clock offset, ms", "offset_ms", OFFSET_MS), ("live step's delay, ms", "step_delay_ms", DELAY_MS))
    for name, key, most in (*figures, ("chip rate, 1/s", "chip_sps", RATE_SHARE * 80)):
        first, last = (float(np.median([getattr(t, key) for t in part])) for part in (timings[:n], timings[-n:]))
        ok = abs(last - first) < most
        same &= ok
        print(f"  {name:34} {first:.4f} -> {last:.4f}   {'the same' if ok else 'DRIFTS'}")
    return same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--hours", type=float, default=72.0, help="of simulated time, half of them in either mode")
    parser.add_argument("--factor", type=float, default=40.0, help="speed of the replay")
    parser.add_argument("--run-s", type=float, default=RUN_S, help="length of the recorded run")
    parser.add_argument("--every", type=int, default=50, help="visits between two lines of the table")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=MODES, help="one of the two halves")
    options = parser.parse_args()
    begun_s = time.monotonic()
    well = True
    simulated_s = 0.0
    with tempfile.TemporaryDirectory(prefix="long-haul-") as name:
        recording = recorded(Path(name), options.run_s)
        prepared_s = sum(os.times()[:4])
        print(f"a run of {options.run_s:g} s, {recording.stat().st_size / 1e6:.1f} MB, replayed x{options.factor:g}")
        for mode in (options.only,) if options.only else MODES:
            half = spend(Path(name), mode, recording, options)
            simulated_s += half.simulated_s
            print(f"\n{mode}: {half.simulated_s / 3600:.1f} h, {len(half.samples)} visits, {len(half.cards_s)} cards")
            well &= judge(half.samples, keeps=mode == "clinic")
            well &= judge_timing(half.timings)
            well &= _judge_disk(half, Path(name) / mode) if mode == "clinic" else True
            for failure in half.failures[:20]:
                print(f"  failed: {failure}")
            well &= not half.failures
    took_s = time.monotonic() - begun_s
    hours, times = simulated_s / 3600, simulated_s / took_s
    cpu_s = sum(os.times()[:4]) - prepared_s  # of all processes that have ended, too
    print(f"\n{hours:.1f} simulated hours in {took_s / 60:.1f} min: {times:.1f} times real, ", end="")
    print(f"{cpu_s / hours:.0f} s of CPU for each")
    print(load())
    print(f"verdict: {'holds' if well else 'DOES NOT HOLD'}")
    sys.exit(not well)


def _judge_disk(half: Half, state: Path) -> bool:
    kept, deleted = len(run_files.kept(state / "runs")), len(retention.noted(state))
    said = f"TOO MUCH: {half.over[:3]}" if half.over else "bounded"
    print(f"  most on the disk: {half.most_bytes / 1e6:.1f} MB; {kept} runs kept, {deleted} deleted   {said}")
    return not half.over


if __name__ == "__main__":
    main()
