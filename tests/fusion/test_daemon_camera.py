"""Fusion's own loop and the camera: nobody is filmed or kept who did not consent, and no longer than needed."""

import json
import time

import numpy as np

from station.messages import KEYPOINTS, Keypoints
from tests.fusion.desk import NEVER, Desk, camera_health
from tests.fusion.test_live import batches, lateral_m, running_n


def keypoints(t_ns: int, purpose: str = "live", heel_y_px: float = 500.0) -> Keypoints:
    """Somebody at 100 px from the top, but for the left heel."""
    xy = np.zeros((33, 2), np.float32)
    xy[:, 1] = 100.0
    xy[KEYPOINTS.index("left_heel"), 1] = heel_y_px
    return Keypoints(
        t_ns=t_ns, purpose=purpose, width_px=480, height_px=640, found=True, row_ns=13_000.0,
        xy_px=xy.tobytes(), confidence=np.ones(33, np.float32).tobytes(),
    )  # fmt: skip


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
