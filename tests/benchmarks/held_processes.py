"""Processes held to a share of a core each, by stopping and continuing them: needs no root and no control groups."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

LOOK_EVERY_S = 0.004
MOST_SAVED_S = 0.008  # of CPU time that was not used: an idle process must not save up for a burst


def cpu_s(pid: int) -> float | None:
    """CPU time of a process's main thread so far; None where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, IndexError):
        return None


class HeldProcesses:
    """Holds each of `pids` to `share` (0..1) of a core while it is entered."""

    def __init__(self, pids: Sequence[int], share: float) -> None:
        self._share = share
        self._used_s = {pid: cpu_s(pid) for pid in pids}
        self._saved_s = dict.fromkeys(pids, 0.0)
        self._stopped: set[int] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hold", daemon=True)

    def __enter__(self) -> "HeldProcesses":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()
        self._thread.join()
        for pid in self._stopped:
            self._signal(pid, signal.SIGCONT)

    def _run(self) -> None:
        last_s = time.monotonic()
        while not self._ended.wait(LOOK_EVERY_S):
            now_s = time.monotonic()
            for pid in self._saved_s:
                self._look(pid, now_s - last_s)
            last_s = now_s

    def _look(self, pid: int, passed_s: float) -> None:
        used_s, before_s = cpu_s(pid), self._used_s[pid]
        if used_s is None or before_s is None:
            return
        self._used_s[pid] = used_s
        self._saved_s[pid] = min(self._saved_s[pid] + self._share * passed_s - (used_s - before_s), MOST_SAVED_S)
        if self._saved_s[pid] < 0 and pid not in self._stopped:
            self._stopped.add(pid)
            self._signal(pid, signal.SIGSTOP)
        elif self._saved_s[pid] >= 0 and pid in self._stopped:
            self._stopped.discard(pid)
            self._signal(pid, signal.SIGCONT)

    @staticmethod
    def _signal(pid: int, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
