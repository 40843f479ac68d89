"""A daemon's calibration follows what is saved beside it."""

from pathlib import Path

import pytest

from station.calibration import artefact
from station.calibration.in_use import CalibrationInUse
from station.config import Config
from tests.calibration.saved_parts import grid_part
from tests.calibration.test_artefact import tare_part


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(state_dir=str(tmp_path))


def test_a_part_saved_later_counts_from_the_next_look_on(config):
    in_use = CalibrationInUse(config)
    assert in_use.calibration is None
    assert "station calibrate grid" in in_use.fault
    artefact.save(grid_part(), config.state)
    assert in_use.look().cells[0].offset_counts == 10.0
    assert in_use.fault is None
    artefact.save(tare_part(counts=7.0), config.state)
    assert in_use.look().cells[0].offset_counts == 7.0


def test_a_damaged_part_of_the_camera_does_not_cost_the_load_cells(config):
    artefact.save(grid_part(), config.state)
    (config.state / artefact.FOLDER / "0002-camera-20260102T120000Z.json").write_bytes(b"{")
    in_use = CalibrationInUse(config)
    assert in_use.fault is None
    assert in_use.calibration.camera is None
    (left_out,) = in_use.calibration.left_out
    assert "0002-camera" in left_out
    assert "remove it and repeat" in left_out


def test_files_are_read_only_when_they_have_changed(config, monkeypatch):
    artefact.save(grid_part(), config.state)
    in_use = CalibrationInUse(config)
    before = in_use.calibration
    monkeypatch.setattr(artefact, "load", lambda path: pytest.fail(f"{path} was read again"))
    assert in_use.look() is before


def test_a_damaged_part_is_a_fault_until_it_is_restored_under_its_own_name(config):
    part = artefact.save(grid_part(), config.state)
    path = config.state / artefact.FOLDER / f"{part.id}.json"
    whole = path.read_bytes()
    in_use = CalibrationInUse(config)
    for content, usable in ((b"{", False), (whole, True)):
        restored = path.with_suffix(".restored")
        restored.write_bytes(content)
        restored.replace(path)
        assert (in_use.look() is not None) == usable
        assert ("damaged" in (in_use.fault or "")) != usable
