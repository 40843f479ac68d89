"""Whatever verdicts these tests have the mistakes make, their words are in the catalogues of the languages."""

import pytest

from station.scorecard.registry import all_mistakes
from station.scorecard.verdict import Verdict
from tests.spoken import assert_translated

_SPOKEN = ("title", "reasons", "cue", "text", "label", "measured", "matters")
_IDS = ("mean_estimated", "single_step_blurred")
"""Labels of curves are for programs."""
_TITLES = {mistake.title for mistake in all_mistakes()}


@pytest.fixture(autouse=True)
def spoken(monkeypatch):
    made: list[Verdict] = []
    build = Verdict.__init__

    def remember(self: Verdict, /, *args: object, **fields: object) -> None:
        build(self, *args, **fields)
        made.append(self)

    monkeypatch.setattr(Verdict, "__init__", remember)
    yield
    judged = [verdict for verdict in made if verdict.title in _TITLES]  # not what a test invented
    assert_translated(sentence for verdict in judged for sentence in _sentences(verdict.to_json()))


def _sentences(document: object, key: str = "") -> list[str]:
    if isinstance(document, dict):
        return [s for name, part in document.items() for s in _sentences(part, name)]
    if isinstance(document, list):
        return [s for part in document for s in _sentences(part, key)]
    return [document] if isinstance(document, str) and key in _SPOKEN and document not in _IDS else []
