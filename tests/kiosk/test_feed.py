"""The latest of the bus: what is fresh, what is silent, and which live events a browser gets."""

import json
import threading

import numpy as np
import pytest

from station.kiosk import texts
from station.kiosk.feed import Feed
from station.messages import KEYPOINTS, Choices, Keypoints, LiveForce, LiveStep, StationState
from tests.kiosk.conftest import HandClock, camera_health, force_health


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def feed(clock) -> Feed:
    feed = Feed(clock, camera_expected=True, follow_s=30.0)
    feed.accept(force_health())
    feed.accept(camera_health())
    return feed


def state(phase="idle", **fields) -> StationState:
    return StationState(**{"phase": phase, "since_ns": 0, "visit_id": None} | fields)


def stretch(t_s=(0.0, 0.1), force_bw=(0.0, 1.5)) -> LiveForce:
    return LiveForce(t_s=np.array(t_s, "<f4").tobytes(), force_bw=np.array(force_bw, "<f4").tobytes())


def live_step(n: int) -> LiveStep:
    return LiveStep(n=n, side="left", t_s=float(n), cadence_spm=170.0, contact_time_ms=240.0)


def keypoints(purpose="live") -> Keypoints:
    xy_px = np.zeros((len(KEYPOINTS), 2), "<f4")
    return Keypoints(
        t_ns=0, purpose=purpose, width_px=640, height_px=480, found=True, xy_px=xy_px.tobytes(),
        confidence=np.ones(len(KEYPOINTS), "<f4").tobytes(),
    )  # fmt: skip


def texts_of(feed: Feed) -> list[str]:
    return [p.text for p in feed.snapshot().problems]


def test_the_screen_is_the_phase_while_fusion_speaks(feed):
    for phase in ("idle", "weigh", "ready", "run", "score", "card"):
        feed.accept(state(phase))
        assert feed.snapshot().screen == phase
        assert feed.snapshot().problems == ()


def test_before_the_first_state_and_after_three_silent_seconds_nobody_knows_the_phase(feed, clock):
    assert feed.snapshot().screen == "moment"
    feed.accept(state("run", visit_id="a"))
    clock.sleep(2.9)
    assert feed.snapshot().screen == "run"
    clock.sleep(0.2)
    assert feed.snapshot().screen == "moment"
    assert feed.snapshot().visit_id is None
    assert texts.STATION_SILENT in texts_of(feed)
    feed.accept(state("run", visit_id="a"))
    assert feed.snapshot().screen == "run"
    assert texts_of(feed) == []


def test_what_fusion_said_last_stays_known_while_it_is_silent(feed, clock):
    assert feed.snapshot().last is None
    said = state("run", choices=Choices(language="de"))
    feed.accept(said)
    clock.sleep(3.1)
    assert (feed.snapshot().state, feed.snapshot().last) == (None, said)


def test_a_station_that_is_just_starting_raises_no_alarm(clock):
    feed = Feed(clock, camera_expected=True, follow_s=30.0)
    clock.sleep(15)
    assert (feed.snapshot().screen, feed.snapshot().problems) == ("moment", ())
    clock.sleep(10)
    assert {p.part for p in feed.snapshot().problems} == {"station", "force", "camera"}


def test_silent_readers_are_named(feed, clock):
    clock.sleep(5.1)
    feed.accept(state())
    assert texts_of(feed) == [texts.FORCE_SILENT, texts.CAMERA_SILENT]
    feed.accept(force_health())
    assert texts_of(feed) == [texts.CAMERA_SILENT]


def test_a_station_without_a_camera_does_not_miss_it(clock):
    feed = Feed(clock, camera_expected=False)
    clock.sleep(60)
    feed.accept(state())
    feed.accept(force_health())
    assert texts_of(feed) == []


def test_faults_are_told_once(feed):
    feed.accept(force_health("front left load cell: no answer"))
    feed.accept(state(faults=["front left load cell: no answer", "the disk is full", "the disk is full"]))
    assert texts_of(feed) == ["front left load cell: no answer", "the disk is full"]
    assert feed.snapshot().has_problem("force")
    assert not feed.snapshot().has_problem("camera")


def test_a_reader_that_fusion_misses_as_well_is_told_in_one_wording(feed, clock):
    clock.sleep(5.1)
    feed.accept(state(faults=["The load cells do not answer.", "The camera does not answer.", "the disk is full"]))
    assert texts_of(feed) == [texts.FORCE_SILENT, texts.CAMERA_SILENT, "the disk is full"]


def test_a_reader_that_only_fusion_misses_is_told_in_fusions_words(feed):
    feed.accept(state(faults=["The camera does not answer."]))
    assert texts_of(feed) == ["The camera does not answer."]


def test_live_events_come_once_and_in_order(feed):
    feed.accept(live_step(1))
    feed.accept(stretch())
    feed.accept(keypoints())
    events, version = feed.live_after(0, 0)
    assert [kind for kind, _ in events] == ["step", "force", "pose"]
    assert feed.live_after(version, 0)[0] == []
    feed.accept(live_step(2))
    (event,), _ = feed.live_after(version, 0)
    assert json.loads(event[1])["n"] == 2


def test_poses_for_scoring_are_not_shown(feed):
    feed.accept(keypoints("score"))
    assert feed.live_after(0, 0)[0] == []


def test_only_the_latest_events_are_kept(feed):
    for n in range(100):
        feed.accept(live_step(n))
        feed.accept(keypoints())
    kinds = [kind for kind, _ in feed.live_after(0, 0)[0]]
    assert kinds.count("pose") == 1
    assert kinds.count("step") == 4


def test_a_new_visit_sees_nothing_of_the_last_one(feed):
    feed.accept(state("run", visit_id="a"))
    feed.accept(stretch())
    feed.accept(state("run", visit_id="a"))
    assert len(feed.live_after(0, 0)[0]) == 1
    feed.accept(state("run", visit_id="b"))
    assert feed.live_after(0, 0)[0] == []


def test_waiting_ends_when_it_is_reached_and_when_the_feed_closes(feed):
    threading.Timer(0.05, feed.accept, [state("weigh")]).start()
    assert feed.follow(lambda now: now.screen == "weigh")
    threading.Timer(0.05, feed.close).start()
    assert not feed.follow(lambda now: now.screen == "run")
    assert feed.live_after(10**6, 30)[0] == []
