"""A card's numbers neither hide how sure they are nor boast of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.kiosk import languages
from station.kiosk.card import said_numbers


def said(value: float, low: float, high: float, unit: str) -> tuple[str | None, str | None]:
    with languages.speaking("en"):
        return said_numbers.headline({"value": value, "low": low, "high": high, "unit": unit})


@pytest.mark.parametrize(
    ("tree", "number", "interval"),
    [
        ((-0.02, -0.024, -0.013, "%"), "0.0 %", "−0.1 to 0.0"),
        ((17.1, 16.9, 17.3, "°"), "17°", "16 to 18"),
        ((40.2, 39.6, 40.9, "BW/s"), "40 BW/s", "39 to 41"),
        ((0.3, 0.3, 0.3, "%"), "0.3 %", "0.3 to 0.3"),
    ],
)
def test_a_range_is_rounded_outwards(tree, number, interval) -> None:
    assert said(*tree) == (number, interval)


def test_the_range_with_the_systematic_error_is_the_one_that_is_said() -> None:
    tree = {"value": 40.2, "low": 39.6, "high": 40.9, "whole_low": 24.7, "whole_high": 55.6, "unit": "°"}
    with languages.speaking("en"):
        assert said_numbers.headline(tree) == ("40°", "24 to 56")


@given(st.floats(-500, 500), st.floats(0, 50), st.floats(0, 50))
def test_what_is_said_is_never_narrower_than_what_is_known(value, below, above) -> None:
    _, interval = said(value, value - below, value + above, "%")
    low, high = (float(end.replace("−", "-")) for end in interval.split(" to "))
    assert low <= value - below + 1e-5
    assert high >= value + above - 1e-5
