import numpy as np
import pytest

from station.messages import CHANNELS
from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.corners import DEFAULT_PLACES
from station.sim.runner.scenario import load_scenario, scenario_names
from station.sim.world import Visit, World
from tests.sim.runner.truth import load_truth

FPS = 60  # of the shipped clips
VISIT = Visit(step_on_s=101.0, run_start_s=105.0, run_end_s=135.0, step_off_s=138.0)


def world(name: str = "good_man", visit: Visit = VISIT, **options) -> World:
    return World(load_scenario(name), visit, seed=1, run_s=30.0, **options)


@pytest.fixture(scope="module")
def simulated() -> World:
    return world()


def total_bw(simulated: World, t_s: np.ndarray) -> np.ndarray:
    return simulated.cell_force_n(t_s).sum(axis=0) / simulated.scenario.body_weight_n


def between(start: float, end: float) -> np.ndarray:
    return np.arange(start, end, 0.001)


def test_the_deck_is_empty_then_carries_a_standing_body_then_a_runner_then_nothing(simulated):
    assert np.all(simulated.cell_force_n(between(100, 101)) == 0)
    assert total_bw(simulated, between(101.6, 105)) == pytest.approx(1.0)
    running = total_bw(simulated, between(106, 134))
    assert running.max() > 2.0
    assert running.min() == 0.0
    assert running.mean() == pytest.approx(1.0, abs=0.01)
    assert total_bw(simulated, between(136, 138)) == pytest.approx(1.0)
    assert np.all(np.abs(simulated.cell_force_n(between(138.3, 140))) < 1e-9)


def test_the_weight_comes_and_goes_smoothly(simulated):
    force = total_bw(simulated, between(100.5, 102))
    assert np.abs(np.diff(force)).max() < 0.01


def test_the_future_may_stay_unknown():
    open_end = world(visit=Visit(step_on_s=101.0, run_start_s=105.0))
    assert np.array_equal(open_end.cell_force_n(between(101, 130)), world().cell_force_n(between(101, 130)))
    assert np.all(world(visit=Visit()).cell_force_n(between(0, 1)) == 0)


def test_stepping_off_ends_a_run():
    fled = world(visit=Visit(step_on_s=101.0, run_start_s=105.0, step_off_s=110.0))
    assert np.all(np.abs(fled.cell_force_n(between(110.5, 112))) < 1e-9)
    assert fled.contacts()[-1].contact_s <= 110.0


def test_times_may_come_in_any_order_and_any_number(simulated):
    t = between(104, 112)
    shuffled = np.random.default_rng(1).permutation(len(t))
    assert np.allclose(simulated.cell_force_n(t)[:, shuffled], simulated.cell_force_n(t[shuffled]))
    single = np.hstack([simulated.cell_force_n(t[k : k + 1]) for k in range(3000, 3050)])
    assert np.allclose(single, simulated.cell_force_n(t[3000:3050]))
    assert simulated.cell_force_n(np.array([])).shape == (4, 0)


def test_the_force_is_50_n_at_the_true_contacts(simulated):
    contacts = simulated.contacts()
    assert len(contacts) == pytest.approx(30 * simulated.scenario.cadence_spm / 60, abs=2)
    at = np.array([t for c in contacts for t in (c.contact_s, c.toe_off_s) if 105.3 < t < 134.9])
    assert simulated.cell_force_n(at).sum(axis=0) == pytest.approx(50.0, abs=0.02)


def test_the_feet_press_on_their_own_sides(simulated):
    middle = {c.side: [] for c in simulated.contacts()}
    for c in simulated.contacts()[1:-1]:
        middle[c.side].append((c.contact_s + c.toe_off_s) / 2)
    y = np.array([DEFAULT_PLACES[c][1] for c in CHANNELS])
    for side, sign in (("left", 1), ("right", -1)):
        cells = simulated.cell_force_n(np.array(middle[side]))
        assert y @ cells / cells.sum(axis=0) == pytest.approx(sign * 0.04)


def test_other_cell_places_give_the_same_force_and_centre():
    places = {c: (x * 0.8, y * 1.2) for c, (x, y) in DEFAULT_PLACES.items()}
    t = between(106, 107)
    narrow, usual = world(places=places).cell_force_n(t), world().cell_force_n(t)
    assert np.allclose(narrow.sum(axis=0), usual.sum(axis=0))
    x, xs = (np.array([p[c][0] for c in CHANNELS]) for p in (places, DEFAULT_PLACES))
    assert np.allclose(x @ narrow, xs @ usual)


def test_the_camera_sees_what_happens(simulated):
    assert simulated.frame_at(100.5) == ("empty", 0)
    assert simulated.frame_at(101.0) == ("standing_man", 0)
    assert simulated.frame_at(105.0) == ("good_man", 0)
    assert simulated.frame_at(105.0 + 1 / 60) == ("good_man", 1)
    assert simulated.frame_at(135.5)[0] == "standing_man"
    assert simulated.frame_at(138.0) == ("empty", 0)


@pytest.mark.parametrize("name", scenario_names())
def test_frames_and_forces_come_from_the_same_events(name):
    simulated = world(name)
    by_clip = {}
    for c in simulated.contacts():
        clip, index = simulated.frame_at(c.contact_s)
        truth = by_clip.setdefault(clip, load_truth(clip))
        phase = (c.contact_s - simulated.frame_time_s(c.contact_s)) + index / FPS
        assert 0 <= phase - index / FPS <= 1 / FPS
        assert min(abs(phase - e.contact_s) for e in truth.events if e.side == c.side) < 1e-6
    assert set(by_clip) == set(simulated.scenario.clip_names())


def test_a_frame_is_stamped_with_the_instant_it_shows(simulated):
    for t in (103.21, 110.004, 123.4567):
        stamp = simulated.frame_time_s(t)
        assert 0 <= t - stamp < 1 / FPS + 1e-6
        assert simulated.frame_at(stamp) == simulated.frame_at(t)


def test_the_drift_goes_through_its_stages_over_the_run():
    simulated = world("head_forward")
    clips = [simulated.frame_at(t)[0] for t in np.arange(105, 135, 0.5)]
    assert clips == sorted(clips)
    assert clips[0] == "head_forward_1"
    assert clips[-1] == "head_forward_4"


def test_every_frame_of_a_visit_is_in_its_clip():
    for name in ("good_woman", "head_forward"):
        simulated = world(name)
        last = {}
        for t in np.arange(100, 139, 1 / 60):
            clip, index = simulated.frame_at(t)
            last[clip] = max(last.get(clip, 0), index)
        for clip, index in last.items():
            reader = ClipReader(clip)
            assert index < len(reader)
            reader.close()
