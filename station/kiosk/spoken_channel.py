"""What Waitress refuses by itself, before any page is asked, is said on a page in the visitor's language."""

from collections.abc import Callable
from urllib.parse import parse_qs

from waitress.task import ErrorTask

from station.kiosk import fallback, languages, texts
from station.kiosk.bounded_channel import BoundedChannel

LanguageOf = Callable[[str | None], str]
"""The language of whoever looks, by the one that the address asks for."""


def spoken_channel(language_of: LanguageOf) -> type[BoundedChannel]:
    """The connections of a kiosk that speaks to its visitors."""

    class Refusal(ErrorTask):
        def execute(self) -> None:
            error = self.request.error
            words = fallback.words_for(error.code)
            if words is texts.PAGE_REFUSED:  # it is no form of ours
                words = texts.PAGE_NOT_UNDERSTOOD
            with languages.speaking(language_of(_asked(self.request))):
                body = fallback.page(*words).encode()
            self.status = f"{error.code} {error.reason}"
            self.response_headers += [*fallback.HEADERS, ("Cache-Control", "no-store")]
            self.set_close_on_finish()
            self.content_length = len(body)
            self.write(body)

    class SpokenChannel(BoundedChannel):
        error_task_class = Refusal

    return SpokenChannel


def _asked(request: object) -> str | None:
    """The language in the address; none where the address was what could not be read."""
    return parse_qs(getattr(request, "query", "") or "").get("lang", [None])[0]
