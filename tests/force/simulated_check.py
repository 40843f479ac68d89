"""The check program on simulated pins: python -m tests.force.simulated_check FAULT|none COUNTS DOUT PD_SCK READINGS"""

import sys

from station.force import hx711_check
from station.sim.hx711_chip import Fault
from tests.sim.benches import OneChip, constant, hx711_package

if __name__ == "__main__":
    fault, counts, *arguments = sys.argv[1:]
    bench = OneChip(constant(int(counts)))
    bench.chip.fault = None if fault == "none" else Fault[fault]
    with hx711_package(bench.gpio, bench.clock):
        hx711_check.main(arguments)
