"""How long a runner waits for the screen: `python -m tests.benchmarks.kiosk_latency [--runs 5] [--run-s 45]`.

The whole simulated station in real time and a real Chromium. Measured: from `station up` to a start screen that can be
tapped; from the run declared over to the scorecard painted, with camera and without; from the toe-off at the pins (the
simulated world's own instant) to the changed page, stage by stage.
"""

import argparse
import os
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from station import config
from station.bus import Subscriber, request
from station.messages import Choices, Done, LiveStep, Message, SampleBatch, StationState, VisitCommand
from station.sim.runner.scenario import load_scenario
from station.sim.runner.stride_timing import Contact
from station.sim.visitor import visit_of
from station.sim.world import World
from station.simulated_world import belt_speed_m_s
from tests.benchmarks.footprint import load
from tests.kiosk.browser import SIZES, chromium
from tests.kiosk.kiosk_process import free_port
from tests.whole.station_process import RunningStation, running_station

SCENARIO = "heavy_rearfoot"
CARD_TARGET_S, STEP_TARGET_MS, START_TARGET_S = 2.0, 300.0, 120.0
SAME_CONTACT_S = 0.06
SCREEN_WITHIN_MS = 120_000
START = "[data-needs=force]:visible"
"""What a tap begins a visit with; hidden until the load cells answer."""
STAGES = (
    "toe-off to the stamp of the conversion that told it",
    "stamp to its batch on the bus",
    "batch to the live step on the bus (fusion)",
    "live step to the browser's event (kiosk, SSE)",
    "event to the changed page",
    "changed page to the next frame",
)
_SPY = """
  const now = () => performance.timeOrigin + performance.now();
  const Source = window.EventSource;
  let step = null;
  window.EventSource = class extends Source {
    constructor(...given) {
      super(...given);
      this.addEventListener("step", (event) => { step = { n: JSON.parse(event.data).n, heard: now() }; });
    }
  };
  new MutationObserver((changes) => {
    if (step === null || !changes.some(({ target }) => target.classList?.contains("landed"))) return;
    const shown = { ...step, changed: now() };
    step = null;
    requestAnimationFrame(() => noteStep({ ...shown, frame: now() }));
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["class"] });
  addEventListener("load", () => {
    requestAnimationFrame(() => requestAnimationFrame(() => notePainted(document.body.dataset.screen, now())));
  });
"""
"""Runs before the page's own scripts: notes by the wall clock, in ms, when things reach the page."""


class Listener:
    """Notes in a thread of its own when what came over the bus, in seconds of the monotonic clock."""

    def __init__(self, station: RunningStation) -> None:
        kinds: list[type[Message]] = [StationState, LiveStep, SampleBatch]
        self._subscriber = Subscriber(station.context, station.settings.runtime, ["fusion", "force"], kinds)
        self._ended = threading.Event()
        self.phases_s: dict[str, float] = {}
        self.marks_ns: dict[str, int] = {}
        self.visit_id: str | None = None
        self.steps: list[tuple[float, LiveStep]] = []
        self.batches: list[tuple[float, float]] = []  # arrival, stamp of the last conversion
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            message = self._subscriber.receive(timeout_s=0.2)
            at_s = time.monotonic()
            if isinstance(message, SampleBatch):
                self.batches.append((at_s, float(message.arrays()["t_low_ns"].max()) / 1e9))
            elif isinstance(message, LiveStep):
                self.steps.append((at_s, message))
            elif isinstance(message, StationState):
                self.phases_s.setdefault(message.phase, at_s)
                self.marks_ns |= message.marks_ns
                self.visit_id = message.visit_id

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._subscriber.close()


