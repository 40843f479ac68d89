"""The code that a runner takes home: comes back as it went, and not at all where a character is another."""

import re
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.results import Measure
from station.kiosk.take_home import base45, code_body, code_text
from station.kiosk.take_home.code_text import ALTERED, DAMAGED, FOREIGN, MARKER, NEWER, NOT_OURS, CodeError
from station.records import card_key
from station.scorecard.registry import all_mistakes
from station.scorecard.run_summary import VARIABLES, Conditions, Judged, RunSummary

MISTAKES = ("head_forward", "uneven_gait", "arm_movement", "heavy_rearfoot_strike")
VERDICTS = ("present", "likely", "borderline", "unlikely", "not_seen", "not_measured")


@cache
def keys(name: str = "own") -> card_key.CardKeys:
    return card_key.load(Path(tempfile.mkdtemp()) / name)


@st.composite
def measures(draw):
    value = draw(st.floats(-300, 300))
    below, above = draw(st.floats(0, 80)), draw(st.floats(0, 80))
    return Measure(value, value - below, value + above, draw(st.integers(0, 500)))


missing = st.just(Measure.missing("the camera saw nothing"))
shoes = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
summaries = st.builds(
    RunSummary,
    day=st.dates(date(2020, 1, 1), date(2080, 1, 1)),
    values=st.dictionaries(st.sampled_from([v.id for v in VARIABLES]), measures() | missing),
    mistakes=st.dictionaries(
        st.sampled_from(MISTAKES),
        st.builds(Judged, st.sampled_from(VERDICTS), st.none() | measures(), st.sampled_from(["", "%", "deg", "BW/s"])),
    ),
    conditions=st.builds(
        Conditions,
        speed_m_s=st.none() | st.floats(0.5, 10),
        incline_pct=st.none() | st.floats(-10, 40),
        shoes=shoes,
        loading_rate=st.sampled_from(["absolute", "relative", "not_measured"]),
        sides_known=st.booleans(),
        force_calibration=st.binary(max_size=8),
        camera_calibration=st.binary(max_size=8),
    ),
)


def code(summary: RunSummary, words: str = "Läufer · 22.11.2026") -> str:
    return "".join(code_text.signed(words, summary, keys()))


def read(text: str) -> RunSummary:
    return code_text.read(text, keys(), MISTAKES)


def close(then: Measure | None, now: Measure | None, quantum: float) -> bool:
    """The same within half a quantum, and an interval that has not become narrower."""
    if then is None or not then.measured:
        return now is None or not now.measured
    wide = now.low <= then.low + 1e-6 and now.high >= then.high - 1e-6
    return (
        wide
        and abs(now.value - then.value) <= quantum / 2 + 1e-6
        and now.high - now.low < (then.high - then.low + 3 * quantum)
    )


