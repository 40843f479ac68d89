"""Fusion's own loop after it was broken off in a visit."""

import time
from pathlib import Path

import numpy as np
import pytest

from station.fusion import notices, recovery
from station.messages import Choices, VisitCommand
from station.records.recording import RunWriter
from tests.fusion.desk import WEIGHT_N, Desk
from tests.fusion.test_live import batches


def test_a_crash_is_recovered_once_and_only_by_who_is_still_there(tmp_path: Path) -> None:
    first = Desk(tmp_path)
    first.command("start", camera=False)
    first.run_for(14.0)
    first.fusion._kept.store.close = lambda: None  # the process is gone: nothing was closed
    first.fusion._kept.store._writer._sink.flush()
    first.close()
    first.fusion._kept.store._writer._sink.close()

    second = Desk(tmp_path)
    second.fusion._recover()
    assert (second.state.phase, second.state.choices.camera) == ("score", False)
    assert second.state.notice == notices.RESTARTED
    second.close()  # ... and dies again while scoring it

    third = Desk(tmp_path)
    third.fusion._recover()
    state = third.turn()
    assert (state.phase, state.notice) == ("idle", notices.NOT_AGAIN)
    assert third.files() == []
    third.close()


def test_a_visit_broken_off_before_its_run_begins_anew_with_what_was_chosen(tmp_path: Path) -> None:
    chosen = Choices(language="de", camera=True, pictures=False, nickname="Ana", speed_m_s=2.5)
    first = Desk(tmp_path)
    first.ask(VisitCommand(action="start", choices=chosen))
    first.say(*batches(lambda t: np.full(len(t), WEIGHT_N), lambda t: 0 * t, 4.0, time.monotonic()))
    assert first.state.phase == "ready"
    first.close()
    second = Desk(tmp_path)
    second.fusion._recover()
    assert (second.state.phase, second.state.choices) == ("weigh", chosen)
    assert second.state.visit_id != first.state.visit_id
    assert second.state.notice == notices.ONCE_MORE
    assert second.switched == [True]
    second.say(*batches(lambda t: np.full(len(t), WEIGHT_N), lambda t: 0 * t, 4.0, time.monotonic()))
    assert (second.state.phase, second.state.notice) == ("ready", "Start the belt and run when you are ready.")
    second.command("discard")
    assert (second.files(), second.keys()) == ([], [])
    second.close()


def test_what_ends_the_daemon_before_every_run_does_so_twice_and_the_runner_is_told(tmp_path: Path) -> None:
    first = Desk(tmp_path)
    first.command("start", camera=False)
    first.close()
    second = Desk(tmp_path)
    second.fusion._recover()
    assert second.state.phase == "weigh"  # though not one sample had come
    second.close()  # ... and dies again
    third = Desk(tmp_path)
    third.fusion._recover()
    state = third.turn()
    assert (state.phase, state.notice) == ("idle", notices.NOT_AGAIN)
    assert (third.files(), third.keys()) == ([], [])
    assert third.command("start", camera=False) is None
    third.close()


def test_a_visit_that_cannot_begin_anew_is_not_lost_without_a_word(tmp_path: Path, caplog) -> None:
    first = Desk(tmp_path)
    first.command("start", camera=False)
    first.close()
    for part in (tmp_path / "state" / "calibration").iterdir():
        part.unlink()
    second = Desk(tmp_path)
    second.fusion._recover()
    state = second.turn()
    said = "The station restarted and cannot go on with this visit: the load cells are not calibrated."
    assert (state.phase, state.notice) == ("idle", said)
    assert said in caplog.text
    assert second.files() == []
    second.close()


def test_an_old_unfinished_visit_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Desk(tmp_path)
    first.command("start", camera=False)
    first.run_for(14.0)
    first.close()
    monkeypatch.setattr(recovery, "RECOVERED_WITHIN_S", 0.0)
    second = Desk(tmp_path)
    second.fusion._recover()
    assert (second.state.phase, second.files()) == ("idle", [])
    assert second.state.notice == notices.NOT_AGAIN
    second.close()


def test_a_visit_of_whose_beginning_nothing_was_written_is_not_lost_without_a_word(tmp_path: Path) -> None:
    """Killed within the quarter of a second for which messages wait to be written."""
    first = Desk(tmp_path)
    first.close()
    RunWriter(Path(first.settings.state_dir) / "runs" / "temporary" / "visit.mcap", None).close()
    second = Desk(tmp_path)
    second.fusion._recover()
    assert (second.state.phase, second.state.notice) == ("idle", notices.NOT_AGAIN)
    assert second.files() == []
    second.close()
