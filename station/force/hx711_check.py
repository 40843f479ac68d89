"""Check of one chip by the independent `hx711` package, in a child process with a deadline.

The package waits for ever on a dead chip and takes a second to begin, so it never runs inside a daemon; and the
daemon must not hold the pins meanwhile. As a program: `python -m station.force.hx711_check DOUT PD_SCK READINGS`.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from station.config import Cell
from station.errors import DeviceError
from station.messages import spoken

COMMAND = (sys.executable, "-m", "station.force.hx711_check")
DEADLINE_S = 8.0


@dataclass(frozen=True)
class ChipCheck:
    """Counts as the package read them."""

    counts: tuple[int, ...]

    @property
    def mean(self) -> float:
        return fmean(self.counts)

    @property
    def sd(self) -> float:
        return pstdev(self.counts)


def check_chip(
    name: str, cell: Cell, readings: int = 10, deadline_s: float = DEADLINE_S, command: Sequence[str] = COMMAND
) -> ChipCheck:
    """Read one chip with gain 128. Raises DeviceError, naming the cell and its pins, where it does not answer."""
    place = f"{spoken(name)} load cell (DOUT on GPIO {cell.dout}, PD_SCK on GPIO {cell.pd_sck})"
    arguments = [*command, str(cell.dout), str(cell.pd_sck), str(readings)]
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=deadline_s, check=False)
    except subprocess.TimeoutExpired:
        raise DeviceError(f"{place}: no answer within {deadline_s:g} s; check its wires and its 3.3 V supply") from None
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["the check ended without a word"])[-1]
        raise DeviceError(f"{place}: {reason}")
    return ChipCheck(tuple(json.loads(done.stdout)))


def read_chip(dout: int, pd_sck: int, readings: int) -> list[int]:
    """Counts by the `hx711` package; never returns where the chip is dead."""
    from hx711 import HX711

    chip = HX711(dout_pin=dout, pd_sck_pin=pd_sck, gain=128, channel="A")
    return chip.get_raw_data(times=readings)


def main(arguments: list[str]) -> None:
    """Print the counts as a JSON list."""
    dout, pd_sck, readings = map(int, arguments)
    print(json.dumps(read_chip(dout, pd_sck, readings)))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (ImportError, RuntimeError, ValueError, OSError) as e:
        sys.exit(f"{type(e).__name__}: {e}")
