"""A thousand visits in a row on one station: `python -m tests.benchmarks.many_visits [--visits 1000] [--factor 30]`.

The real daemons under their supervisor, a recorded run replayed faster than real time, and an HTTP client that loads
what a browser loads: pages, styles, scripts, pictures, live events. Runners finish, read every card, refuse the camera,
stop early, walk away, or want to be forgotten at any phase. After each visit the station is idle again; then what its
processes and directories hold is counted. `--simulated`: simulated chips and camera in real time instead, with frames,
pose networks and stills (about 45 s a visit).
"""

import argparse
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from station import config
from station.simulated_world import belt_speed_m_s
from station.supervisor import DAEMONS
from tests.benchmarks.footprint import SHARED_MEMORY, Held, Stored, descendants_of, held_by, load, stored_in, zombies_of
from tests.kiosk.kiosk_process import free_port, wait_for_screen
from tests.whole.kiosk_client import KioskClient
from tests.whole.kiosk_visit import Plan, VisitFailedError, Walk, walk
from tests.whole.recorded_visit import visit_messages, write_visit
from tests.whole.station_process import RunningStation, running_station

SCENARIO = "heavy_rearfoot"
RUN_S = 24.0  # 30 stride pairs and a little: enough for verdicts
CARD_TIMEOUT_S = 1.0
VISIT_WITHIN_S = 60.0
WARM_UP_SHARE = 0.1  # of the visits, at most WARM_UP: caches fill
WARM_UP = 100
BLOCKS = 20  # means of so many stretches of visits make the slope's interval
FLAT_MB = 5.0  # in 1,000 visits: two weeks of a busy gym
PLANS = {
    Plan("finish"): 5,
    Plan("read every card", reads=True): 4,
    Plan("camera refused", camera=False, reads=True): 3,
    Plan("walk away", walks_away=True): 2,
    Plan("stop", leaves_at="run", action="stop"): 2,
    Plan("forget while weighed", leaves_at="weigh", action="discard"): 1,
    Plan("forget while scored", leaves_at="score", action="discard"): 1,
}  # name -> how many of eighteen


@dataclass(frozen=True)
class Sample:
    """After one visit; the station idles."""

    visit: int
    daemons: dict[str, Held]
    workers: Held | None  # processes below the daemons
    zombies: int
    runtime: Stored
    state: Stored
    shared: Stored


@contextlib.contextmanager
def station_of(options: argparse.Namespace) -> Iterator[RunningStation]:
    with tempfile.TemporaryDirectory(prefix="visits-") as name:
        folder = Path(name)
        if options.simulated:
            devices = {"force": config.Force(device="simulated"), "camera": config.Camera(device="simulated")}
            simulation = config.Simulation(scenario=SCENARIO, run_s=RUN_S)
        else:
            recorded = folder / "visit.mcap"
            write_visit(recorded, visit_messages(SCENARIO, RUN_S))
            devices = {"force": config.Force(device="replay"), "camera": config.Camera(device="replay")}
            simulation = config.Simulation(recording=str(recorded), replay_factor=options.factor)
        settings = config.Config(
            kiosk=config.Kiosk(port=free_port(), card_timeout_s=CARD_TIMEOUT_S),
            run=config.Run(speed_m_s=belt_speed_m_s(SCENARIO)),
            simulation=simulation,
            **devices,
        )
        state = folder / "state"
        state.mkdir()
        with running_station(state, settings) as station:
            station.await_state(lambda s: s.ready and not s.faults)
            wait_for_screen(settings, "idle")
            yield station


def look(station: RunningStation, visit: int) -> Sample:
    pids = {daemon: station.pid_of(daemon) for daemon in DAEMONS}
    missing = [daemon for daemon, pid in pids.items() if pid is None]
    if missing:
        raise VisitFailedError(f"{', '.join(missing)}: ended")
    below = [pid for daemon in pids.values() for pid in descendants_of(daemon)]
    workers = None
    for pid in below:
        with contextlib.suppress(FileNotFoundError, KeyError):  # it has ended
            workers = held_by(pid) if workers is None else workers + held_by(pid)
    return Sample(
        visit,
        {daemon: held_by(pid) for daemon, pid in pids.items()} | {"supervisor": held_by(station.process.pid)},
        workers,
        zombies_of(station.process.pid),
        stored_in(station.settings.runtime),
        stored_in(station.settings.state),
        stored_in(SHARED_MEMORY),
    )


def show_header() -> None:
    names = [f"{name} MB" for name in (*DAEMONS, "superv.")]
    print(
        f"{'visits':>6} {' '.join(f'{n:>12}' for n in names)} {'files (of them sockets)':>25} {'threads':>8}"
        f" {'workers':>8} {'zombies':>8} {'runtime':>12} {'state':>12} {'/dev/shm':>12} {'card s':>11}"
    )


def show(sample: Sample, card_s: list[float]) -> None:
    held = sample.daemons.values()
    memory = " ".join(f"{h.resident_kb / 1024:12.1f}" for h in held)
    files = ", ".join(f"{h.files}" for h in held) + f" ({sum(h.sockets for h in held)})"
    workers = f"{sample.workers.resident_kb / 1024:.0f} MB" if sample.workers else "0"
    recent = card_s[-100:]
    card = f"{np.median(recent):.2f}/{max(recent):.2f}" if recent else "-"
    print(
        f"{sample.visit:6d} {memory} {files:>25} {sum(h.threads for h in held):8d} {workers:>8} {sample.zombies:8d}"
        f" {_stored(sample.runtime):>12} {_stored(sample.state):>12} {_stored(sample.shared):>12} {card:>11}",
        flush=True,
    )


