"""The live view of the load cells: weight when steady, contacts as they end, alternating sides."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.fusion.live import LiveGait
from station.fusion.live_contacts import LOADED_BW, LiveContact
from station.gait.stances import MAX_CONTACT_TIME_S
from station.messages import CHANNELS, Calibration, CellCalibration, ChipKernel, DeckCalibration, SampleBatch

PLACES = ((0.7, 0.3), (0.7, -0.3), (-0.7, 0.3), (-0.7, -0.3))
PERIOD_NS = 12_500_000
WEIGHT_N = 700.0


def calibration() -> Calibration:
    cells = [
        CellCalibration(
            channel=name,
            x_m=x,
            y_m=y,
            offset_counts=1000.0 * i,
            newton_per_count=0.01,
            kernel=ChipKernel(order=3, period_s=PERIOD_NS / 1e9),
        )
        for i, (name, (x, y)) in enumerate(zip(CHANNELS, PLACES, strict=True))
    ]
    return Calibration(id="t", created_utc="", cells=cells, deck=DeckCalibration(stiff=True))


def batches(force_n, lateral_m, duration_s: float, start_s: float = 0.0) -> list[SampleBatch]:
    """Unblurred chips that convert in turn, in batches of 50 ms."""
    out = []
    for first_ns in range(round(start_s * 1e9), round((start_s + duration_s) * 1e9), 4 * PERIOD_NS):
        t_ns = np.array([first_ns + k * PERIOD_NS + c * 3_000_000 for k in range(4) for c in range(4)])
        channel = np.tile(np.arange(4), 4)
        y_m = np.array([p[1] for p in PLACES])[channel]
        share = (1 + np.sign(y_m) * lateral_m(t_ns / 1e9) / 0.3) / 4
        raw = force_n(t_ns / 1e9) * share / 0.01 + 1000 * channel
        stamp = t_ns + round(1.5 * PERIOD_NS)
        out.append(
            SampleBatch.of(
                channel=channel, raw=raw.round(), t_high_ns=stamp, t_low_ns=stamp, seq=np.zeros(16), flags=np.zeros(16)
            )
        )
    return out


def running_n(t_s: np.ndarray) -> np.ndarray:
    phase = (t_s % 0.35) / 0.25
    return np.where(phase < 1, 2.2 * WEIGHT_N * np.sin(np.pi * np.clip(phase, 0, 1)), 0.0)


def lateral_m(t_s: np.ndarray) -> np.ndarray:
    return np.where((t_s // 0.35) % 2 == 0, 0.04, -0.04)


def test_somebody_standing_still_is_weighed() -> None:
    gait = LiveGait(calibration())
    for batch in batches(lambda t: np.full(len(t), WEIGHT_N), lambda t: 0 * t, 4.0):
        gait.push(batch)
    assert gait.steady_weight_n(3.0) == pytest.approx(WEIGHT_N, abs=0.1)
    assert gait.steady_weight_n(6.0) is None  # not that long yet


@pytest.mark.parametrize("force_n", [lambda t: 0 * t, lambda t: WEIGHT_N * (1 + 0.3 * np.sin(9 * t)), running_n])
def test_an_empty_deck_or_a_moving_person_is_not(force_n) -> None:
    gait = LiveGait(calibration())
    for batch in batches(force_n, lambda t: 0 * t, 4.0):
        gait.push(batch)
    assert gait.steady_weight_n(3.0) is None


def test_who_walks_moves_and_who_stands_or_has_left_does_not() -> None:
    """A slow walker swings the force by a tenth of the weight, without a contact that the live view would count."""

    def force_n(t_s: np.ndarray) -> np.ndarray:
        walking = WEIGHT_N * (1 + 0.1 * np.sin(2 * np.pi * 1.6 * t_s))
        return np.where(t_s < 4, walking, np.where(t_s < 8, WEIGHT_N, 0.0))

    gait = LiveGait(calibration())
    gait.weight_n = WEIGHT_N
    moved_s = []
    for batch in batches(force_n, lambda t: 0 * t, 12.0):
        assert not [c for c in gait.push(batch) if c.contact_ns < 7e9]
        moved_s.append(gait.moved_ns / 1e9)
    assert moved_s[60] == pytest.approx(2.5, abs=0.2)
    assert moved_s[150] == pytest.approx(4.0, abs=0.6)
    assert moved_s[-1] == pytest.approx(8.0, abs=0.6)


def test_each_contact_is_found_once_with_its_side() -> None:
    gait = LiveGait(calibration())
    gait.weight_n = WEIGHT_N
    contacts = [c for batch in batches(running_n, lateral_m, 7.0) for c in gait.push(batch)]
    assert len(contacts) == pytest.approx(20, abs=1)
    contacts = contacts[1:]  # the first began before the data
    assert np.diff([c.contact_ns for c in contacts]) == pytest.approx(0.35e9, abs=0.011e9)
    k = [round(c.contact_ns / 0.35e9) for c in contacts]
    assert k == list(range(k[0], k[0] + len(k)))
    assert all(abs(c.contact_ns / 1e9 - i * 0.35) < 0.02 for c, i in zip(contacts, k, strict=True))
    assert [c.side for c in contacts[4:]] == ["left" if i % 2 == 0 else "right" for i in k[4:]]


def test_a_silence_of_the_chips_does_not_invent_contacts() -> None:
    gait = LiveGait(calibration())
    gait.weight_n = WEIGHT_N
    for batch in batches(running_n, lateral_m, 2.1):
        gait.push(batch)
    late = [c for b in batches(running_n, lateral_m, 2.1, start_s=35.0) for c in gait.push(b)]
    assert 4 <= len(late) <= 6
    assert gait.now_ns == pytest.approx(37.1e9, abs=0.1e9)


def contacts_of(held: list[tuple[float, float]]) -> list[LiveContact]:
    """Of a runner whose force holds each (body weights, seconds) in turn."""
    levels_n = WEIGHT_N * np.array([bw for bw, _ in held])
    ends_s = np.cumsum([s for _, s in held])
    gait = LiveGait(calibration())
    gait.weight_n = WEIGHT_N

    def force_n(t_s: np.ndarray) -> np.ndarray:
        return levels_n[np.minimum(np.searchsorted(ends_s, t_s, side="right"), len(levels_n) - 1)]

    return [c for batch in batches(force_n, lambda t: 0 * t, ends_s[-1]) for c in gait.push(batch)]


@pytest.mark.parametrize("lean_bw", [0.45, 0.9, 2.0])
def test_a_bounce_before_leaning_on_the_handrail_is_no_contact(lean_bw) -> None:
    assert contacts_of([(0.0, 1.0), (1.4, 0.1), (lean_bw, 10.0), (1.0, 2.0)]) == []


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(-1.0, 6.0), st.floats(0.01, 12.0)), min_size=1, max_size=8))
def test_any_force_may_be_pushed(held) -> None:
    contacts = contacts_of(held)
    for contact in contacts:
        assert 0 < contact.contact_time_ms <= 1000 * MAX_CONTACT_TIME_S
        assert contact.peak_bw > LOADED_BW
    assert all(a.toe_off_ns <= b.contact_ns for a, b in pairwise(contacts))
