"""Report -> cards: right where the report is right, in words where it is not."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.kiosk import texts
from station.kiosk.card import evidence_figures
from station.kiosk.card.evidence_figures import Shown
from station.kiosk.card.view import read_scorecard
from station.messages import Report
from tests.kiosk.sample_report import (
    PICTURE_ID,
    curve_evidence,
    headline,
    mistake,
    neck_evidence,
    sample_document,
    sample_mistakes,
    sample_report,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def read(mistakes):
    return read_scorecard(sample_report("v", sample_document(mistakes)))


def draw_all(card, shown):
    """Every drawing that any page makes of a card."""
    evidence_figures.face(card, shown)
    evidence_figures.behind(card, shown)
    for step in card.shown_steps.steps:
        evidence_figures.thumbnail(step, shown)
        evidence_figures.of_step(step, read(sample_mistakes()), shown)


def only(**fields):
    return read({"it": mistake("It", "present", 50.0) | fields}).cards[0]


def test_cards_come_in_the_order_of_the_report():
    reversed_ = dict(reversed(sample_mistakes().items()))
    assert [c.id for c in read(reversed_).cards] == list(reversed_)
    assert [c.title for c in read(sample_mistakes()).cards][:2] == ["Head forward", "Uneven gait"]


def test_summary_and_steps():
    scorecard = read(sample_mistakes())
    assert (scorecard.steps, scorecard.cadence_spm, scorecard.duration_s) == (154, 168, 62)
    rows = scorecard.table().rows
    assert rows[0] == ("1", "Right", "249", "2.41", "14", "Rearfoot")
    assert rows[1] == ("2", "Left", "250", "2.42", texts.NOTHING, texts.NOTHING)


@pytest.mark.parametrize(
    ("asked", "first", "last", "before", "after"),
    [(1, 1, 300, None, 301), (301, 301, 600, 1, 601), (601, 601, 700, 301, None), (150, 150, 449, 1, 450),
     (0, 1, 300, None, 301), (701, 1, 300, None, 301), (-5, 1, 300, None, 301)],
)  # fmt: skip
def test_a_long_run_is_leafed_through(asked, first, last, before, after):
    document = sample_document() | {"steps": [{"n": n} for n in range(1, 701)]}
    scorecard = read_scorecard(sample_report("v", document))
    table = scorecard.table(asked)
    assert (table.first, table.last, table.of, table.before, table.after) == (first, last, 700, before, after)
    assert (table.rows[0][0], table.rows[-1][0]) == (str(first), str(last))
    assert len(scorecard.table(most=None).rows) == 700


@pytest.mark.parametrize("verdict", ["present", "likely", "borderline", "unlikely", "not_seen", "not_measured"])
def test_each_verdict_has_its_word(verdict):
    card = only(verdict=verdict)
    assert (card.verdict, card.word) == (verdict, texts.VERDICTS[verdict][0])


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "number", "interval"),
    [
        (21.44, 20.06, 22.9, "deg", "21°", "20 to 23"),
        (5.36, 4.71, 6.02, "%", "5.4 %", "4.7 to 6.1"),
        (-12.7, -14.2, -11.0, "%", "−13 %", "−15 to −11"),
        (0.123, 0.1, 0.15, "BW", "0.12 BW", "0.10 to 0.15"),
        (0.05, -0.02, 0.11, "%", "0.1 %", "−0.1 to 0.2"),
        (9.96, None, 2, "°", "10.0°", None),
        (58.3, None, None, "BW/s", "58 BW/s", None),
        (None, 1.0, 2.0, "deg", None, "1.0 to 2.0"),
        (17.1, 16.8, 17.4, "°", "17°", "16 to 18"),
        (58.31, 58.29, 58.33, "BW/s", "58 BW/s", "58 to 59"),
        (5.0, 5.0, 5.0, "%", "5.0 %", "5.0 to 5.0"),
    ],
)
def test_headline(value, low, high, unit, number, interval):
    card = only(headline=headline("what it is", value, low, high, unit))
    assert (card.headline, card.interval, card.caption) == (number, interval, "what it is")


def test_severity_is_rounded_to_five_because_three_points_are_no_difference():
    card = only(severity=71.2, low=62.6, high=101.0, probability=0.974)
    assert (card.severity, card.severity_range) == (70, (65, 100))


@pytest.mark.parametrize(("severity", "printed"), [
    (0, 0), (32.4, 30), (32.9, 30), (33, 35), (33.4, 35), (65.9, 65), (66, 66), (67.4, 66), (67.6, 70), (100, 100),
])  # fmt: skip
def test_a_rounded_severity_stays_on_its_side_of_the_limits_beside_it(severity, printed):
    assert only(severity=severity).severity == printed


@pytest.mark.parametrize(("probability", "said"), [
    (0.0, "less than 1 %"), (0.0099, "less than 1 %"), (0.01, "1 %"), (0.881, "88 %"), (0.99, "99 %"),
    (0.991, "more than 99 %"), (1.0, "more than 99 %"), (None, None),
])  # fmt: skip
def test_no_probability_is_none_or_certainty(probability, said):
    found = only(probability=probability).probability
    assert found == (said and said.replace(" %", "\N{NO-BREAK SPACE}%"))


def test_judged_is_said_only_where_something_could_be_judged():
    assert only(judged=112, of=130).judged == "Judged on 112 of 130 strides"
    assert only(judged=0, of=0).judged is None
    assert only(judged=None, of=130).judged is None


def test_each_graded_part_of_the_confidence_is_said_in_a_word_and_a_sentence():
    confidence = {
        "measurement": {"grade": "high", "text": "By a force plate."},
        "meaning": {"grade": "low", "text": "x"},
    }
    measured, known = only(confidence=confidence).confidence
    assert (measured.label, measured.word, measured.level) == ("How well measured", "well", 3)
    assert measured.text == "By a force plate."
    assert (known.word, known.level) == ("little", 1)
    assert [s.level for s in only(confidence=confidence | {"meaning": {"grade": "sure"}}).confidence] == [3]
    assert only(confidence=None).confidence == ()


def test_gates_that_failed_come_apart_from_the_others():
    def gate(asks, status, reason=None):
        return {"id": asks, "sensor": "force", "asks": asks, "status": status, "reason": reason}

    said = [gate("a", "held"), gate("b", "failed", "It shook."), gate("c", "not_known"), gate("d", "odd"), None]
    gates = read_scorecard(sample_report("v", sample_document() | {"gates": said})).gates
    assert [(g.asks, g.reason) for g in gates.failed] == [("b", "It shook.")]
    assert [g.asks for g in gates.others] == ["c", "a"]
    assert gates.in_short == "1 of 3 conditions met"
    assert not read(sample_mistakes()).gates


def test_not_measured_always_has_a_reason():
    assert only(verdict="not_measured", reasons=["The belt stood."]).reasons == ("The belt stood.",)
    assert only(verdict="not_measured", reasons=[]).reasons == (texts.NO_REASON,)
    assert only(verdict="present", reasons=[]).reasons == ()


def test_a_short_cue_is_its_first_sentence():
    assert only(cue="Run tall. Then rest.").in_short == "Run tall."
    assert only(cue="Same sound; a metronome helps.").in_short == "Same sound"
    assert only(verdict="not_measured", reasons=["Too short. Run on."]).in_short == "Too short."
    assert only(cue=None).in_short == ""


@pytest.mark.parametrize("damaged", [None, 7, [], "text", {}, {"verdict": "terrible"}, {"verdict": 3}])
def test_a_damaged_mistake_is_a_card_that_says_so(damaged):
    card = read({"head_forward": damaged, "uneven_gait": sample_mistakes()["uneven_gait"]}).cards[0]
    assert card.verdict == "not_measured"
    assert card.title == "Head forward"
    assert card.reasons == (texts.UNREADABLE,)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"mistakes": []}', b"[" * 100000])
def test_a_damaged_document_is_no_scorecard(body):
    assert read_scorecard(Report(visit_id="v", json=body)) is None


@given(json_values)
def test_no_mistake_whatsoever_raises(value):
    for card in read(
        {"x": value, "y": {"verdict": "present", "headline": value, "evidence": [value], "low": value}}
    ).cards:
        draw_all(card, Shown())


@given(
    st.sampled_from(["points", "lines", "angle", "skeleton", "width_px", "t_s", "t_ms", "force_bw", "sd_bw"]),
    json_values,
)
def test_no_evidence_whatsoever_raises(key, value):
    evidence = [copy.deepcopy(neck_evidence()) | {key: value}, copy.deepcopy(curve_evidence()) | {key: value}]
    draw_all(only(evidence=evidence), Shown(lambda name: name, {PICTURE_ID: b""}, newtons_per_bw=700.0))


def test_stills_are_drawn_only_where_they_may_be_and_are_there():
    card = only(evidence=[neck_evidence()])
    url = "/still/{}".format

    def svg(still_url, stills):
        return evidence_figures.face(card, Shown(still_url, stills)).svg

    assert "<image" in svg(url, {PICTURE_ID: b"jpeg"})
    assert "<image" not in svg(None, {PICTURE_ID: b"jpeg"})
    assert "<image" not in svg(url, {})


def test_evidence_that_cannot_be_drawn_is_left_out():
    card = only(evidence=[{"kind": "picture"}, {"kind": "curves"}, {"kind": "new"}, curve_evidence()])
    (figure,) = evidence_figures.behind(card, Shown())
    assert figure.caption.startswith(texts.CURVES["mean_estimated"].format(hz=44))


def test_numbers_that_are_not_json_are_no_numbers():
    document = sample_document(
        {"it": mistake("It", "present", float("nan"), headline=headline("x", float("inf"), 0, 1, ""))}
    )
    card = read_scorecard(Report(visit_id="v", json=json.dumps(document).encode())).cards[0]
    assert card.severity is None
    assert card.headline is None


def test_a_long_first_sentence_loses_its_end_but_not_its_sense():
    cue = "Look at the far end of the room and draw the chin back gently, as if making the neck long. Shoulders low."
    assert only(cue=cue).in_short == "Look at the far end of the room and draw the chin back gently"
    listen = (
        "Listen: let the left and the right landing sound the same, whatever the surface and however tired you are."
    )
    assert only(cue=listen).in_short == "Listen: let the left and the right landing sound the same"
    short = "Take shorter, quicker steps."
    assert only(cue=short).in_short == short


def test_steps_come_in_the_order_of_the_report_with_what_there_is_of_each():
    steps = read(sample_mistakes()).card("head_forward").shown_steps
    assert [step.n for step in steps.steps] == [108, 21]
    first = steps.step(108)
    assert (first.title, first.value, first.when) == ("Step 108", "22°", "Left foot, 0:39 min into the run")
    assert first.picture["id"] == PICTURE_ID
    assert steps.beside(108) == (None, 21)
    assert steps.beside(21) == (108, None)
    assert steps.step(5) is None


def test_only_what_the_report_calls_worst_is_called_so():
    scorecard = read(sample_mistakes())
    assert scorecard.card("uneven_gait").shown_steps.title == texts.STEP_WORDS["worst"]
    assert scorecard.card("uneven_gait").shown_steps.why is None
    examples = scorecard.card("head_forward").shown_steps
    assert (examples.title, examples.why) == (texts.STEP_WORDS["example"], texts.WHY_EXAMPLE)
    assert not scorecard.card("arm_movement").shown_steps


@pytest.mark.parametrize("verdict", ["unlikely", "not_seen", "not_measured"])
def test_no_step_is_called_worst_where_nothing_is_amiss(verdict):
    uneven = sample_mistakes()["uneven_gait"] | {"verdict": verdict}
    ranked = read({"uneven_gait": uneven}).cards[0].shown_steps
    assert (ranked.title, ranked.why) == ("Steps that stand out most", None)
    assert {step.word for step in ranked.steps} == {"One of the steps that stand out most"}
    unranked = sample_mistakes()["head_forward"] | {"verdict": verdict}
    assert read({"head_forward": unranked}).cards[0].shown_steps.title == texts.STEP_WORDS["example"]


def test_pictures_of_steps_stand_with_the_steps_but_for_the_first():
    card = read(sample_mistakes()).card("head_forward")
    assert len(evidence_figures.behind(card, Shown())) == 1
    assert len(evidence_figures.of_step(card.shown_steps.step(21), read(sample_mistakes()), Shown())) == 2


@given(json_values)
def test_no_steps_whatsoever_raise(value):
    steps = {"kind": "steps", "steps": [value, {"n": 3, "value": value, "curve": value, "side": value, "t_s": value}]}
    draw_all(only(evidence=[neck_evidence(None, 3), steps]), Shown())
