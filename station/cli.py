"""The command `station`: one line a verb. Errors of the user's world end with one line and status 2."""

import argparse
import faulthandler
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from station import __version__, config
from station.daemon import Life
from station.errors import ConfigError, StationError
from station.forgetful import be_forgetful
from station.locks import lock
from station.parent import end_with_parent

STATUS_ERROR = 2
STATUS_INTERRUPTED = 130
DEFAULT_CONFIG = Path("/etc/station/station.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    try:
        options = _parser().parse_args(arguments)
        level = logging.INFO if options.verbose else logging.WARNING
        logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
        status = options.run(options)
        sys.stdout.flush()
    except StationError as e:
        print(f"station: {e}", file=sys.stderr)
        return STATUS_ERROR
    except KeyboardInterrupt:
        return STATUS_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of our output has gone
        return STATUS_ERROR
    return status or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="station", description="The treadmill station: a running-form lab.")
    parser.add_argument("--version", action="version", version=f"station {__version__}")
    parser.add_argument("--verbose", action="store_true", help="say more on standard error")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB", parser_class=_VerbParser)

    def verb(name: str, text: str, **settings: Any) -> None:
        verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", **settings)

    verb("demo", "the whole station on the simulated runner", module="station.demo")
    verb("analyse", "score files: forces, keypoints, video, or a run's recording", module="station.analyse")
    verb("up", "all daemons under one supervisor", run=_up)
    for name, run in DAEMONS.items():
        verb(name, f"the {name} daemon alone", run=_daemon(name, run))
    verb("wiring", "pins, greatest runner's weight, drawings of the wiring", module="station.wiring.command")
    verb("calibrate", "the load cells: tare, grid, kernel, deck; the camera", module="station.calibrate")
    verb("doctor", "examine the station: wires, load cells, camera, board", module="station.doctor.command")
    verb("runs", "list, show or delete the runs kept in clinic mode", module="station.fusion.runs")
    verb("pin", "set the PIN of the kiosk's staff area", module="station.kiosk.staff.pin_command")
    verb("browser-policy", "the policy of the kiosk's Chromium, as JSON", module="station.kiosk.browser_policy")
    verb("screen", "the kiosk's browser on this machine's screen, kept running", module="station.screen")
    verb("privacy", "the privacy sheet of this station, to be printed", module="station.kiosk.privacy_command")
    return parser


class _VerbParser(argparse.ArgumentParser):
    """A verb: either a module with `add_arguments` and `run`, imported when the verb is used, or a daemon's `run`."""

    def __init__(self, *, module: str | None = None, run: Callable | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self._module = module
        if run is not None:
            known = DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None
            self.add_argument("--config", type=Path, default=known, help=f"configuration (default {DEFAULT_CONFIG})")
            self.set_defaults(run=run)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[argparse.Namespace, list[str]]:
        if self._module is not None:
            module = importlib.import_module(self._module)
            module.add_arguments(self)
            self.set_defaults(run=module.run)
        return super().parse_known_args(args, namespace)


def _up(options: argparse.Namespace) -> None:
    from station.supervisor import Supervisor

    settings = config.load(options.config)  # a wrong one is said once, here, and not by the daemons for ever
    if lock(settings.runtime, "up") is None:
        raise ConfigError(f"station up is running already on runtime_dir {settings.runtime}; end that one first")
    Supervisor(options.config).run()


def _daemon(name: str, run: Callable[[Life], None]) -> Callable[[argparse.Namespace], None]:
    def start(options: argparse.Namespace) -> None:
        if name in FORGETFUL:
            be_forgetful()
        end_with_parent()
        faulthandler.enable()  # where a daemon hung that its watchdog ends (SIGABRT) stands in the log then
        os.umask(0o007)  # the daemons' users share a group, and nobody else is to read what they write
        try:
            settings = config.load(options.config)
        except ConfigError:
            if name != "kiosk":
                raise
            _show_wrong_config(options.config)
            return
        with Life(name, settings, config_path=options.config) as life:
            run(life)

    return start


def _show_wrong_config(path: Path | None) -> None:
    """A gym that has no shell in sight learns of it from the screen."""
    from station.kiosk import wrong_config

    wrong_config.serve(path)


def _force(life: Life) -> None:
    from station import devices
    from station.calibration.in_use import CalibrationInUse
    from station.force.daemon import run

    run(life, devices.load_cells, CalibrationInUse(life.config).look)


def _camera(life: Life) -> None:
    from station import devices
    from station.camera.daemon import run

    run(life, devices.camera)


def _fusion(life: Life) -> None:
    from station.fusion.daemon import run

    run(life)


def _kiosk(life: Life) -> None:
    from station.kiosk.daemon import run

    run(life)


def _workbench(life: Life) -> None:
    from station.workbench.daemon import run

    run(life)


DAEMONS = {"force": _force, "camera": _camera, "fusion": _fusion, "kiosk": _kiosk, "workbench": _workbench}
FORGETFUL = ("camera", "fusion", "kiosk", "workbench")
"""Those that hear of a visitor."""
