"""`station pin`: sets the PIN of the staff area."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from station import config
from station.errors import ConfigError
from station.kiosk.staff.pin import INSTALLED_COMMAND, LEAST_DIGITS, MOST_DIGITS, StaffPin
from station.kiosk.staff.pin_lockout import Lockout


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")
    parser.epilog = "Without a terminal, the PIN is the first line of standard input."


def run(options: argparse.Namespace) -> None:
    """Raises ConfigError where the two entries differ, the PIN is weak, or the kiosk could not read it."""
    state = config.load(options.config).state
    _check_user(state)
    pin = _asked() if sys.stdin.isatty() else sys.stdin.readline().strip()
    StaffPin(state).set(pin)
    Lockout(state).lift()
    print("The staff PIN is set. Hold the top left corner of the kiosk for 3 seconds to use it.")


def _check_user(state: Path) -> None:
    """On an installed station the kiosk has a user of its own, and reads the PIN only where that user wrote it.

    Root may write everywhere; a folder in another group than root's is the daemons'.
    """
    if not state.is_dir():
        return  # what is written there says so
    if not os.access(state, os.W_OK) or (os.geteuid() == 0 and state.stat().st_gid != 0):
        raise ConfigError(f"{state} is not this user's, so the kiosk could not read the PIN; run {INSTALLED_COMMAND}")


def _asked() -> str:
    pin = getpass.getpass(f"New staff PIN ({LEAST_DIGITS} to {MOST_DIGITS} digits): ")
    if getpass.getpass("The same again: ") != pin:
        raise ConfigError("the two PINs differ; run the command again")
    return pin
