"""Sentences that another room said in English, in the runner's language (docs/decisions/0023-sentences.md)."""

from station.kiosk import languages


def translated(sentence: str) -> str:
    """The sentence in the current language."""
    return languages.gettext(sentence) if sentence else ""
