"""`station pin`: sets the PIN of the staff area."""

import argparse
import getpass
import sys
from pathlib import Path

from station import config
from station.errors import ConfigError
from station.kiosk.pin import LEAST_DIGITS, MOST_DIGITS, StaffPin
from station.kiosk.pin_lockout import Lockout


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")
    parser.epilog = "Without a terminal, the PIN is the first line of standard input."


def run(options: argparse.Namespace) -> None:
    """Raises ConfigError where the two entries differ, or the PIN is weak."""
    state = config.load(options.config).state
    pin = _asked() if sys.stdin.isatty() else sys.stdin.readline().strip()
    StaffPin(state).set(pin)
    Lockout(state).lift()
    print("The staff PIN is set. Hold the top left corner of the kiosk for 3 seconds to use it.")


def _asked() -> str:
    pin = getpass.getpass(f"New staff PIN ({LEAST_DIGITS} to {MOST_DIGITS} digits): ")
    if getpass.getpass("The same again: ") != pin:
        raise ConfigError("the two PINs differ; run the command again")
    return pin
