from dataclasses import replace

import pytest

from station.gait.parts import Episode, Mark, RunParts
from station.gait.steady_stretch import steady_stretch
from station.gait.stride_values import stride_values
from tests.scorecard.stepped_runs import SteppedRun

FORCE = SteppedRun(strides=400).force
START_S, END_S = FORCE.steps[0].contact_s, FORCE.steps[-1].toe_off_s


def with_parts(*marks_s: float, episodes: tuple[Episode, ...] = ()):
    marks = tuple(Mark("speed_change", at_s, at_s) for at_s in marks_s)
    return replace(FORCE, parts=RunParts(episodes, marks))


def test_a_run_at_one_speed_is_one_stretch():
    assert steady_stretch(FORCE) == (START_S, END_S)
    assert steady_stretch(replace(FORCE, steps=())) is None


def test_a_change_of_speed_parts_a_run_and_the_longest_part_counts():
    assert steady_stretch(with_parts(100.0)) == (100.0, END_S)
    assert steady_stretch(with_parts(60.0, 200.0)) == (60.0, 200.0)
    assert steady_stretch(replace(FORCE, speed_changes_s=(200.0,))) == (START_S, 200.0)


def test_a_long_rest_parts_a_run_and_a_short_one_does_not():
    long, short = (Episode("walking", 100.0, 100.0 + rest_s) for rest_s in (40.0, 10.0))
    assert steady_stretch(with_parts(episodes=(long,))) == (140.0, END_S)
    assert steady_stretch(with_parts(episodes=(short,))) == (START_S, END_S)


def test_a_stride_is_its_two_steps_and_bridges_no_gap():
    values = stride_values(FORCE.steps)
    a, b, c = FORCE.steps[:3]
    assert values["cadence_spm"].value[0] == pytest.approx(120 / (c.contact_s - a.contact_s))
    assert values["contact_time_ms"].value[0] == pytest.approx((a.contact_time_ms + b.contact_time_ms) / 2)
    assert len(values["cadence_spm"].value) == 399
    gap = [*FORCE.steps[:100], *FORCE.steps[104:]]
    assert values["cadence_spm"].value.max() >= stride_values(gap)["cadence_spm"].value.max()
    judged = [replace(step, judged=k < 100) for k, step in enumerate(FORCE.steps)]
    assert len(stride_values(judged)["peak_force_bw"].value) == 49
