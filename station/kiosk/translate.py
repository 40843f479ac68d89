"""Sentences that another room said in English, in the runner's language (docs/decisions/0023-sentences.md).

A sentence is one of the catalogue's texts, or was made from one by filling its places ("Only {n} steps."): then the
text with the most letters of its own that fits is its template, and what stood in the places is translated in turn.
Only where nothing else fits, a place may hold the end of a sentence: what comes after it is a sentence of its own.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from station.kiosk import languages

log = logging.getLogger(__name__)

_LONGEST = 1000
"""Characters: no sentence is longer, and a search in what is none must end."""
_DEEPEST = 4
"""Templates within templates."""
_ENOUGH_LETTERS = 8
"""With fewer letters of its own ("{low} to {high}") a text may fit by chance: what is in its places must be known."""
_ANYTHING = "."
_IN_ONE = r"(?:(?![.!?] ).)"
"""What may stand in a place: anything, or nothing that ends a sentence."""
_JOINT = re.compile(r"(; |, |(?<=[.!?]) )")
_MOST_JOINTS = 12
_NUMBER = re.compile(r"[-+−]?\d+(\.\d+)?")
_MOST_UNKNOWN = 1000

_unknown: set[str] = set()


@dataclass(frozen=True)
class _Template:
    """One text with places: how a sentence made from it looks, and the pieces (words, name of the place after them).

    `fits_one`: with no sentence ending within a place.
    """

    fits_one: re.Pattern[str]
    fits: re.Pattern[str]
    letters: int
    translation: tuple[tuple[str, str | None], ...]

    @property
    def enough(self) -> bool:
        return self.letters >= _ENOUGH_LETTERS


def translated(sentence: str) -> str:
    """The sentence in the current language; as it is, but for its numbers, where no text fits it."""
    if languages.current() == languages.SOURCE or not sentence:
        return sentence
    found = _find(sentence, _DEEPEST)
    if found is None:
        _miss(sentence)
        return languages.localised(sentence)
    return found


def _find(text: str, depth: int) -> str | None:
    """None where neither the text nor what it is joined from is known."""
    if len(text) > _LONGEST or depth <= 0:
        return None
    if _NUMBER.fullmatch(text):
        return languages.localised(text)
    return _whole(text, depth) or _joined(text, depth) or _filled(text, depth, lambda template: template.fits)


def _whole(text: str, depth: int) -> str | None:
    """One text of the catalogue, as it is or with its places filled."""
    known = _texts(languages.current()).get(text)
    return known or _filled(text, depth, lambda template: template.fits_one)


def _filled(text: str, depth: int, pattern: Callable[[_Template], re.Pattern[str]]) -> str | None:
    """By the first template whose `pattern` fits."""
    for template in _templates(languages.current()):
        match = pattern(template).fullmatch(text)
        values = match and _values(match.groupdict(), template, depth)
        if values is not None:
            return "".join(words + (values[place] if place else "") for words, place in template.translation)
    return None


def _values(said: Mapping[str, str], template: _Template, depth: int) -> dict[str, str] | None:
    """What stood in the places, translated; None where it should be known and is not."""
    values = {place: _find(text, depth - 1) for place, text in said.items()}
    if None in values.values() and not template.enough:
        return None
    return {place: languages.localised(said[place]) if value is None else value for place, value in values.items()}


def _joined(text: str, depth: int) -> str | None:
    """A list, or sentences one after the other, of which each is known; the longest that is known comes first."""
    parts = _JOINT.split(text)  # every other one is a joint
    if len(parts) == 1 or len(parts) > 2 * _MOST_JOINTS:
        return None
    for n in range(len(parts) - 2, 0, -2):
        if first := _whole("".join(parts[:n]), depth - 1):
            rest = _find("".join(parts[n + 1 :]), depth)
            return first + parts[n] + rest if rest else None
    return None


@cache
def _texts(language: str) -> Mapping[str, str]:
    """English -> translation, of all texts that have neither plural forms nor a context."""
    plain = (text for text in languages.catalogue(language) if isinstance(text.id, str) and text.id)
    return {text.id: text.string for text in plain if text.string and not text.context and not text.fuzzy}


@cache
def _templates(language: str) -> tuple[_Template, ...]:
    """All texts with places, those with the most letters first."""
    made = [(_letters(text), text, _template(text, own)) for text, own in _texts(language).items()]
    return tuple(template for _, _, template in sorted(made, key=lambda m: (-m[0], m[1])) if template is not None)


def _template(text: str, translation: str) -> _Template | None:
    """None for a text without places, or of places alone: that one would fit everything."""
    try:
        pieces, translated_pieces = tuple(_pieces(text)), tuple(_pieces(translation))
    except ValueError:  # a lone brace
        return None
    places = {place for _, place in pieces if place}
    if not places or not _letters(text) or places != {place for _, place in translated_pieces if place}:
        return None
    return _Template(_pattern(pieces, _IN_ONE), _pattern(pieces, _ANYTHING), _letters(text), translated_pieces)


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    for words, place, _form, _conversion in Formatter().parse(text):
        yield words, place


def _pattern(pieces: tuple[tuple[str, str | None], ...], filling: str) -> re.Pattern[str]:
    seen: set[str] = set()
    pattern = ""
    for words, place in pieces:
        pattern += re.escape(words)
        if place:
            pattern += f"(?P={place})" if place in seen else f"(?P<{place}>{filling}+?)"
            seen.add(place)
    return re.compile(pattern, re.DOTALL)


def _letters(text: str) -> int:
    """Letters of the text outside its places."""
    return sum(character.isalpha() for character in re.sub(r"\{\w*[^}]*\}", "", text))


def _miss(sentence: str) -> None:
    """Say once which sentence has no text; without its numbers, which are a runner's."""
    kind = re.sub(r"\d+", "#", sentence)
    if kind not in _unknown and len(_unknown) < _MOST_UNKNOWN:
        _unknown.add(kind)
        log.warning("kiosk: not in the catalogue of %s: %s", languages.current(), kind)
