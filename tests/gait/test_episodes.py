"""What a runner did when: on parts of known length, on real runs, on what is nothing of the kind."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait.episodes import find_episodes
from station.gait.parts import Episode
from station.gait.run_parts import gait_of
from station.gait.stances import rough_body_weight
from station.gait.total_force import interpolated_force
from station.sim.runner.gait_spec import GaitSpec
from station.simulation_config import RunPart
from tests.gait.blur import corners, unblurred
from tests.gait.messy_runs import SCENARIO, ground_of, off, run, stand, walk
from tests.gait.plate import data_dir, trials
from tests.simulated_plate import simulate_ground_force

KINDS = {"run": "running", "walk": "walking", "stand": "standing", "off": "off_deck"}
PARTS = st.one_of(
    st.builds(run, st.floats(8, 20), st.floats(1.9, 4.0)),
    st.builds(walk, st.floats(8, 20), st.floats(0.8, 2.1)),
    st.builds(stand, st.floats(4, 12)),
    st.builds(off, st.floats(2, 12)),
)


def episodes_of(parts):
    return find_episodes(ground_of(parts), SCENARIO.body_weight_n)


def assert_told(parts: list[RunPart]) -> None:
    found, at_s = episodes_of(parts), 0.0
    assert [episode.kind for episode in found] == [KINDS[part.kind] for part in parts]
    for episode, part in zip(found, parts, strict=True):
        assert episode.start_s == pytest.approx(at_s, abs=1.5)
        at_s += part.for_s
    assert (found[0].start_s, found[-1].end_s) == (0.0, pytest.approx(at_s, abs=0.01))
    assert all(a.end_s == b.start_s for a, b in pairwise(found))


@settings(max_examples=6, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=3).filter(lambda ps: all(a.kind != b.kind for a, b in pairwise(ps))))
def test_any_parts_are_told_with_their_boundaries(parts):
    assert_told(parts)


def test_a_gym_run_from_warm_up_to_cool_down():
    assert_told([walk(10), run(12), stand(5), run(12), off(3), run(12), walk(10, 1.0)])


@pytest.mark.parametrize(("speed_m_s", "cadence_spm"), [(1.9, 148), (2.2, 158)])
@pytest.mark.parametrize("with_cop", [True, False])
def test_grounded_running_is_running_throughout(speed_m_s, cadence_spm, with_cop):
    spec = GaitSpec(mass_kg=80, speed_m_s=speed_m_s, cadence_spm=cadence_spm, duty_factor=0.55)
    plate = simulate_ground_force(spec, 20.0, seed=5)
    cells_n = corners(plate.fz_n, plate.cop_x_m * with_cop, plate.cop_y_m * with_cop)
    ground = interpolated_force(unblurred(plate.t_s, cells_n), 0.0, float(plate.t_s[-1]))
    (only,) = find_episodes(ground, plate.body_weight_n)
    assert (only.kind, only.start_s, only.end_s) == ("running", 0.0, ground.t_s[-1])


@pytest.mark.skipif(data_dir() is None, reason="no real recordings on this machine (STATION_DATA)")
def test_a_real_run_is_one_episode():
    told = {}
    for trial in trials():
        cells_n = corners(trial.fz_n, trial.cop_x_m, trial.cop_y_m)
        ground = interpolated_force(unblurred(trial.t_s, cells_n), 0.0, float(trial.t_s[-1]))
        found = find_episodes(ground, rough_body_weight(ground.force_n, ground.rate_hz))
        told[trial.name] = [episode.kind for episode in found]
    assert len(told) >= 27
    assert {name for name, kinds in told.items() if kinds != ["running"]} == set()


def test_a_moment_without_steps_is_no_episode():
    """A flight that was missed, a stumble: nothing that a runner would call a stop."""
    assert [episode.kind for episode in episodes_of([run(10), off(0.5), run(10), stand(1.0), run(10)])] == ["running"]


def test_what_is_too_short_to_tell_is_nothing():
    assert episodes_of([run(1.2)]) == ()
    assert gait_of(()) == "other"


@pytest.mark.parametrize(
    ("running_s", "walking_s", "gait"),
    [(8, 5, "running"), (20, 300, "running"), (8, 60, "walking"), (0, 20, "walking")],
)
def test_enough_running_makes_a_run(running_s, walking_s, gait):
    walking = Episode("walking", 0.0, float(walking_s))
    running = Episode("running", walking.end_s, walking.end_s + running_s)
    assert gait_of([walking, running] if running_s else [walking]) == gait


def test_noise_is_none():
    ground = ground_of([run(5)])
    noise = np.random.default_rng(1).normal(0, 0.01, len(ground.t_s))
    still = type(ground)(ground.t_s, SCENARIO.body_weight_n * (1 + noise), 0 * noise, 0 * noise)
    assert [episode.kind for episode in find_episodes(still, SCENARIO.body_weight_n)] == ["standing"]
