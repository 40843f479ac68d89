"""The comparison in words: verdicts of unlike runs do not stand side by side."""

from dataclasses import replace
from datetime import date

import pytest

from station.kiosk import languages
from station.kiosk.card.view import Card, read_scorecard
from station.kiosk.take_home import comparison_view
from station.kiosk.take_home.comparison_view import ComparisonView
from station.scorecard.compare import compare
from station.scorecard.run_summary import Conditions, Judged, RunSummary
from tests.kiosk.sample_report import sample_report

LIKE = Conditions(2.8, 1.0, "Bolt 7", "absolute", True, b"here", b"cells", b"eye")
UNLIKE = (
    {"station": b"else"},
    {"speed_m_s": 3.8},
    {"speed_m_s": None},
    {"incline_pct": 6.0},
    {"incline_pct": None},
)


@pytest.fixture(scope="module")
def cards() -> tuple[Card, ...]:
    return read_scorecard(sample_report("a")).cards


def view(cards: tuple[Card, ...], **last_time: object) -> ComparisonView:
    last = Judged("present")
    then = RunSummary(date(2026, 10, 1), {}, {card.id: last for card in cards}, replace(LIKE, **last_time))
    return comparison_view.view(compare(then, RunSummary(date(2026, 11, 22), {}, {}, LIKE)), cards)


def test_verdicts_of_like_runs_stand_side_by_side(cards):
    seen = view(cards)
    assert [(line.title, line.then, line.now) for line in seen.verdicts] == [
        (card.title, "present", card.verdict) for card in cards
    ]


@pytest.mark.parametrize("last_time", UNLIKE)
def test_of_unlike_runs_no_verdict_is_shown_and_the_reason_stands_with_the_mistakes(cards, last_time):
    seen = view(cards, **last_time)
    assert seen.verdicts == ()
    (why,) = (each for each in seen.untold if each.titles == tuple(card.title for card in cards))
    assert why.reason == "Verdicts are compared only on the same station, at the same known speed and the same incline."
    with languages.speaking("de"):
        assert view(cards, **last_time).untold[-1].reason.startswith("Urteile")
