"""A whole visit on a slow board, in real time: `python -m tests.benchmarks.slow_board [--minutes 5] [--told]`.

All daemons, simulated chips and camera; the pose workers are held to the CPU time they would get on a Raspberry Pi 4:
three processes (its cores but one), a `heavy` frame in 550 ms each (estimated from the network's multiplications;
nobody has measured one). Everything else runs at this machine's speed. Says how long the card takes once the run is
declared over, what the camera half was judged on, and whether the load cells lost anything meanwhile.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np

from station import config
from station.bus import Subscriber, request
from station.camera.landmarks import LandmarkNetwork
from station.camera.ring import MAX_HEIGHT_PX, decode, encode
from station.camera.roi import Region
from station.camera.weights import DEFAULT_DIRECTORY, prepare
from station.messages import (
    CameraHealth,
    Choices,
    Done,
    ForceHealth,
    Keypoints,
    Message,
    Report,
    ReportRequest,
    SampleBatch,
    StationState,
    VisitCommand,
)
from station.simulated_world import belt_speed_m_s
from tests.benchmarks.held_processes import HeldProcesses, cpu_s
from tests.kiosk.kiosk_process import free_port
from tests.whole.station_process import RunningStation, running_station

FRAME_S = 0.55
WORKERS = 3
TIMED_FRAMES = 30
IDLE_S = 1.0  # a worker that uses no CPU for so long has loaded its networks
CARD_WITHIN_S = 120.0


def frame_cpu_s() -> float:
    """CPU time that a `heavy` frame takes on this machine, decoding included."""
    cv2.setNumThreads(1)
    network = LandmarkNetwork(DEFAULT_DIRECTORY, "heavy")
    image = np.random.default_rng(1).integers(0, 255, (MAX_HEIGHT_PX, MAX_HEIGHT_PX, 3), np.uint8)
    jpeg, whole = encode(0, image).jpeg, Region((MAX_HEIGHT_PX / 2, MAX_HEIGHT_PX / 2), float(MAX_HEIGHT_PX), 0.0)
    took_s = []
    for _ in range(TIMED_FRAMES):
        begun_s = time.thread_time()
        network.find(decode(jpeg), whole)
        took_s.append(time.thread_time() - begun_s)
    return float(np.median(took_s))


def pose_workers(station: RunningStation) -> list[int]:
    """Process ids of the camera daemon's workers, once all have loaded their networks."""
    camera = station.pid_of("camera")
    children = Path(f"/proc/{camera}/task/{camera}/children").read_text().split()
    pids = [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    before = None
    while (now := [cpu_s(pid) for pid in pids]) != before:
        before = now
        time.sleep(IDLE_S)
    return pids


@dataclass
class Heard:
    """What the daemons said during the visit."""

    last_seq: dict[int, int] = field(default_factory=dict)  # by channel
    conversions: int = 0
    lost_on_the_way: int = 0
    reader: list[ForceHealth] = field(default_factory=list)
    camera: list[CameraHealth] = field(default_factory=list)
    scored: list[Keypoints] = field(default_factory=list)
    last_scored_s: float = 0.0

    def take(self, message: Message) -> None:
        if isinstance(message, SampleBatch):
            self._take_samples(message)
        elif isinstance(message, ForceHealth):
            self.reader.append(message)
        elif isinstance(message, CameraHealth):
            self.camera.append(message)
        elif isinstance(message, Keypoints) and message.purpose == "score":
            self.scored.append(message)
            self.last_scored_s = time.monotonic()

    def _take_samples(self, batch: SampleBatch) -> None:
        columns = batch.arrays()
        for channel, seq in zip(columns["channel"].tolist(), columns["seq"].tolist(), strict=True):
            self.lost_on_the_way += seq - self.last_seq.get(channel, seq - 1) - 1
            self.last_seq[channel] = seq
            self.conversions += 1

    @property
    def lost_by_the_reader(self) -> int:
        return sum(self.reader[-1].lost) - sum(self.reader[0].lost)


def visit(station: RunningStation, run_s: float, told: bool) -> tuple[Heard, dict[str, float], dict[str, Any]]:
    """One visit; what was heard, when each phase was seen to begin, and the document."""
    runtime, context = station.settings.runtime, station.context
    everything = [SampleBatch, ForceHealth, CameraHealth, Keypoints, StationState]
    subscriber = Subscriber(context, runtime, ["force", "camera", "fusion"], everything)
    heard, began_s, state = Heard(), {}, None

    def until(wanted: Callable[[StationState], bool], within_s: float) -> StationState:
        end_s = time.monotonic() + within_s
        while time.monotonic() < end_s:
            message = subscriber.receive(timeout_s=0.5)
            if isinstance(message, StationState):
                began_s.setdefault(message.phase, time.monotonic())
                if wanted(message):
                    return message
            elif message is not None:
                heard.take(message)
        raise AssertionError(f"waited {within_s} s in vain")

    request(context, runtime, "fusion", VisitCommand(action="start", choices=Choices(camera=True)), Done)
    if told:
        state = until(lambda s: s.phase == "run" and s.run_s >= run_s, run_s + CARD_WITHIN_S)
        request(context, runtime, "fusion", VisitCommand(action="stop", visit_id=state.visit_id), Done)
    state = until(lambda s: s.phase == "card", run_s + CARD_WITHIN_S)
    report = request(context, runtime, "fusion", ReportRequest(visit_id=state.visit_id), Report)
    subscriber.close()
    return heard, began_s, msgspec.json.decode(report.json) | {"pictures": len(report.pictures)}


def say(heard: Heard, began_s: dict[str, float], document: dict[str, Any]) -> None:
    rate = np.median([h.scored_per_s for h in heard.camera if h.scored_per_s])
    posture, summary = document["posture"], document["summary"]
    strike = {side: value["n"] for side, value in posture["foot_strike_angle_deg"].items()}
    rows = {
        "steps, in seconds": f"{summary['steps']}, in {summary['duration_s']:.0f}",
        "from the run's end to its last frame": f"{max(0.0, heard.last_scored_s - began_s['score']):.2f} s",
        "from the run's end to its card": f"{began_s['card'] - began_s['score']:.2f} s",
        "frames posed, at frames a second": f"{len(heard.scored)}, at {rate:.1f}",
        "most frames waiting": str(max(h.backlog for h in heard.camera)),
        "frames filmed, dropped": f"{heard.camera[-1].frames}, {heard.camera[-1].dropped}",
        "landings judged": str(max(strike.values())),
        "strides judged": ", ".join(f"{k.removesuffix('_deg')} {v['n']}" for k, v in posture.items() if "n" in v),
        "neck drift": f"{posture['neck_drift_deg']['value']} ({posture['neck_drift_deg'].get('reason')})",
        "verdicts": ", ".join(f"{k} {v['verdict']} ({v['judged']})" for k, v in document["mistakes"].items()),
        "pictures on the cards": str(document["pictures"]),
        "conversions, lost by the reader, on the way": (
            f"{heard.conversions}, {heard.lost_by_the_reader}, {heard.lost_on_the_way}"
        ),
    }
    for name, value in rows.items():
        print(f"{name:46s} {value}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--minutes", type=float, default=5.0, help="how long the simulated runner runs")
    parser.add_argument("--told", action="store_true", help="the run ends in the middle of a step, by a tap")
    parser.add_argument("--scenario", default="heavy_rearfoot")
    parser.add_argument("--workers", type=int, default=WORKERS)
    options = parser.parse_args()
    prepare()
    share = frame_cpu_s() / FRAME_S
    run_s = 60 * options.minutes
    settings = config.Config(
        force=config.Force(device="simulated"),
        camera=config.Camera(device="simulated", workers=options.workers),
        kiosk=config.Kiosk(port=free_port()),
        run=config.Run(speed_m_s=belt_speed_m_s(options.scenario)),
        simulation=config.Simulation(scenario=options.scenario, run_s=run_s + (60 if options.told else 0)),
    )
    with tempfile.TemporaryDirectory() as folder, running_station(Path(folder), settings) as station:
        station.await_state(lambda s: s.ready and not s.faults)
        pids = pose_workers(station)
        print(f"{options.workers} workers and the live one, each held to {100 * share:.1f} % of a core", flush=True)
        with HeldProcesses(pids, share):
            say(*visit(station, run_s, options.told))


if __name__ == "__main__":
    main()
