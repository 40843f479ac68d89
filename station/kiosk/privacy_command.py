"""`station privacy`: the privacy sheet for the wall."""

import argparse
import sys
from html import escape
from pathlib import Path

from station import config
from station.errors import InputError
from station.kiosk import languages
from station.kiosk.privacy import Section, sections

_STYLE = "body { max-width: 42rem; margin: 2rem auto; font: 1.1rem/1.5 sans-serif } h2 { margin: 1.4rem 0 0.3rem }"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")
    parser.add_argument("--language", choices=languages.LANGUAGES, help="of the sheet (default: the kiosk's)")
    parser.add_argument("--html", type=Path, metavar="OUT", help="write a page to be printed, instead of text")


def run(options: argparse.Namespace) -> None:
    """Raises InputError where the page cannot be written."""
    settings = config.load(options.config)
    with languages.speaking(options.language or settings.kiosk.language):
        title, told = languages.gettext("Privacy"), sections(settings)
        page = _page(title, told)
    if options.html is None:
        sys.stdout.write("\n\n".join("\n".join((s.title, *(f"- {t}" for t in s.sentences))) for s in told) + "\n")
        return
    try:
        options.html.write_text(page, encoding="utf-8")
    except OSError as e:
        raise InputError(f"{options.html}: {e.strerror}; choose another place") from None


def _page(title: str, told: list[Section]) -> str:
    body = "".join(
        f"<h2>{escape(section.title)}</h2><ul>{''.join(f'<li>{escape(text)}</li>' for text in section.sentences)}</ul>"
        for section in told
    )
    return (
        f'<!doctype html><html lang="{languages.current()}"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>\n"
    )
