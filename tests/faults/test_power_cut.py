"""A power cut at any byte of a recording: a clinic reads it to the last second before, and scores what is long enough;
of a gym's nothing is readable, by design."""

import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station import cli
from station.config import Config
from station.errors import RecordingError
from station.fusion.recovery import broken_off
from station.fusion.scoring import score
from station.fusion.session import SessionBuilder
from station.fusion.store import RunStore
from station.messages import Message, RunInfo, SampleBatch
from station.records import recording, run_files, sealed
from station.records.recording import RunWriter
from tests.fusion.simulated_run import run_messages

RUN_S = 45.0
LOST_S = 0.5  # of the recording's end: a chunk, and what is in it
BLOCK = 4096  # of the file system: after a cut the rest of the last one may read as zeros
SCORED_FROM_S = 30.0  # so long a run has the stride pairs of a verdict


def stamp_ns(message: Message) -> int:
    return int(message.arrays()["t_low_ns"][-1]) if isinstance(message, SampleBatch) else 0


class Growing:
    """A recording, and how long it was after each message."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self.messages = run_messages(RUN_S)
        self.lengths: list[int] = []
        writer = RunWriter(path, key)
        t_ns = 0
        for message in self.messages:
            t_ns = max(t_ns, stamp_ns(message))
            writer.add(message, t_ns)
            self.lengths.append(path.stat().st_size)
        writer.close()
        self.bytes = path.read_bytes()

    def until_ns(self, length: int) -> int:
        """Up to which data the station had got when the file was so long."""
        return max(map(stamp_ns, self.messages[: int(np.searchsorted(self.lengths, length, "right"))]), default=0)


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Growing:
    return Growing(tmp_path_factory.mktemp("recording") / "run.mcap", None)


@settings(max_examples=25)
@given(share=st.floats(0.001, 1), zeros=st.integers(0, 1) | st.integers(0, BLOCK))
def test_a_clinics_recording_is_readable_to_the_last_second(growing: Growing, tmp_path_factory, share, zeros) -> None:
    cut = tmp_path_factory.mktemp("cut") / "run.mcap"
    length = round(share * len(growing.bytes))
    cut.write_bytes(growing.bytes[:length] + bytes(zeros if length < len(growing.bytes) else 0))
    read = list(recording.read(cut))
    assert read == growing.messages[: len(read)]
    missing_ns = growing.until_ns(length) - max(map(stamp_ns, read), default=0)
    assert missing_ns <= LOST_S * 1e9


@pytest.mark.parametrize("share", [0.01, 0.4, 0.9])
def test_what_is_left_is_scored_or_the_reason_said(growing: Growing, tmp_path: Path, share: float) -> None:
    cut = tmp_path / "run.mcap"
    cut.write_bytes(growing.bytes[: round(share * len(growing.bytes))])
    builder = SessionBuilder()
    for message in recording.read(cut):
        builder.add(message)
    document = json.loads(score(builder.build()).json)
    if share * RUN_S > SCORED_FROM_S:
        assert document["mistakes"]["uneven_gait"]["verdict"] != "not_measured"
        assert document["summary"]["notes"][0].startswith("The recording ends before the run did")
    else:
        assert document["mistakes"]["uneven_gait"]["reasons"]


@settings(max_examples=20)
@given(share=st.floats(0, 1))
def test_a_gyms_recording_tells_nothing_without_its_key(tmp_path_factory, share: float) -> None:
    folder = tmp_path_factory.mktemp("gym")
    path = folder / "visit.mcap"
    sent = run_messages(10.0)
    writer = RunWriter(path, sealed.new_key(folder, "visit"))
    for message in sent:
        writer.add(message, stamp_ns(message))
    writer.close()
    sealed.key_path(folder, "visit").unlink()  # the RAM is gone
    left = path.read_bytes()[: round(share * path.stat().st_size)]
    path.write_bytes(left)
    for word in (b"simulated", b"samples", b"station.", b"channel"):
        assert word not in left[len(sealed.MAGIC) :]
    with pytest.raises(RecordingError, match=r"its key is gone|not a station recording"):
        list(recording.open_any(path, folder))


def left_by_a_power_cut(state: Path, growing: Growing) -> Path:
    path = state / "runs" / "temporary" / "visit.mcap"
    path.parent.mkdir(parents=True)
    path.write_bytes(growing.bytes[: round(0.9 * len(growing.bytes))])
    return path


def test_after_the_next_start_a_clinic_has_the_run_and_it_is_said(growing: Growing, tmp_path: Path, capsys) -> None:
    state = tmp_path / "state"
    left_by_a_power_cut(state, growing)
    settings = Config(mode="clinic", runtime_dir=str(tmp_path / "run"), state_dir=str(state))
    (tmp_path / "run").mkdir()
    assert broken_off(RunStore(settings)) is None  # nobody waits for that card
    (kept,) = run_files.kept(state / "runs")
    messages = list(recording.read(kept.paths[0]))
    assert isinstance(messages[0], RunInfo)
    (tmp_path / "station.toml").write_text(f'mode = "clinic"\nstate_dir = "{state}"\n')
    assert cli.main(["runs", "list", "--config", str(tmp_path / "station.toml")]) == 0
    assert capsys.readouterr().out == f"visit  not scored: station analyse --recording {kept.paths[0]}\n"


def test_a_start_after_a_power_cut_finds_no_visit_of_another_life_of_the_machine(
    growing: Growing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its monotonic clock has begun anew: what was recorded lies in its future."""
    monkeypatch.setattr(time, "monotonic_ns", lambda: 60 * 10**9)  # a minute ago
    path = left_by_a_power_cut(tmp_path, growing)
    settings = Config(mode="gym", runtime_dir=str(tmp_path / "run"), state_dir=str(tmp_path))
    (tmp_path / "run").mkdir()
    assert max(map(stamp_ns, growing.messages)) > time.monotonic_ns()
    assert broken_off(RunStore(settings)) is None
    assert not path.exists()
