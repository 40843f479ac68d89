"""A visit's phases follow data time alone."""

from dataclasses import dataclass

import pytest

from station.config import Run
from station.fusion.live_contacts import LiveContact
from station.fusion.visit import CELLS_TOO_SMALL, END_S, READY_TIMEOUT_S, WALK_S, WEIGH_TIMEOUT_S, Visit
from station.messages import Choices

S = 1_000_000_000


@dataclass
class FakeGait:
    """What the phases read of the live view."""

    now_ns: int = 0
    steady_s: float = 0.0
    weight_n: float | None = None
    unbroken_since_ns: int = 0
    moved_ns: int = 0

    def steady_weight_n(self, window_s: float) -> float | None:
        return 700.0 if self.steady_s >= window_s else None


def contacts(first_ns: int, n: int) -> list[LiveContact]:
    starts = [first_ns + round(k * 0.35 * S) for k in range(n)]
    return [LiveContact(t, t + S // 4, 2.2, "left" if k % 2 else "right") for k, t in enumerate(starts)]


@pytest.fixture
def visit() -> Visit:
    return Visit(Run(), "v", Choices(camera=True), 0)


def running(visit: Visit) -> FakeGait:
    gait = FakeGait(now_ns=5 * S, steady_s=3.0)
    visit.observe(gait, [])
    gait.now_ns = 12 * S
    visit.observe(gait, contacts(round(9.8 * S), 6))
    return gait


def test_standing_still_leads_to_ready_with_the_weight(visit: Visit) -> None:
    gait = FakeGait(now_ns=1 * S, steady_s=1.6)
    assert not visit.observe(gait, [])
    assert visit.progress == 0.5
    gait.steady_s, gait.now_ns = 3.0, 4 * S
    assert visit.observe(gait, [])
    assert (visit.phase, gait.weight_n, visit.marks_ns["ready"]) == ("ready", 700.0, 4 * S)


@pytest.mark.parametrize(("greatest_n", "phase"), [(700.0, "ready"), (699.0, "idle")])
def test_a_load_beyond_the_cells_ends_the_visit_with_a_sentence_about_the_cells(greatest_n: float, phase: str) -> None:
    visit, gait = Visit(Run(), "v", Choices(), 0, greatest_n), FakeGait(now_ns=4 * S, steady_s=3.0)
    assert visit.observe(gait, [])
    assert visit.phase == phase
    assert (visit.notice == CELLS_TOO_SMALL) == (phase == "idle")
    assert (gait.weight_n is None) == (phase == "idle"), "nothing is kept of it"
    assert not {"you", "your", "heavy", "weight", "kg"} & set(CELLS_TOO_SMALL.lower().replace(".", "").split())


def test_six_contacts_make_a_run_that_begins_half_a_second_before_the_first(visit: Visit) -> None:
    running(visit)
    assert visit.phase == "run"
    assert visit.marks_ns["run"] == round(9.3 * S)
    assert len(visit.contacts) == 6


def test_a_few_steps_do_not(visit: Visit) -> None:
    visit.observe(FakeGait(now_ns=5 * S, steady_s=3.0), [])
    visit.observe(FakeGait(now_ns=12 * S), contacts(10 * S, 5))
    assert visit.phase == "ready"


def test_the_run_ends_five_seconds_after_the_last_step(visit: Visit) -> None:
    gait = running(visit)
    last_ns = visit.contacts[-1].toe_off_ns
    gait.now_ns = last_ns + round(4.9 * S)
    assert not visit.observe(gait, [])
    gait.now_ns = last_ns + round(5.1 * S)
    assert visit.observe(gait, [])
    assert visit.phase == "score"
    assert visit.run_s == pytest.approx((last_ns - visit.marks_ns["run"]) / S)


def test_the_run_ended_a_while_after_the_last_movement_and_that_is_known_before_it_is_over(visit: Visit) -> None:
    gait = running(visit)
    last_ns = visit.contacts[-1].toe_off_ns
    end_ns = last_ns + round(END_S * S)
    gait.now_ns = end_ns + round(0.3 * S)  # conversions that tell of its last instants are still to come
    visit.observe(gait, [])
    assert visit.may_end_ns is None
    gait.now_ns = end_ns + round(0.4 * S)
    visit.observe(gait, [])
    assert visit.may_end_ns == end_ns
    gait.now_ns = last_ns + round(5.1 * S)
    visit.observe(gait, [])
    assert visit.marks_ns["score"] == end_ns


def test_a_pause_is_no_end_of_the_run(visit: Visit) -> None:
    gait = running(visit)
    gait.now_ns = visit.contacts[-1].toe_off_ns + 3 * S
    visit.observe(gait, [])
    assert visit.may_end_ns is not None
    again = contacts(gait.now_ns, 2)
    gait.now_ns += S
    visit.observe(gait, again)
    assert visit.may_end_ns is None
    gait.now_ns = again[-1].toe_off_ns + 3 * S
    visit.observe(gait, [])
    assert visit.may_end_ns == again[-1].toe_off_ns + round(END_S * S)


@pytest.mark.parametrize(("after_s", "ended_s"), [(0.2, 0.2), (3.0, END_S)])
def test_told_to_end_the_run_ends_at_once_or_where_it_had_ended(visit: Visit, after_s: float, ended_s: float) -> None:
    gait = running(visit)
    last_ns = visit.contacts[-1].toe_off_ns
    gait.now_ns = last_ns + round(after_s * S)
    visit.observe(gait, [])
    visit.end(gait.now_ns)
    assert visit.marks_ns["score"] == last_ns + round(ended_s * S)


def test_who_walks_has_not_ended_the_run(visit: Visit) -> None:
    gait = running(visit)
    gait.moved_ns = visit.contacts[-1].toe_off_ns + 60 * S
    gait.now_ns = gait.moved_ns + round(4.9 * S)
    assert not visit.observe(gait, [])
    gait.now_ns = gait.moved_ns + round(5.1 * S)
    assert visit.observe(gait, [])
    assert visit.phase == "score"


def walking(visit: Visit, gait: FakeGait, seconds: float, steps: bool = False) -> None:
    """On and on; `steps`: with single steps as hard as a runner's."""
    for _ in range(round(seconds)):
        gait.now_ns = gait.moved_ns = gait.now_ns + S
        visit.observe(gait, contacts(gait.now_ns - S // 2, 1) if steps else [])


@pytest.mark.parametrize("steps", [False, True])
def test_a_walk_without_end_ends_the_run(visit: Visit, steps: bool) -> None:
    gait = running(visit)
    walking(visit, gait, WALK_S - 2, steps)
    assert visit.phase == "run"
    walking(visit, gait, 4, steps)
    assert visit.phase == "score"


def test_who_runs_again_after_a_walk_may_walk_as_long_again(visit: Visit) -> None:
    gait = running(visit)
    walking(visit, gait, WALK_S - 2)
    visit.observe(gait, contacts(gait.now_ns, 6))
    walking(visit, gait, WALK_S - 2)
    assert visit.phase == "run"


def test_who_warms_up_walking_is_waited_for(visit: Visit) -> None:
    visit.observe(FakeGait(now_ns=5 * S, steady_s=3.0), [])
    late_ns = round((READY_TIMEOUT_S + 60) * S)
    assert not visit.observe(FakeGait(now_ns=late_ns, moved_ns=late_ns - S), [])
    assert visit.phase == "ready"


def test_a_silence_of_the_load_cells_is_no_end_of_the_run(visit: Visit) -> None:
    gait = running(visit)
    gait.now_ns = gait.unbroken_since_ns = visit.contacts[-1].toe_off_ns + 7 * S
    assert not visit.observe(gait, [])
    gait.now_ns += round(5.1 * S)
    assert visit.observe(gait, [])


@pytest.mark.parametrize(("steady_s", "timeout_s"), [(0.0, WEIGH_TIMEOUT_S + 5), (3.0, READY_TIMEOUT_S + 5)])
def test_a_visitor_who_goes_away_is_given_up(visit: Visit, steady_s: float, timeout_s: float) -> None:
    visit.observe(FakeGait(now_ns=4 * S, steady_s=steady_s), [])
    visit.observe(FakeGait(now_ns=round((timeout_s + 1) * S)), [])
    assert visit.phase == "idle"
