"""`station demo`: the whole station on the simulated runner, for somebody without hardware."""

import argparse
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import zmq

from station import config, simulated_world
from station.bus import Subscriber, request
from station.calibration import artefact
from station.errors import BusError, StationError
from station.messages import Choices, Done, Report, ReportRequest, StationState, VisitCommand
from station.option_types import natural, within
from station.supervisor import Supervisor

START_TIMEOUT_S = 60.0
SILENCE_TIMEOUT_S = 15.0
CARD_TIMEOUT_S = 240.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = simulated_world.scenarios()
    listed = "\n".join(f"  {name:16s} {title}" for name, title in names.items())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"scenarios:\n{listed}"
    parser.add_argument("--scenario", choices=names, default="head_forward", metavar="NAME", help="who runs, and how")
    parser.add_argument("--port", type=_port, default=8080, help="of the kiosk on this machine")
    parser.add_argument("--run-seconds", type=within(20, 3600), default=60.0, help="how long the simulated runner runs")
    parser.add_argument("--seed", type=natural, default=1, help="of the simulated world")
    parser.add_argument("--deck-hz", type=within(5, 1000), metavar="HZ", help="resonance of the simulated deck (rigid)")
    parser.add_argument("--deck-damping", type=within(0.005, 1), metavar="Z", help="its damping ratio (0.05)")
    parser.add_argument("--once", action="store_true", help="do one visit without anybody touching the kiosk, and end")
    parser.add_argument("--json", type=Path, metavar="OUT", help="with --once: write the result there")
    parser.add_argument("--recording", type=Path, metavar="OUT", help="with --once: keep the run's recording there")


def run(options: argparse.Namespace) -> None:
    """Raises StationError when the visit cannot be completed."""
    if not options.once and (options.json or options.recording):
        raise StationError("--json and --recording belong to --once; add --once or leave them out")
    if options.deck_damping is not None and options.deck_hz is None:
        raise StationError("--deck-damping needs --deck-hz")
    _check_places(options)
    _check_port(options.port)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))  # so that all below is undone
    with _world(options) as (path, settings):
        supervisor = Supervisor(path)
        if options.once:
            with _in_background(supervisor):
                _one_visit(settings, options)
            return
        print(f"The kiosk is at http://{settings.kiosk.host}:{settings.kiosk.port}/ (Ctrl-C ends the demo)", flush=True)
        supervisor.run()


def _check_places(options: argparse.Namespace) -> None:
    """Refuse, before anybody runs, what could not be written afterwards."""
    if options.json is not None and options.json == options.recording:
        raise StationError(f"{options.json}: --json and --recording cannot be one file; give each its own")
    for path in (options.json, options.recording):
        if path is None:
            continue
        if not path.parent.is_dir():
            raise StationError(f"{path}: there is no directory {path.parent}; make it or choose another place")
        if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
            raise StationError(f"{path}: cannot be written; choose another place")


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.Kiosk().host, port))
        except OSError as e:
            raise StationError(f"port {port}: {e.strerror}; choose another with --port") from None


@contextmanager
def _world(options: argparse.Namespace) -> Iterator[tuple[Path, config.Config]]:
    """A configuration of its own, in a directory that is removed afterwards; sockets and keys in RAM."""
    ram = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    runtime = Path(tempfile.mkdtemp(prefix="station-", dir=ram))
    state = Path(tempfile.mkdtemp(prefix="station-demo-"))
    try:
        settings = config.Config(
            mode="clinic" if options.recording else "gym",
            runtime_dir=str(runtime),
            state_dir=str(state),
            force=config.Force(device="simulated"),
            camera=config.Camera(device="simulated"),
            kiosk=config.Kiosk(port=options.port),
            run=config.Run(speed_m_s=simulated_world.belt_speed_m_s(options.scenario), seed=options.seed),
            simulation=config.Simulation(
                scenario=options.scenario,
                run_s=options.run_seconds,
                seed=options.seed,
                deck_hz=options.deck_hz,
                deck_damping=options.deck_damping or config.Simulation().deck_damping,
            ),
        )
        print("Calibrating the simulated station: tare, masses, kernel test, camera.", file=sys.stderr, flush=True)
        for part in simulated_world.calibrate_simulation(settings):
            artefact.save(part, state)
        path = state / "station.toml"
        config.dump(settings, path)
        yield path, settings
    finally:
        shutil.rmtree(runtime, ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)


