"""Each file of the state directory, truncated, emptied, full of garbage or forbidden: it is named, nothing crashes,
and nothing that it may still hold is written over."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from station import cli, config
from station.calibration import artefact
from station.calibration.in_use import CalibrationInUse
from station.camera import pose_speed
from station.daemon import Life
from station.errors import CardKeyError
from station.fusion import retention
from station.fusion.retention import Retention
from station.fusion.store import RunStore
from station.kiosk.staff.pin import StaffPin
from station.kiosk.staff.pin_lockout import FIRST_WAIT_S, Lockout
from station.records import card_key, recording
from tests.calibration.saved_parts import parts_of
from tests.faults.damage import DAMAGES, without_roots_power
from tests.fusion.simulated_run import run_messages
from tests.fusion.test_live import calibration
from tests.kiosk.conftest import Station

PIN = "482915"


@pytest.fixture(params=DAMAGES)
def damage(request: pytest.FixtureRequest) -> Iterator[Callable[[Path], bytes]]:
    """Damages a file; what was in it then."""

    def damaged(path: Path) -> bytes:
        DAMAGES[request.param](path)
        return path.read_bytes() if request.param != "forbidden" else b""

    with without_roots_power():
        yield damaged


@pytest.fixture
def settings(tmp_path: Path) -> config.Config:
    """Of a clinic, calibrated, with a run."""
    made = config.Config(mode="clinic", runtime_dir=str(tmp_path / "run"), state_dir=str(tmp_path / "state"))
    config.dump(made, tmp_path / "station.toml")
    for part in parts_of(calibration()):
        artefact.save(part, made.state)
    (made.state / "runs" / "temporary").mkdir(parents=True)
    made.runtime.mkdir()
    return made


def station(settings: config.Config, *words: str) -> int:
    return cli.main([*words, "--config", str(settings.state.parent / "station.toml")])


def forbidden(path: Path) -> bool:
    return path.stat().st_mode & 0o777 == 0


def recorded(path: Path) -> Path:
    writer = recording.RunWriter(path, None)
    for k, message in enumerate(run_messages(10.0)):
        writer.add(message, k * 50_000_000)
    writer.close()
    return path


def test_a_part_of_the_calibration(settings: config.Config, damage) -> None:
    (grid,) = (path for path in artefact.newest_files(settings.state) if "grid" in path.name)
    left = damage(grid)
    used = CalibrationInUse(settings)
    assert used.calibration is None
    assert str(grid) in used.fault
    assert forbidden(grid) or grid.read_bytes() == left
    assert station(settings, "calibrate", "tare") == 2


def test_the_folder_of_the_calibration(settings: config.Config) -> None:
    folder = settings.state / artefact.FOLDER
    folder.chmod(0)
    with without_roots_power():
        used = CalibrationInUse(settings)
        assert str(folder) in used.fault
        assert "Permission denied" in used.fault
    folder.chmod(0o700)
    assert used.look() is not None
    assert used.fault is None


def test_the_key_of_the_codes(settings: config.Config, damage) -> None:
    card_key.load(settings.state)
    path = settings.state / card_key.PRIVATE_FILE
    left = damage(path)
    with pytest.raises(CardKeyError, match=re.escape(str(path))):
        card_key.load(settings.state)
    assert forbidden(path) or path.read_bytes() == left


def test_its_public_half_is_made_again(settings: config.Config, damage) -> None:
    card_key.load(settings.state)
    path = settings.state / card_key.PUBLIC_FILE
    whole = path.read_bytes()
    damage(path)
    card_key.load(settings.state)
    assert path.read_bytes() == whole


def test_the_key_of_a_sister_station(settings: config.Config, tmp_path: Path, damage, caplog) -> None:
    sister = card_key.load(tmp_path / "sister")
    path = settings.state / card_key.SISTERS_FOLDER / "sister.pub"
    path.parent.mkdir()
    path.write_bytes((tmp_path / "sister" / card_key.PUBLIC_FILE).read_bytes())
    assert card_key.load(settings.state).knows(sister.id)
    damage(path)
    assert not card_key.load(settings.state).knows(sister.id)
    assert str(path) in caplog.text


def test_the_pin(settings: config.Config, damage) -> None:
    StaffPin(settings.state).set(PIN)
    damage(settings.state / "staff_pin")
    pin = StaffPin(settings.state)
    assert pin.damaged
    assert pin.is_set  # nobody may set another one from the screen


def test_the_count_of_wrong_pins(settings: config.Config, damage) -> None:
    Lockout(settings.state).wrong()
    damage(settings.state / "staff_lockout.json")
    assert Lockout(settings.state).seconds_left() == pytest.approx(FIRST_WAIT_S, abs=1)


def test_the_measured_speed_of_posing(settings: config.Config, damage, caplog) -> None:
    pose_speed.save(settings, pose_speed.PoseSpeed(workers=2, scored_per_s=9.0))
    path = settings.state / pose_speed.FILE
    damage(path)
    assert pose_speed.known(settings) is None
    assert str(path) in caplog.text


@pytest.mark.parametrize("suffix", [".mcap", ".json"])
def test_a_kept_run(settings: config.Config, suffix: str, damage, capsys) -> None:
    runs = settings.state / "runs"
    recorded(runs / "run.mcap")
    document = {"mistakes": {}, "inputs": {}, "summary": {"steps": 3}}
    (runs / "run.json").write_text(json.dumps(document))
    damage(runs / f"run{suffix}")
    assert station(settings, "runs", "list") == 0
    assert capsys.readouterr().out.startswith("run  ")
    status, told = station(settings, "runs", "show", "run"), capsys.readouterr().err
    if suffix == ".mcap":
        assert (status, told) == (0, "")
    else:
        assert status == 2
        remedy = "is this the right user" if forbidden(runs / "run.json") else "score it again: station analyse"
        assert remedy in told
    for path in runs.glob("run.*"):
        os.utime(path, (0, 0))
    Retention(msgspec.structs.replace(settings, retention=config.Retention(gigabytes=1e-9))).look()
    assert not list(runs.glob("run.*"))  # as any other run


def test_the_folder_of_runs_and_what_the_screen_says(settings: config.Config, capsys, caplog) -> None:
    runs = settings.state / "runs"
    runs.chmod(0)
    StaffPin(settings.state).set(PIN)
    (settings.state / "staff_pin").write_bytes(b"")
    with without_roots_power():
        assert station(settings, "runs", "list") == 2
        Retention(settings).look()
        kiosk = Station(settings)
        assert "The staff PIN cannot be read" in kiosk.get("/staff/")
        assert "body points" in kiosk.get("/privacy")
    assert f"station: {runs}: Permission denied;" in capsys.readouterr().err
    assert f"{runs}: Permission denied: nothing there can be deleted" in caplog.text


def test_an_unfinished_recording_is_set_aside(settings: config.Config, damage) -> None:
    path = recorded(settings.state / "runs" / "temporary" / "visit.mcap")
    damage(path)
    store = RunStore(settings)
    store.unfinished()
    store.set_aside()
    assert (settings.state / "runs" / "visit.mcap").exists()
    store.begin("another")
    assert store.discard()


def test_the_list_of_deletions(settings: config.Config, damage, capsys) -> None:
    path = settings.state / retention.FILE
    path.write_text("a  recorded 2026-01-01 10:00, deleted 2026-02-01 10:00: older than 30 days\n" * 9)
    damage(path)
    status, told = station(settings, "runs", "list"), capsys.readouterr().err
    if forbidden(path):
        assert status == 2
        assert f"station: {path}: Permission denied;" in told
    else:
        assert (status, told) == (0, "")


def test_the_runtime_directory_is_named(settings: config.Config) -> None:
    settings.runtime.chmod(0o500)
    with without_roots_power(), pytest.raises(config.ConfigError, match=re.escape(str(settings.runtime))):
        Life("fusion", settings).__enter__()
