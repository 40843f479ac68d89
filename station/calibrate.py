"""`station calibrate`: one calibration, step by step, with an installer at the deck."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from station import config, devices
from station.calibration import artefact, board, machines, report
from station.calibration.accelerometer import measure_deck_by_phone
from station.calibration.camera_eye import opened
from station.calibration.grid import PATTERNS
from station.calibration.parts import DeckPart, Part, origin
from station.calibration.plates import DEFAULT_SD_SHARE, USUAL_MASSES_KG
from station.calibration.static_reading import ReadingTime
from station.calibration.terminal import Terminal
from station.calibration.watched import WatchedFrontEnd
from station.clock import SystemClock
from station.daemon import Life
from station.errors import StationError
from station.messages import CalibrationKind, CalibrationOptions, PlateLabel
from station.option_types import within

MOST_KG = 500.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT", parser_class=argparse.ArgumentParser)
    tare = _kind(kinds, "tare", "the unloaded deck, belt at rest and running")
    tare.add_argument("--no-belt", action="store_true", help="leave out the running belt")
    grid = _kind(kinds, "grid", "known masses at known places: newtons per count, places of the cells")
    usual = ", ".join(f"{kg:g}" for kg in USUAL_MASSES_KG)
    grid.add_argument(
        "--mass",
        type=_plate,
        action="append",
        metavar="KG[:SD]",
        help=f"a plate, with what its label is worth: 20, 20:1%%, 20:0.2kg; may be given again "
        f"(default {usual}; {100 * DEFAULT_SD_SHARE:g}%%)",
    )
    grid.add_argument("--points", type=int, choices=PATTERNS, default=9, help="places for each plate (default 9)")
    _kind(kinds, "kernel", "what each chip averages over, by the shunt switch")
    deck = _kind(kinds, "deck", "how the deck rings, by taps on it")
    deck.add_argument(
        "--accelerometer", type=Path, metavar="CSV", help="recorded by a phone on the deck, instead of the load cells"
    )
    camera = _kind(kinds, "camera", "where the camera stands, by a printed board on the belt")
    camera.set_defaults(at_the_deck=_with_the_camera)
    camera.add_argument("--print", type=Path, metavar="SVG", dest="svg", help="write the board to print, and end")
    camera.add_argument(
        "--square",
        type=within(10, 500),
        default=board.SQUARE_MM,
        metavar="MM",
        help=f"side of the printed squares, by a ruler (default {board.SQUARE_MM:g})",
    )


def run(options: argparse.Namespace) -> None:
    """Raises StationError where the calibration cannot be carried through; nothing is saved then."""
    settings = config.load(options.config)
    if getattr(options, "svg", None):
        if options.square != board.SQUARE_MM:
            raise StationError("--square is of the printed board, by a ruler; give it when the camera looks at it")
        _print_board(options.svg)
        return
    if getattr(options, "accelerometer", None):
        part = artefact.save(_deck_by_phone(options.accelerometer, settings), settings.state)
    else:
        part = _step_by_step(options, settings)
    _show(part, settings, options.json)


def _step_by_step(options: argparse.Namespace, settings: config.Config) -> Part:
    """The part that the steps of a machine gave, saved."""
    if not (options.yes or sys.stdin.isatty()):
        raise StationError("calibrate asks for things to be done at the deck; run it in a terminal, or add --yes")
    os.umask(0o007)  # as the daemons, whose group is to read the part and to reach this command's sockets
    artefact.prepare(settings.state)
    with Life("calibrate", settings) as life:
        if not life.in_use.begin():
            raise StationError("somebody is using the station; calibrate after the visit or the other calibration")
        return artefact.save(options.at_the_deck(options, life), settings.state)


def _with_load_cells(options: argparse.Namespace, life: Life) -> Part:
    """What the machine says once it is carried through; it may ask the open front end for that."""
    with devices.cells_at_hand(life) as (front_end, reading):
        terminal = Terminal(life, not options.yes, reading)
        watched = WatchedFrontEnd(front_end, terminal.look)
        machine = machines.of_cells(options.kind, watched, life.config, _chosen(options), _time(options))
        terminal.carry_out(machine)
        return machine.result(datetime.now(UTC))


def _with_the_camera(options: argparse.Namespace, life: Life) -> Part:
    """What the machine says. The camera daemon may run: it holds the camera only while somebody is filmed."""
    terminal = Terminal(life, not options.yes)
    with opened(devices.filming_camera(life), SystemClock(), terminal.heed) as eye:
        machine = machines.of_camera(eye, life.config, _chosen(options), _time(options))
        terminal.carry_out(machine)
        return machine.result(datetime.now(UTC))


def _print_board(path: Path) -> None:
    try:
        path.write_text(board.svg("Station: print at 100 %, glue on something flat and stiff, cut along this line."))
    except OSError as e:
        raise StationError(f"{path}: cannot be written ({e.strerror}); choose another place") from None
    print(
        f"{path}: print it at its true size (100 %, A4) and check with a ruler that a square is {board.SQUARE_MM:g} mm"
    )


def _deck_by_phone(path: Path, settings: config.Config) -> DeckPart:
    """From an accelerometer file, with what the load cells' taps told, where there were any."""
    told = next((p.deck for p in artefact.load_parts(settings.state) if isinstance(p, DeckPart)), None)
    fit = measure_deck_by_phone(path, told)
    return DeckPart(
        **origin("deck", datetime.now(UTC), None, settings.force.cells),
        deck=fit.deck,
        residuals={"taps": float(fit.blows)},
        source=f"accelerometer file {path.name}",
    )


