"""For developers: brings the catalogues of all languages up to date with the texts in the code.

`python -m station.kiosk.catalogue` adds new texts untranslated, takes out those that are gone, and says what is left
to translate. The same code gives the same files: sorted, without dates or line numbers.
"""

import re
import sys
from collections.abc import Iterator
from io import SEEK_END, BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from station.kiosk.languages import LANGUAGES, SOURCE, catalogue_file
from station.records.disk import write_whole

_PACKAGE = Path(__file__).resolve().parents[1]
_METHODS = [("**.py", "python"), ("**/templates/**.html", babel_extract)]
_KEYWORDS = {
    "_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
_TEMPLATE_OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
_PERCENT_PLACE = re.compile(r"%\((\w+)\)")


def marked_texts() -> Catalog:
    """Every text that the code marks, with the files that say it."""
    catalogue = Catalog(fuzzy=False)
    found = extract_from_dir(
        _PACKAGE, _METHODS, {"**/templates/**.html": _TEMPLATE_OPTIONS}, keywords=_KEYWORDS, comment_tags=["For "],
        strip_comment_tags=False,
    )  # fmt: skip
    for file, _line, text, comments, context in found:
        catalogue.add(text, None, [(f"station/{file}", None)], auto_comments=comments, context=context)
    return catalogue


def read(language: str) -> Catalog:
    """The catalogue of a language as it is committed; empty for a new one."""
    file = catalogue_file(language)
    if not file.exists():
        return Catalog(language)
    with file.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def updated(old: Catalog, marked: Catalog) -> Catalog:
    """The marked texts with the translations that there are."""
    new = Catalog(old.locale, fuzzy=False)
    for text in filter(_is_text, marked):
        known = old.get(_key(text), text.context)
        new.add(
            text.id, known.string if known else None, text.locations, auto_comments=text.auto_comments,
            user_comments=known.user_comments if known else (), context=text.context,
        )  # fmt: skip
    return new


def write(catalogue: Catalog, file: Path) -> None:
    """The file of a catalogue: sorted, the head reduced to what readers of the format need."""
    content = BytesIO(_head(catalogue).encode())
    content.seek(0, SEEK_END)
    write_po(content, catalogue, width=120, omit_header=True, sort_output=True, include_lineno=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, content.getvalue(), 0o644)  # a kiosk that starts meanwhile reads the old one or the new one


def faults(catalogue: Catalog, marked: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, one line a text: missing, fuzzy, gone, or with other places than the English."""
    for text in filter(_is_text, marked):
        known = catalogue.get(_key(text), text.context)
        if known is None or not all(_forms(known.string)):
            yield f"not translated: {_key(text)}"
        elif known.fuzzy:
            yield f"fuzzy: {_key(text)}"
        elif not _same_places(text, known):
            yield f"other places than in English: {_key(text)}"
    for text in filter(_is_text, catalogue):
        if marked.get(_key(text), text.context) is None:
            yield f"gone: {_key(text)}"


def places(text: str) -> set[str]:
    """Names of the places to fill: {n} and %(n)s."""
    percent = set(_PERCENT_PLACE.findall(text))
    return percent or {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _same_places(english: Message, translated: Message) -> bool:
    """Forms for a number of things may leave that number out: "one step"."""
    forms = [places(form) for form in _forms(translated.string)]
    if isinstance(english.id, tuple):
        return all(form <= places(english.id[1]) for form in forms) and places(english.id[1]) in forms
    return forms == [places(english.id)]


def _is_text(text: Message) -> bool:
    return bool(text.id)  # the head of a catalogue has none


def _head(catalogue: Catalog) -> str:
    lines = [
        f"Language: {catalogue.locale}",
        f"Plural-Forms: {catalogue.plural_forms}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return "\n".join(['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines), "", ""])


def _key(text: Message) -> str:
    return text.id[0] if isinstance(text.id, tuple) else text.id


def _forms(translated: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if translated is None:
        return ("",)
    return translated if isinstance(translated, tuple) else (translated,)


def main() -> int:
    """Bring every catalogue up to date; exit status 1 while something is left to translate."""
    marked = marked_texts()
    left = 0
    for language in sorted(set(LANGUAGES) - {SOURCE} | set(sys.argv[1:])):
        catalogue = updated(read(language), marked)
        write(catalogue, catalogue_file(language))
        for fault in faults(catalogue, marked):
            print(f"{language}: {fault}")
            left += 1
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
