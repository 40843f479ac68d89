"""Each mistake of wiring, injected at the simulated pins: what the doctor names. And what it says of sound stations.

    python -m tests.benchmarks.wiring_faults [--seeds 5] [--sound 200] [--first 0] [--only KIND ...]

Every fault on every cell, over some seeds; "alone" needs nobody at the deck, "calibrated" also knows the tare, "guided"
has somebody stand at the corners. *rightly*: named, on its cell (or its cells); *else*: only something else was named;
*missed*: nothing was; *undone*: this machine was too slow; *besides*: something was named that was not asked for. All
in virtual time, by the seed.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from station.messages import CHANNELS, Finding, spoken
from station.simulation_config import WiringFault, WiringMistake
from tests.doctor.patient import Patient, accusations

BRIDGE_OPEN = ("cell_connected", "bridge_wires")
"""An open input within the range wanders; at its end it looks like an exchanged wire, and the finding names both."""
PAIRS = (("front_left", "front_right"), ("front_left", "rear_left"), ("front_right", "rear_left"))


@dataclass(frozen=True)
class Row:
    """A mistake, where to put it (None: on all that share something), and the self-tests that name it."""

    kind: WiringMistake
    alone: tuple[str, ...] = ()
    calibrated: tuple[str, ...] = ()  # besides
    guided: tuple[str, ...] = ()  # besides
    common: bool = False


ROWS = (
    Row("cell_unplugged", BRIDGE_OPEN),
    Row("signal_wire_open", BRIDGE_OPEN),
    Row("excitation_wire_open", calibrated=("cells_in_place",), guided=("corner_presses",)),
    Row("excitation_on_signal", ("bridge_wires",)),
    Row("polarity_reversed", ("cell_load",), calibrated=("cells_in_place",), guided=("corner_presses",)),
    Row("cells_exchanged", calibrated=("cells_in_place",), guided=("corner_presses",)),
    Row("boards_exchanged", calibrated=("cells_in_place",), guided=("corner_presses",)),
    Row("pins_exchanged", ("pins_exchanged",)),
    Row("rate_10", ("rate_strap",)),
    Row("rate_10", ("rate_strap",), common=True),
    Row("supply_noise", ("electrical_noise",), common=True),
    Row("cell_noise", ("electrical_noise",)),
    Row("loose_ground", ("loose_contact",)),
    Row("loose_ground", ("loose_contact",), common=True),
    Row("no_power", ("chip_answers",)),
    Row("no_power", ("chip_answers",), common=True),
    Row("chip_dead", ("chip_answers",)),
    Row("data_low", ("chip_answers",)),
    Row("clock_low", ("chip_answers",)),
    Row("clock_high", ("chip_answers",)),
    Row("cell_overloaded", ("cell_load",)),
    Row("cell_bent", ("cell_load",)),
)
COLUMNS = ("rightly", "else", "missed", "undone", "besides")
SHAKING_N = 100.0
"""Of a belt that is not idle."""


def faults_of(row: Row) -> Iterator[WiringFault]:
    """One at a time, on every cell or on some pairs of cells."""
    if row.common:
        yield WiringFault(kind=row.kind)
    elif row.kind in ("cells_exchanged", "boards_exchanged"):
        for one, other in PAIRS:
            yield WiringFault(kind=row.kind, cell=one, other=other)
    else:
        for name in CHANNELS:
            yield WiringFault(kind=row.kind, cell=name)


def verdict(findings: Sequence[Finding], fault: WiringFault, checks: Sequence[str]) -> tuple[str, int]:
    """ "rightly", "else" or "missed", and how many findings name something else."""
    wrong = accusations(findings)
    cells = [name for name in (fault.cell, fault.other) if name]
    right = [f for f in wrong if f.check in checks and _of_those(f, cells)]
    besides = len(wrong) - len(right)
    nothing = "undone" if overrun(findings) else "missed"
    return ("rightly" if right else "else" if wrong else nothing), besides


def overrun(findings: Sequence[Finding]) -> bool:
    """Whether this machine was too busy for the limits, which are in real time."""
    return any("given up: a device does not answer" in finding.text for finding in findings)


def _of_those(finding: Finding, cells: Sequence[str]) -> bool:
    if len(cells) == 1 and finding.where is not None:
        return finding.where == cells[0]
    return all(spoken(name) in finding.text for name in cells)


def examine_fault(row: Row, seed: int, counts: dict[str, Counter]) -> None:
    patient = Patient(seed)
    for fault in faults_of(row):
        checks: tuple[str, ...] = ()
        for way, more in (("alone", row.alone), ("calibrated", row.calibrated), ("guided", row.guided)):
            checks += more
            if not more:
                continue
            with tempfile.TemporaryDirectory() as name:
                directory = Path(name)
                if way == "calibrated":
                    patient.calibrate(directory)
                findings = patient.examined(directory, [fault], guided=way == "guided")
            said, besides = verdict(findings, fault, checks)
            counts[way][said] += 1
            counts[way]["besides"] += besides


def shaken(first: int, seeds: int) -> None:
    """A running belt under an examination that asks for one at rest."""
    count: Counter = Counter()
    for seed in range(first, first + seeds):
        with tempfile.TemporaryDirectory() as name:
            wrong = accusations(Patient(1000 + seed, shaking_n=SHAKING_N).examined(Path(name)))
        right = [finding for finding in wrong if finding.check == "belt_vibration"]
        count["rightly" if right else "else" if wrong else "missed"] += 1
        count["besides"] += len(wrong) - len(right)
    print(line("belt_vibration", "alone", count), flush=True)


def line(label: str, way: str, count: Counter) -> str:
    numbers = " ".join(f"{count[said]:8d}" for said in COLUMNS)
    return f"{label:34} {way:11} {numbers}"


def table(first: int, seeds: int, only: Sequence[str]) -> None:
    print(f"{'fault':34} {'examined':11} {' '.join(f'{said:>8}' for said in COLUMNS)}")
    for row in ROWS:
        if only and row.kind not in only:
            continue
        counts = {way: Counter() for way in ("alone", "calibrated", "guided")}
        for seed in range(first, first + seeds):
            examine_fault(row, 1000 + seed, counts)
        for way, count in counts.items():
            if count:
                label = row.kind + (" (all four)" if row.common else "")
                print(line(label, way, count), flush=True)


def sound(first: int, seeds: int) -> None:
    """Half of them with the treadmill on the cells, a quarter calibrated and with somebody at the corners."""
    accused: Counter = Counter()
    undone = 0
    for seed in range(first, first + seeds):
        patient, known = Patient(seed, bare=seed % 2 == 1), seed % 4 < 2
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            if known:
                patient.calibrate(directory)
            findings = patient.examined(directory, guided=known)
            undone += overrun(findings)
            for finding in accusations(findings):
                accused[finding.check] += 1
                print(f"  seed {seed}: {finding.check} {finding.where}: {finding.text}", flush=True)
    print(f"sound stations: {seeds} seeds, {sum(accused.values())} wrong accusations {dict(accused)}, {undone} undone")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--sound", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="first seed, to share the work among several runs")
    parser.add_argument("--only", nargs="*", default=())
    options = parser.parse_args()
    began_s = time.monotonic()
    table(options.first, options.seeds, options.only)
    if not options.only:
        shaken(options.first, options.seeds)
    sound(options.first, options.sound)
    print(f"{time.monotonic() - began_s:.0f} s")


if __name__ == "__main__":
    main()
