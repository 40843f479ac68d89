"""The code reader: sees what is held before the camera, only while it may, and lets go of the camera."""

import time
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
import segno

from station.camera import code_reader
from station.camera.code_reader import CodeReader
from station.camera.code_search import CodeSearch
from station.camera.shared import SharedCamera
from station.clock import SystemClock
from station.messages import CodeRequest, CodeSeen, Done
from station.sim.phone_camera import as_seen, held_before
from station.simulation_config import ShownCode
from tests.camera.fake_camera import SteadyCamera
from tests.camera.waiting import until

TEXT = "Läufer · 22.11.2026\nRUN:" + 40 * "A7 "


def page(text: str = TEXT) -> np.ndarray:
    code = segno.make(text, error="l", boost_error=False, micro=False, encoding="utf-8")
    return np.array([[0 if dark else 255 for dark in row] for row in code.matrix_iter(scale=6, border=4)], np.uint8)


def held(text: str = TEXT, distance_m: float = 0.25, tilt_deg: float = 15.0) -> np.ndarray:
    random = np.random.default_rng(1)
    room = cv2.resize((random.random((24, 40, 3)) * 140 + 50).astype(np.uint8), (1280, 720))
    shown = ShownCode(path="", distance_m=distance_m, tilt_deg=tilt_deg)
    return as_seen(held_before(room, page(text), shown, focal_px=960.0), 0.7, 3.0, random)


@pytest.fixture
def camera() -> SteadyCamera:
    return SteadyCamera([held()], fps=20)


@pytest.fixture
def reader(camera) -> Iterator[CodeReader]:
    reader = CodeReader(SharedCamera(camera), SystemClock())
    yield reader
    camera.lets_read.set()
    reader.close()


def ask(reader: CodeReader, action: str, nobody_there: bool = True) -> CodeSeen | Done:
    return reader.answer(CodeRequest(action=action), nobody_there)


def test_a_code_is_read_once_and_the_camera_closed(reader, camera):
    assert not ask(reader, "look").looking
    assert camera.opens == 0
    assert ask(reader, "start").looking
    texts = []
    until(lambda: texts.extend(ask(reader, "look").texts) or texts)
    assert texts == [TEXT]
    until(lambda: camera._count > 20)
    assert ask(reader, "look").texts == []
    assert camera.is_open
    assert not ask(reader, "stop").looking
    until(lambda: not camera.is_open)


def test_it_does_not_look_during_a_visit(reader, camera):
    refused = ask(reader, "start", nobody_there=False)
    assert isinstance(refused, Done)
    assert "a visit is going on" in refused.error
    assert camera.opens == 0


def test_it_looks_for_a_while_only(camera, monkeypatch):
    monkeypatch.setattr(code_reader, "LOOK_NS", 200_000_000)
    reader = CodeReader(SharedCamera(camera), SystemClock())
    reader.start()
    until(lambda: not reader.looking)
    assert not camera.is_open


def test_it_looks_only_while_somebody_asks(reader, camera, monkeypatch):
    monkeypatch.setattr(code_reader, "UNWATCHED_NS", 500_000_000)
    ask(reader, "start")
    began_s = time.monotonic()
    until(lambda: ask(reader, "look").looking and time.monotonic() - began_s > 1.0)
    until(lambda: not reader.looking)
    assert not camera.is_open


def test_a_camera_that_fails_is_said(reader, camera):
    camera.missing.set()
    ask(reader, "start")
    until(lambda: not reader.looking)
    assert ask(reader, "look").fault == "no camera found; check its ribbon cable"
    camera.missing.clear()
    assert ask(reader, "start").fault is None


def test_what_was_seen_is_forgotten(reader, camera):
    ask(reader, "start")
    look = reader._look
    until(lambda: look._seen)
    ask(reader, "stop")
    assert ask(reader, "look").texts == []
    assert not look._seen
    ask(reader, "start")
    texts = []
    until(lambda: texts.extend(ask(reader, "look").texts) or texts)
    assert texts == [TEXT]  # somebody else's, though it be the same


def test_a_start_right_after_a_stop_is_a_new_look(reader, camera):
    camera.lets_read.clear()
    ask(reader, "start")
    until(lambda: camera.opens)
    assert not ask(reader, "stop").looking  # the driver still opens, and the one who asked is not made to wait
    assert ask(reader, "start").looking
    camera.lets_read.set()
    texts = []
    until(lambda: texts.extend(ask(reader, "look").texts) or texts)
    assert camera.opens == 2


def test_a_camera_that_hangs_in_a_stopped_look_is_noticed(reader, camera):
    ask(reader, "start")
    until(lambda: camera.is_open)
    beat_ns = reader.beat_ns
    until(lambda: reader.beat_ns > beat_ns)
    ask(reader, "stop")
    until(lambda: not camera.is_open)
    camera.lets_read.clear()
    ask(reader, "start")
    until(lambda: camera.opens == 2)
    ask(reader, "stop")
    beat_ns = reader.beat_ns
    time.sleep(0.05)
    assert reader.beat_ns == beat_ns
    camera.lets_read.set()
    until(lambda: reader.beat_ns > beat_ns)


def test_several_codes_in_one_picture():
    poster = "Our gym: https://gym.example/opening-hours"
    assert sorted(CodeSearch().texts(np.hstack([held(poster), held(TEXT)]))) == sorted([poster, TEXT])


def test_pictures_without_a_code():
    search, random = CodeSearch(), np.random.default_rng(2)
    assert search.texts(np.zeros((480, 640, 3), np.uint8)) == []
    assert search.texts(random.integers(0, 255, (480, 640, 3), np.uint8)) == []
    assert search.texts(np.kron(random.integers(0, 2, (60, 80, 1)), np.ones((8, 8, 3))).astype(np.uint8) * 255) == []
