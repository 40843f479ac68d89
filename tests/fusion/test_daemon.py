"""Fusion's own loop: whatever the others do, it goes on and nothing of a visitor is left."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from station import config
from station.calibration import artefact
from station.daemon import Life
from station.fusion import daemon as fusion_daemon
from station.fusion import kept_run, notices, scorer, shown_card
from station.fusion.scoring import OVERLOADED
from station.fusion.scoring_worker import FAILED
from station.fusion.visit import CELLS_TOO_SMALL
from station.messages import (
    ReportRequest,
    SampleBatch,
    VisitCommand,
)
from tests.calibration.saved_parts import parts_of
from tests.calibration.test_artefact import tare_part
from tests.fusion.desk import NEVER, WEIGHT_N, Desk, camera_health, finished, force_health
from tests.fusion.test_live import batches, calibration, lateral_m, running_n


def test_nobody_starts_while_a_calibration_goes_on_in_a_terminal(desk: Desk) -> None:
    with Life("calibrate", desk.settings) as terminal:
        assert terminal.in_use.begin()
        assert desk.command("start", camera=False) == notices.WORKED_ON
        assert (desk.state.phase, desk.files()) == ("idle", [])
    assert desk.command("start", camera=False) is None
    with Life("calibrate", desk.settings) as terminal:
        assert not terminal.in_use.begin(), "and no calibration in a visit, from its first instant"


@pytest.mark.parametrize(
    ("force", "said"),
    [
        (config.Force(cell_capacity_kg=60.0), CELLS_TOO_SMALL),
        (config.Force(cell_capacity_kg=30.0, cell_overload=5.0, cell_sensitivity_mv_v=0.5, treadmill_kg=4.0), None),
    ],
    ids=["refused", "told on the card"],
)
def test_a_load_beyond_the_cells_is_told(tmp_path: Path, force: config.Force, said: str | None) -> None:
    """Cells that would be harmed: no run. Cells that are only beyond their capacity: a run, with a note."""
    desk = Desk(tmp_path, force=force)
    try:
        desk.say(force_health(), camera_health())
        if said is not None:
            assert desk.command("start", camera=False) is None
            desk.run_for(2.0)
            assert (desk.state.phase, desk.state.notice) == ("idle", said)
            assert (desk.files(), desk.keys()) == ([], [])
            return
        card = json.loads(desk.ask(ReportRequest(visit_id=finished(desk).visit_id)).json)
        assert OVERLOADED in card["summary"]["notes"]
        assert 40 < max(v for k, v in card["quality"]["force"].items() if k.startswith("most_on_")) < 70
    finally:
        desk.close()


def test_a_visit_ends_with_a_card_and_leaves_nothing_in_a_gym(desk: Desk) -> None:
    assert finished(desk).phase == "card"
    assert b'"gait":"running"' in desk.fusion._card._report.json
    assert desk.files()
    assert desk.command("finish") is None
    assert (desk.files(), desk.keys(), desk.state.phase, desk.state.notice) == ([], [], "idle", None)


def test_a_clinic_keeps_recording_and_result(clinic: Desk) -> None:
    finished(clinic)
    clinic.command("finish")
    assert sorted(p.suffix for p in clinic.files()) == [".json", ".mcap"]


def test_a_discarded_visit_is_wiped_in_a_clinic_too(clinic: Desk) -> None:
    clinic.command("start", camera=False)
    clinic.run_for(5.0)
    clinic.command("discard")
    assert clinic.files() == []


def test_who_asks_to_be_forgotten_at_the_card_is_so_in_a_clinic_too(clinic: Desk) -> None:
    assert finished(clinic).phase == "card"
    assert clinic.files()
    clinic.command("discard")
    assert (clinic.files(), clinic.state.phase) == ([], "idle")


def test_what_was_meant_for_another_visit_is_refused_and_changes_nothing(clinic: Desk) -> None:
    before = finished(clinic)
    for action in ("stop", "finish", "discard"):
        for meant in ("earlier", None):
            assert clinic.ask(VisitCommand(action=action, visit_id=meant)).error == notices.VISIT_OVER
    assert clinic.state == before
    assert sorted(p.suffix for p in clinic.files()) == [".json", ".mcap"]


def test_a_card_is_kept_for_whoever_reads_it_and_wiped_behind_a_screen_that_died(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit_id = finished(desk).visit_id
    monkeypatch.setattr(shown_card, "GIVEN_UP_S", 2.0)
    end_s = time.monotonic() + 4.0
    while time.monotonic() < end_s:
        assert desk.ask(VisitCommand(action="stay", visit_id=visit_id)).error is None
        assert desk.state.phase == "card"
    desk.turn(lambda state: state.phase == "idle")
    assert desk.ask(VisitCommand(action="stay", visit_id=visit_id)).error == notices.VISIT_OVER


def test_a_visit_that_was_left_cannot_be_forgotten_afterwards_without_a_word(clinic: Desk) -> None:
    visit_id = finished(clinic).visit_id
    clinic.command("finish")
    assert clinic.ask(VisitCommand(action="discard", visit_id=visit_id)).error == notices.VISIT_OVER


def test_a_scoring_that_fails_is_said_and_the_station_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    state = finished(desk)
    assert (state.phase, state.notice) == ("idle", FAILED)
    assert desk.files() == []
    monkeypatch.undo()
    assert finished(desk).phase == "card"


def test_a_scoring_that_takes_too_long_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorer, "GIVEN_UP_AFTER_S", 0.0)
    assert finished(desk).notice == scorer.TOO_LONG


def test_the_end_of_the_daemon_in_mid_run_ends_the_worker(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.command("start", camera=False)
    desk.run_for(14.0)
    assert desk.turn().phase == "run"
    worker = desk.fusion._kept.scorer._process
    assert worker.poll() is None
    monkeypatch.setattr(desk.fusion, "_recover", lambda: None)
    desk.life.stopping = True
    desk.fusion.run()
    assert worker.poll() is not None
    assert desk.files() == []


def test_a_dead_chip_in_mid_run_ends_the_run_and_it_is_scored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.command("start", camera=False)
    desk.run_for(14.0)
    late_s = time.monotonic() + 25
    for batch in batches(running_n, lateral_m, 4.0, late_s):
        columns = batch.arrays()
        alive = columns["channel"] != 3
        desk.say(SampleBatch.of(**{k: v[alive] for k, v in columns.items()}), force_health("rear right: no answer"))
    monkeypatch.setattr(fusion_daemon, "GIVEN_UP_AFTER_S", 0.0)
    desk.turn(lambda s: s.phase == "score")
    monkeypatch.setattr(fusion_daemon, "GIVEN_UP_AFTER_S", NEVER)
    state = desk.turn(lambda s: s.phase != "score")
    assert (state.phase, state.notice) == ("card", notices.CELLS_SILENT)


def test_silent_cells_before_the_run_end_the_visit_and_the_camera(desk: Desk, monkeypatch) -> None:
    desk.command("start")
    monkeypatch.setattr(fusion_daemon, "GIVEN_UP_AFTER_S", 0.0)
    state = desk.turn(lambda s: s.phase == "idle")
    assert state.notice == notices.CELLS_GAVE_UP
    assert desk.switched == [True, False]


def test_a_disk_that_cannot_be_written_is_said_and_the_run_is_scored(desk: Desk) -> None:
    runs = Path(desk.settings.state_dir) / "runs"
    runs.write_text("a file where a directory should be")
    assert finished(desk).phase == "card"
    assert desk.state.notice == kept_run.NOT_RECORDED
    desk.command("finish")
    assert desk.state.phase == "idle"


def test_without_a_calibration_nobody_can_start_and_the_reason_is_shown(tmp_path: Path) -> None:
    (tmp_path / "state" / "calibration").mkdir(parents=True)
    desk = Desk(tmp_path)
    assert desk.command("start") == "the load cells are not calibrated"
    assert any("not calibrated" in fault for fault in desk.state.faults)
    desk.close()


def test_a_new_tare_counts_from_the_next_visit_on(desk: Desk) -> None:
    assert desk.command("start", camera=False) is None
    artefact.save(tare_part(counts=7.0), Path(desk.settings.state_dir))
    assert desk.recorded_tare() == 0.0
    desk.command("discard")
    assert desk.command("start", camera=False) is None
    assert desk.recorded_tare() == 7.0


def test_a_station_becomes_usable_when_it_is_calibrated(tmp_path: Path) -> None:
    (tmp_path / "state" / "calibration").mkdir(parents=True)
    desk = Desk(tmp_path)
    for part in parts_of(calibration()):
        artefact.save(part, tmp_path / "state")
    desk.fusion._publish()
    assert not any("not calibrated" in fault for fault in desk.state.faults)
    assert desk.command("start", camera=False) is None
    desk.close()


def test_a_replay_may_come_from_a_machine_with_another_uptime(desk: Desk) -> None:
    for start_s in (5.0, 5e6):
        desk.command("start", camera=False)
        desk.say(*batches(lambda t: np.full(len(t), WEIGHT_N), lambda t: 0 * t, 4.0, start_s))
        assert desk.state.phase == "ready"
        desk.command("discard")


def test_an_answer_is_given_to_every_request(desk: Desk) -> None:
    assert desk.command("start") is None
    assert desk.command("stop") == "nobody is running"
    assert desk.ask(camera_health()).error.endswith("is no request to this daemon")
    assert desk.ask(ReportRequest(visit_id="x")).error
