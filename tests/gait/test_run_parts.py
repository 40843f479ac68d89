"""What is judged of a run that was made of parts, and what is said of it."""

from itertools import pairwise

import numpy as np
import pytest

from station.gait.belt_ride import ride_velocities
from station.gait.load_marks import load_marks
from station.gait.part_notes import part_notes
from station.gait.parts import Episode, Mark, RunParts, SteadyBlock
from station.gait.results import ASYMMETRIES, SIDES
from station.gait.run_parts import judged_speed_m_s
from station.gait.steady_blocks import steady_blocks
from station.simulation_config import HandsOnRail, OtherPerson
from tests.gait.analysed import analyse_force
from tests.gait.blur import corners
from tests.gait.messy_runs import SCENARIO, analysed, cells_of, off, run, stand, walk
from tests.gait.plate import data_dir, trials
from tests.gait.seen_force import seen_cells


@pytest.fixture(scope="module")
def clean():
    return analysed([run(40)])


def assert_like(result, clean) -> None:
    """The judged part's numbers are those of the same runner's undisturbed run."""
    for key in ASYMMETRIES:
        if clean.asymmetry[key].measured:
            assert result.asymmetry[key].value == pytest.approx(clean.asymmetry[key].value, abs=1.5)
    for side in SIDES:
        ours, theirs = result.feet[side], clean.feet[side]
        assert ours.contact_time_ms.value == pytest.approx(theirs.contact_time_ms.value, abs=2)
        assert ours.peak_force_bw.value == pytest.approx(theirs.peak_force_bw.value, rel=0.01)
        assert ours.loading_rate_bw_s.value == pytest.approx(theirs.loading_rate_bw_s.value, rel=0.03)
    assert result.body_weight_n.value == pytest.approx(SCENARIO.body_weight_n, rel=0.005)
    assert result.quality["missed_steps_share"] == 0
    assert result.sides_known


def judged_s(result) -> list[tuple[float, float]]:
    return [(block.start_s, block.end_s) for block in result.parts.judged]


def test_an_unbroken_run_is_judged_whole(clean):
    assert judged_s(clean) == [(0.0, pytest.approx(40, abs=0.1))]
    assert all(step.judged for step in clean.steps)
    assert clean.parts.marks == clean.notes == ()


def test_both_parts_about_a_stop_are_judged_together(clean):
    result = analysed([run(25), stand(12), run(25)])
    (first, second) = judged_s(result)
    assert first == (0.0, pytest.approx(24, abs=1))
    assert second == (pytest.approx(39, abs=1), pytest.approx(62, abs=0.1))
    assert_like(result, clean)
    assert len(result.judged_steps) < len(result.steps)
    assert any("You stopped for 12 s." in note for note in result.notes)
    assert any("judged together" in note for note in result.notes)


def test_no_pair_and_no_flight_reaches_across_a_break():
    result = analysed([run(25), off(6), run(25)])
    assert max(step.flight_time_ms for step in result.steps if step.flight_time_ms is not None) < 400
    assert np.abs(result.pairs["step_time_pct"].value).max() < 20
    sides = [step.side for step in result.judged_steps]
    breaks = sum(a == b for a, b in pairwise(sides))
    assert breaks <= 1  # where the two parts meet


def test_walking_before_and_after_is_left_out(clean):
    result = analysed([walk(15), run(30), walk(15)])
    assert judged_s(result) == [(pytest.approx(17, abs=1), pytest.approx(44, abs=1))]
    assert all(14 < step.contact_s < 46 for step in result.steps)
    assert_like(result, clean)
    assert [note.split("the run")[0] for note in result.notes] == [
        "You walked for 15 s before ", "You walked for 15 s after "
    ]  # fmt: skip


def test_of_two_speeds_the_longer_is_judged(clean):
    result = analysed([run(35), run(20, 3.9)])
    assert judged_s(result) == [(0.0, pytest.approx(34, abs=1.5))]
    assert result.parts.speed_changes_s == (pytest.approx(35, abs=1.5),)
    assert_like(result, clean)
    assert any("changed after 0:3" in note for note in result.notes)
    assert judged_speed_m_s(result.parts, 3.0) is None
    assert judged_speed_m_s(clean.parts, 3.0) == 3.0


def test_feet_that_stop_alternating_unseen_keep_their_names():
    """Where the simulated belt changes its speed, a right step may follow a right one."""
    result = analysed([run(25, 2.5), run(35)])
    assert result.sides_known
    assert {step.side for step in result.judged_steps} == {"left", "right"}
    assert all(result.feet[side].contact_time_ms.measured for side in SIDES)


