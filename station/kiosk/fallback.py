"""A page for everything that goes wrong; it needs no template, style sheet or script, as those may be what failed."""

from collections.abc import Callable, Iterable
from html import escape

from flask import Response

from station.kiosk import languages, texts
from station.kiosk.translate import translated
from station.words import N_

BACK = N_("Back")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", _POLICY)]
_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="6; url=/">
<title>{title}</title>
<style>
 body {{ margin: 0; min-height: 100vh; box-sizing: border-box; padding: 2rem; display: grid; place-content: center;
  gap: 1rem; text-align: center; background: #0c1315; color: #f1f5f3;
  font: clamp(20px, 3.1vmin, 36px)/1.4 system-ui, "DejaVu Sans", sans-serif }}
 h1 {{ margin: 0; font-size: 2em }}
 p {{ margin: 0; color: #b4c2c2 }}
 a {{ justify-self: center; padding: 1rem 2rem; border-radius: 1rem; text-decoration: none; color: #06211b;
  background: #5ed3b8 }}
</style>
<h1>{title}</h1>
{paragraphs}
<a href="/">{back}</a>
</html>
"""


def words_for(status: int | None) -> tuple[str, str]:
    """Title and text for an HTTP error."""
    if status in (404, 405):
        return texts.PAGE_MISSING
    return texts.PAGE_TOO_LONG if status in (413, 414, 431) else texts.PAGE_REFUSED


def page(title: str, *texts: str) -> str:
    """HTML that says what is wrong, in the current language, and goes to the start by itself after a few seconds."""
    paragraphs = "\n".join(f"<p>{escape(translated(text))}</p>" for text in texts)
    said = {"title": escape(translated(title)), "back": escape(languages.gettext(BACK))}
    return _PAGE.format(language=languages.current(), paragraphs=paragraphs, **said)


def response(title: str, text: str, status: int) -> Response:
    """The page as an answer."""
    return Response(page(title, text), status, HEADERS)


def application(title: str, *texts: str) -> Callable[[dict, Callable], Iterable[bytes]]:
    """A WSGI application that answers everything with this page and status 503."""
    body = page(title, *texts).encode()

    def answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
        headers = [*HEADERS, ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        start_response("503 Service Unavailable", headers)
        return [body]

    return answer
