import numpy as np
import pytest

from station.fusion.conditions import dropped_share, grid_age_days, most_on_cells_kg, overloaded
from station.fusion.filming import Filming
from station.fusion.session import Session
from station.messages import CHANNELS, Calibration, CalibrationPart, CellCalibration, RunInfo


def calibration(created_utc: str | None) -> Calibration:
    parts = {} if created_utc is None else {"grid": CalibrationPart(id="grid-1", created_utc=created_utc)}
    return Calibration(id="c", created_utc="2026-01-01T00:00:00+00:00", cells=[], deck=None, parts=parts)


def filming(frames: int, dropped: int) -> Filming:
    return Filming(60.0, frames, dropped, (), 0.0, 0.0, {}, {})


def test_the_share_of_lost_frames_is_of_those_that_ought_to_be_there():
    assert dropped_share(filming(950, 50)) == pytest.approx(0.05)
    assert dropped_share(filming(0, 0)) is None
    assert dropped_share(None) is None


def test_the_age_of_the_grid_is_counted_to_the_run_in_any_zone():
    made = calibration("2026-01-01T00:00:00+00:00")
    assert grid_age_days(made, "2026-04-01T12:00:00+00:00") == pytest.approx(90.5)
    assert grid_age_days(made, "2026-01-01T02:00:00+02:00") == 0.0


@pytest.mark.parametrize("created", [None, "", "yesterday", "2026-01-01T00:00:00"])
def test_an_unknown_instant_is_no_age(created):
    assert grid_age_days(calibration(created), "2026-04-01T12:00:00+00:00") is None
    assert grid_age_days(calibration("2026-01-01T00:00:00+00:00"), created) is None
    assert grid_age_days(None, "2026-04-01T12:00:00+00:00") is None


def session_on(cells_n: list[float], **inputs: float) -> Session:
    """Two conversions of each chip: the second with these newtons, the first, before the run, with a thousand times."""
    gain = 1 / 2000
    cells = [
        CellCalibration(channel=c, x_m=0, y_m=0, offset_counts=7000.0, newton_per_count=gain, kernel=None)
        for c in CHANNELS
    ]
    force_n = np.outer([1000.0, 1.0], cells_n)
    columns = {
        "channel": np.tile(np.arange(4), 2),
        "raw": np.round(force_n.ravel() / gain + 7000),
        "t_low_ns": np.repeat([1, 2_000_000_000], 4),
    }
    made = Calibration(id="c", created_utc="", cells=cells, deck=None)
    info = RunInfo(visit_id="v", version="0", seed=1, inputs=inputs)
    return Session(info=info, start_s=1.0, end_s=3.0, calibration=made, samples=columns)


def test_what_each_cell_carried_in_the_run_has_its_part_of_the_treadmill():
    session = session_on([980.665, 1961.33, 0.0, -98.0665], treadmill_kg=80.0, cell_capacity_kg=200.0)
    most_kg = {"front_left": 120.0, "front_right": 220.0, "rear_left": 20.0, "rear_right": 10.0}
    assert most_on_cells_kg(session) == pytest.approx({f"most_on_{k}_kg": v for k, v in most_kg.items()}, abs=0.01)
    assert overloaded(session)
    assert not overloaded(session_on([980.665] * 4, treadmill_kg=80.0, cell_capacity_kg=200.0))


def test_nothing_is_said_of_what_stands_on_the_cells_of_an_older_recording():
    old = session_on([9806.65] * 4)
    assert most_on_cells_kg(old) == {}
    assert not overloaded(old)
