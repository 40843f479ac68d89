"""Which language a page is in, and how that language writes its numbers and days."""

from datetime import date

import pytest

from station.config import Config, Kiosk
from station.errors import ConfigError, StationError
from station.kiosk import languages
from station.messages import Choices, StationState
from tests.kiosk.conftest import Station


def visit_in(language: str) -> StationState:
    return StationState(phase="ready", since_ns=0, visit_id="v", choices=Choices(language=language))


@pytest.fixture
def forgetful():
    """Catalogues are read again, before and after."""

    def forget() -> None:
        languages.catalogue.cache_clear()
        languages.translations.cache_clear()

    forget()
    yield
    forget()


def test_every_language_is_named_in_itself():
    assert languages.LANGUAGES == {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}


def test_the_visit_rules_then_the_address_then_the_configuration():
    idle = StationState(phase="idle", since_ns=0, visit_id=None)
    assert languages.chosen(visit_in("de"), "fr", "es") == "de"
    assert languages.chosen(idle, "fr", "es") == "fr"
    assert languages.chosen(None, None, "es") == "es"


def test_a_language_without_a_catalogue_is_not_spoken():
    assert languages.chosen(visit_in("xx"), "../de", "es") == "es"


@pytest.mark.parametrize(("language", "written"), [("en", "−2.5"), ("de", "−2,5"), ("es", "−2,5"), ("fr", "−2,5")])
def test_numbers_are_written_as_the_language_does(language, written):
    with languages.speaking(language):
        assert languages.number(-2.46, 1) == written
        assert languages.number(-0.04, 1).strip("0.,") == ""


def test_decimals_inside_a_text_are_rewritten_and_addresses_are_not():
    with languages.speaking("de"):
        assert languages.localised("2.5 to 3.8 m/s at 10.0.0.1, v1.2") == "2,5 to 3,8 m/s at 10.0.0.1, v1.2"


def test_days_are_written_as_the_language_does():
    with languages.speaking("de"):
        assert languages.day(date(2026, 11, 22)) == "22.11.2026"


def test_the_forms_for_one_and_for_many():
    with languages.speaking("fr"):
        assert languages.ngettext("Reading one step.", "Reading %(n)s steps.", 1) != languages.ngettext(
            "Reading one step.", "Reading %(n)s steps.", 2
        )


def test_an_unknown_language_is_a_wrong_setting(forgetful):
    with pytest.raises(ConfigError, match=r"xx.*choose one of en, de"):
        Station(Config(kiosk=Kiosk(language="xx")))


def test_a_damaged_catalogue_is_found_at_the_start(tmp_path, monkeypatch, forgetful):
    (tmp_path / "station.po").write_text("rubbish\n", encoding="utf-8")
    monkeypatch.setattr(languages, "catalogue_file", lambda language: tmp_path / "station.po")
    with pytest.raises(StationError, match="is damaged"):
        Station(Config())


def test_the_page_says_its_language():
    station = Station(Config(kiosk=Kiosk(language="fr")))
    assert '<html lang="fr">' in station.get("/")
    assert '<html lang="de">' in station.get("/?lang=de")
    assert '<html lang="fr">' in station.get("/?lang=xx")
    station.hear("ready", choices=Choices(language="es"))
    assert '<html lang="es">' in station.get("/?lang=de")


def test_what_went_wrong_is_said_in_the_language_of_the_page():
    station = Station(Config())
    answer = station.client.get("/nowhere?lang=de")
    assert answer.status_code == 404
    assert '<html lang="de">' in answer.text
    assert "Diese Seite gibt es nicht" in answer.text


def test_live_events_are_in_the_runners_language(station):
    station.hear("weigh", choices=Choices(language="de"), notice="Stand still.", faults=["The camera does not answer."])
    with station.client.get("/events?lang=fr") as answer:
        told = b"".join(next(answer.response) for _ in range(3)).decode()
    assert '"notice": "Steh still."' in told
    assert "Die Kamera antwortet nicht." in told


def test_live_events_are_in_the_language_of_the_page_while_nobody_is_there(station):
    station.hear("idle", faults=["The load cells do not answer."])
    with station.client.get("/events?lang=es") as answer:
        told = b"".join(next(answer.response) for _ in range(3)).decode()
    assert "Las c\\u00e9lulas de carga no responden." in told
