"""The force daemon on simulated chips in real time: python -m tests.force.simulated_daemon RUNTIME_DIR"""

import sys

import numpy as np

from station.clock import SystemClock
from station.config import Config
from station.daemon import Life
from station.force.daemon import run
from station.force.hx711_reader import Hx711Reader
from station.sim.gpio import SimulatedGpio
from station.sim.rig import build_chips, draw_chips


def steady(t_s: np.ndarray) -> np.ndarray:
    return np.full(len(t_s), 250.0)


if __name__ == "__main__":
    config = Config(runtime_dir=sys.argv[1])
    clock = SystemClock()
    gpio = SimulatedGpio(clock.now_ns)
    cells = config.force.cells
    build_chips(gpio, draw_chips(1, 80), cells, [steady] * 4, clock.now_ns())
    with Life("force", config) as life:
        run(life, lambda _: Hx711Reader(gpio, clock, cells, 80, config.force.poll_s))
