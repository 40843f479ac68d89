"""A visit's phases follow data time alone."""

from dataclasses import dataclass

import pytest

from station.config import Run
from station.fusion.live_contacts import LiveContact
from station.fusion.visit import READY_TIMEOUT_S, WEIGH_TIMEOUT_S, Visit
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


def test_who_walks_has_not_ended_the_run(visit: Visit) -> None:
    gait = running(visit)
    gait.moved_ns = visit.contacts[-1].toe_off_ns + 60 * S
    gait.now_ns = gait.moved_ns + round(4.9 * S)
    assert not visit.observe(gait, [])
    gait.now_ns = gait.moved_ns + round(5.1 * S)
    assert visit.observe(gait, [])
    assert visit.phase == "score"


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
