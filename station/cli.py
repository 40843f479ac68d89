"""The command `station`: one line a verb. Errors of the user's world end with one line and status 2."""

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from station import __version__, analyse, config, demo, devices
from station.calibration import artefact
from station.camera import daemon as camera_daemon
from station.daemon import Life
from station.errors import StationError
from station.force import daemon as force_daemon
from station.fusion import daemon as fusion_daemon
from station.fusion import runs
from station.kiosk import daemon as kiosk_daemon
from station.supervisor import Supervisor

STATUS_ERROR = 2
STATUS_INTERRUPTED = 130
DEFAULT_CONFIG = Path("/etc/station/station.toml")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _parser().parse_args(arguments)
    level = logging.DEBUG if options.verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        options.verb(options)
    except StationError as e:
        print(f"station: {e}", file=sys.stderr)
        return STATUS_ERROR
    except KeyboardInterrupt:
        return STATUS_INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; there is nobody to tell
        return STATUS_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="station", description="The treadmill station: a running-form lab.")
    parser.add_argument("--version", action="version", version=f"station {__version__}")
    parser.add_argument("--verbose", action="store_true", help="say more on standard error")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")
    demo.add_arguments(_verb(verbs, "demo", demo.run, "the whole station on the simulated runner"))
    analyse.add_arguments(_verb(verbs, "analyse", analyse.run, "score files: forces, keypoints, video, a recording"))
    _configured(verbs, "up", _up, "all daemons under one supervisor")
    for name, run in DAEMONS.items():
        _configured(verbs, name, _daemon(name, run), f"the {name} daemon alone")
    runs.add_arguments(_configured(verbs, "runs", runs.run, "list, show or delete kept runs"))
    return parser


def _verb(verbs: "argparse._SubParsersAction", name: str, run: Callable, text: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.set_defaults(verb=run)
    return parser


def _configured(verbs: "argparse._SubParsersAction", name: str, run: Callable, text: str) -> argparse.ArgumentParser:
    parser = _verb(verbs, name, run, text)
    known = DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None
    parser.add_argument("--config", type=Path, default=known, help=f"configuration (default {DEFAULT_CONFIG})")
    return parser


def _up(options: argparse.Namespace) -> None:
    config.load(options.config)  # a wrong configuration is said once, here, not four times a second
    Supervisor(options.config).run()


def _daemon(name: str, run: Callable[[Life], None]) -> Callable[[argparse.Namespace], None]:
    def start(options: argparse.Namespace) -> None:
        with Life(name, config.load(options.config)) as life:
            run(life)

    return start


def _force(life: Life) -> None:
    force_daemon.run(life, devices.load_cells(life))


def _camera(life: Life) -> None:
    camera_daemon.run(life, devices.camera(life))


def _fusion(life: Life) -> None:
    fusion_daemon.run(life, artefact.load(artefact.path_in(life.config.state)))


DAEMONS = {"force": _force, "camera": _camera, "fusion": _fusion, "kiosk": kiosk_daemon.run}
