"""Whom the camera's part in a visit asks for pictures, and what it does while they come."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from station.bus import Server
from station.config import Config, Run
from station.daemon import Life
from station.fusion import still_fetch
from station.fusion.visit import Visit
from station.fusion.visit_camera import VisitCamera
from station.messages import Choices, Done, Message, Still, StillRequest

WITH_PICTURES = Choices(camera=True, pictures=True)


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    with Life("fusion", Config(runtime_dir=str(tmp_path))) as life:
        yield life


@pytest.fixture
def daemon(life: Life) -> Iterator[Server]:
    """The camera daemon's end of the bus."""
    with closing(Server(life.context, life.runtime, "camera")) as server:
        yield server


@pytest.fixture
def camera(life: Life, monkeypatch: pytest.MonkeyPatch) -> VisitCamera:
    made = VisitCamera(life)
    monkeypatch.setattr(made.link, "switch", lambda on: None)
    return made


def fetched(camera: VisitCamera, within_s: float = 5.0) -> dict[str, bytes]:
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s:
        found = camera.fetched()
        if found is not None:
            return found
        time.sleep(0.005)
    raise AssertionError("they are still being fetched")


def answered(camera: VisitCamera, daemon: Server, reply: Message) -> StillRequest:
    """Turn until the daemon is asked, and answer."""
    for _ in range(1000):
        assert camera.fetched() is None
        if received := daemon.receive(timeout_s=0.005):
            daemon.reply(received[0], reply)
            return received[1]
    raise AssertionError("the camera was not asked")


@pytest.mark.parametrize("choices", [Choices(camera=True, pictures=False), Choices(camera=False, pictures=True)])
def test_no_still_is_made_of_who_wants_none(camera: VisitCamera, daemon: Server, choices: Choices) -> None:
    camera.fetch_stills(Visit(Run(), "v", choices, 0), {"a": 1})
    assert camera.fetched() == {}
    assert daemon.receive() is None


def test_stills_are_asked_for_one_after_the_other(camera: VisitCamera, daemon: Server) -> None:
    camera.fetch_stills(Visit(Run(), "v", WITH_PICTURES, 0), {"a": 1, "b": 2, "gone": 3, "bad": 4})
    assert camera.fetching
    assert answered(camera, daemon, Still(t_ns=1, jpeg=b"first")).t_ns == 1
    assert answered(camera, daemon, Still(t_ns=2, jpeg=b"second")).t_ns == 2
    assert answered(camera, daemon, Still(t_ns=3, jpeg=b"")).t_ns == 3
    assert answered(camera, daemon, Done(error="that frame cannot be read")).t_ns == 4
    assert fetched(camera) == {"a": b"first", "b": b"second"}
    assert not camera.fetching
    assert camera.fetched() is None


def test_what_came_is_shown_where_the_camera_falls_silent(
    camera: VisitCamera, daemon: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera.fetch_stills(Visit(Run(), "v", WITH_PICTURES, 0), {"a": 1, "b": 2, "c": 3})
    answered(camera, daemon, Still(t_ns=1, jpeg=b"first"))
    monkeypatch.setattr(still_fetch, "ANSWER_WITHIN_S", 0.05)
    assert fetched(camera) == {"a": b"first"}
    assert isinstance(daemon.receive(timeout_s=1.0)[1], StillRequest)
    assert daemon.receive() is None  # no third was asked for


def test_a_visit_that_ends_fetches_no_more(camera: VisitCamera, daemon: Server) -> None:
    camera.fetch_stills(Visit(Run(), "v", WITH_PICTURES, 0), {"a": 1, "b": 2})
    answered(camera, daemon, Still(t_ns=1, jpeg=b"first"))
    camera.forget()
    assert not camera.fetching
    assert camera.fetched() is None


def test_the_frames_are_dropped_when_the_stills_are_there(
    life: Life, daemon: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera, switched = VisitCamera(life), []
    monkeypatch.setattr(camera.link, "switch", switched.append)
    camera.fetch_stills(Visit(Run(), "v", WITH_PICTURES, 0), {"a": 1})
    answered(camera, daemon, Still(t_ns=1, jpeg=b"first"))
    assert switched == []
    fetched(camera)
    assert switched == [False]
