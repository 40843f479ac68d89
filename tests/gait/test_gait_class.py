"""Running, walking or neither."""

import numpy as np
import pytest

from station.gait.episodes import find_episodes
from station.gait.run_parts import gait_of as gait_of_parts
from station.gait.stances import rough_body_weight
from station.gait.total_force import GroundForce, interpolated_force
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.blur import blurred, corners, unblurred
from tests.simulated_plate import simulate_ground_force


def gait_of(spec: GaitSpec, with_cop: bool, chips: bool = False) -> str:
    plate = simulate_ground_force(spec, 14.0, seed=7)
    cells_n = corners(plate.fz_n, plate.cop_x_m * with_cop, plate.cop_y_m * with_cop)
    cells = blurred(plate.t_s, cells_n) if chips else unblurred(plate.t_s, cells_n)
    ground = interpolated_force(cells, 0.0, plate.t_s[-1])
    return classify(ground, rough_body_weight(ground.force_n, ground.rate_hz))


def classify(ground: GroundForce, weight_n: float) -> str:
    return gait_of_parts(find_episodes(ground, weight_n))


@pytest.mark.parametrize("with_cop", [True, False])
@pytest.mark.parametrize("duty_factor", [0.42, 0.50, 0.55])
@pytest.mark.parametrize("mass_kg", [50, 90, 130])
@pytest.mark.parametrize(("speed_m_s", "cadence_spm"), [(1.9, 148), (2.2, 158)])
def test_slow_and_grounded_running_is_running(speed_m_s, cadence_spm, mass_kg, duty_factor, with_cop):
    spec = GaitSpec(mass_kg=mass_kg, speed_m_s=speed_m_s, cadence_spm=cadence_spm, duty_factor=duty_factor)
    assert gait_of(spec, with_cop) == "running"


@pytest.mark.parametrize("with_cop", [True, False])
@pytest.mark.parametrize(
    ("speed_m_s", "cadence_spm", "duty_factor"),
    [(0.8, 85, 0.68), (1.2, 105, 0.63), (1.5, 118, 0.60), (1.8, 128, 0.58), (2.1, 140, 0.56)],
)
def test_walking_is_walking_at_all_speeds(speed_m_s, cadence_spm, duty_factor, with_cop):
    spec = GaitSpec(gait="walking", mass_kg=70, speed_m_s=speed_m_s, cadence_spm=cadence_spm, duty_factor=duty_factor)
    assert gait_of(spec, with_cop) == "walking"


def test_through_chips():
    grounded = GaitSpec(mass_kg=130, speed_m_s=1.9, cadence_spm=148, duty_factor=0.55)
    walk = GaitSpec(gait="walking", mass_kg=70, speed_m_s=1.8, cadence_spm=128, duty_factor=0.58)
    assert gait_of(grounded, True, chips=True) == "running"
    assert gait_of(walk, True, chips=True) == "walking"


@pytest.mark.parametrize("duty_factor", [0.36, 0.50, 0.55])
def test_front_and_rear_cells_exchanged_do_not_turn_one_gait_into_another(duty_factor):
    run = GaitSpec(mass_kg=80, speed_m_s=2.2, cadence_spm=158, duty_factor=duty_factor)
    walk = GaitSpec(gait="walking", mass_kg=70, speed_m_s=1.5, cadence_spm=118, duty_factor=0.60)
    for spec in (run, walk):
        plate = simulate_ground_force(spec, 14.0, seed=7)
        cells_n = corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m)[[2, 3, 0, 1]]
        seen = interpolated_force(unblurred(plate.t_s, cells_n), 0.0, plate.t_s[-1])
        assert classify(seen, rough_body_weight(seen.force_n, seen.rate_hz)) == spec.gait


def ground(force_n: np.ndarray) -> GroundForce:
    sway_m = 0.02 * np.sin(2 * np.pi * 0.3 * np.arange(len(force_n)) / 1000)
    return GroundForce(np.arange(len(force_n)) / 1000, force_n, force_n * sway_m, force_n * sway_m)


@pytest.mark.parametrize("sway_n", [0.0, 3.0, 15.0])
def test_standing_is_neither(sway_n):
    slow = np.repeat(np.random.default_rng(2).normal(0, sway_n, 100), 200)
    assert classify(ground(700 + slow), 700.0) == "other"


def test_noise_and_stepping_on_and_off_are_neither():
    rng = np.random.default_rng(3)
    assert classify(ground(rng.normal(500, 300, 20000)), 500.0) == "other"
    on_off = 700.0 * (np.arange(20000) % 4000 < 2000) + rng.normal(0, 5, 20000)
    assert classify(ground(on_off), 700.0) == "other"


def test_standing_before_a_run_does_not_hide_it():
    plate = simulate_ground_force(GaitSpec(mass_kg=70, speed_m_s=3, cadence_spm=165, duty_factor=0.35), 20.0, seed=1)
    force_n = np.concatenate([np.full(8000, plate.body_weight_n), plate.fz_n])
    assert classify(ground(force_n), plate.body_weight_n) == "running"