def _stored(stored: Stored) -> str:
    return f"{stored.files}/{stored.bytes / 1024:.0f} kB"


def slope(visits: np.ndarray, values: np.ndarray) -> tuple[float, float, float]:
    """Growth in 1,000 visits and its 95 % interval, by a line through the means of stretches of visits.

    Neighbouring visits are alike; means of stretches are nearly independent.
    """
    blocks = max(3, min(BLOCKS, len(visits) // 2))
    at = np.array([part.mean() for part in np.array_split(visits, blocks)])
    mean = np.array([part.mean() for part in np.array_split(values, blocks)])
    if np.ptp(mean) == 0:
        return 0.0, 0.0, 0.0
    line = stats.linregress(at, mean)
    half = stats.t.ppf(0.975, blocks - 2) * line.stderr
    return 1e3 * line.slope, 1e3 * (line.slope - half), 1e3 * (line.slope + half)


def judge(samples: list[Sample], *, keeps: bool = False) -> bool:
    """Say for each figure whether it is flat; whether all are. `keeps`: the station is to keep files of its visits."""
    settled = samples[min(WARM_UP, round(WARM_UP_SHARE * len(samples))) :]
    visits = np.array([s.visit for s in settled], float)
    flat = True
    print(f"\ngrowth in 1,000 visits (95 %), over the last {len(settled)}:")
    for daemon in settled[0].daemons:
        values = np.array([s.daemons[daemon].resident_kb / 1024 for s in settled])
        growth, low, high = slope(visits, values)
        ok = high < FLAT_MB or low <= 0 <= high
        flat &= ok
        print(f"  {daemon:11} {growth:+7.2f} MB ({low:+.2f}..{high:+.2f})   {'flat' if ok else 'GROWS'}")
    first, last = settled[0], settled[-1]
    counts = {
        "open files": [sum(h.files for h in s.daemons.values()) for s in (first, last)],
        "sockets": [sum(h.sockets for h in s.daemons.values()) for s in (first, last)],
        "threads": [sum(h.threads for h in s.daemons.values()) for s in (first, last)],
        "zombies": [s.zombies for s in (first, last)],
        "files in the runtime directory": [s.runtime.files for s in (first, last)],
        "sockets in the runtime directory": [s.runtime.sockets for s in (first, last)],
    }
    if not keeps:
        counts |= {
            "files in the state directory": [s.state.files for s in (first, last)],
            "bytes in the state directory": [s.state.bytes for s in (first, last)],
        }
    for name, (before, after) in counts.items():
        ok = after <= before
        flat &= ok
        print(f"  {name:34} {before} -> {after}   {'flat' if ok else 'GROWS'}")
    return flat


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--visits", type=int, default=1000)
    parser.add_argument("--every", type=int, default=100, help="visits between two lines of the table")
    parser.add_argument("--factor", type=float, default=30.0, help="speed of the replay")
    parser.add_argument("--simulated", action="store_true", help="simulated chips and camera, in real time")
    parser.add_argument("--only", choices=[plan.name for plan in PLANS], help="visits of one kind alone")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chosen = {plan: share for plan, share in PLANS.items() if options.only in (None, plan.name)}
    plans = random.Random(options.seed).choices(list(chosen), list(chosen.values()), k=options.visits)
    samples: list[Sample] = []
    failures: list[str] = []
    card_s: list[float] = []
    begun_s = time.monotonic()
    with station_of(options) as station:
        client = KioskClient(station.settings.kiosk.port)
        show_header()
        for number, plan in enumerate(plans, 1):
            done = visit_by(client, plan, failures)
            if done is not None and done.card_after_s is not None:
                card_s.append(done.card_after_s)
            samples.append(look(station, number))
            if number == 1 or number % options.every == 0 or number == options.visits:
                show(samples[-1], card_s)
        client.close()
    flat = judge(samples)
    took_s = time.monotonic() - begun_s
    print(f"\n{options.visits} visits in {took_s / 60:.1f} min; {len(card_s)} with a card; {len(failures)} failed")
    print(load())
    for failure in failures[:20]:
        print(f"  {failure}")
    print("verdict: " + ("flat" if flat and not failures else "NOT flat" if not flat else "visits failed"))
    sys.exit(not flat or bool(failures))


def visit_by(client: KioskClient, plan: Plan, failures: list[str], within_s: float = VISIT_WITHIN_S) -> Walk | None:
    """One visit; None where it failed, which is noted, and the station is idle again."""
    try:
        return walk(client, plan, CARD_TIMEOUT_S, within_s)
    except (VisitFailedError, OSError) as e:
        failures.append(f"{plan.name}: {e}")
        with contextlib.suppress(VisitFailedError, OSError):
            _give_up(client)
        return None


def _give_up(client: KioskClient) -> None:
    """Back to the start screen after a visit that failed."""
    end_s = time.monotonic() + VISIT_WITHIN_S
    while (page := client.open("/")).screen != "idle" and time.monotonic() < end_s:
        for action in ("discard", "finish", "stop"):
            if (form := page.form(f"/visit/{action}")) is not None:
                client.submit(form)
                break
        time.sleep(0.1)


if __name__ == "__main__":
    main()
