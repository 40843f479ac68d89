"""No page says a word that no catalogue can translate.

The pages are made in a language in which every text of the catalogues stands in brackets: whatever letters a page
shows outside of them, nobody could have translated.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog, Message

from station.config import Config
from station.kiosk import languages, translate
from station.kiosk.catalogue import marked_texts
from station.kiosk.staff.pin import StaffPin
from station.messages import Choices
from tests.kiosk.conftest import VISIT, Station
from tests.kiosk.sample_report import sample_report

SPOKEN_ATTRIBUTES = ("aria-label", "alt", "placeholder", "title")
UNTRANSLATED = {"km/h", "ms", "min", "m/s", "N", "Hz", "GB", *languages.LANGUAGES.values()}
"""Units and the languages' own names."""
PHASES = ("idle", "weigh", "ready", "run", "score", "card")


class Words(HTMLParser):
    """What a page shows or reads out in its own language."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = [""]  # what stands together on a line or in a block
        self._apart: str | None = None  # inside of a script, a style, a command, or an element in another language
        self._depth = 0  # of elements of that kind

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self._apart is None and (
            tag in ("script", "style", "code") or (tag != "html" and "lang" in dict(attributes))
        ):
            self._apart = tag
        self._depth += tag == self._apart
        self._end_of_item(tag)
        if self._apart is None:
            spoken = [value for name, value in attributes if name in SPOKEN_ATTRIBUTES and value]
            self.told += [*spoken, ""] if spoken else []

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == self._apart
        if not self._depth:
            self._apart = None
        self._end_of_item(tag)

    def handle_data(self, data: str) -> None:
        if self._apart is None:
            self.told[-1] += data

    def _end_of_item(self, tag: str) -> None:
        if tag not in ("b", "i", "br"):
            self.told.append("")


def unspoken(html: str) -> list[str]:
    """Words outside of the brackets."""
    words = Words()
    words.feed(html)
    outside = " ".join(_outside(told) for told in words.told)
    return [word for word in re.findall(r"[^\s\d]*[A-Za-zÀ-ž][^\s\d]*", outside) if word not in UNTRANSLATED]


def _outside(told: str) -> str:
    """Brackets may hold brackets, and a text that is cut short has lost its last one."""
    while "⟦" in told:
        inner = re.sub(r"⟦[^⟦⟧]*(⟧|$)", "", told)
        assert inner != told, told
        told = inner
    return told


def bracketed(text: Message) -> str | tuple[str, str]:
    if isinstance(text.id, tuple):
        return tuple(f"⟦{form}⟧" for form in text.id)
    return f"⟦{text.id}⟧"


@pytest.fixture(scope="module")
def bracket_catalogue() -> Catalog:
    catalogue = Catalog("de")
    for text in marked_texts():
        if text.id:
            catalogue.add(text.id, bracketed(text), context=text.context)
    return catalogue


@pytest.fixture
def bracket_language(bracket_catalogue, monkeypatch):
    """German says what is English in brackets."""
    original = languages.catalogue

    def forget() -> None:
        for cached in (languages.translations, translate._texts, translate._templates):
            cached.cache_clear()

    forget()
    monkeypatch.setattr(
        languages, "catalogue", lambda language: bracket_catalogue if language == "de" else original(language)
    )
    yield
    monkeypatch.undo()
    forget()


def pages(station: Station) -> Iterator[str]:
    """Addresses without a part to fill in, and those of the card's pages."""
    for rule in station.app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and rule.rule not in ("/events", "/health"):
            yield rule.rule
    yield from (f"/card/{name}" for name in ("head_forward", "uneven_gait", "arm_movement", "heavy_rearfoot_strike"))


@pytest.mark.parametrize(
    ("phase", "mode"),
    [*((phase, "gym") for phase in PHASES), *((phase, "clinic") for phase in ("idle", "run", "card"))],
)
def test_every_word_on_every_page_is_in_the_catalogues(phase, mode, bracket_language):
    station = Station(Config(mode=mode))
    station.fusion.report_given = sample_report(VISIT)
    choices = None if phase == "idle" else Choices(language="de", camera=True, live=mode == "clinic")
    faults = ["The load cells do not answer."]
    station.hear(phase, choices=choices, notice="Stand still.", faults=faults, steps=20, run_s=8.0)
    assert_spoken(station)


def test_every_word_of_the_staff_area_is_in_the_catalogues(tmp_path, bracket_language):
    StaffPin(tmp_path).set("482915")
    station = Station(Config(state_dir=str(tmp_path)))
    assert unspoken(station.get("/staff/?lang=de")) == []
    station.post("/staff/sign-in", page="/staff/", pin="482915")
    assert_spoken(station)


def assert_spoken(station: Station) -> None:
    """What only leads to another page is left out."""
    for page in pages(station):
        answer = station.client.get(f"{page}?lang=de")
        if answer.mimetype == "text/html" and answer.location is None:
            assert unspoken(answer.text) == [], page


def test_a_silent_station_is_said_in_the_language(bracket_language):
    station = Station(Config())
    station.clock.sleep(60)
    assert unspoken(station.get("/?lang=de")) == []


def test_the_check_finds_a_word_that_was_forgotten(bracket_language):
    assert unspoken('<p aria-label="Now">⟦Back ⟦to⟧⟧ and <b>forth</b> 5 km/h</p>') == ["Now", "and", "forth"]
