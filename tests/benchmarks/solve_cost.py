"""What the force half costs: `python -m tests.benchmarks.solve_cost [--minutes 40] [--live-s 60]`.

CPU and memory of scoring a run of 20, 200 and 2,000 steps from its raw conversions; of one refresh during the run, at
minute 4 and at the end; how long after the end of the run the result is there; and in real time, on the whole simulated
station, how long after the true toe-off a live step leaves, and how far off its values are.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from station import config
from station.bus import Subscriber, request
from station.daemon import Life
from station.fusion.early_blocks import EarlyBlocks
from station.fusion.scorer import Scorer
from station.fusion.scoring import setup_of
from station.gait.cell_source import RawCells
from station.gait.force_analysis import analyse_run
from station.gait.force_blocks import BLOCK_S, OVERLAP_S
from station.gait.run_force import solve_run
from station.messages import Calibration, Done, LiveStep, Mark, Message, SampleBatch, Scored, VisitCommand
from station.sim.runner.scenario import load_scenario
from station.sim.visitor import visit_of
from station.sim.world import World
from tests.fusion.simulated_run import SPEC, batches_of, run_messages
from tests.gait.raw_conversions import EPOCH_NS
from tests.kiosk.kiosk_process import free_port
from tests.whole.station_process import running_station

STEP_S = 60 / SPEC.cadence_spm
PART_S = 120.0
FLAG_OF_A_NEW_PART = 1  # its chips begin anew, like chips that were started again
SCENARIO = "heavy_rearfoot"
REFRESHES = 5
BEGINNING = 30  # messages from which the beginning of the run is known
SHORT_MINUTES = 4.0
LEAST_MINUTES = 5.0


def long_run(run_s: float) -> tuple[Calibration, dict[str, np.ndarray]]:
    """Raw columns of a run of any length: two minutes of it, again and again."""
    part_s = min(PART_S, run_s)
    messages = run_messages(part_s)
    batches = [m.arrays() for m in messages if isinstance(m, SampleBatch)]
    part = {name: np.concatenate([b[name] for b in batches]) for name in batches[0]}
    inside = part["t_low_ns"] < EPOCH_NS + round(part_s * 1e9)
    later = inside & (part["t_low_ns"] >= EPOCH_NS)
    out = []
    for k in range(-(-round(run_s) // round(part_s))):
        columns = {name: values[later if k else inside].copy() for name, values in part.items()}
        for name in ("t_high_ns", "t_low_ns"):
            columns[name] += k * round(part_s * 1e9)
        if k:
            first = np.unique(columns["channel"], return_index=True)[1]
            columns["flags"][first] = FLAG_OF_A_NEW_PART
        out.append(columns)
    (calibration,) = (m for m in messages if isinstance(m, Calibration))
    return calibration, {name: np.concatenate([columns[name] for columns in out]) for name in part}


def messages_of(run_s: float) -> list[Message]:
    calibration, columns = long_run(run_s)
    info, *_ = run_messages(min(PART_S, run_s))
    marks = [Mark(t_ns=EPOCH_NS + round(t_s * 1e9), phase=p) for t_s, p in ((0.0, "run"), (run_s, "score"))]
    return [info, calibration, marks[0], *batches_of(columns), marks[1]]


def whole_score(steps: int) -> None:
    """In a process of its own: CPU and memory of the force half of a run."""
    run_s = steps * STEP_S
    calibration, columns = long_run(run_s)
    before_mb = _peak_mb()
    begun = time.process_time()
    run = solve_run(RawCells(columns, calibration, EPOCH_NS), 0.0, run_s)
    solved_s = time.process_time() - begun
    result = analyse_run(run, setup_of(calibration, run))
    all_s = time.process_time() - begun
    print(
        f"{steps:5d} steps ({run_s:4.0f} s; {len(result.steps)} found): CPU {all_s:6.2f} s, of it blocks"
        f" {solved_s:6.2f} s; memory {_peak_mb():4.0f} MB at most, {before_mb:.0f} MB before"
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def refreshes(run_s: float) -> None:
    """CPU of a block as the worker solves it, at the end of a short run and at the end of the run."""
    messages = messages_of(run_s)
    for at_s in (60 * SHORT_MINUTES, run_s):
        costs = _refresh_costs_s(messages, int(at_s // BLOCK_S) - REFRESHES - 1)
        spread = f"{min(costs):.2f}..{max(costs):.2f}"
        print(f"a refresh at minute {at_s / 60:.0f}: CPU {np.median(costs):.2f} s ({spread}), every {BLOCK_S:g} s")


def _refresh_costs_s(messages: list[Message], first: int) -> list[float]:
    """Of the blocks from the number `first` on; those before count as solved, and their conversions are let go."""
    early, costs = EarlyBlocks(), []
    early.blocks.extend([None] * first)
    needed_ns = EPOCH_NS + round((first * BLOCK_S - 2 * OVERLAP_S) * 1e9)
    for k, message in enumerate(messages):
        gone = isinstance(message, SampleBatch) and message.arrays()["t_low_ns"][-1] < needed_ns
        if gone and k > BEGINNING:
            continue
        early.take(message)
        if len(costs) < REFRESHES and (stretch := early.due) is not None:
            begun = time.process_time()
            early.solve(stretch)
            costs.append(time.process_time() - begun)
    return costs


def after_the_end(run_s: float) -> None:
    """Time from the last message of a run to its result, by the worker, which had solved all but the end of it."""
    messages = messages_of(run_s)
    with (
        tempfile.TemporaryDirectory(prefix="st-") as runtime,
        Life("fusion", config.Config(runtime_dir=runtime)) as life,
    ):
        scorer = Scorer(life)
        for message in messages[:-1]:
            scorer.add(message)
        blocks, found = int((run_s - 4) // BLOCK_S), 0
        while found < blocks:
            scorer.turn()
            found += len(scorer.solved())
            time.sleep(0.02)
        scorer.add(messages[-1])
        begun_s = time.monotonic()
        scorer.finish()
        while (outcome := scorer.outcome()) is None:
            scorer.turn()
            time.sleep(0.005)
        print(
            f"from the end of a run of {run_s / 60:.0f} min to its result: {time.monotonic() - begun_s:.2f} s", end=""
        )
        print("" if isinstance(outcome, Scored) else f" {outcome}")


def live(live_s: float) -> None:
    """The whole simulated station in real time."""
    settings = config.Config(
        force=config.Force(device="simulated"),
        camera=config.Camera(device="none"),
        kiosk=config.Kiosk(port=free_port()),
        simulation=config.Simulation(scenario=SCENARIO, run_s=live_s),
    )
    heard: list[tuple[float, LiveStep]] = []
    with tempfile.TemporaryDirectory() as folder, running_station(Path(folder), settings) as station:
        runtime = station.settings.runtime
        steps = Subscriber(station.context, runtime, ["fusion"], [LiveStep])
        station.await_state(lambda s: s.ready)
        request(station.context, runtime, "fusion", VisitCommand(action="start"), Done)
        state = station.await_state(lambda s: s.phase == "run")
        end_s = time.monotonic() + live_s - 5
        while time.monotonic() < end_s:
            step = steps.receive(timeout_s=0.5)
            if step is not None:
                heard.append((time.monotonic(), step))
        steps.close()
    scenario = load_scenario(SCENARIO)
    truth = World(scenario, visit_of(state.marks_ns, live_s), settings.simulation.seed, live_s).contacts()
    _say_live(heard, truth, state.marks_ns["run"] / 1e9)


def _say_live(heard: list[tuple[float, LiveStep]], truth: list, run_s: float) -> None:
    contact_s = np.array([c.contact_s for c in truth])
    late_ms, rows = [], []
    for at_s, step in heard:
        k = int(np.argmin(np.abs(contact_s - (run_s + step.t_s))))
        if abs(contact_s[k] - (run_s + step.t_s)) < 0.06:
            late_ms.append(1e3 * (at_s - truth[k].toe_off_s))
            true_ms = 1e3 * (truth[k].toe_off_s - truth[k].contact_s)
            rows.append((step.corrected, step.contact_time_ms - true_ms))
    p50, p99 = np.quantile(late_ms, (0.5, 0.99))
    print(
        f"live steps: {len(late_ms)} of {len(heard)}; {p50:.0f} ms (median), {p99:.0f} ms (99 %) after the true toe-off"
    )
    for corrected in (False, True):
        errors = np.array([error for c, error in rows if c == corrected])
        if len(errors):
            name = "corrected by a solved stretch" if corrected else "before any stretch was solved"
            print(
                f"live contact time, {name}: error {errors.mean():+.1f} ms, sd {errors.std():.1f} ms (n {len(errors)})"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--minutes", type=float, default=40.0, help="length of the long run")
    parser.add_argument("--live-s", type=float, default=60.0, help="length of the run in real time; 0 leaves it out")
    parser.add_argument("--steps", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.minutes < LEAST_MINUTES:
        parser.error(f"--minutes {options.minutes:g}: a long run is one of {LEAST_MINUTES:g} minutes or more")
    if options.steps:
        whole_score(options.steps)
        return
    for steps in (20, 200, 2000):
        subprocess.run([sys.executable, "-m", "tests.benchmarks.solve_cost", "--steps", str(steps)], check=True)
    refreshes(60 * options.minutes)
    for minutes in (SHORT_MINUTES, options.minutes):
        after_the_end(60 * minutes)
    if options.live_s:
        live(options.live_s)


if __name__ == "__main__":
    main()
