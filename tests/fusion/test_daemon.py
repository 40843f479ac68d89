"""Fusion's own loop, in process, fed by hand: whatever the others do, it goes on and nothing of a visitor is left."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from station import config
from station.calibration import artefact
from station.daemon import Life
from station.fusion import daemon as fusion_daemon
from station.fusion import kept_run, notices, recovery, scorer
from station.fusion.daemon import Fusion
from station.fusion.scoring import OVERLOADED
from station.fusion.scoring_worker import FAILED
from station.fusion.visit import CELLS_TOO_SMALL
from station.messages import (
    KEYPOINTS,
    Calibration,
    CameraHealth,
    CameraSwitch,
    Choices,
    Done,
    ForceHealth,
    Keypoints,
    Message,
    PoseRequest,
    PosesQueued,
    ReportRequest,
    SampleBatch,
    StationState,
    Still,
    StillRequest,
    VisitCommand,
)
from station.records.recording import RunWriter
from tests.calibration.saved_parts import parts_of
from tests.calibration.test_artefact import tare_part
from tests.fusion.test_live import batches, calibration, lateral_m, running_n

WEIGHT_N = 700.0
NEVER = 1e9


class Desk:
    """A fusion daemon on the table: `say` gives it a message, `turn` turns its loop, `state` is what it published."""

    def __init__(self, folder: Path, mode: str = "gym", force: config.Force | None = None) -> None:
        folders = {"runtime_dir": str(folder / "run"), "state_dir": str(folder / "state")}
        self.settings = config.Config(mode=mode, force=force or config.Force(), **folders)
        if not (folder / "state" / "calibration").exists():
            for part in parts_of(calibration()):
                artefact.save(part, folder / "state")
        self.life = Life("fusion", self.settings).__enter__()
        self.camera = Life("camera", self.settings).__enter__()
        self.fusion = Fusion(self.life)
        self.switched: list[bool | str] = []  # on, off, or closed but holding its frames
        self.asked: list[list[int]] = []  # instants, by request for poses
        self.refuses = False
        self.refused: list[list[int]] = []
        self._server = self.camera.server()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            received = self._server.receive(timeout_s=0.02)
            if received is None:
                continue
            address, message = received
            if isinstance(message, CameraSwitch):
                self.switched.append("hold" if message.keep_frames else message.on)
            if isinstance(message, PoseRequest) and self.refuses:
                self.refused.append(message.t_ns)
                self._server.reply(address, Done(error="the camera is off"))
                continue
            if isinstance(message, PoseRequest):
                self.asked.append(message.t_ns)
            queued = PosesQueued(requests=len(self.asked))
            answers = {StillRequest: Still(t_ns=0, jpeg=b"jpeg"), PoseRequest: queued, CameraSwitch: Done()}
            self._server.reply(address, answers[type(message)])

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.fusion._take(message)

    def turn(self, until=lambda state: True, within_s: float = 20.0) -> StationState:
        end_s = time.monotonic() + within_s
        while time.monotonic() < end_s:
            self.fusion._advance()
            if until(self.state):
                return self.state
            time.sleep(0.01)
        raise AssertionError(self.state)

    @property
    def state(self) -> StationState:
        return fusion_daemon.announce.state(self.fusion._visit, True, self.fusion._faults(), self.fusion.notice)

    def command(self, action: str, camera: bool = True) -> str | None:
        """Told for the visit that goes on."""
        visit_id = self.state.visit_id
        return self.ask(VisitCommand(action=action, choices=Choices(camera=camera), visit_id=visit_id)).error

    def ask(self, message: Message) -> Message:
        return self.fusion._requests.answer(message)

    def run_for(self, duration_s: float) -> None:
        """A visitor stands for four seconds and then runs, on the machine's own clock."""
        start_s = time.monotonic()
        self.say(*batches(lambda t: np.full(len(t), WEIGHT_N), lambda t: 0 * t, 4.0, start_s))
        first_s = np.ceil((start_s + 4.0) / 0.7) * 0.7
        self.say(*batches(running_n, lateral_m, duration_s, first_s))

    def recorded_tare(self) -> float:
        """Of the first cell, as the visit's own messages have it."""
        (told,) = self.kept(Calibration)
        return told.cells[0].offset_counts

    def kept(self, kind: type[Message]) -> list[Message]:
        """The visit's own messages of that kind, as they are recorded."""
        return [m for m in self.fusion._kept.scorer._messages if isinstance(m, kind)]

    def files(self) -> list[Path]:
        return [p for p in Path(self.settings.state_dir, "runs").rglob("*") if p.is_file()]

    def keys(self) -> list[Path]:
        return list(Path(self.settings.runtime_dir).glob("keys/*"))

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self.fusion._kept.store.close()
        self.fusion._kept.scorer.end()
        self.life.__exit__(None, None, None)
        self.camera.__exit__(None, None, None)


