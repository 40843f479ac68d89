"""`station browser-policy`: the managed policy of the kiosk's Chromium: it opens the kiosk and nothing else."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from station import config
from station.config import Kiosk

_FIXED = Path(__file__).with_suffix(".json")
"""All but the address: https://chromeenterprise.google/policies/ lists the keys."""


def policy(kiosk: Kiosk) -> dict[str, Any]:
    """The policy for the kiosk at this address."""
    return json.loads(_FIXED.read_text(encoding="utf-8")) | {"URLAllowlist": [address(kiosk)]}


def address(kiosk: Kiosk) -> str:
    """What the browser is to open."""
    host = f"[{kiosk.host}]" if ":" in kiosk.host else kiosk.host
    return f"http://{host}:{kiosk.port}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")
    parser.epilog = "docs/kiosk-browser.md says where it belongs."


def run(options: argparse.Namespace) -> None:
    """Prints the policy as JSON."""
    made = policy(config.load(options.config).kiosk)
    sys.stdout.write(json.dumps(made, indent=2, sort_keys=True) + "\n")
