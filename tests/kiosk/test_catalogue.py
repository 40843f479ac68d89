"""The catalogues hold every marked text, translated; the command that updates them is repeatable."""

import pytest
from babel.messages.catalog import Catalog

from station.kiosk import catalogue, languages

OTHERS = sorted(set(languages.LANGUAGES) - {languages.SOURCE})


@pytest.fixture(scope="module")
def marked() -> Catalog:
    return catalogue.marked_texts()


def of(*texts: tuple) -> Catalog:
    made = Catalog("de", fuzzy=False)
    for english, own in texts:
        made.add(english, own)
    return made


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_with_the_places_of_the_english(language, marked):
    assert list(catalogue.faults(catalogue.read(language), marked)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_committed_files_are_as_the_command_writes_them(language, marked, tmp_path):
    file = tmp_path / "station.po"
    catalogue.write(catalogue.updated(catalogue.read(language), marked), file)
    assert file.read_text(encoding="utf-8") == languages.catalogue_file(language).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", OTHERS)
def test_the_kiosk_reads_what_is_committed(language, marked):
    found = languages.catalogue(language)
    assert {text.id for text in found} == {text.id for text in marked}


def test_texts_are_found_in_code_and_in_templates(marked):
    assert ("station/gait/posture_gates.py", None) in marked.get("Another person is in the picture.").locations
    assert ("station/kiosk/templates/weigh.html", None) in marked.get("Standing still").locations


def test_what_is_wrong_is_named():
    marked = of(("one", None), ("two {n}", None), ("three %(n)s", None), ("four", None))
    translated = of(("one", "eins"), ("two {n}", "zwei {m}"), ("three %(n)s", ""), ("five", "fünf"))
    assert list(catalogue.faults(translated, marked)) == [
        "other places than in English: two {n}",
        "not translated: three %(n)s",
        "not translated: four",
        "gone: five",
    ]


def test_a_guess_is_no_translation():
    translated = of(("one", "eins"))
    translated.get("one").flags.add("fuzzy")
    assert list(catalogue.faults(translated, of(("one", None)))) == ["fuzzy: one"]


def test_the_form_for_one_may_leave_its_number_out():
    marked = of((("a step", "{n} steps"), None))
    assert list(catalogue.faults(of((("a step", "{n} steps"), ("ein Schritt", "{n} Schritte"))), marked)) == []
    assert list(catalogue.faults(of((("a step", "{n} steps"), ("ein Schritt", "Schritte"))), marked)) != []


def test_an_update_keeps_what_is_translated_and_takes_out_what_is_gone():
    new = catalogue.updated(of(("one", "eins"), ("gone", "weg")), of(("one", None), ("two", None)))
    assert {text.id: text.string for text in new if text.id} == {"one": "eins", "two": None}


def test_a_new_language_is_a_folder(tmp_path, marked, monkeypatch):
    monkeypatch.setattr(languages, "CATALOGUES", tmp_path)
    monkeypatch.setattr(catalogue.sys, "argv", ["catalogue", "it"])
    monkeypatch.setattr(catalogue, "LANGUAGES", {"en": "English"})
    monkeypatch.setattr(catalogue, "marked_texts", lambda: marked)
    assert catalogue.main() == 1  # everything is left to translate
    assert (tmp_path / "it" / "LC_MESSAGES" / "station.po").exists()
