"""A run that is made of parts: what presses on the deck in each, and what the camera shows."""

import numpy as np
import pytest

from station.messages import CHANNELS
from station.sim.course import Course
from station.sim.runner.corners import DEFAULT_PLACES
from station.sim.runner.scenario import load_scenario
from station.sim.world import Visit, World
from station.simulation_config import HandsOnRail, OtherPerson, RunPart

SCENARIO = load_scenario("good_man")
PARTS = (
    RunPart(kind="walk", for_s=10.0),
    RunPart(kind="run", for_s=10.0),
    RunPart(kind="run", for_s=10.0, speed_m_s=3.8),
    RunPart(kind="stand", for_s=6.0),
    RunPart(kind="off", for_s=4.0),
    RunPart(kind="run", for_s=10.0),
)
START_S = 100.0


def world(**course) -> World:
    visit = Visit(step_on_s=95.0, run_start_s=START_S, run_end_s=START_S + 50, step_off_s=START_S + 53)
    return World(SCENARIO, visit, seed=1, run_s=50.0, course=Course(SCENARIO, 1, **course))


@pytest.fixture(scope="module")
def messy() -> World:
    return world(parts=PARTS)


def total_bw(simulated: World, start_s: float, end_s: float) -> np.ndarray:
    """From `start_s` to `end_s` of the run."""
    t_s = START_S + np.arange(start_s, end_s, 0.002)
    return simulated.cell_force_n(t_s).sum(axis=0) / SCENARIO.body_weight_n


def test_each_part_presses_in_its_own_way(messy):
    walking, standing, off = total_bw(messy, 2, 9.5), total_bw(messy, 31, 35.9), total_bw(messy, 36.2, 39.9)
    assert walking.mean() == pytest.approx(1.0, abs=0.03)
    assert 0.5 < walking.min() < walking.max() < 1.5
    assert standing == pytest.approx(1.0)
    assert np.all(off == 0)
    for start_s in (11, 21, 41):
        running = total_bw(messy, start_s, start_s + 8.5)
        assert running.mean() == pytest.approx(1.0, abs=0.03)
        assert (running.min(), running.max() > 2.0) == (0.0, True)


def test_nobody_is_lighter_for_long_where_one_gait_follows_another(messy):
    for at_s in (10.0, 20.0):
        assert total_bw(messy, at_s - 2, at_s + 2).mean() == pytest.approx(1.0, abs=0.06)


def test_a_faster_belt_makes_shorter_contacts_and_quicker_steps(messy):
    contacts = [c.later(-START_S) for c in messy.contacts()]
    slow, fast = ([c for c in contacts if a < c.contact_s < a + 9] for a in (10.5, 20.5))
    assert np.mean([c.contact_time_s for c in fast]) < 0.93 * np.mean([c.contact_time_s for c in slow])
    assert len(fast) >= len(slow)
    assert not [c for c in contacts if c.contact_s < 10 or 30 < c.contact_s < 40]


def test_the_hands_take_a_share_of_the_weight():
    held = world(rail=[HandsOnRail(from_s=10.0, for_s=20.0, share=0.12)])
    assert total_bw(held, 11, 29).mean() == pytest.approx(0.88, abs=0.01)
    assert total_bw(held, 31, 45).mean() == pytest.approx(1.0, abs=0.01)


def test_a_second_person_presses_beside_the_runner():
    both, alone = world(others=[OtherPerson(from_s=10.0, for_s=10.0, load_n=200.0)]), world()
    t_s = START_S + np.arange(0, 40, 0.01)
    more = both.cell_force_n(t_s) - alone.cell_force_n(t_s)
    inside = (t_s > START_S + 10.6) & (t_s < START_S + 19.4)
    assert more.sum(axis=0)[inside] == pytest.approx(200.0, rel=0.04)
    assert np.abs(more[:, (t_s < START_S + 10) | (t_s > START_S + 20)]).max() < 1e-9
    x_m = np.array([DEFAULT_PLACES[c][0] for c in CHANNELS])
    assert np.all(x_m @ more[:, inside] < 0)


def test_the_pictures_keep_step_with_the_belt(messy):
    """Of a run at another speed the same strides are shown, so that a contact is seen where it is felt."""
    own = world()
    for part_s, parts in ((10.0, messy), (20.0, messy), (0.0, own)):
        first = next(c for c in parts.contacts() if c.contact_s > START_S + part_s + 3)
        clip, index = parts.frame_at(first.contact_s)
        seen_s = index / SCENARIO.filming.fps
        nearest = min(abs(c.contact_s - seen_s) for c in SCENARIO.loop().contacts)
        assert clip == "good_man"
        assert nearest < 2 / SCENARIO.filming.fps
        assert 0 <= first.contact_s - parts.frame_time_s(first.contact_s) < 2 / SCENARIO.filming.fps
    assert [messy.frame_at(START_S + t)[0] for t in (5.0, 32.0, 38.0)] == ["standing_man"] * 3
