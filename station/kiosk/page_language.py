"""Every page is made in the language of whoever looks at it, and its links keep that language."""

from typing import Any

from flask import Flask, request

from station.kiosk import languages
from station.kiosk.feed import Feed
from station.kiosk.translate import translated

_WITHOUT_LANGUAGE = ("static", "assets.vendor", "pages.current")
"""Files, and the start: the next runner finds it in the usual language."""


def add_language(app: Flask, feed: Feed, usual: str) -> None:
    """Raises ConfigError where `usual` is not spoken here, StationError when a catalogue is damaged."""
    for language in {*languages.LANGUAGES, usual}:
        languages.translations(language)
    languages.install(app.jinja_env)
    app.jinja_env.filters["translated"] = translated

    @app.before_request
    def speak() -> None:
        last = feed.snapshot().last  # a runner's language does not change while fusion is silent
        languages.speak(languages.chosen(last, request.args.get("lang"), usual))

    @app.teardown_request
    def fall_silent(_error: BaseException | None) -> None:
        languages.speak(languages.SOURCE)

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint not in _WITHOUT_LANGUAGE and "lang" in request.args:
            values.setdefault("lang", request.args["lang"])
