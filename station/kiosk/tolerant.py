"""Reading JSON of which any part may be missing or of another type: what is there, else None or empty."""

import math
from collections.abc import Mapping
from typing import Any


def mapping(tree: Any, key: str) -> Mapping[str, Any]:
    value = tree.get(key) if isinstance(tree, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def items(tree: Any, key: str) -> list[Any]:
    value = tree.get(key) if isinstance(tree, Mapping) else None
    return value if isinstance(value, list) else []


def text(tree: Any, key: str) -> str | None:
    value = tree.get(key) if isinstance(tree, Mapping) else None
    return value.strip() or None if isinstance(value, str) else None


def number(tree: Any, key: str) -> float | None:
    return finite(tree.get(key)) if isinstance(tree, Mapping) else None


def finite(value: Any) -> float | None:
    """A finite number as float; None for anything else (a boolean is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number_ = float(value)
    except OverflowError:
        return None
    return number_ if math.isfinite(number_) else None


def numbers(tree: Any, key: str) -> list[float]:
    """A list of finite numbers; empty when any of them is not."""
    values = [finite(v) for v in items(tree, key)]
    return [] if None in values else values


def point(value: Any) -> tuple[float, float] | None:
    """[x, y] -> (x, y)."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    x, y = finite(value[0]), finite(value[1])
    return None if x is None or y is None else (x, y)
