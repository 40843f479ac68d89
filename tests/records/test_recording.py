"""Recordings survive being cut off at any byte, and a sealed one is unreadable without its key."""

import contextlib
import os
import resource
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.errors import RecordingError
from station.messages import Mark, Message, SampleBatch
from station.records import disk, recording, sealed


def batches(n: int) -> list[Message]:
    rng = np.random.default_rng(1)
    return [
        SampleBatch.of(
            channel=np.arange(16) % 4,
            raw=rng.integers(-(2**23), 2**23, 16),
            t_high_ns=np.arange(16) + 16 * i,
            t_low_ns=np.arange(16) + 16 * i + 1,
            seq=np.arange(16),
            flags=np.zeros(16),
        )
        for i in range(n)
    ]


def write(path: Path, key: bytes | None, n: int = 120) -> list[Message]:
    sent, writer = written(path, key, n)
    writer.close()
    return sent


def written(path: Path, key: bytes | None, n: int) -> tuple[list[Message], recording.RunWriter]:
    sent = [Mark(t_ns=0, phase="weigh"), *batches(n)]
    writer = recording.RunWriter(path, key)
    for i, message in enumerate(sent):
        writer.add(message, i * 50_000_000)
    return sent, writer


@pytest.fixture(params=["plain", "sealed"])
def key(request: pytest.FixtureRequest) -> bytes | None:
    return os.urandom(32) if request.param == "sealed" else None


def test_what_was_written_is_read_back(tmp_path: Path, key: bytes | None) -> None:
    sent = write(tmp_path / "run.mcap", key)
    assert list(recording.read(tmp_path / "run.mcap", key)) == sent


def test_an_unfinished_recording_loses_less_than_half_a_second(tmp_path: Path, key: bytes | None) -> None:
    sent, writer = written(tmp_path / "run.mcap", key, 120)
    read = list(recording.read(tmp_path / "run.mcap", key))  # as after kill -9: twenty batches are one second
    writer.close()
    assert read == sent[: len(read)]
    assert len(sent) - len(read) <= 10


@settings(deadline=None)
@given(share=st.floats(0, 1))
def test_a_recording_cut_at_any_byte_gives_its_whole_chunks_or_says_why(tmp_path_factory, share: float) -> None:
    folder = tmp_path_factory.mktemp("cut")
    for name, key in (("plain", None), ("sealed", b"k" * 32)):
        sent = write(folder / name, key, n=40)
        data = (folder / name).read_bytes()
        (folder / "cut").write_bytes(data[: int(share * len(data))])
        try:
            read = list(recording.read(folder / "cut", key))
        except RecordingError:
            assert int(share * len(data)) < 128
        else:
            assert read == sent[: len(read)]


def test_altered_measurements_are_refused(tmp_path: Path, key: bytes | None) -> None:
    sent = write(tmp_path / "run.mcap", key)
    data = (tmp_path / "run.mcap").read_bytes()
    refused = 0
    for at in range(200, len(data) - 1, 997):
        (tmp_path / "altered.mcap").write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            read = list(recording.read(tmp_path / "altered.mcap", key))
        except RecordingError:
            refused += 1
        else:
            assert read == sent[: len(read)]  # the byte lay outside the measurements, or cut the file short
    assert refused


def test_forgetting_the_key_makes_a_visit_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "visit.mcap"
    write(path, sealed.new_key(tmp_path, "visit"))
    assert len(list(recording.open_any(path, tmp_path))) == 121
    sealed.key_path(tmp_path, "visit").unlink()
    with pytest.raises(RecordingError, match="its key is gone"):
        list(recording.open_any(path, tmp_path))


@contextlib.contextmanager
def fill(path: Path) -> Iterator[None]:
    writer = recording.RunWriter(path, None)
    try:
        add_all(writer, batches(120), 0)
        yield
    finally:
        with contextlib.suppress(RecordingError):
            writer.close()


def test_a_full_disk_is_said_in_words(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(RecordingError, match=r"run\.mcap: File too large; free space"), fill(tmp_path / "run.mcap"):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def add_all(writer: recording.RunWriter, messages: list[Message], from_ns: int) -> None:
    for i, message in enumerate(messages):
        writer.add(message, from_ns + i * 50_000_000)


def test_a_piece_that_the_disk_took_in_part_spoils_nothing_before_it(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "run.mcap"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    sent, writer = written(path, key, 40)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 300, limits[1]))
    try:
        with pytest.raises(RecordingError, match="free space"):
            add_all(writer, batches(40), 50 * 50_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)  # there is room again
    with pytest.raises(RecordingError):
        add_all(writer, batches(40), 100 * 50_000_000)
    with pytest.raises(RecordingError):
        writer.close()
    read = list(recording.read(path, key))
    assert len(read) > 30
    assert read == sent[: len(read)]


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was brought to the disk: data, file, folder."""
    calls: list[str] = []
    fsync, fdatasync = os.fsync, os.fdatasync

    def file_or_folder(descriptor: int) -> None:
        calls.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def data(descriptor: int) -> None:
        calls.append("data")
        fdatasync(descriptor)

    monkeypatch.setattr(os, "fsync", file_or_folder)
    monkeypatch.setattr(os, "fdatasync", data)
    monkeypatch.setattr(disk, "SYNC_EVERY_S", 1e9)  # the first time only
    return calls


def test_a_kept_recording_is_brought_to_the_disk_and_a_sealed_one_is_not(tmp_path: Path, synced: list[str]) -> None:
    write(tmp_path / "kept.mcap", None)
    assert synced == ["folder", "data", "file", "folder"]
    synced.clear()
    write(tmp_path / "sealed.mcap", os.urandom(32))
    assert synced == []


def test_a_slow_disk_holds_nobody_up_and_its_error_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, goes_on = threading.Event(), threading.Event()

    def slow(descriptor: int) -> None:
        asked.set()
        goes_on.wait()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", slow)
    monkeypatch.setattr(disk, "SYNC_EVERY_S", 0.0)
    _, writer = written(tmp_path / "run.mcap", None, 40)  # comes back although the disk does not
    assert asked.wait(10)
    goes_on.set()
    with pytest.raises(RecordingError, match="Input/output error"):
        add_all(writer, [Mark(t_ns=0, phase="run")] * 10**5, 10**12)
    with pytest.raises(RecordingError, match="Input/output error"):
        writer.close()


@pytest.mark.parametrize("content", [b"", b"hello", b"time_s,fz_n\n0,1\n"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.mcap").write_bytes(content)
    with pytest.raises(RecordingError, match=r"x\.mcap: not a station recording"):
        list(recording.open_any(tmp_path / "x.mcap", tmp_path))