def _show(part: Part, settings: config.Config, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(part)).decode() + "\n")
        return
    first, *others = report.told(part, settings)
    print("\n  ".join([first, *others]))


def _chosen(options: argparse.Namespace) -> CalibrationOptions:
    """What the machine of this kind is told; each kind's parser knows its own options."""
    given = vars(options)
    return CalibrationOptions(
        belt=not given.get("no_belt"),
        plates=tuple(given.get("mass") or ()),
        points=given.get("points", CalibrationOptions().points),
        square_mm=given.get("square"),
    )


def _time(options: argparse.Namespace) -> ReadingTime:
    return ReadingTime(options.settle, options.seconds)


# --- options --------------------------------------------------------------------------------------


def _kind(kinds: argparse._SubParsersAction, name: CalibrationKind, text: str) -> argparse.ArgumentParser:
    parser = kinds.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")
    parser.add_argument("--yes", action="store_true", help="do not wait for Enter between the steps")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    seconds, time = within(0.1, 120), machines.USUAL_TIMES[name]
    parser.add_argument("--settle", type=seconds, default=time.settle_s, metavar="S", help="before each reading")
    parser.add_argument("--seconds", type=seconds, default=time.mean_s, metavar="S", help="of each reading")
    parser.set_defaults(at_the_deck=_with_load_cells)
    return parser


def _plate(text: str) -> PlateLabel:
    """`20`, `20:1%` or `20:0.2kg`."""
    label, _, worth = text.partition(":")
    try:
        label_kg = float(label)
        if worth.endswith("kg"):
            sd_kg = float(worth[:-2])
        else:
            sd_kg = label_kg * (float(worth.removesuffix("%")) / 100 if worth else DEFAULT_SD_SHARE)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no mass; write 20, 20:1% or 20:0.2kg") from None
    if not 0 < label_kg < MOST_KG:
        raise argparse.ArgumentTypeError(f"{text!r}: give the mass in kilograms, above 0 and below {MOST_KG:g}")
    if not 0 < sd_kg < label_kg:
        raise argparse.ArgumentTypeError(f"{text!r}: the uncertainty must be above 0 and below the mass")
    return PlateLabel(mass_kg=label_kg, sd_kg=sd_kg)
