"""`station wiring`: the pins of this station, what its cells bear, and the drawings of both."""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from station import config
from station.config import Force
from station.errors import InputError
from station.force.capacity import Capacity, capacity, nearest_e24, shunt_ohm
from station.messages import CHANNELS, spoken
from station.wiring.harness import harness
from station.wiring.header import pin_of
from station.wiring.mounting import camera_drawing, foot_drawing
from station.wiring.netlist import GROUND_PIN, SUPPLY_PIN
from station.wiring.plan import deck_drawing, header_drawing
from station.wiring.schematic import schematic

DRAWINGS: dict[str, Callable[[Force], str]] = {
    "harness.yml": harness,
    "schematic.svg": schematic,
    "header.svg": header_drawing,
    "deck.svg": deck_drawing,
    "foot.svg": lambda force: foot_drawing(),
    "camera.svg": lambda force: camera_drawing(),
}
"""File -> what is in it."""
_WIREVIZ_S = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")
    parser.add_argument("--out", type=Path, metavar="DIR", help="also write the drawings there")


def run(options: argparse.Namespace) -> None:
    """Raises InputError where the drawings cannot be written."""
    force = config.load(options.config).force
    if options.out is not None:
        try:
            _write(force, options.out)
        except OSError as e:
            raise InputError(f"{options.out}: {e.strerror}; choose another place") from None
    sys.stdout.write("\n".join((*_pins(force), "", *_weights(force, capacity(force)))) + "\n")


def _pins(force: Force) -> list[str]:
    lines = [f"{'cell':<12} {'DT (DOUT)':<17} {'SCK (PD_SCK)':<17} x, y from the middle of the belt"]
    for channel in CHANNELS:
        cell = force.cells[channel]
        place = f"{cell.x_m:+.2f} m, {cell.y_m:+.2f} m"
        lines.append(f"{spoken(channel):<12} {_pin(cell.dout):<17} {_pin(cell.pd_sck):<17} {place}")
    lines.append(f"all boards   3V3 pin {SUPPLY_PIN}, GND pin {GROUND_PIN}, over the star board; never 5V")
    if force.shunt_pin is None:
        return [*lines, "no shunt switch: the kernel test cannot be made (force.shunt_pin)"]
    kilohm = nearest_e24(shunt_ohm(force)) / 1e3
    return [*lines, f"shunt switch {_pin(force.shunt_pin)}, {kilohm:g} kohm from A- of each board"]


def _pin(bcm: int) -> str:
    return f"GPIO {bcm} = pin {pin_of(bcm)}"


def _weights(force: Force, told: Capacity) -> list[str]:
    return [
        f"one cell: {told.rated_kg:.0f} kg rated, {told.unharmed_kg:.0f} kg without harm, "
        f"{told.range_kg:.0f} kg at the end of its chip's range",
        f"treadmill: {force.treadmill_kg:.0f} kg, of which {told.dead_kg:.0f} kg on the heaviest corner",
        "heaviest runner whose landings stay within what the cells are rated for:",
        *(f"  {kg:.0f} kg at {speed:.1f} m/s" for speed, kg in told.runner_rated_kg.items()),
        f"heaviest runner whom the station takes (no cell harmed, no chip at its end): {told.runner_kg:.0f} kg",
    ]


def _write(force: Force, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in DRAWINGS.items():
        (folder / name).write_text(draw(force), encoding="utf-8")
    _draw_harness(folder / "harness.yml")


def _draw_harness(source: Path) -> None:
    """harness.svg beside it, where WireViz and Graphviz are installed; its last line says what it was made of."""
    drawing = source.with_suffix(".svg")
    drawing.unlink(missing_ok=True)
    wireviz = shutil.which("wireviz", path=str(Path(sys.executable).parent)) or shutil.which("wireviz")
    if wireviz is None or shutil.which("dot") is None:
        print(f"{drawing.name} left out: it needs the commands wireviz and dot; {source.name} says the same in words")
        return
    command = [wireviz, "-f", "s", source]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_WIREVIZ_S, check=False)
    except subprocess.TimeoutExpired:
        raise _not_drawn(source, f"it took more than {_WIREVIZ_S:g} s") from None
    except OSError as e:
        raise _not_drawn(source, f"{wireviz}: {e.strerror}") from None
    if done.returncode or not drawing.exists():
        raise _not_drawn(source, " ".join(done.stderr.strip().splitlines()[-1:]) or f"it ended with {done.returncode}")
    with drawing.open("a", encoding="utf-8") as file:
        file.write(made_of(source.read_text(encoding="utf-8")))


def _not_drawn(source: Path, why: str) -> InputError:
    return InputError(
        f"{source}: WireViz could not draw it ({why}); mend or remove WireViz: the file says the same in words"
    )


def made_of(source: str) -> str:
    """Tells a drawing from one of another harness."""
    return f"<!-- harness.yml sha256 {sha256(source.encode()).hexdigest()} -->\n"
