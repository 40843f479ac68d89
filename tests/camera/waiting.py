"""Wait for something that another thread or process does."""

import time
from collections.abc import Callable


def until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    """Return as soon as the condition holds; AssertionError where it never does."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
