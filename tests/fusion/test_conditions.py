import pytest

from station.fusion.conditions import dropped_share, grid_age_days
from station.fusion.filming import Filming
from station.messages import Calibration, CalibrationPart


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
