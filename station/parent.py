"""A child process that ends when its parent does, even where that was killed and could tell nobody.

The child asks the kernel for it (prctl(2), PR_SET_PDEATHSIG): nothing runs between the parent's fork and exec.
"""

import ctypes
import os
import signal

PARENT = "STATION_PARENT"
"""The environment variable by which a parent tells the child its own process id."""
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def environment() -> dict[str, str]:
    """Of a child that is to end with this process."""
    return os.environ | {PARENT: str(os.getpid())}


def end_with_parent() -> None:
    """Have SIGTERM sent to this process once its parent has ended; nothing, where the parent did not ask for it."""
    parent = os.environ.pop(PARENT, None)
    if parent is None:
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it ended before the kernel was asked
        signal.raise_signal(signal.SIGTERM)
