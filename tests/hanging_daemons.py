"""Real daemons on devices that block for ever in mid-call, as a broken driver does: python -m tests.hanging_daemons.

Arguments: the daemon, its configuration file, and the path of a pipe. From when that pipe exists, whatever the device
is asked blocks in the kernel, until somebody opens the pipe's other end. Long patience is made short.
"""

import contextlib
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from station import config
from station.camera import daemon as camera
from station.camera.backend import Frame
from station.clock import SystemClock
from station.config import Force
from station.daemon import Life
from station.force import daemon as force
from station.force.hx711_reader import Hx711Reader
from station.kiosk import daemon as kiosk
from station.kiosk import self_check
from station.sim.chips import build_chips, draw_chips
from station.sim.gpio import SimulatedGpio
from station.simulation_config import WiringFault
from tests.camera.clips import gradient
from tests.camera.fake_camera import SteadyCamera

PATIENCE_NS = 1_500_000_000


def hang_at(pipe: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # none is there, or it was taken away just now
        pipe.read_bytes()


class HangingPins(SimulatedGpio):
    def __init__(self, pipe: Path) -> None:
        super().__init__(SystemClock().now_ns)
        self._pipe = pipe

    def input(self, pin: int) -> int:
        hang_at(self._pipe)
        return super().input(pin)


class HangingCamera(SteadyCamera):
    def __init__(self, pipe: Path) -> None:
        super().__init__([gradient(240, 320, shift=10 * i) for i in range(8)], fps=30)
        self._pipe = pipe

    def read(self, timeout_s: float) -> Frame | None:
        hang_at(self._pipe)
        return super().read(timeout_s)


def run_force(life: Life, pipe: Path, wiring: Sequence[WiringFault] = ()) -> None:
    pins, settings = HangingPins(pipe), Force()
    build_chips(pins, draw_chips(1, 80), settings.cells, [np.zeros_like] * 4, SystemClock().now_ns(), faults=wiring)
    force.run(life, lambda _: Hx711Reader(pins, SystemClock(), settings.cells, 80, settings.poll_s, None))


def run_silent_force(life: Life, pipe: Path) -> None:
    """No chip has a supply."""
    run_force(life, pipe, [WiringFault(kind="no_power")])


def run_camera(life: Life, pipe: Path) -> None:
    camera._DEAF_NS = PATIENCE_NS
    camera.run(life, lambda _: HangingCamera(pipe))


def run_kiosk(life: Life, pipe: Path) -> None:
    """Each of the web server's threads waits for the same lock."""
    kiosk._DUMB_NS, self_check._EVERY_S, self_check._PATIENCE_S = PATIENCE_NS, 0.2, 0.5
    made = kiosk.create_app

    def create_app(parts: Any) -> Callable[[dict, Callable], Iterable[bytes]]:
        application = made(parts)

        def hanging(environ: dict, start: Callable) -> Iterable[bytes]:
            hang_at(pipe)
            return application(environ, start)

        return hanging

    kiosk.create_app = create_app
    kiosk.run(life)


if __name__ == "__main__":
    name, path, pipe = sys.argv[1:]
    runs = {"force": run_force, "silent_force": run_silent_force, "camera": run_camera, "kiosk": run_kiosk}
    with Life(name, config.load(path)) as life:
        runs[name](life, Path(pipe))
