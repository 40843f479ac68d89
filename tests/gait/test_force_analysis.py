"""The whole force analysis: on simulated runners with known truth, on real plate trials, on garbage."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.gait import corrected_squares
from station.gait.cell_load import corner_of
from station.gait.results import ASYMMETRIES, SIDES, CellSignal, DeckResonance, ForceResult, Kernel
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.analysed import analyse_force
from tests.gait.blur import PLACES, blurred, corners, unblurred
from tests.gait.plate import data_dir, plate_steps, plate_weight_n, trials
from tests.simulated_plate import simulate_ground_force

needs_data = pytest.mark.skipif(data_dir() is None, reason="no real recordings on this machine (STATION_DATA)")


def analyse(cells, end_s, *, kernel_known=True, deck_known=True) -> ForceResult:
    return analyse_force(cells, 0.0, float(end_s), deck_known=deck_known, kernel_known=kernel_known, speed_m_s=None)


def plate_of(seconds=16.0, seed=3, **changes):
    spec = {"mass_kg": 72, "speed_m_s": 3.0, "cadence_spm": 168, "duty_factor": 0.34, "impact_force_bw": 0.9} | changes
    return simulate_ground_force(GaitSpec(**spec), seconds, seed)


def cells_of(plate, with_cop=True):
    return corners(plate.fz_n, plate.cop_x_m * with_cop, plate.cop_y_m * with_cop)


@pytest.fixture(scope="module")
def uneven():
    plate = plate_of(step_time_asymmetry_pct=8, contact_time_asymmetry_pct=10, peak_force_asymmetry_pct=6)
    return plate, analyse(blurred(plate.t_s, cells_of(plate)), plate.t_s[-1])


def test_injected_asymmetry_is_measured(uneven):
    plate, result = uneven
    assert result.gait == "running"
    assert result.sides_known
    assert result.asymmetry["step_time_pct"].value == pytest.approx(8, abs=1.0)
    assert result.asymmetry["contact_time_pct"].value == pytest.approx(10, abs=1.5)
    assert result.asymmetry["peak_force_pct"].value == pytest.approx(6, abs=1.5)
    assert result.body_weight_n.value == pytest.approx(plate.body_weight_n, rel=0.005)
    assert result.cadence_spm == pytest.approx(168, rel=0.01)


def test_result_is_whole_and_consistent(uneven):
    _, result = uneven
    assert [step.n for step in result.steps] == list(range(1, len(result.steps) + 1))
    assert result.steps[-1].flight_time_ms is None
    for step in result.steps:
        assert step.contact_time_ms == pytest.approx(1e3 * (step.toe_off_s - step.contact_s))
    for side in SIDES:
        foot = result.feet[side]
        of_side = [s for s in result.steps if s.side == side]
        assert foot.contact_time_ms.value == pytest.approx(np.mean([s.contact_time_ms for s in of_side]))
        assert foot.loading_rate_status == "absolute"
        assert not foot.strike_index.measured
        assert foot.strike_index.reason
        assert foot.curve.force_bw.max() == pytest.approx(foot.peak_force_bw.value, rel=0.03)
    assert set(result.asymmetry) == set(result.pairs) == set(ASYMMETRIES)


@pytest.mark.parametrize(
    ("kernel_known", "deck_known", "word"), [(False, True, "chips average"), (True, False, "deck rings")]
)
def test_loading_rate_is_relative_where_something_is_unknown(kernel_known, deck_known, word):
    plate = plate_of(8.0)
    cells = blurred(plate.t_s, cells_of(plate))
    result = analyse(cells, plate.t_s[-1], kernel_known=kernel_known, deck_known=deck_known)
    for foot in result.feet.values():
        assert foot.loading_rate_status == "relative"
        assert word in foot.loading_rate_reason
        assert "station calibrate" not in foot.loading_rate_reason
        assert foot.loading_rate_bw_s.measured


def test_a_deck_whose_ringing_was_not_taken_out_to_the_end_counts_as_unknown(monkeypatch):
    plate = plate_of(8.0)
    cells = blurred(plate.t_s, cells_of(plate))
    known = {"deck_known": True, "kernel_known": True, "speed_m_s": None, "deck": DeckResonance(40.0, 0.06)}
    settled = analyse_force(cells, 0.0, float(plate.t_s[-1]), **known).feet["left"]
    monkeypatch.setattr(corrected_squares, "MOST_ITERATIONS", 8)
    broken_off = analyse_force(cells, 0.0, float(plate.t_s[-1]), **known).feet["left"]
    assert settled.loading_rate_status == "absolute"
    assert broken_off.loading_rate_status == "relative"
    assert "could not be taken out" in broken_off.loading_rate_reason
    widths_ms = [foot.contact_time_ms.high - foot.contact_time_ms.low for foot in (settled, broken_off)]
    assert widths_ms[1] > 2 * widths_ms[0]


def test_three_steps_a_foot_give_steps_but_no_numbers():
    plate = plate_of(2.6)
    result = analyse(blurred(plate.t_s, cells_of(plate)), plate.t_s[-1])
    assert result.gait == "running"
    assert 3 <= len(result.steps) <= 7
    assert any(foot.loading_rate_status == "not_measured" for foot in result.feet.values())


def test_unblurred_cells_agree_with_the_chips(uneven):
    plate, from_chips = uneven
    direct = analyse(unblurred(plate.t_s, cells_of(plate)), plate.t_s[-1])
    for side in SIDES:
        a, b = direct.feet[side], from_chips.feet[side]
        assert b.contact_time_ms.value == pytest.approx(a.contact_time_ms.value, abs=3.0)
        assert b.peak_force_bw.value == pytest.approx(a.peak_force_bw.value, rel=0.005)
        assert b.loading_rate_bw_s.value == pytest.approx(a.loading_rate_bw_s.value, rel=0.08)


def test_without_places_sides_are_not_named_and_feet_are_first_and_second():
    plate = plate_of(8.0)
    result = analyse(blurred(plate.t_s, cells_of(plate, with_cop=False)), plate.t_s[-1])
    assert not result.sides_known
    assert all(step.side is None for step in result.steps)
    assert all(result.feet[side].contact_time_ms.measured for side in SIDES)


@pytest.mark.parametrize("step_width_m", [0.10, 0.03])
@pytest.mark.parametrize("duty_factor", [0.50, 0.55])
def test_sides_of_overlapping_feet_are_named(step_width_m, duty_factor):
    plate = plate_of(12.0, speed_m_s=2.0, cadence_spm=152, duty_factor=duty_factor, step_width_m=step_width_m)
    result = analyse(blurred(plate.t_s, cells_of(plate)), plate.t_s[-1])
    assert len(result.steps) > 20
    for step in result.steps:
        assert step.side == min(plate.contacts, key=lambda c: abs(c.contact_s - step.contact_s)).side


def test_order_of_the_cells_does_not_matter(uneven):
    plate, result = uneven
    swapped = [blurred(plate.t_s, cells_of(plate))[i] for i in (2, 0, 3, 1)]
    again = analyse(swapped, plate.t_s[-1])
    assert [s.side for s in again.steps] == [s.side for s in result.steps]
    assert again.body_weight_n.value == pytest.approx(result.body_weight_n.value, rel=1e-6)


def test_walking_is_refused_with_a_reason():
    plate = simulate_ground_force(
        GaitSpec(gait="walking", mass_kg=70, speed_m_s=1.4, cadence_spm=112, duty_factor=0.61), 12.0, 1
    )
    result = analyse(blurred(plate.t_s, cells_of(plate)), plate.t_s[-1])
    assert result.gait == "walking"
    assert "walking" in result.reason
    assert result.steps == ()
    assert result.usable
    assert not result.body_weight_n.measured


def test_a_cell_without_readings_is_named_and_the_result_unusable():
    plate = plate_of(8.0)
    cells = list(blurred(plate.t_s, cells_of(plate)))
    cells[2] = CellSignal(np.zeros(0), np.zeros(0), *PLACES[2], None)
    result = analyse(cells, plate.t_s[-1])
    assert "load cell rear left" in result.reason
    assert not result.usable
    assert not analyse([], 8.0).usable
    assert not analyse(cells[:1], 8.0).usable


@pytest.mark.parametrize(("level_n", "noise_n"), [(0.0, 0.0), (0.0, 20.0), (250.0, 0.5), (-4000.0, 0.0), (4000.0, 0.0)])
@pytest.mark.parametrize("dead", range(4))
def test_a_cell_that_stands_still_is_named(dead, level_n, noise_n):
    plate = plate_of(8.0)
    cells = list(blurred(plate.t_s, cells_of(plate)))
    noise = np.random.default_rng(dead).normal(0, noise_n, len(cells[dead].t_s))
    cells[dead] = replace(cells[dead], force_n=level_n + noise)
    result = analyse(cells, plate.t_s[-1])
    assert "does not move with the steps" in result.reason
    assert corner_of(cells[dead]) in result.reason
    assert not result.usable
    assert result.steps == ()


@pytest.mark.parametrize(("forward_m", "left_m"), [(0.0, 0.0), (0.5, 0.1), (0.5, -0.2), (-0.45, 0.2), (0.7, 0.0)])
def test_a_runner_far_from_a_cell_does_not_make_it_dead(forward_m, left_m):
    plate = plate_of(8.0)
    cells = corners(plate.fz_n, plate.cop_x_m + forward_m, plate.cop_y_m + left_m)
    result = analyse(blurred(plate.t_s, cells), plate.t_s[-1])
    assert result.gait == "running"
    shares = {name: value for name, value in result.quality.items() if name.startswith("load_share_")}
    assert set(shares) == {f"load_share_{end}_{side}" for end in ("front", "rear") for side in SIDES}
    assert sum(shares.values()) == pytest.approx(1)
    loaded_n = cells.mean(axis=1) / cells.sum(axis=0).mean()
    assert list(shares.values()) == pytest.approx(loaded_n.tolist(), abs=0.01)


def test_a_cell_that_was_silent_for_a_moment_is_not_dead():
    plate = plate_of(16.0)
    cells = list(blurred(plate.t_s, cells_of(plate)))
    kept = np.abs(cells[1].t_s - 8.0) > 1.0
    cells[1] = replace(cells[1], t_s=cells[1].t_s[kept], force_n=cells[1].force_n[kept])
    assert len(analyse(cells, plate.t_s[-1]).steps) > 30


@pytest.mark.parametrize(("gain", "words"), [(0.2, "nobody of 20 kg"), (4.0, "more than 250 kg")])
def test_a_weight_that_no_runner_has_points_to_the_calibration(gain, words):
    plate = plate_of(8.0)
    result = analyse(blurred(plate.t_s, gain * cells_of(plate)), plate.t_s[-1])
    assert words in result.reason
    assert "calibration of the load cells" in result.reason
    assert not result.usable
    assert not result.body_weight_n.measured


@pytest.mark.parametrize("mass_kg", [22, 210])
def test_light_and_heavy_runners_are_measured(mass_kg):
    plate = plate_of(8.0, mass_kg=mass_kg)
    result = analyse(blurred(plate.t_s, cells_of(plate)), plate.t_s[-1])
    assert result.body_weight_n.value == pytest.approx(mass_kg * 9.81, rel=0.01)


def test_too_short_a_recording_is_unusable_but_standing_still_is_an_answer():
    plate = plate_of(4.0)
    assert not analyse(blurred(plate.t_s[:1500], cells_of(plate)[:, :1500]), 1.0).usable
    standing = corners(np.full(8000, 700.0), np.full(8000, 0.1), np.full(8000, 0.02))
    result = analyse(unblurred(np.arange(8000) / 1000, standing), 7.999)
    assert (result.gait, result.usable) == ("other", True)


def test_same_input_same_result(uneven):
    plate, result = uneven
    again = analyse(blurred(plate.t_s, cells_of(plate)), plate.t_s[-1])
    assert again.steps == result.steps
    assert again.asymmetry == result.asymmetry


@settings(max_examples=25)
@given(
    st.integers(0, 2**31),
    st.sampled_from(["noise", "zero", "huge", "steps", "spikes", "ramp"]),
    st.floats(0.5, 12.0),
    st.booleans(),
)
def test_garbage_never_raises(seed, kind, seconds, chips):
    rng = np.random.default_rng(seed)
    t_s = np.arange(0, seconds, 0.0125)
    shape = (4, len(t_s))
    force_n = {
        "noise": lambda: rng.normal(200, 300, shape),
        "zero": lambda: np.zeros(shape),
        "huge": lambda: rng.normal(0, 1e7, shape),
        "steps": lambda: 400.0 * (rng.random(shape) > 0.5),
        "spikes": lambda: 1e4 * (rng.random(shape) > 0.98),
        "ramp": lambda: np.linspace(0, rng.normal(0, 3000), len(t_s)) * np.ones((4, 1)),
    }[kind]()
    kernel = Kernel(3, 0.0125) if chips else None
    result = analyse([CellSignal(t_s, f, *p, kernel) for f, p in zip(force_n, PLACES, strict=True)], seconds)
    assert result.gait in ("running", "walking", "other")
    assert result.steps or result.reason


@needs_data
@pytest.mark.parametrize("name", ["RBDS003_T35", "RBDS018_T25", "RBDS028_T45"])
def test_real_plate_trials_through_chips(name):
    (trial,) = trials(f"{name}.npz")
    cells = blurred(trial.t_s, corners(trial.fz_n, trial.cop_x_m, trial.cop_y_m))
    result = analyse(cells, trial.t_s[-1])
    true = plate_steps(trial.t_s, trial.fz_n)
    weight_n = plate_weight_n(trial.t_s, trial.fz_n, true)
    assert [s.contact_s for s in result.steps] == pytest.approx([p.contact_s for p in true], abs=0.01)
    assert result.body_weight_n.value == pytest.approx(weight_n, rel=0.005)
    nearest = [int(np.argmin(np.abs(trial.side_at_s - s.contact_s))) for s in result.steps]
    assert [s.side[0].upper() for s in result.steps] == [trial.side[k] for k in nearest]
    for side in SIDES:
        mine = [p for p, s in zip(true, result.steps, strict=True) if s.side == side]
        foot = result.feet[side]
        assert foot.contact_time_ms.value == pytest.approx(np.mean([p.contact_time_ms for p in mine]), abs=5.0)
        assert foot.peak_force_bw.value == pytest.approx(np.mean([p.peak_n for p in mine]) / weight_n, rel=0.01)
        rate = np.mean([p.loading_rate_n_s for p in mine]) / weight_n
        assert foot.loading_rate_bw_s.value == pytest.approx(rate, rel=0.10)


@needs_data
def test_real_drift_recording_gives_the_values_of_the_undrifted_trial():
    (trial,) = trials("RBDS001_T25.npz")
    drifted_n = np.loadtxt(data_dir() / "running_force" / "drift_RBDS001_T25.csv")
    still, drifted = (
        analyse(blurred(trial.t_s, np.tile(force_n / 4, (4, 1))), trial.t_s[-1]) for force_n in (trial.fz_n, drifted_n)
    )
    assert len(drifted.steps) == len(still.steps)
    assert drifted.quality["zero"] == "flights"
    assert drifted.body_weight_n.value == pytest.approx(still.body_weight_n.value, rel=0.01)
    for side in SIDES:
        for name in ("contact_time_ms", "peak_force_bw", "loading_rate_bw_s"):
            a, b = (getattr(r.feet[side], name).value for r in (still, drifted))
            assert b == pytest.approx(a, rel=0.01)
