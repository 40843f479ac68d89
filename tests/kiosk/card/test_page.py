"""The scorecard as one file."""

import json
import re

import pytest

from station.errors import InputError
from station.kiosk.card.page import standalone_page
from tests.kiosk.sample_report import mistake, sample_document, sample_mistakes


def page_of(document) -> str:
    return standalone_page(json.dumps(document).encode()).decode()


def test_all_cards_are_on_the_page_with_their_figures():
    page = page_of(sample_document())
    for each in sample_mistakes().values():
        assert each["title"] in page
    assert page.count("<article") == 4
    assert page.count("<figure>") == 11  # four of the verdicts, and those of five steps
    assert "168" in page


def test_the_page_loads_nothing_and_runs_nothing():
    page = page_of(sample_document())
    assert not re.search(r"<(script|link|iframe|img|image)\b", page)
    assert not re.search(r"(src|href)=", page)
    assert "url(" not in page


def test_words_of_a_document_cannot_become_markup():
    evil = "<script>alert(1)</script>"
    document = sample_document({"it": mistake(evil, "present", 50.0, cue=evil, reasons=[evil])})
    document["summary"]["notes"] = [evil]
    page = page_of(document)
    assert evil not in page
    assert page.count("&lt;script&gt;") == 4


def test_a_document_that_is_none_is_refused():
    with pytest.raises(InputError, match="Score it again"):
        standalone_page(b"[]")
