"""What becomes of a visit's files: kept, set aside, gone; and what is said where the disk refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.config import Config
from station.fusion.store import RunStore
from station.messages import Mark, Report
from station.records import disk, sealed

VISIT = "visit"
REPORT = Report(visit_id=VISIT, json=b"{}")


class Disk:
    """A store, and what lies there."""

    def __init__(self, folder: Path, mode: str) -> None:
        self.runs = folder / "state" / "runs"
        self.runtime = folder / "run"
        self.runtime.mkdir()
        self.store = RunStore(Config(mode=mode, state_dir=str(folder / "state"), runtime_dir=str(self.runtime)))
        self.store.begin(VISIT)
        self.store.add(Mark(t_ns=1, phase="run"), 1)

    def files(self) -> set[str]:
        return {str(path.relative_to(self.runs)) for path in self.runs.rglob("*") if path.is_file()}

    def refuse(self, path: Path) -> None:
        """A folder with something in it can neither be replaced by a file nor unlinked."""
        (path / "x").mkdir(parents=True)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path, "clinic")
    yield disk
    disk.store.close()


@pytest.fixture
def gym(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path, "gym")
    yield disk
    disk.store.close()


def test_a_clinic_keeps_recording_and_report(clinic: Disk) -> None:
    clinic.store.close()
    assert clinic.store.keep_report(REPORT)
    assert clinic.store.discard()
    assert clinic.files() == {"visit.mcap", "visit.json"}


def test_a_visit_without_a_report_is_set_aside_in_a_clinic(clinic: Disk) -> None:
    clinic.store.set_aside()
    assert clinic.files() == {"visit.mcap"}


def test_a_visit_without_a_report_is_gone_from_a_gym(gym: Disk) -> None:
    gym.store.set_aside()
    assert gym.files() == set()
    assert not sealed.key_path(gym.runtime, VISIT).exists()


def test_who_is_forgotten_leaves_nothing(clinic: Disk) -> None:
    clinic.store.keep_report(REPORT)
    assert clinic.store.forget()
    assert clinic.files() == set()


def test_a_report_that_cannot_be_written_is_said_and_the_recording_stays(clinic: Disk, monkeypatch, caplog) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "write_whole", full)
    assert not clinic.store.keep_report(REPORT)
    assert "No space left on device" in caplog.text
    assert clinic.files() == {"visit.mcap"}


def test_a_recording_that_cannot_be_moved_is_forgotten_all_the_same(clinic: Disk) -> None:
    clinic.refuse(clinic.runs / "visit.mcap")
    assert not clinic.store.keep_report(REPORT)
    assert clinic.files() == {"temporary/visit.mcap", "visit.json"}
    assert clinic.store.forget()
    assert clinic.files() == set()


def test_what_cannot_be_removed_is_said(clinic: Disk, caplog: pytest.LogCaptureFixture) -> None:
    clinic.store.keep_report(REPORT)
    (clinic.runs / "visit.json").unlink()
    clinic.refuse(clinic.runs / "visit.json")
    assert not clinic.store.forget()
    assert "visit.json cannot be removed" in caplog.text


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file"
    disk.write_whole(path, b"before", mode=0o600)
    assert path.stat().st_mode & 0o777 == 0o600
    (tmp_path / "file.part").mkdir()
    with pytest.raises(OSError):
        disk.write_whole(path, b"after")
    assert path.read_bytes() == b"before"
