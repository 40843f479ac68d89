"""What is kept is bounded; nothing of today goes, and nothing by a clock that was just set."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from station import config
from station.fusion import retention
from station.fusion.retention import Retention, SettledClock
from station.records import run_files

NOON = datetime(2026, 11, 22, 12)
DAY = timedelta(days=1)


class HandClock:
    """A wall clock and the time since the machine was started, both moved by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.wall_s = now.timestamp()
        self.running_s = 0.0

    def go(self, seconds: float) -> None:
        self.wall_s += seconds
        self.running_s += seconds

    def settled(self) -> SettledClock:
        return SettledClock(lambda: self.wall_s, lambda: self.running_s)


def a_run(state: Path, run_id: str, age: timedelta, size: int = 1000) -> None:
    folder = state / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    written_s = (NOON - age).timestamp()
    for suffix in run_files.SUFFIXES:
        path = folder / f"{run_id}{suffix}"
        path.write_bytes(bytes(size // 2))
        os.utime(path, (written_s, written_s))


def station(state: Path, mode: str = "clinic", **limits: float) -> config.Config:
    return config.Config(mode=mode, state_dir=str(state), retention=config.Retention(**limits))


def ids(state: Path) -> list[str]:
    return [run.id for run in run_files.kept(state / "runs")]


def looked(
    settings: config.Config, clock: HandClock, after_s: float = 2 * retention.CLOCK_SETTLED_S, kept: bool = True
) -> None:
    keeper = Retention(settings, clock.settled(), lambda: kept)
    clock.go(after_s)
    keeper.look()


def test_the_oldest_go_until_the_rest_fits_and_none_of_today(tmp_path: Path) -> None:
    for run_id, age in (("a", 3 * DAY), ("b", 2 * DAY), ("c", DAY), ("d", timedelta(hours=2))):
        a_run(tmp_path, run_id, age)
    looked(station(tmp_path, gigabytes=2.5e-6), HandClock(), after_s=0)
    assert ids(tmp_path) == ["c", "d"]
    looked(station(tmp_path, gigabytes=1e-9), HandClock(), after_s=0)
    assert ids(tmp_path) == ["d"]


def test_what_is_too_old_goes_once_the_clock_was_not_set_for_a_while(tmp_path: Path) -> None:
    for run_id, age in (("old", 31 * DAY), ("young", 29 * DAY)):
        a_run(tmp_path, run_id, age)
    settings = station(tmp_path, days=30)
    looked(settings, HandClock(), after_s=60)
    assert ids(tmp_path) == ["old", "young"]
    looked(settings, HandClock())
    assert ids(tmp_path) == ["young"]


def test_a_clock_that_jumps_by_years_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "LOOK_EVERY_S", 0.0)
    a_run(tmp_path, "run", DAY)
    clock = HandClock()
    keeper = Retention(station(tmp_path, days=30), clock.settled(), lambda: True)
    clock.go(2 * retention.CLOCK_SETTLED_S)
    for jump in (10 * 365 * DAY, -10 * 365 * DAY):
        keeper.look()
        clock.wall_s += jump.total_seconds()
        keeper.look()
        clock.go(retention.CLOCK_SETTLED_S / 2)
        keeper.look()
    assert ids(tmp_path) == ["run"]


def test_a_clock_chip_that_came_up_years_ahead_costs_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not even where somebody ran since, by the wrong clock; a time server's clock is believed."""
    years = 5 * 365 * DAY
    for run_id, age in (("old", 40 * DAY), ("young", DAY), ("wrongly dated", -years)):
        a_run(tmp_path, run_id, age)
    settings = station(tmp_path, days=30)
    looked(settings, HandClock(NOON + years + DAY), kept=False)
    assert ids(tmp_path) == ["old", "young", "wrongly dated"]
    assert "run old and those before it stay" in caplog.text
    looked(settings, HandClock(NOON + years + DAY), kept=True)
    assert ids(tmp_path) == ["wrongly dated"]


def test_a_clinic_without_a_network_deletes_what_is_too_old(tmp_path: Path) -> None:
    for run_id, age in (("old", 80 * DAY), ("middle", 40 * DAY), ("young", DAY)):
        a_run(tmp_path, run_id, age)
    looked(station(tmp_path, days=30), HandClock(), kept=False)
    assert ids(tmp_path) == ["young"]


def test_a_gym_and_a_clinic_without_a_limit_of_days_delete_nothing_for_its_age(tmp_path: Path) -> None:
    a_run(tmp_path, "run", 4000 * DAY)
    looked(station(tmp_path), HandClock())
    looked(station(tmp_path, mode="gym", days=1, gigabytes=1e-9), HandClock())
    assert ids(tmp_path) == ["run"]


def test_a_deletion_is_logged_and_listed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    a_run(tmp_path, "old", 40 * DAY)
    a_run(tmp_path, "young", DAY)
    settings = station(tmp_path, days=30)
    looked(settings, HandClock())
    assert "run old is deleted: older than 30 days" in caplog.text
    config.dump(settings, tmp_path / "station.toml")
    command = [sys.executable, "-m", "station", "runs", "list", "--config", str(tmp_path / "station.toml")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told == [
        "young  its result cannot be read; score it again: station analyse --recording",
        "old  recorded 2026-10-13 12:00, deleted 2026-11-22 14:00: older than 30 days",
    ]


def test_the_list_of_deletions_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_MOST_NOTED", 5)
    for k in range(30):
        a_run(tmp_path, f"{k:02d}", 40 * DAY)
    looked(station(tmp_path, days=30), HandClock())
    assert len(retention.noted(tmp_path)) <= 10
    assert retention.noted(tmp_path)[-1].startswith("29 ")


def test_what_cannot_be_deleted_is_said_once(tmp_path: Path, monkeypatch, caplog) -> None:
    monkeypatch.setattr(retention, "LOOK_EVERY_S", 0.0)
    a_run(tmp_path, "old", 40 * DAY)
    (tmp_path / "runs" / "old.mcap").unlink()
    (tmp_path / "runs" / "old.mcap").mkdir()  # unlink(2) refuses it, to root too
    os.utime(tmp_path / "runs" / "old.mcap", ((NOON - 40 * DAY).timestamp(),) * 2)
    clock = HandClock()
    keeper = Retention(station(tmp_path, days=30), clock.settled(), lambda: True)
    clock.go(2 * retention.CLOCK_SETTLED_S)
    for _ in range(3):
        keeper.look()
    assert caplog.text.count("cannot: Is a directory") == 1