def test_intervals_at_one_speed_are_pooled(clean):
    result = analysed([run(25), run(20, 3.9), run(25)])
    assert len(judged_s(result)) == 2
    assert len(result.parts.speed_changes_s) == 2
    assert_like(result, clean)


def test_another_speed_after_a_stop_is_a_change():
    result = analysed([run(30), stand(5), run(20, 3.9)])
    assert result.parts.speed_changes_s == (pytest.approx(35, abs=1.5),)
    assert len(judged_s(result)) == 1


@pytest.mark.parametrize("share", [0.05, 0.15])
def test_hands_on_the_rail_are_noticed_and_left_out(clean, share):
    result = analysed([run(50)], rail=[HandsOnRail(from_s=15, for_s=10, share=share)])
    (mark,) = result.parts.marks
    assert (mark.kind, mark.start_s, mark.end_s) == ("hands", pytest.approx(15, abs=1.5), pytest.approx(25, abs=1.5))
    assert len(judged_s(result)) == 2
    assert_like(result, clean)
    assert any("your hands carried weight" in note for note in result.notes)


def test_who_held_on_for_most_of_the_run_is_told_by_the_weight_before_it():
    cells = cells_of([run(60)], rail=[HandsOnRail(from_s=15, for_s=45, share=0.1)])
    known = {"deck_known": True, "kernel_known": True, "speed_m_s": None}
    blind = analyse_force(cells, 0.0, 60.0, **known)
    told = analyse_force(cells, 0.0, 60.0, standing_n=SCENARIO.body_weight_n, **known)
    assert {mark.kind for mark in blind.parts.marks} == {"more_load"}
    assert {mark.kind for mark in told.parts.marks} == {"hands"}
    assert judged_s(told) == [(0.0, pytest.approx(14, abs=1.5))]


def test_a_second_person_on_the_deck_is_noticed_and_left_out(clean):
    result = analysed([run(50)], others=[OtherPerson(from_s=15, for_s=10, load_n=250)])
    assert {mark.kind for mark in result.parts.marks} == {"more_load"}
    assert_like(result, clean)
    assert any("second person" in note for note in result.notes)


def test_a_belt_that_speeds_up_at_first_is_left_out_until_it_has():
    result = analysed([run(3, 1.9), run(3, 2.4), run(40)])
    ((start_s, _),) = judged_s(result)
    assert start_s == pytest.approx(6, abs=1.5)


def test_a_walk_is_told_as_parts_too():
    result = analysed([walk(20), stand(5), walk(10)])
    assert (result.gait, result.steps) == ("walking", ())
    assert [episode.kind for episode in result.parts.episodes] == ["walking", "standing", "walking"]


def test_sentences_for_what_happened_often():
    kinds = ["running", "standing", "running", "standing", "running", "walking", "running", "off_deck", "running"]
    episodes = tuple(Episode(kind, 10.0 * k, 10.0 * (k + 1)) for k, kind in enumerate(kinds))
    marks = tuple(Mark("speed_change", t, t) for t in (20.0, 60.0))
    blocks = (SteadyBlock(0.0, 10.0, 3.0, True), SteadyBlock(20.0, 85.0, 3.0, False))
    assert part_notes(RunParts(episodes, marks, blocks)) == (
        "You stopped 2 times, for 20 s in all.",
        "You were off the belt for 10 s.",
        "You walked for 10 s between the running.",
        "The belt speed changed 2 times: what was longest at one speed, 0:10, is judged.",
    )


@pytest.mark.skipif(data_dir() is None, reason="no real recordings on this machine (STATION_DATA)")
def test_real_runs_at_one_speed_are_judged_whole():
    """No hand on a rail, no change of speed, and nothing left out of what nobody disturbed."""
    told = {}
    for trial in trials():
        ground, contacts = seen_cells(trial.t_s, corners(trial.fz_n, trial.cop_x_m, trial.cop_y_m))
        marks = load_marks(ground, contacts, None)
        whole = Episode("running", 0.0, float(trial.t_s[-1]))
        blocks, changes = steady_blocks(contacts, ride_velocities(ground, contacts), [whole], marks)
        spans = [(block.start_s, block.end_s, block.judged) for block in blocks]
        told[trial.name] = (marks, changes, spans == [(0.0, whole.end_s, True)])
    assert len(told) >= 27
    assert {name for name, one in told.items() if one != ((), (), True)} == set()
