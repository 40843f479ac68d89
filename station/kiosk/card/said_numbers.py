"""Numbers of a report as a card says them: two or three figures, the unit, the range."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from station.kiosk import languages, texts, tolerant
from station.kiosk.languages import gettext as _


def with_unit(value: float, unit: str | None, decimals: int | None = None) -> str:
    """A number and its unit; as many decimals as `usual_decimals` where not told."""
    number = languages.number(value, usual_decimals(value, unit) if decimals is None else decimals)
    if unit in ("deg", "°"):
        return f"{number}°"
    return f"{number} {_(texts.UNITS.get(unit, unit))}" if unit else number


def usual_decimals(value: float, unit: str | None) -> int:
    """Two or three figures: more would pretend to a precision that the interval denies."""
    return 2 if unit == "BW" else 0 if abs(value) >= 10 else 1


def headline(tree: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Value with its unit, and its range, rounded outwards: a narrow one neither hides ("17 to 17") nor boasts.

    The range with the systematic error in it, where the report tells that one.
    """
    value, low, high, whole_low, whole_high = (
        tolerant.number(tree, key) for key in ("value", "low", "high", "whole_low", "whole_high")
    )
    if whole_low is not None and whole_high is not None:
        low, high = whole_low, whole_high
    unit = tolerant.text(tree, "unit")
    known = [x for x in (value, low, high) if x is not None]
    if not known:
        return None, None
    decimals = usual_decimals(known[0], unit)
    number = None if value is None else with_unit(value, unit, decimals)
    if low is None or high is None:
        return number, None
    low, high = _rounded(low, decimals, math.floor), _rounded(high, decimals, math.ceil)
    said = _(texts.RANGE).format(low=languages.number(low, decimals), high=languages.number(high, decimals))
    return number, said


def _rounded(value: float, decimals: int, whole: Callable[[float], int]) -> float:
    """To so many decimals, in the direction of `whole`; what is that round already stays, whatever its last bit."""
    return whole(round(value * 10**decimals, 6)) / 10**decimals


def minutes(seconds: float) -> str:
    """1:05 for 65 seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
