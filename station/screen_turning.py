"""Every output of the compositor is turned as the configuration says, also one that is plugged in or switched on again.

By wlr-randr, which speaks wlr-output-management-unstable-v1 and prints an output's transform as that protocol names it.
"""

import logging
import shutil
import subprocess
import time

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
AGAIN_S = 0.5
TRIES = 10  # until the log says that it does not go
_ANSWER_S = 3.0


class Turning:
    """Keeps the outputs turned; what cannot be turned stays, with a line in the log."""

    def __init__(self) -> None:
        self._there = shutil.which("wlr-randr") is not None
        self._turned_deg: int | None = None
        self._failed = 0  # in a row
        self._due_s = 0.0
        if not self._there:
            log.warning("the screen cannot be turned: wlr-randr is not installed")

    def keep(self, clockwise_deg: int) -> None:
        """Call it often."""
        if not self._there or (time.monotonic() < self._due_s and clockwise_deg == self._turned_deg):
            return
        why = turn(clockwise_deg)
        self._turned_deg = clockwise_deg
        self._failed = self._failed + 1 if why else 0
        if self._failed == TRIES:
            log.warning("the screen cannot be turned: %s", why)
        self._due_s = time.monotonic() + (AGAIN_S if 0 < self._failed < TRIES else LOOK_EVERY_S)


def turn(clockwise_deg: int) -> str | None:
    """Turn every output that is not turned so. Why that did not go, None where it did."""
    wanted = f"{transform_deg(clockwise_deg) or 'normal'}"
    try:
        for output, transform in _transforms().items():
            if transform != wanted:
                _asked_compositor("--output", output, "--transform", wanted)
    except subprocess.TimeoutExpired:
        return f"the compositor did not answer within {_ANSWER_S:g} s"
    except subprocess.CalledProcessError as e:
        return e.stderr.strip() or f"wlr-randr ended with status {e.returncode}"
    return None


def transform_deg(clockwise_deg: int) -> int:
    """As wl_output.transform counts: counter-clockwise (wayland.xml; wlroots from 0.11 on, and `cage -r` with it)."""
    return -clockwise_deg % 360


def _transforms() -> dict[str, str]:
    """Of each output that is switched on, by its name."""
    found, output = {}, ""
    for line in _asked_compositor().splitlines():
        if line and not line[0].isspace():
            output = line.split()[0]
        elif line.strip().startswith("Transform:"):
            found[output] = line.split(":")[1].strip()
    return found


def _asked_compositor(*arguments: str) -> str:
    command = ("wlr-randr", *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=_ANSWER_S).stdout
