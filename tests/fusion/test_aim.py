"""The camera is aimed by the force: near foot only, nothing twice, never more than the board carries."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.fusion.aim import ENOUGH_STRIDES, WINDOW_STRIDES, Aim
from station.fusion.live_contacts import LiveContact
from station.fusion.stride_frames import FRAMES
from station.scorecard.gates import LEAST_STRIDE_PAIRS

S = 1_000_000_000
MS = 1_000_000
RING_NS = 72 * S
FRAME_NS = 1e9 / 60
STEP_NS = 350 * MS
PI_4 = 5.4  # frames a second: three workers at 550 ms
PI_5 = 15.0
SLOWEST = 0.5


def contact(k: int) -> LiveContact:
    """The k-th step of a run that begins at 0; right feet have even numbers."""
    at_ns = k * STEP_NS
    return LiveContact(at_ns, at_ns + 240 * MS, 2.2, "left" if k % 2 else "right")


class Board:
    """Poses `per_s` frames a second of what an Aim asks for, in the order it is asked."""

    def __init__(self, per_s: float, ring_ns: int = RING_NS) -> None:
        self.per_s = per_s
        self.aim = Aim(ring_ns)
        self.asked: list[tuple[int, int]] = []  # when, which instant
        self._backlog = 0.0
        self._now_ns = 0
        self._steps = 0

    def pause(self, seconds: float) -> "Board":
        """Nobody moves up to that second of the run."""
        return self.run(seconds, paused=True)

    def run(self, seconds: float, paused: bool = False) -> "Board":
        """Go on to that second of the run."""
        for now_ns in range(self._now_ns, round(seconds * S), 50 * MS):
            while not paused and contact(self._steps).toe_off_ns < now_ns:
                self.aim.landed(contact(self._steps), "right", FRAME_NS)
                self._steps += 1
            room = max(0, int(np.ceil(self.per_s)) - int(np.ceil(self._backlog)))
            new = self.aim.due(0, now_ns, room, paused=paused)
            assert len(new) <= room
            self.asked += [(now_ns, t) for t in new]
            self._backlog = max(0.0, self._backlog + len(new) - self.per_s * 0.05)
        self._now_ns = round(seconds * S)
        return self

    @property
    def strides_s(self) -> np.ndarray:
        """Contacts of the strides of which all frames were asked for."""
        instants = np.array([t for _, t in self.asked])
        times_s = [contact(k).contact_ns / S for k in range(0, self._steps, 2)]
        cluster = [np.sum(np.abs(instants / S - t) < 0.03) for t in times_s]
        return np.array([t for t, n in zip(times_s, cluster, strict=True) if n >= 4])

    def rows(self) -> Iterator[int]:
        """Lengths of the unbroken rows of strides."""
        breaks = np.flatnonzero(np.diff(self.strides_s) > 1.5 * 2 * STEP_NS / S) + 1
        return (len(row) for row in np.split(self.strides_s, breaks))


def test_only_the_near_foot_is_looked_at() -> None:
    aim = Aim(RING_NS)
    aim.landed(contact(1), "right", FRAME_NS)
    assert aim.due(0, 2 * STEP_NS, 99) == []
    aim.landed(contact(2), "right", FRAME_NS)
    near = aim.due(0, 3 * STEP_NS, 99)
    assert len(near) == FRAMES
    assert min(near) < contact(2).contact_ns < max(near) < contact(2).toe_off_ns
    aim.landed(contact(3), None, FRAME_NS)  # while the camera's side is unknown, both
    assert len(aim.due(0, 4 * STEP_NS, 99)) == FRAMES


@given(per_s=st.floats(0.3, 40), minutes=st.floats(0.2, 6))
def test_never_more_than_the_board_carries_nothing_twice_nothing_that_is_gone(per_s: float, minutes: float) -> None:
    board = Board(per_s).run(60 * minutes)
    instants = [t for _, t in board.asked]
    assert len(set(instants)) == len(instants)
    assert all(now_ns - t < RING_NS for now_ns, t in board.asked)
    assert all(t < now_ns for now_ns, t in board.asked)
    assert len(instants) <= per_s * 60 * minutes + np.ceil(per_s) + 1


def test_a_board_that_keeps_up_sees_every_stride_of_a_short_run() -> None:
    board = Board(PI_5).run(60)
    assert len(board.strides_s) >= 60 / (2 * STEP_NS / S) - 2


def test_a_pi_4_sees_enough_in_a_minute_in_rows_long_enough_for_the_arms() -> None:
    board = Board(PI_4).run(60)
    assert len(board.strides_s) >= ENOUGH_STRIDES
    rows = list(board.rows())
    assert np.mean(rows) > 8
    assert board.aim.rest(60 * S, 81) == []


@pytest.mark.parametrize("per_s", [PI_4, PI_5])
@pytest.mark.parametrize("minutes", [2.6, 5, 10, 40])
def test_second_minute_and_last_third_are_seen_however_long_the_run(per_s: float, minutes: float) -> None:
    board = Board(per_s).run(60 * minutes)
    strides_s = board.strides_s
    assert np.sum((strides_s > 60) & (strides_s < 120)) >= LEAST_STRIDE_PAIRS
    assert np.sum(strides_s > max(120, 40 * minutes)) >= LEAST_STRIDE_PAIRS * (1 if minutes > 4 else 0.5)
    assert 60 * minutes - strides_s[-1] < 20 + 4 * minutes


def test_a_long_run_costs_little_more_than_a_short_one() -> None:
    board = Board(PI_5).run(10 * 60)
    ten = len(board.asked)
    assert len(board.run(40 * 60).asked) < 2 * ten


def test_a_window_that_lags_too_far_ends_unfinished() -> None:
    board = Board(SLOWEST).run(120)
    assert max(now_ns - t for now_ns, t in board.asked) < 30 * S
    short_ring = Board(SLOWEST, ring_ns=4 * S).run(120)
    assert all(now_ns - t < 4 * S + FRAMES / SLOWEST * S for now_ns, t in short_ring.asked)


def test_a_short_run_waits_for_the_strides_that_a_verdict_needs() -> None:
    board = Board(PI_4).run(24)
    seen = len(board.strides_s)
    assert seen < LEAST_STRIDE_PAIRS
    rest = board.aim.rest(24 * S, 90)
    assert len(rest) + len(board.asked) >= LEAST_STRIDE_PAIRS * FRAMES
    assert len(rest) <= 90
    assert not set(rest) & {t for _, t in board.asked}


def test_a_pause_is_used_for_what_a_verdict_still_needs() -> None:
    at_once = Board(PI_4).run(24).aim.rest(24 * S, 90)
    board = Board(PI_4).run(24).pause(29)
    instants = [t for _, t in board.asked]
    assert len(set(instants)) == len(instants)
    rest = board.aim.rest(29 * S, 90)
    assert len(at_once) - len(rest) >= 3 * PI_4
    assert not set(rest) & set(instants)


def test_a_pause_costs_nothing_where_enough_was_seen() -> None:
    board = Board(PI_5).run(120)
    seen = len(board.strides_s)
    assert len(board.pause(150).strides_s) <= seen + 2  # those that were due in any case


def test_what_the_camera_did_not_take_is_due_again() -> None:
    taken, refused = Board(PI_5), Aim(RING_NS)
    taken.run(10)
    for k in range(taken._steps):
        refused.landed(contact(k), "right", FRAME_NS)
    once = refused.due(0, contact(6).contact_ns, 8)
    assert len(once) == 8
    more = refused.due(0, contact(6).contact_ns, 7)  # the rest of a stride, and more
    refused.not_taken()
    assert refused.due(0, contact(6).contact_ns, 7) == more
    assert not set(once) & set(more)


def test_a_run_of_which_the_camera_took_nothing_is_left_for_the_rest() -> None:
    aim = Aim(RING_NS)
    for k in range(100):
        aim.landed(contact(k), "right", FRAME_NS)
        if aim.due(0, contact(k).toe_off_ns, 30):
            aim.not_taken()
    rest = aim.rest(contact(100).contact_ns, 400)
    assert len(rest) >= LEAST_STRIDE_PAIRS * FRAMES
    assert len(set(rest)) == len(rest)


@pytest.mark.parametrize("fps", [60, 120, 240])
def test_the_rest_is_no_more_frames_than_are_worth_a_wait(fps: int) -> None:
    aim = Aim(RING_NS)
    for k in range(100):
        aim.landed(contact(k), "right", 1e9 / fps)
    rest = aim.rest(contact(100).contact_ns, 300)
    assert len(rest) <= 300
    aim.oldest_ns = 10 * S  # a faster camera fills the memory sooner: too few strides are left to ask for
    assert aim.rest(contact(100).contact_ns, 300) == []


def test_nobody_waits_for_what_would_not_be_enough() -> None:
    assert Board(PI_4).run(12).aim.rest(12 * S, 90) == []
    assert Board(SLOWEST).run(60).aim.rest(60 * S, 7) == []
    assert Board(PI_4).run(24).aim.rest(24 * S, FRAMES - 1) == []


def test_windows_are_of_strides_in_a_row() -> None:
    board = Board(PI_5).run(20 * 60)
    assert WINDOW_STRIDES in set(board.rows())
