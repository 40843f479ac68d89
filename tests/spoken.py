"""Checks that what a room says is in the catalogues, whatever numbers and reasons it was made with."""

from collections.abc import Iterable

from station.kiosk import languages, translate


def assert_translated(sentences: Iterable[str]) -> None:
    """Every sentence has a text, and everything inside of it too."""
    with languages.speaking("de"):
        unknown = [s for s in dict.fromkeys(sentences) if s and translate._find(s, translate._DEEPEST) is None]
    assert not unknown, f"not in the catalogues: {unknown}"
