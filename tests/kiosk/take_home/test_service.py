"""The code to take home: what a person reads in it, and what it carries of a report."""

import json
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.gait.results import Measure
from station.kiosk import languages
from station.kiosk.card.view import read_scorecard
from station.kiosk.take_home import code_text, qr_svg
from station.kiosk.take_home.code_summary import summary_of
from station.messages import Choices, Report
from station.records.card_key import PRIVATE_FILE
from station.scorecard.verdict import Word
from tests.kiosk.at_home import DAY, code_of, config, report
from tests.kiosk.conftest import VISIT, Station
from tests.kiosk.hand_camera import HandCamera
from tests.kiosk.measured_report import measured_document


@pytest.fixture
def camera() -> HandCamera:
    return HandCamera()


@pytest.fixture
def home(tmp_path, camera) -> Station:
    return Station(config(tmp_path), camera)


@pytest.fixture
def written(monkeypatch) -> list[str]:
    """What the codes that are drawn say."""
    found, draw = [], qr_svg.take_home

    def keep(*parts: str):
        found.append("".join(parts))
        return draw(*parts)

    monkeypatch.setattr(qr_svg, "take_home", keep)
    return found


def test_the_code_can_be_read_by_a_person(home, written):
    home.fusion.report_given = report()
    home.hear("card", choices=Choices(nickname="Quickfoot", speed_m_s=2.8))
    page = home.get("/take-home")
    assert 'class="qr"' in page
    assert "No name." in page
    head, *lines = written[0].splitlines()
    assert head.startswith("Studio Nord · ")
    assert head.endswith(" · 10.1 km/h")
    assert lines[0] == "Head forward: Present, 21° (20 to 23), neck, compared with standing"
    assert lines[3] == "Heavy heel landing: No verdict, 58 BW/s (55 to 62), loading rate, right foot"
    assert lines[4] == "Habits and cues, not a diagnosis."
    assert lines[5].startswith("RUN:")
    assert "71" not in written[0].rsplit("\nRUN:")[0]  # kilograms


def test_the_nickname_goes_only_where_it_is_asked(home, written):
    home.hear("card", choices=Choices(nickname="Quickfoot"))
    home.get("/take-home")
    assert "Quickfoot" not in written[-1]
    assert "Quickfoot" not in code_text.base45.decode(written[-1].rsplit("RUN:")[1]).decode("latin-1")
    assert "Your nickname is in it." in home.get("/take-home?name=yes")
    assert "Quickfoot" in written[-1]


def test_the_code_speaks_the_runners_language(home, written):
    home.hear("card", choices=Choices(language="de"))
    home.get("/take-home")
    assert "Nicht gemessen" in written[0] or "Kein Urteil" in written[0]


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_the_words_leave_a_code_that_can_be_held_before_a_camera(home, written, language):
    """Version 18 has 89 modules: docs/take-home.md says how far off they are read."""
    home.fusion.report_given = report()
    home.hear("card", choices=Choices(language=language, speed_m_s=2.8, incline_pct=1.0, shoes="trainers"))
    home.get("/take-home")
    words, line = written[0].rsplit("RUN:")
    assert qr_svg.take_home(words, f"RUN:{line}").version <= 18


def test_there_is_no_code_without_a_card(home):
    for phase in ("idle", "weigh", "run", "score"):
        home.hear(phase)
        assert home.client.get("/take-home").location == "/"
        assert home.client.get("/compare").location == "/"


def test_a_damaged_key_leaves_the_card(tmp_path, camera, caplog):
    (tmp_path / PRIVATE_FILE).write_text("nothing")
    station = Station(config(tmp_path), camera)
    assert "card_key.pem is damaged" in caplog.text
    station.hear("card")
    assert "take-home" not in station.get("/")
    assert station.client.get("/take-home").status_code == 404


def test_the_summary_of_a_report(home):
    given = report()
    summary = summary_of(given.json, Choices(shoes="trainers", incline_pct=1.0), b"here", DAY)
    assert summary.values["asymmetry.step_time_pct"] == Measure(5.36, 4.71, pytest.approx(6.02), 71)
    assert summary.values["summary.cadence_spm"].value == 167.6
    assert summary.values["posture.neck_drift_deg"].reason == "The run was too short."
    assert summary.mistakes["head_forward"].verdict == "present"
    assert summary.mistakes["head_forward"].headline == Measure(21.4, 20.1, 22.9, 0)
    conditions = summary.conditions
    assert (conditions.speed_m_s, conditions.loading_rate, conditions.sides_known) == (2.8, "relative", True)


def test_a_new_tare_is_no_new_calibration():
    document = measured_document()
    first, second = (
        summary_of(json.dumps(document).encode(), Choices(), b"here", DAY).conditions
        for document["inputs"]["calibration"]["parts"]["tare"] in ("one", "another")
    )
    assert first.force_calibration == second.force_calibration != b""


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
TREES = st.recursive(LEAVES, lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each))


@st.composite
def spoilt_documents(draw):
    """A report of which some places hold anything at all, "not measured" among them."""
    document = measured_document()
    document["steps"] = document["steps"][:2]
    document["mistakes"] = {name: each | {"evidence": []} for name, each in document["mistakes"].items()}
    for _ in range(draw(st.integers(1, 5))):
        tree, key = document, None
        while key is None or (isinstance(tree[key], dict) and tree[key] and draw(st.booleans())):
            tree = document if key is None else tree[key]
            key = draw(st.sampled_from(sorted(tree)))
        tree[key] = draw(TREES | st.just({"value": None, "low": None, "high": None, "n": 0, "reason": "not seen"}))
    return document


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoilt_documents())
def test_any_report_that_can_be_shown_gives_a_code_that_comes_back(home, document):
    given_report = Report(visit_id=VISIT, json=json.dumps(document).encode())
    if read_scorecard(given_report) is None:
        return
    text = code_of(home, given_report)
    if len(text) > code_text.MOST_CHARACTERS:
        return
    summary = code_text.read(text, home.take_home.keys, list(document["mistakes"]))
    assert {m.verdict for m in summary.mistakes.values()} <= set(get_args(Word))
    assert len(summary.mistakes) == len(document["mistakes"])


def test_a_poor_report_still_gives_a_code(home):
    for document in (
        {"mistakes": {}},
        {"mistakes": {"x": None}, "feet": 3, "asymmetry": {"step_time_pct": {"value": 1}}},
    ):
        given = Report(visit_id=VISIT, json=json.dumps(document).encode())
        summary = summary_of(given.json, Choices(), home.take_home.keys.id, DAY)
        assert not any(m.measured for m in summary.values.values())
        assert code_text.read(code_of(home, given), home.take_home.keys, ["x"]).mistakes == summary.mistakes
