"""Types of the command's options: what argparse calls on the text, and what it says of a bad one."""

import argparse
from collections.abc import Callable

MAX_SEED = 2**32 - 1


def within(low: float, high: float) -> Callable[[str], float]:
    """A number between two limits, both allowed."""

    def number(text: str) -> float:
        value = float(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not within {low:g} to {high:g}")
        return value

    return number


def natural(text: str) -> int:
    """A seed."""
    value = int(text)
    if not 0 <= value <= MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text} is not within 0 to {MAX_SEED}")
    return value
