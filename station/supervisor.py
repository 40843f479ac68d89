"""`station up`: the five daemons under one supervisor, for a machine without systemd units of the station.

A daemon that ends is started again after a growing pause; the others go on. SIGTERM or Ctrl-C ends all of them, and
so does the end of the supervisor itself, whatever it was.
"""

import logging
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from station import parent
from station.messages import DAEMONS

log = logging.getLogger(__name__)

STOP_WITHIN_S = 3.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
HEALTHY_AFTER_S = 30.0  # a daemon that lived this long starts again without a growing pause
_LOOK_EVERY_S = 0.1


@dataclass
class _Child:
    name: str
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    due_s: float = field(default_factory=time.monotonic)


class Supervisor:
    """Keeps the daemons of one configuration file running."""

    def __init__(self, config_path: Path, daemons: tuple[str, ...] = DAEMONS) -> None:
        self._config_path = config_path
        self._children = [_Child(name) for name in daemons]
        self._stopping = False

    def run(self) -> None:
        """Supervise until SIGTERM or SIGINT; also where that comes while the daemons are being started."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self._stopping:
                self.look()
                time.sleep(_LOOK_EVERY_S)
        finally:
            self.stop()

    def look(self) -> None:
        """Start what is due, notice what has ended."""
        now_s = time.monotonic()
        for child in self._children:
            if self._stopping:
                return
            if child.process is None:
                if now_s >= child.due_s:
                    self._start(child)
            elif child.process.poll() is not None:
                self._ended(child, now_s)

    def stop(self) -> None:
        """End all daemons: SIGTERM, and SIGKILL for what has not ended in time."""
        running = [c.process for c in self._children if c.process is not None and c.process.poll() is None]
        for process in running:
            process.terminate()
        deadline_s = time.monotonic() + STOP_WITHIN_S
        for process in running:
            try:
                process.wait(max(0.0, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.error("process %d did not end within %g s and is killed", process.pid, STOP_WITHIN_S)
                process.kill()
                process.wait()

    def _start(self, child: _Child) -> None:
        command = [sys.executable, "-m", "station", child.name, "--config", str(self._config_path)]
        child.started_s = time.monotonic()
        try:  # in a process group of its own: Ctrl-C reaches the supervisor alone, and it ends the daemons in order
            child.process = subprocess.Popen(command, env=parent.environment(), process_group=0)
        except OSError as e:  # no memory, or too many processes: perhaps not for long
            log.error("the %s daemon cannot be started: %s; trying again in %g s", child.name, e, child.pause_s)
            self._pause(child, child.started_s)

    def _ended(self, child: _Child, now_s: float) -> None:
        assert child.process is not None  # noqa: S101 - narrows the type; the caller looked
        status, child.process = child.process.returncode, None
        if status == 0 or now_s - child.started_s > HEALTHY_AFTER_S:  # 0: it wants to start with another configuration
            child.pause_s = FIRST_PAUSE_S
        log.warning("the %s daemon ended with status %d; starting it again in %g s", child.name, status, child.pause_s)
        self._pause(child, now_s)

    def _pause(self, child: _Child, now_s: float) -> None:
        child.due_s = now_s + child.pause_s
        child.pause_s = min(2 * child.pause_s, LONGEST_PAUSE_S)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True
