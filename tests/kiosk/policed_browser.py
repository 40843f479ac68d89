"""Chromium under a managed policy, in a mount namespace of its own: the machine's own policies stay as they are."""

import json
import stat
import subprocess
from pathlib import Path
from typing import Any

from station.config import Kiosk
from station.kiosk.browser_policy import policy
from tests.kiosk.browser import chromium_path

POLICY = policy(Kiosk())
_PLACE = "/etc/chromium"


def possible() -> bool:
    """Whether this user may make such a namespace, and the browser looks for policies where Debian's does."""
    tried = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", _PLACE], capture_output=True)
    return chromium_path() is not None and tried.returncode == 0


def browser_command(folder: Path, **changed: Any) -> Path:
    """A program that starts Chromium under the station's policy with some keys changed."""
    file, program = folder / "station.json", folder / "chromium"
    file.write_text(json.dumps(POLICY | changed))
    inside = (
        f"mount -t tmpfs tmpfs {_PLACE} && mkdir -p {_PLACE}/policies/managed"
        f' && cp {file} {_PLACE}/policies/managed/ && exec {chromium_path()} "$@"'
    )
    program.write_text(f"#!/bin/sh\nexec unshare -rm sh -c '{inside}' chromium \"$@\"\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program
