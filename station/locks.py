"""Locks in the runtime directory: one daemon of a kind, and whether somebody is using the station.

They are flock(2) locks: the kernel lets go of them, whatever ends the process that holds one.
"""

import fcntl
import os
import time
from pathlib import Path

from station.bus import make_runtime
from station.errors import ConfigError

IN_USE = "in_use"
LOOKS, LOOK_S = 5, 0.01
"""Each daemon looks once a second, for microseconds, in which the lock is taken, too."""


def lock(runtime: Path, name: str) -> int | None:
    """Hold `<runtime>/<name>.lock` as long as the process lives.

    The descriptor to close it with; None where another process holds it. Two daemons of one name would take each
    other's sockets and drive the same pins. Raises ConfigError where the directory cannot be written.
    """
    descriptor = _opened(runtime, name)
    if _taken(descriptor, fcntl.LOCK_EX):
        return descriptor
    os.close(descriptor)
    return None


class InUse:
    """Whether a visit, a calibration or an examination is going on, as those processes say that carry them out.

    The file is opened at the first need, which may raise ConfigError, and then kept open.
    """

    def __init__(self, runtime: Path) -> None:
        self._runtime = runtime
        self._descriptor: int | None = None
        self._held = False

    def hold(self, held: bool) -> None:
        """Say that this process carries one out, or no longer does."""
        if held != self._held:
            fcntl.flock(self._file(), fcntl.LOCK_SH if held else fcntl.LOCK_UN)  # waits no longer than a look takes
            self._held = held

    def begin(self) -> bool:
        """As `hold(True)`, but not where another process carries one out; whether this one may."""
        for _ in range(LOOKS):
            if self._held:
                break
            if _taken(self._file(), fcntl.LOCK_EX):  # for an instant, that no two begin together
                self.hold(True)
            else:
                time.sleep(LOOK_S)
        return self._held

    def by_anybody(self) -> bool:
        """Whether any process says so. Two that look at the same instant may see each other: look again later."""
        if self._held:
            return True
        if not _taken(self._file(), fcntl.LOCK_EX):
            return True
        fcntl.flock(self._file(), fcntl.LOCK_UN)
        return False

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor, self._held = None, False

    def _file(self) -> int:
        if self._descriptor is None:
            self._descriptor = _opened(self._runtime, IN_USE)
        return self._descriptor


def _opened(runtime: Path, name: str) -> int:
    """For reading, which is enough for a lock: a file that another user of the station's group made will do."""
    make_runtime(runtime)
    path = runtime / f"{name}.lock"
    try:
        return os.open(path, os.O_RDONLY | os.O_CREAT, 0o640)
    except OSError as e:
        raise ConfigError(f"{path}: {e.strerror}; choose a runtime_dir that this user may write") from None


def _taken(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
