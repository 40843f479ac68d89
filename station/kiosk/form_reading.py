"""Numbers and choices from a form that anybody may have altered; what cannot be taken is refused in a sentence."""

import re
from collections.abc import Mapping

from station.kiosk import languages
from station.kiosk.languages import MINUS

_NUMBER = re.compile(r"[-−]?[0-9]{1,4}([.,][0-9]{1,4})?")


class FormReading:
    """One form, and what of it was refused so far. An empty field was left out."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields
        self.refused: list[str] = []

    def number(self, name: str, limits: tuple[float, float], otherwise: str, *, needed: bool = False) -> float | None:
        """`otherwise`, with the places {low} and {high}, is said of what is none, or beyond the limits.

        None for an empty field, which is refused only where a number is `needed`.
        """
        text = self.text(name)
        if not text and not needed:
            return None
        low, high = limits
        value = float(text.replace(",", ".").replace(MINUS, "-")) if _NUMBER.fullmatch(text) else None
        if value is not None and low <= value <= high:
            return value
        self.refused.append(otherwise.format(low=_limit(low), high=_limit(high)))
        return None

    def one_of(self, name: str, known: tuple[str, ...], otherwise: str) -> str | None:
        """`otherwise` is said of an answer that is not known."""
        text = self.text(name)
        if not text or text in known:
            return text or None
        self.refused.append(otherwise)
        return None

    def text(self, name: str) -> str:
        """Without blanks around it."""
        return self._fields.get(name, "").strip()


def _limit(value: float) -> str:
    return languages.localised(f"{value:g}").replace("-", MINUS)
