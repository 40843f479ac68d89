"""The language of a page: which one it is, its words by gettext, its numbers and days by the Unicode CLDR.

A language is a folder under station/locale (docs/languages.md); English is what the code says and needs none.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import get_decimal_symbol
from jinja2 import Environment

from station.errors import ConfigError, StationError
from station.messages import StationState

CATALOGUES = Path(__file__).resolve().parents[1] / "locale"
DOMAIN = "station"
SOURCE = "en"
MINUS = "−"

_DECIMAL = re.compile(r"(?<![\w.])(\d+)\.(\d+)(?![\d.]*\.\d)")
"""A decimal number; no address or version with two points."""

_current: ContextVar[str] = ContextVar("language", default=SOURCE)


def catalogue_file(language: str) -> Path:
    """Where the texts of a language are translated."""
    return CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _names() -> dict[str, str]:
    found = sorted(path.parents[1].name for path in CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return {code: Locale(code).display_name.capitalize() for code in [SOURCE, *found]}


LANGUAGES = _names()
"""Code -> the language's name in itself, English first."""


def chosen(state: StationState | None, asked: str | None, usual: str) -> str:
    """The language of whoever looks: the runner's during a visit, else what the address asks for, else the usual."""
    if state is not None and state.choices is not None and state.choices.language in LANGUAGES:
        return state.choices.language
    return asked if asked in LANGUAGES else usual


def current() -> str:
    """The language of the page that this thread makes."""
    return _current.get()


def speak(language: str) -> None:
    """This thread's language from now on."""
    _current.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """This thread's language inside the block."""
    before = _current.set(language)
    try:
        yield
    finally:
        _current.reset(before)


@cache
def catalogue(language: str) -> Catalog:
    """What is translated into a language.

    Raises ConfigError for a language that is not there, StationError when its file is damaged.
    """
    if language not in LANGUAGES:
        raise ConfigError(f"language {language}: there is no such catalogue; choose one of {', '.join(LANGUAGES)}")
    if language == SOURCE:
        return Catalog(SOURCE)
    file = catalogue_file(language)
    try:
        with file.open("rb") as source:
            return read_po(source, locale=language, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as e:
        raise StationError(f"language {language}: {file} is damaged ({e}); run install.sh again") from None


@cache
def translations(language: str) -> NullTranslations:
    """The words of a language for gettext. Raises as `catalogue` does."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def gettext(text: str) -> str:
    """The text in the current language; in English where the catalogue lacks it."""
    return translations(current()).gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """The form that the current language uses for `n` things."""
    return translations(current()).ngettext(one, many, n)


def pgettext(context: str, text: str) -> str:
    """The text as it is meant in this context: "Run" the noun, not the verb."""
    return translations(current()).pgettext(context, text)


def npgettext(context: str, one: str, many: str, n: int) -> str:
    """`ngettext` with a context."""
    return translations(current()).npgettext(context, one, many, n)


def number(value: float, decimals: int = 0) -> str:
    """As the current language writes it: 2,5 in German. Never a minus before nought."""
    return localised(f"{round(value, decimals) + 0.0:.{decimals}f}").replace("-", MINUS)


def decimal_point() -> str:
    """Of the current language. A function: a template's filters of constants are worked out once, in one language."""
    return get_decimal_symbol(current())


def localised(text: str) -> str:
    """The text with its decimal numbers (2.5) as the current language writes them."""
    return _DECIMAL.sub(rf"\g<1>{decimal_point()}\g<2>", text)


def day(of: date) -> str:
    """A date as the current language writes it: 22.11.2026."""
    return format_date(of, "medium", locale=current())


def install(environment: Environment) -> None:
    """Templates speak the current language: `_()`, `{% trans %}`, `number`, `day`, `decimal_point` and `language`."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    environment.filters |= {"number": number, "day": day}
    environment.globals |= {"language": current, "languages": LANGUAGES, "decimal_point": decimal_point}