class Screen:
    """The kiosk's page in a browser, and what it noted: seconds of the monotonic clock."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._wall_s = time.time() - time.monotonic()
        self.steps: list[dict[str, float]] = []  # n; heard, changed, frame
        self.painted_s: dict[str, float] = {}  # by screen, the last time
        context = browser.new_context(viewport=dict(zip(("width", "height"), SIZES["wide"], strict=True)))
        context.expose_function("noteStep", self._note_step)
        context.expose_function("notePainted", self._note_painted)
        context.add_init_script(_SPY)
        self.page = context.new_page()
        self.page.goto(url)

    def at(self, screen: str, holding: str = "") -> None:
        """Wait until this screen is shown, with something in it."""
        self.page.wait_for_selector(f'body[data-screen="{screen}"] {holding}', timeout=SCREEN_WITHIN_MS)

    def painted(self, screen: str) -> float:
        """When the screen was painted with all that it loads; waits for that."""
        while screen not in self.painted_s:
            self.page.wait_for_timeout(20)
        return self.painted_s[screen]

    def forget(self) -> None:
        self.steps.clear()
        self.painted_s.clear()

    def _note_step(self, step: dict[str, float]) -> None:
        self.steps.append({name: at if name == "n" else at / 1e3 - self._wall_s for name, at in step.items()})

    def _note_painted(self, screen: str, at_ms: float) -> None:
        self.painted_s[screen] = at_ms / 1e3 - self._wall_s


@dataclass
class Figures:
    """`stages_ms`: rows of one step each, in the order of STAGES."""

    card_s: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    stages_ms: list[list[float]] = field(default_factory=list)
    steps: int = 0
    loads: list[float] = field(default_factory=list)


def one_run(station: RunningStation, screen: Screen, camera: bool, figures: Figures) -> None:
    runtime, context = station.settings.runtime, station.context
    screen.at("idle")
    listener = Listener(station)
    screen.forget()
    request(context, runtime, "fusion", VisitCommand(action="start", choices=Choices(camera=camera, live=True)), Done)
    screen.at("card", "a.card")
    figures.card_s[camera].append(screen.painted("card") - listener.phases_s["score"])
    figures.loads.append(os.getloadavg()[0])
    request(context, runtime, "fusion", VisitCommand(action="finish", visit_id=listener.visit_id), Done)
    screen.at("idle")
    listener.close()
    simulation = station.settings.simulation
    visit = visit_of(listener.marks_ns, simulation.run_s)
    truth = World(load_scenario(SCENARIO), visit, simulation.seed, simulation.run_s).contacts()
    figures.steps += len(listener.steps)
    figures.stages_ms += stages(listener, screen.steps, truth)


def stages(listener: Listener, shown: list[dict[str, float]], truth: list[Contact]) -> list[list[float]]:
    """How long each stage of each step took, in ms; steps that the browser did not show are left out."""
    contacts_s = np.array([contact.contact_s for contact in truth])
    arrived_s = np.array([arrived for arrived, _ in listener.batches])
    began_s = listener.marks_ns["run"] / 1e9
    by_number = {step["n"]: step for step in shown}
    rows = []
    for published_s, step in listener.steps:
        seen, at_s = by_number.get(step.n), began_s + step.t_s
        k = int(np.argmin(np.abs(contacts_s - at_s)))
        if seen is None or abs(contacts_s[k] - at_s) > SAME_CONTACT_S:
            continue
        batch_s, stamp_s = listener.batches[int(np.searchsorted(arrived_s, published_s)) - 1]
        instants_s = [truth[k].toe_off_s, stamp_s, batch_s, published_s, seen["heard"], seen["changed"], seen["frame"]]
        rows.append([1e3 * (b - a) for a, b in pairwise(instants_s)])
    return rows


def say(figures: Figures, start_s: float) -> None:
    print(
        f"\nfrom `station up` to a start screen that can be tapped: {start_s:.1f} s ({_met(start_s, START_TARGET_S)} s)"
    )
    for camera, card_s in figures.card_s.items():
        name = "with camera" if camera else "without camera"
        each = ", ".join(f"{s:.2f}" for s in card_s)
        met = _met(max(card_s), CARD_TARGET_S)
        print(f"run over to card painted, {name}: median {np.median(card_s):.2f} s, max {max(card_s):.2f} s ({met} s)")
        print(f"  {each}")
    rows = np.array(figures.stages_ms)
    print(f"\n{'live step, ms':56} {'median':>8} {'95 %':>8} {'max':>8}")
    for name, values in zip(STAGES, rows.T, strict=True):
        print(f"  {name:54} {_quantiles(values)}")
    print(f"  {'toe-off at the pins to the changed page':54} {_quantiles(rows[:, :5].sum(axis=1))}")
    print(f"  {'toe-off at the pins to the next frame':54} {_quantiles(rows.sum(axis=1))}")
    met = _met(float(np.quantile(rows[:, :5].sum(axis=1), 0.95)), STEP_TARGET_MS)
    print(f"{len(rows)} of {figures.steps} steps shown and matched; 95 % {met} ms")
    print(f"1-minute load at the cards: {min(figures.loads):.1f}..{max(figures.loads):.1f}; now {load()}")


def _quantiles(values: np.ndarray) -> str:
    return " ".join(f"{np.quantile(values, q):8.1f}" for q in (0.5, 0.95, 1.0))


def _met(value: float, target: float) -> str:
    return f"{'within' if value <= target else 'MISSES'} {target:g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--runs", type=int, default=5, help="with camera, and as many without")
    parser.add_argument("--run-s", type=float, default=45.0, help="length of each run")
    options = parser.parse_args()
    settings = config.Config(
        force=config.Force(device="simulated"),
        camera=config.Camera(device="simulated"),
        kiosk=config.Kiosk(port=free_port()),
        run=config.Run(speed_m_s=belt_speed_m_s(SCENARIO)),
        simulation=config.Simulation(scenario=SCENARIO, run_s=options.run_s),
    )
    print(load(), flush=True)
    figures = Figures()
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        running_station(Path(folder), settings) as station,
    ):
        began_s = time.monotonic()
        screen = Screen(browser, _served(settings.kiosk.port))
        screen.at("idle", START)
        start_s = time.monotonic() - began_s
        station.await_state(lambda s: s.ready and not s.faults)
        for camera in [True, False] * options.runs:
            one_run(station, screen, camera, figures)
            print(f"  camera {camera}: card after {figures.card_s[camera][-1]:.2f} s", flush=True)
    say(figures, start_s)


def _served(port: int) -> str:
    """The kiosk's address, once it answers: as the kiosk's browser is started."""
    url = f"http://127.0.0.1:{port}/"
    while True:
        try:
            urllib.request.urlopen(f"{url}health").close()
            return url
        except OSError:
            time.sleep(0.05)


if __name__ == "__main__":
    main()
