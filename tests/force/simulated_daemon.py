"""The force daemon on simulated chips in real time: python -m tests.force.simulated_daemon RUNTIME_DIR"""

import sys
from itertools import chain, repeat

import numpy as np

from station.clock import SystemClock
from station.config import Config, Force
from station.daemon import Life
from station.force.daemon import run
from station.force.hx711_reader import Hx711Reader
from station.sim.chips import build_chips, draw_chips
from station.sim.gpio import SimulatedGpio
from station.sim.shunt import PIN, Shunt
from tests.force.four_chips import as_made

if __name__ == "__main__":
    force = Force(shunt_pin=PIN, cell_capacity_kg=40.0, treadmill_kg=80.0)  # 250 N and 20 kg are too much for them
    clock, shunt = SystemClock(), Shunt()
    gpio = SimulatedGpio(clock.now_ns)
    steady = [lambda t_s: np.full(len(t_s), 250.0) + shunt.force_n(t_s)] * 4
    specs = draw_chips(1, 80)
    chips = build_chips(gpio, specs, force.cells, steady, clock.now_ns())

    def drive(level: int, t_ns: int) -> None:
        if shunt.drive(level, t_ns):
            for chip in chips:
                chip.force_changed()

    gpio.connect_output(PIN, drive)
    with Life("force", Config(runtime_dir=sys.argv[1], force=force)) as life:
        reader = Hx711Reader(gpio, clock, force.cells, 80, force.poll_s, force.shunt_pin)
        calibrations = chain([None], repeat(as_made(specs)))  # calibrated while the daemon runs
        run(life, lambda _: reader, lambda: next(calibrations))