@contextmanager
def _in_background(supervisor: Supervisor) -> Iterator[None]:
    stop = threading.Event()

    def supervise() -> None:
        while not stop.wait(0.1):
            supervisor.look()

    thread = threading.Thread(target=supervise, name="supervisor")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        supervisor.stop()


def _one_visit(settings: config.Config, options: argparse.Namespace) -> None:
    """Do what a visitor does at the kiosk: start with consent, run, read the card, leave."""
    context = zmq.Context()
    states = Subscriber(context, settings.runtime, ["fusion"], [StationState])
    try:
        _await_ready(states)
        request(context, settings.runtime, "fusion", VisitCommand(action="start", choices=Choices(camera=True)), Done)
        card = _await_card(states, settings.simulation.run_s)
        report = request(context, settings.runtime, "fusion", ReportRequest(visit_id=card.visit_id or ""), Report)
        _write(options.json, report.json)
        if options.recording:
            _copy(settings.state / "runs" / f"{card.visit_id}.mcap", options.recording)
        request(context, settings.runtime, "fusion", VisitCommand(action="finish", visit_id=card.visit_id), Done)
    finally:
        states.close()
        context.destroy(linger=0)


def _await_ready(states: Subscriber) -> None:
    """All daemons are there and nothing is wrong."""
    deadline_s = time.monotonic() + START_TIMEOUT_S
    faults: list[str] = []
    while time.monotonic() < deadline_s:
        state = states.receive(timeout_s=1.0)
        if isinstance(state, StationState):
            faults = state.faults
            if not faults and state.ready:
                return
    raise BusError(f"the station did not come up within {START_TIMEOUT_S:g} s: {'; '.join(faults) or 'no daemon'}")


def _await_card(states: Subscriber, run_s: float) -> StationState:
    """Follow the visit to its card. Raises StationError with the station's own words where it ends without one."""
    give_up_s = time.monotonic() + run_s + CARD_TIMEOUT_S
    said, began = "", False
    while time.monotonic() < give_up_s:
        state = states.receive(timeout_s=SILENCE_TIMEOUT_S)
        if not isinstance(state, StationState):
            raise BusError(f"the fusion daemon has been silent for {SILENCE_TIMEOUT_S:g} s")
        began = began or state.visit_id is not None
        if state.phase == "card":
            _say(f"scorecard ready after {state.steps} steps", end="\n")
            return state
        if began and state.phase == "idle":
            raise StationError(state.notice or "the visit was given up: nobody stood or ran on the deck")
        line = f"{state.phase}: {state.run_s:.0f} of {run_s:.0f} s, {state.steps} steps"
        if line != said:
            _say(line)
            said = line
    raise BusError(f"there was no scorecard {CARD_TIMEOUT_S:g} s after the end of the run")


def _say(line: str, end: str = "") -> None:
    """One line of progress, written over where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{line:60s}", end=end, file=sys.stderr, flush=True)
    elif end:
        print(line, file=sys.stderr, flush=True)


def _write(path: Path | None, document: bytes) -> None:
    if path is None:
        sys.stdout.write(document.decode() + "\n")
        return
    try:
        path.write_bytes(document + b"\n")
    except OSError as e:
        raise StationError(f"{path}: cannot be written ({e.strerror}); choose another place") from None


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as e:
        raise StationError(f"{target}: the recording cannot be kept there ({e.strerror})") from None


def _port(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 65535:
        raise argparse.ArgumentTypeError(f"{value} is no port; choose 1 to 65535")
    return value