def camera_health(**fields: object) -> CameraHealth:
    return CameraHealth(**{"t_ns": 0, "opened": True, "frames": 0, "dropped": 0, "fps": 60.0, "backlog": 0} | fields)


def force_health(fault: str | None = None) -> ForceHealth:
    none = [0] * 4
    return ForceHealth(
        t_ns=0, conversions=none, lost=none, rejected=none, power_downs=none, rate_sps=[80.0] * 4, fault=fault
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    desk.say(force_health(), camera_health())
    yield desk
    desk.close()


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, "clinic")
    desk.say(force_health(), camera_health())
    yield desk
    desk.close()


def finished(desk: Desk) -> StationState:
    assert desk.command("start", camera=False) is None
    desk.run_for(14.0)
    assert desk.command("stop") is None
    return desk.turn(lambda s: s.phase != "score")


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


def test_the_camera_is_told_again_what_it_has_forgotten_but_not_more_than_that(desk: Desk, monkeypatch) -> None:
    desk.command("start")
    desk.say(*[camera_health(opened=False, wanted=False)] * 50)  # at once: it may not have heard the first one yet
    assert desk.switched == [True]
    desk.fusion._camera.link._switched_s = -NEVER
    desk.say(*[camera_health(opened=False, wanted=True)] * 50)  # it tries, and cannot
    assert desk.switched == [True]
    desk.say(camera_health(opened=False, wanted=False))  # it was started again
    assert desk.switched == [True, True]


def test_a_camera_left_on_is_told_to_stop(desk: Desk) -> None:
    desk.fusion._camera.link._switched_s = -NEVER
    desk.say(camera_health(wanted=True))
    assert desk.switched == [False]


def test_nobody_is_filmed_after_the_run_and_the_frames_stay_until_the_card(desk: Desk) -> None:
    desk.command("start")
    desk.run_for(14.0)
    desk.command("stop")
    assert desk.switched == [True, "hold"]
    desk.fusion._camera.link._switched_s = -NEVER
    desk.say(camera_health(wanted=True, requests=0))  # that was lost
    assert desk.switched == [True, "hold", "hold"]
    desk.fusion._camera.link._switched_s = -NEVER
    desk.say(camera_health(holding=True, opened=False, requests=len(desk.asked), backlog=3))
    desk.turn()
    assert not desk.fusion._kept.scorer.finished  # what it holds is still being posed
    desk.say(camera_health(holding=True, opened=False, requests=len(desk.asked)))
    assert desk.turn(lambda s: s.phase != "score").phase == "card"
    assert desk.switched == [True, "hold", "hold", False]


def test_a_camera_left_holding_is_told_to_drop_its_frames(desk: Desk) -> None:
    desk.fusion._camera.link._switched_s = -NEVER
    desk.say(camera_health(holding=True))
    assert desk.switched == [False]


def test_nobody_is_filmed_who_refused(desk: Desk) -> None:
    desk.command("start", camera=False)
    desk.say(camera_health(opened=False))
    desk.run_for(10.0)
    assert True not in desk.switched


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


def test_no_more_frames_are_asked_for_than_a_second_of_posing(desk: Desk) -> None:
    desk.command("start")
    desk.run_for(14.0)
    standing = len(desk.asked)
    assert standing == 1  # nothing for the run: the camera has not said that it has taken that in
    for backlog, room in ((9, 0), (6, 0), (4, 2), (0, 6)):
        before = len(desk.asked)
        desk.say(camera_health(wanted=True, requests=before, backlog=backlog, scored_per_s=5.5))
        desk.say(*batches(running_n, lateral_m, 0.02, time.monotonic() + 14.1 + 0.02 * before))
        assert sum(map(len, desk.asked[before:])) == room


def test_the_scoring_waits_for_the_word_that_all_is_posed_and_no_longer(desk: Desk) -> None:
    desk.command("start")
    desk.run_for(14.0)
    desk.say(camera_health(wanted=True, requests=1, scored_per_s=30.0))
    desk.say(*batches(running_n, lateral_m, 0.02, time.monotonic() + 14.1))
    assert sum(map(len, desk.asked[1:])) == 30
    desk.command("stop")
    last = len(desk.asked)
    for requests, backlog in ((last - 1, 0), (last, 3)):
        desk.say(camera_health(wanted=True, requests=requests, backlog=backlog))
        desk.turn()
        assert not desk.fusion._kept.scorer.finished
    desk.say(camera_health(wanted=True, requests=last, backlog=0))
    desk.turn()
    assert desk.fusion._kept.scorer.finished