@settings(max_examples=60, deadline=None)
@given(summaries, st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_summary_comes_back(summary, words):
    back = read(code(summary, words))
    assert back.day == summary.day
    assert all(close(summary.value(v), back.value(v), v.quantum) for v in VARIABLES)
    assert {name: j.verdict for name, j in back.mistakes.items()} == {
        name: j.verdict for name, j in summary.mistakes.items()
    }
    assert all(close(j.headline, back.mistakes[name].headline, 0.1) for name, j in summary.mistakes.items())
    then, now = summary.conditions, back.conditions
    assert (now.shoes, now.loading_rate, now.sides_known) == (then.shoes, then.loading_rate, then.sides_known)
    assert (now.force_calibration, now.camera_calibration) == (then.force_calibration, then.camera_calibration)
    assert now.station == keys().id
    assert now.speed_m_s == (None if then.speed_m_s is None else pytest.approx(then.speed_m_s, abs=0.0051))
    assert now.incline_pct == (None if then.incline_pct is None else pytest.approx(then.incline_pct, abs=0.051))


SAMPLE = RunSummary(
    date(2026, 11, 22),
    {v.id: Measure(7.3, 6.8, 7.9, 70) for v in VARIABLES},
    {name: Judged("likely", Measure(21.4, 20.1, 22.9, 70), "deg") for name in MISTAKES},
    Conditions(2.8, 1.0, "Bolt 7", "absolute", True, b"", b"abc", b"def"),
)
SENTENCES = {NOT_OURS, DAMAGED, ALTERED, FOREIGN, NEWER}


def refused(text: str) -> str:
    with pytest.raises(CodeError) as caught:
        read(text)
    return str(caught.value)


def test_any_other_character_anywhere_is_refused():
    text = code(SAMPLE)
    for i, character in enumerate(text):
        other = "1" if character != "1" else "2"
        assert refused(text[:i] + other + text[i + 1 :]) in SENTENCES
        assert refused(text[:i] + text[i + 1 :]) in SENTENCES


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_other_byte_anywhere_is_refused(data):
    raw = bytearray(code(SAMPLE).encode())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    assert refused(raw.decode("utf-8", "surrogateescape")) in SENTENCES


def test_the_words_are_signed_too():
    text = code(SAMPLE, "Heavy rearfoot strike: present")
    assert refused(text.replace("present", "not seen")) == ALTERED


@given(st.text(max_size=300))
def test_garbage_is_refused(text):
    assert refused(text) in SENTENCES
    assert refused(f"{text}\n{MARKER}{text}") in SENTENCES


def test_three_kilobytes_are_refused():
    assert refused("WIFI:" + 3000 * "x") == NOT_OURS
    assert refused(code(SAMPLE, 3000 * "x")) == NOT_OURS


def test_a_strange_station_is_refused_and_a_sister_is_not():
    text = "".join(code_text.signed("Run", SAMPLE, keys("strange")))
    assert refused(text) == FOREIGN
    assert code_text.read(text, keys("strange"), MISTAKES).day == SAMPLE.day


def signed_bytes(content: bytes) -> str:
    message = f"Run\n{MARKER}"
    signature = keys().sign(message.encode() + content)
    return message + base45.encode(content + signature)


def test_what_a_station_has_signed_is_still_checked():
    assert refused(signed_bytes(b"\x02" + keys().id + b"\x90")) == NEWER
    assert refused(signed_bytes(b"\x01" + keys().id + msgspec.msgpack.encode(["tomorrow"]))) == NEWER
    assert refused(signed_bytes(b"\x01")) == DAMAGED


def test_a_later_version_may_add_numbers_and_mistakes():
    more = msgspec.msgpack.decode(msgspec.msgpack.encode(code_body._packed(SAMPLE)))
    more[1].append([5, 1, 1])
    more[2][77] = [0, None, ""]
    back = read(signed_bytes(b"\x01" + keys().id + msgspec.msgpack.encode(more)))
    assert set(back.values) == {v.id for v in VARIABLES}
    assert set(back.mistakes) == set(MISTAKES)


def test_the_numbers_stand_in_the_documented_order():
    page = Path(code_text.__file__).parents[3] / "docs" / "take-home.md"
    rows = re.findall(r"^\| `([\w.]+)` \| ([\d.]+) (\S+) \|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(v.id, f"{v.quantum:g}", v.unit) for v in VARIABLES]


def test_mistakes_keep_apart():
    names = [mistake.id for mistake in all_mistakes()]
    assert len({code_body._short(name) for name in names}) == len(names)


@given(st.binary(max_size=100))
def test_base45_comes_back(data):
    assert base45.decode(base45.encode(data)) == data


def test_base45_is_that_of_rfc_9285():
    assert base45.encode(b"Hello!!") == "%69 VD92EX0"
    assert base45.decode("QED8WEX0") == b"ietf!"
    for wrong in ("GGW", "::", "A", "a00"):  # beyond two bytes, beyond one byte, cut off, no such character
        with pytest.raises(ValueError, match="base45"):
            base45.decode(wrong)
