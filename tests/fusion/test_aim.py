"""The camera is aimed by the force: near foot only, nothing twice, never more than the board can carry."""

from station.fusion.aim import ENOUGH_LANDINGS, MAX_WAITING, Aim
from station.fusion.live_contacts import LiveContact

S = 1_000_000_000


def contact(k: int, side: str | None = "right") -> LiveContact:
    return LiveContact(k * S, k * S + S // 4, 2.2, side)


def test_the_even_sample_goes_on_where_it_stopped() -> None:
    aim = Aim()
    asked = [t for now in range(0, 3 * S, 70_000_000) for t in aim.even(0, now)]
    assert asked == list(range(0, asked[-1] + 1, 200_000_000))
    assert asked[-1] >= 2.6 * S


def test_only_the_near_foot_is_looked_at() -> None:
    aim = Aim()
    assert aim.landing(contact(1, "left"), "right", 0) == []
    near = aim.landing(contact(2, "right"), "right", 0)
    assert min(near) < 2 * S < max(near) < 2 * S + S // 4
    assert aim.landing(contact(3, "left"), None, 0)  # while the camera's side is unknown, both


def test_what_had_to_wait_is_asked_for_at_the_end_spread_over_the_run() -> None:
    aim = Aim()
    assert all(not aim.landing(contact(k), "right", MAX_WAITING + 1) for k in range(100))
    rest = aim.rest()
    landings = sorted({round(t / S) for t in rest})
    assert len(landings) == ENOUGH_LANDINGS
    assert landings[0] < 5
    assert landings[-1] > 90
    assert aim.rest() == []


def test_nothing_is_left_when_there_were_enough() -> None:
    aim = Aim()
    for k in range(ENOUGH_LANDINGS):
        aim.landing(contact(k), "right", 0)
    aim.landing(contact(99), "right", MAX_WAITING + 1)
    assert aim.rest() == []
