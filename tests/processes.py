"""The end of processes that a test has started, whatever state they are in."""

import contextlib
import subprocess

_WITHIN_S = 10.0


def end(*processes: subprocess.Popen) -> None:
    """SIGTERM, and SIGKILL for what has not ended in time: none may disturb the tests that follow."""
    for process in processes:
        process.terminate()
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_WITHIN_S)
        process.kill()
        process.wait()
