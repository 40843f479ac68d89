"""Sentences of other rooms are found again by their templates, whatever stands in the places."""

import itertools
import logging
import string

import pytest
from babel.messages.catalog import Catalog
from hypothesis import assume, given
from hypothesis import strategies as st

from station.fusion.scoring_worker import FAILED_BECAUSE
from station.kiosk import languages, translate
from station.kiosk.catalogue import places

TOLD = sorted(text for text in translate._texts("de") if "%(" not in text)
TEMPLATES = [text for text in TOLD if places(text) and translate._letters(text)]
OTHERS = sorted(set(languages.LANGUAGES) - {languages.SOURCE})


@pytest.fixture(autouse=True)
def german():
    with languages.speaking("de"):
        yield


@pytest.fixture
def words(monkeypatch):
    """A catalogue of a test's own."""

    def put(texts: dict[str, str]) -> None:
        catalogue = Catalog("de")
        for text, own in texts.items():
            catalogue.add(text, own)
        monkeypatch.setattr(languages, "catalogue", lambda language: catalogue)
        forget()

    def forget() -> None:
        translate._texts.cache_clear()
        translate._templates.cache_clear()

    yield put
    monkeypatch.undo()
    forget()


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its places filled, whatever form they ask for."""
    return "".join(words + (values[place] if place else "") for words, place in translate._pieces(text))


def values_for(text: str) -> st.SearchStrategy[dict[str, str]]:
    said = st.text(string.ascii_letters + string.digits + " .,:;()%-°é", min_size=1, max_size=30)
    return st.fixed_dictionaries({place: said for place in sorted(places(text))})


@given(st.sampled_from(TEMPLATES).flatmap(lambda text: st.tuples(st.just(text), values_for(text))))
def test_every_template_is_found_again_with_anything_in_its_places(made):
    """Or one that fits and has as many letters of its own: the sentence may by chance be another one's as well."""
    text, values = made
    found = next((t for t in translate._templates("de") if t.fits.fullmatch(filled(text, values))), None)
    assert found is not None
    assert found.letters >= translate._letters(text)


@given(st.sampled_from(TEMPLATES), st.floats(-1e4, 1e4).map("{:.1f}".format))
def test_numbers_in_a_template_come_back_in_its_translation(text, number):
    own = translate._texts("de")[text]
    sentence = filled(text, dict.fromkeys(places(text), number))
    fitting = [t for t in translate._templates("de") if t.fits.fullmatch(sentence)]
    assume(fitting[0].letters == translate._letters(text) and len(fitting) == 1)
    assert translate.translated(sentence) == filled(own, dict.fromkeys(places(text), number.replace(".", ",")))


@given(st.text(max_size=2000), st.sampled_from(OTHERS))
def test_no_text_is_too_much(text, language):
    with languages.speaking(language):
        assert isinstance(translate.translated(text), str)


@given(st.lists(st.sampled_from(TOLD), max_size=20), st.sampled_from(["; ", ". ", ", ", " to ", ": "]))
def test_no_heap_of_templates_is_too_much(texts, joint):
    assert isinstance(translate.translated(joint.join(texts)), str)


def test_numbers_are_written_in_the_language(words):
    words({"only {n} of {least} m/s": "nur {n} von {least} m/s"})
    assert translate.translated("only 2.5 of 3.8 m/s") == "nur 2,5 von 3,8 m/s"


def test_a_place_that_asks_for_a_form_takes_what_was_said(words):
    words({"turned by {turn:.1f} degrees": "um {turn} Grad gedreht"})
    assert translate.translated("turned by 2.5 degrees") == "um 2,5 Grad gedreht"


def test_what_stands_in_a_place_is_translated_too(words):
    words(
        {
            "It was not measured: {reason}": "Nicht gemessen: {reason}",
            "fewer than {n} steps": "weniger als {n} Schritte",
        }
    )
    assert translate.translated("It was not measured: fewer than 4 steps") == "Nicht gemessen: weniger als 4 Schritte"


