from datetime import UTC, datetime

import numpy as np
import pytest

from station.calibration.grid import pattern
from station.calibration.grid_machine import GridMachine
from station.calibration.machine import Machine, StepRefusedError, described
from station.calibration.plates import Plate
from station.calibration.static_reading import ReadingTime
from station.errors import CalibrationError
from station.messages import CalibrationPrompt
from station.sim.rig import Rig

QUICK = ReadingTime(0.7, 0.3)
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def machine(rig: Rig, labels_kg: tuple[float, ...] = (20.0,), points: int = 4) -> GridMachine:
    cells = rig.force.cells
    plates = [Plate(kg, 0.03 * kg) for kg in labels_kg]
    return GridMachine(rig.front_end, cells, plates, pattern(cells, points), QUICK)


def obey(rig: Rig, grid: Machine) -> None:
    rig.obey(grid.prompt)
    grid.measure()


def gain_errors(rig: Rig, newton_per_count: list[float]) -> np.ndarray:
    return np.array(newton_per_count) * [spec.counts_per_newton for spec in rig.specs] - 1


def test_wrong_plates_are_found_out_through_pins_and_driver():
    rig = Rig(seed=4, mass_error=0.03)
    grid = machine(rig, (20.0, 10.0), 9)
    assert grid.steps == 19
    while not grid.done:
        obey(rig, grid)
    part = grid.result(NOW)
    errors = gain_errors(rig, part.newton_per_count)
    true_kg = [rig.installer.true_mass_kg(kg) for kg in (20.0, 10.0)]
    assert errors.max() - errors.min() < 1e-3
    assert abs(errors.mean()) < 0.03
    assert part.gain_sd == pytest.approx(0.0212, rel=0.3)
    seems_kg = [p.seems_kg for p in part.plates]
    assert seems_kg[0] / seems_kg[1] == pytest.approx(true_kg[0] / true_kg[1], rel=5e-4)
    assert len(part.points) == 18
    assert part.residuals["leave_one_out_mm"] < 2
    assert part.residuals["gain_sd_pct"] == pytest.approx(100 * part.gain_sd)


def test_the_prompts_say_what_to_put_where():
    grid = machine(Rig(seed=1), (20.0, 20.0, 10.0))
    assert grid.prompt.action == "unload"
    texts = [p.text for p in grid._prompts]
    assert texts[1] == "Put 20 kg plate number 1 here: 0.595 m behind the deck's centre, 0.255 m to the right."
    assert texts[5].startswith("Put 20 kg plate number 2")
    assert texts[12] == "Put the 10 kg plate here: 0.595 m ahead of the deck's centre, 0.255 m to the left."
    assert grid._prompts[12].mass_kg == 10.0


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((0.0, 0.0), "at the deck's centre"),
        ((0.0, 0.25), "0.25 m to the left of the deck's centre"),
        ((-0.5, 0.0), "0.5 m behind the deck's centre, on its middle line"),
    ],
)
def test_a_place_in_words(place, words):
    assert described(*place) == words


def test_a_point_that_is_wrong_is_asked_for_again():
    rig = Rig(seed=2)
    grid = machine(rig, points=9)
    while grid.step < 9:
        wrong = grid.step == 3
        rig.obey(CalibrationPrompt(action="place", text="", mass_kg=20.0, x_m=0.0, y_m=0.0) if wrong else grid.prompt)
        grid.measure()
    with pytest.raises(StepRefusedError, match=r"the 20 kg at \(-0\.595, 0\.255\) m lay at \(0\.00, 0\.00\) m"):
        obey(rig, grid)
    assert (grid.step, grid.done) == (3, False)
    obey(rig, grid)
    assert grid.done
    assert np.abs(gain_errors(rig, grid.result(NOW).newton_per_count)).max() < 1e-3


def test_a_mass_that_was_never_put_down_is_refused():
    rig = Rig(seed=1)
    grid = machine(rig)
    grid.measure()
    with pytest.raises(StepRefusedError, match="the cells feel no load"):
        grid.measure()
    assert grid.step == 1


def test_a_load_that_is_still_being_put_down_is_refused():
    rig = Rig(seed=1)
    grid = machine(rig)
    grid.measure()
    rig.front_end.read(0.0)
    grid._time = ReadingTime(0.0, 1.0)
    with pytest.raises(StepRefusedError, match=r"the load (still changes|moves)"):
        obey(rig, grid)


def test_exchanged_cells_are_found_out_as_soon_as_the_first_plate_was_everywhere():
    rig = Rig(seed=1)
    cells = dict(rig.force.cells)
    swapped = {**cells, "front_left": cells["front_right"], "front_right": cells["front_left"]}
    grid = GridMachine(rig.front_end, swapped, [Plate(20, 0.6), Plate(10, 0.3)], pattern(cells, 6), QUICK)
    while grid.step < 6:
        obey(rig, grid)
    with pytest.raises(CalibrationError, match="front left and front right load cells are exchanged") as refused:
        obey(rig, grid)
    assert not isinstance(refused.value, StepRefusedError)
    assert grid.step == 6
    with pytest.raises(CalibrationError, match="not been carried through"):
        grid.result(NOW)


@pytest.mark.parametrize("kg", [-3.0, 0.0, 1000.0, float("nan")])
def test_impossible_masses_are_refused(kg):
    with pytest.raises(CalibrationError, match="give the mass in kilograms"):
        machine(Rig(seed=1), (kg,))