def test_a_camera_that_was_started_again_after_the_run_is_not_waited_for(desk: Desk) -> None:
    desk.command("start")
    desk.run_for(14.0)
    desk.command("stop")
    desk.say(camera_health(wanted=True, requests=len(desk.asked), backlog=5))
    desk.turn()
    assert not desk.fusion._kept.scorer.finished
    desk.say(camera_health(opened=False, wanted=False))
    desk.turn()
    assert desk.fusion._kept.scorer.finished


def keypoints(t_ns: int, purpose: str = "live", heel_y_px: float = 500.0) -> Keypoints:
    """Somebody at 100 px from the top, but for the left heel."""
    xy = np.zeros((33, 2), np.float32)
    xy[:, 1] = 100.0
    xy[KEYPOINTS.index("left_heel"), 1] = heel_y_px
    return Keypoints(
        t_ns=t_ns, purpose=purpose, width_px=480, height_px=640, found=True, row_ns=13_000.0,
        xy_px=xy.tobytes(), confidence=np.ones(33, np.float32).tobytes(),
    )  # fmt: skip


def test_frames_are_asked_for_by_the_time_at_which_they_show_the_feet(desk: Desk) -> None:
    desk.command("start")
    desk.say(keypoints(time.monotonic_ns()))
    desk.fusion._camera.link.pose([10**9])
    desk.say(keypoints(time.monotonic_ns(), heel_y_px=np.nan))  # of the feet that are seen
    desk.fusion._camera.link.pose([10**9])
    assert desk.asked == [[10**9 - 500 * 13_000], [10**9 - 100 * 13_000]]


def test_keypoints_of_who_refused_the_camera_are_not_kept_though_they_come(desk: Desk) -> None:
    desk.command("start", camera=False)
    for purpose in ("live", "score"):
        desk.say(keypoints(time.monotonic_ns(), purpose))
    assert desk.kept(Keypoints) == []
    assert desk.fusion._camera.link._foot_delay_ns == 0


def test_keypoints_of_the_visitor_before_are_not_kept(desk: Desk) -> None:
    before_ns = time.monotonic_ns()
    desk.command("start")
    late, own = keypoints(before_ns, "score"), keypoints(time.monotonic_ns(), "score")
    desk.say(late, own)
    assert desk.kept(Keypoints) == [own]


def test_nothing_that_was_filmed_after_the_run_is_kept(desk: Desk) -> None:
    desk.command("start")
    desk.run_for(14.0)
    desk.command("stop")
    end_ns = desk.fusion._visit.marks_ns["score"]
    of_the_run, after = keypoints(end_ns - 1, "score"), keypoints(end_ns + 1)
    desk.say(of_the_run, after)
    assert desk.kept(Keypoints) == [of_the_run]


def test_instants_that_the_camera_did_not_take_are_asked_for_again(desk: Desk) -> None:
    desk.command("start")
    desk.refuses = True
    desk.run_for(14.0)
    (standing, *_) = desk.refused
    desk.say(*batches(running_n, lateral_m, 0.02, time.monotonic() + 14.1))
    refused = desk.refused[-1]
    desk.refuses = False
    desk.say(*batches(running_n, lateral_m, 0.02, time.monotonic() + 14.2))
    assert desk.asked[0] == standing
    assert desk.asked[1] == refused


def test_an_answer_is_given_to_every_request(desk: Desk) -> None:
    assert desk.command("start") is None
    assert desk.command("stop") == "nobody is running"
    assert desk.ask(camera_health()).error.endswith("is no request to this daemon")
    assert desk.ask(ReportRequest(visit_id="x")).error


def test_a_camera_that_fails_in_mid_run_leaves_the_force_and_the_cards_say_why(desk: Desk) -> None:
    frozen = "the camera delivers no pictures; check its ribbon cable"
    assert desk.command("start") is None
    desk.run_for(14.0)
    start_ns = desk.fusion._visit.marks_ns["run"]
    for second in range(14):
        fault = frozen if second >= 4 else None
        desk.say(camera_health(t_ns=start_ns + second * 10**9, frames=60 * min(second, 4), fault=fault))
    assert frozen in desk.state.faults
    desk.say(camera_health(t_ns=start_ns + 14 * 10**9, fault=frozen, pose_fault="no weights", live_fault="nor others"))
    assert {frozen, "no weights", "nor others"} <= set(desk.state.faults)
    assert desk.command("stop") is None
    assert desk.turn(lambda s: s.phase != "score").phase == "card"
    document = json.loads(desk.fusion._card._report.json)
    assert document["gait"] == "running"
    assert document["quality"]["camera"]["without_pictures_s"] > 8
    assert document["quality"]["camera"]["frames_filmed"] == 240
    for name in ("head_forward", "arm_movement", "heavy_rearfoot_strike"):
        card = document["mistakes"][name]
        assert card["verdict"] == "not_measured"
        assert [frozen in reason for reason in card["reasons"]] == [True]
    assert frozen not in str(document["mistakes"]["uneven_gait"])