def test_lists_and_sentences_in_a_row_are_translated_one_by_one(words):
    words(
        {
            "load cell {cells} is silent": "Zelle {cells} schweigt",
            "front left": "vorn links",
            "rear right": "hinten rechts",
            "Run on. It is fine.": "Lauf weiter. Alles gut.",
            "Stop.": "Halt.",
        }
    )
    assert (
        translate.translated("load cell front left, rear right is silent") == "Zelle vorn links, hinten rechts schweigt"
    )
    assert translate.translated("Run on. It is fine. Stop.") == "Lauf weiter. Alles gut. Halt."


def test_of_several_that_fit_the_one_with_the_most_letters_of_its_own_wins(words):
    words({"the camera {what}": "die Kamera {what}", "the camera failed ({e})": "die Kamera ist aus ({e})"})
    assert translate.translated("the camera failed (x)") == "die Kamera ist aus (x)"


def test_a_template_of_few_letters_needs_known_words_in_its_places(words):
    words({"{low} to {high}": "{low} bis {high}", "left": "links"})
    assert translate.translated("2.5 to left") == "2,5 bis links"
    assert translate.translated("it moved to the window") == "it moved to the window"


def test_an_unknown_sentence_stays_english_and_is_logged_once_without_its_numbers(caplog, monkeypatch):
    monkeypatch.setattr(translate, "_unknown", set())
    with caplog.at_level(logging.WARNING):
        assert translate.translated("Nobody marked 4.2 of these.") == "Nobody marked 4,2 of these."
        translate.translated("Nobody marked 9.9 of these.")
    assert [record.message for record in caplog.records] == [
        "kiosk: not in the catalogue of de: Nobody marked #.# of these."
    ]


def test_english_is_said_as_it_is():
    with languages.speaking("en"):
        assert translate.translated("Nobody marked 4.2 of these.") == "Nobody marked 4.2 of these."


@pytest.mark.parametrize("language", OTHERS)
def test_the_sentences_of_the_other_rooms_are_translated(language):
    """One of each kind: plain, with numbers, with a reason inside, with a list inside, several reasons in a row."""
    sentences = [
        "Another person is in the picture.",
        "The load cells were silent for 3 s of the run.",
        "The loading rate was not measured: how the deck rings has not been tested; the belt's speed changed",
        "load cell front left, rear right does not move with the steps; check its wires",
        "rear left load cell: out of range; take the load off and check the four wires from cell to chip",
    ]
    with languages.speaking(language):
        for sentence in sentences:
            assert translate.translated(sentence) != sentence


FILMED = "The camera gave no pictures for 21 of the 60 s of the run: it was not open."
POSED = "No pose could be found in the pictures for 30 of the 60 s of the run: the camera did not answer."
UNSCORED = "This run could not be scored: the recording ends before the running began; there is nothing to score."
PLAIN = "Another person is in the picture."
PAIRS = list(itertools.permutations([FILMED, POSED, UNSCORED, PLAIN], 2))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_sentences_are_translated_as_each_is_by_itself(language, first, second, caplog):
    """A place at the end of the first never swallows the second."""
    with languages.speaking(language), caplog.at_level(logging.WARNING):
        own = [translate.translated(sentence) for sentence in (first, second)]
        assert translate.translated(f"{first} {second}") == " ".join(own)
    assert not caplog.records


@pytest.mark.parametrize("language", OTHERS)
def test_why_a_run_could_not_be_scored_is_translated_to_its_end(language):
    why = "the recording ends before the running began; there is nothing to score"
    with languages.speaking(language):
        own = translate.translated(why)
        assert own != why
        assert own in translate.translated(FAILED_BECAUSE.format(why=why))


def test_two_sentences_in_a_place_are_translated_where_the_text_goes_on_after_it(words):
    words({"It failed ({why}) and ended": "Fehler ({why}), Ende", "It broke. Call us.": "Kaputt. Ruf an."})
    assert translate.translated("It failed (It broke. Call us.) and ended") == "Fehler (Kaputt. Ruf an.), Ende"
