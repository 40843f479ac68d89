"""The examination goes on whatever a self-test does; nothing here waits for a device."""

import threading
import time
from contextlib import contextmanager

import pytest

from station.config import Config
from station.daemon import Life
from station.doctor import examination, registry
from station.doctor.examination import ExaminationGivenUpError, examine
from station.doctor.registry import all_self_tests
from station.doctor.self_test import SelfTest
from station.errors import ConfigError, DeviceError
from station.messages import CalibrationPrompt

PROMPT = CalibrationPrompt(action="unload", text="Step back.")


@pytest.fixture
def life(tmp_path):
    with Life("doctor", Config(runtime_dir=str(tmp_path), state_dir=str(tmp_path))) as life:
        yield life


@pytest.fixture
def let_go():
    """Ends whatever a self-test hangs on."""
    event = threading.Event()
    yield event
    event.set()


def with_tests(monkeypatch, *tests: SelfTest) -> None:
    monkeypatch.setattr(examination, "chosen", lambda only, guided: [t for t in tests if guided or not t.guided])


def fine(name: str, needs="cells", **more) -> SelfTest:
    test = SelfTest(name, 1, name, needs, 5.0, lambda bedside: [test.finding("ok", "fine")], **more)
    return test


def test_ids_are_unique_and_every_self_test_says_what_it_looks_for():
    tests = all_self_tests()
    assert len({test.id for test in tests}) == len(tests)
    assert all(test.title and test.limit_s > 0 for test in tests)
    assert [test.order for test in tests] == sorted(test.order for test in tests)


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"no self-test cells_are_nice.*chip_answers"):
        registry.chosen(["cells_are_nice"], guided=False)


def test_guided_self_tests_run_only_where_somebody_is_there():
    assert "corner_presses" not in {test.id for test in registry.chosen([], guided=False)}
    assert "corner_presses" in {test.id for test in registry.chosen([], guided=True)}


def test_a_self_test_that_hangs_is_given_up_and_only_its_own_device_is_left_alone(life, monkeypatch, let_go):
    hanging = SelfTest("hanging", 1, "It hangs", "cells", 0.3, lambda bedside: [let_go.wait(60)])
    with_tests(monkeypatch, hanging, fine("other_device", "board"), fine("same_device"))
    monkeypatch.setattr(examination, "GIVE_UP_S", 0.1)
    said = []
    findings = examine(life, lambda so_far, done, of: said.append((len(so_far), done, of)))
    assert [(f.check, f.verdict) for f in findings] == [
        ("hanging", "not_checked"), ("other_device", "ok"), ("same_device", "not_checked"),
    ]  # fmt: skip
    assert "0.3 s" in findings[0].text
    assert "It hangs" in findings[2].text
    assert said == [(1, 1, 3), (2, 2, 3), (3, 3, 3)]


@pytest.mark.parametrize(("error", "words"), [(DeviceError("no cells"), "no cells"), (ZeroDivisionError(), "itself")])
def test_a_self_test_that_fails_is_a_finding(life, monkeypatch, error, words):
    def fail(bedside):
        raise error

    with_tests(monkeypatch, SelfTest("failing", 1, "It fails", "board", 5.0, fail), fine("next"))
    findings = examine(life)
    assert [f.verdict for f in findings] == ["not_checked", "ok"]
    assert words in findings[0].text


def test_the_time_in_which_a_person_does_what_is_asked_does_not_count(life, monkeypatch):
    def guided(bedside):
        bedside.ask(PROMPT)
        return [test.finding("ok", "done")]

    test = SelfTest("guided", 1, "Guided", "cells", 2.0, guided, guided=True)
    with_tests(monkeypatch, test)
    asked = []

    def slow_person(prompt):
        asked.append((prompt, threading.current_thread()))
        time.sleep(2.5)

    assert [f.verdict for f in examine(life, ask=slow_person)] == ["ok"]
    assert asked == [(PROMPT, threading.main_thread())]


def test_who_gives_up_ends_the_examination_and_the_cells_are_given_back(life, monkeypatch):
    closed = []

    @contextmanager
    def no_cells(life):
        try:
            raise DeviceError("no cells here")
            yield
        finally:
            closed.append(True)

    def guided(bedside):
        bedside.ask(PROMPT)
        return []

    def refuse(prompt):
        raise ExaminationGivenUpError("enough")

    with_tests(monkeypatch, SelfTest("guided", 1, "Guided", "cells", 5.0, guided, guided=True))
    with pytest.raises(ExaminationGivenUpError, match="enough"):
        examine(life, ask=refuse, open_cells=no_cells)
    assert "self-test guided" not in {thread.name for thread in threading.enumerate()}


def test_a_life_that_is_to_end_ends_the_examination(life, monkeypatch, let_go):
    with_tests(monkeypatch, SelfTest("hanging", 1, "It hangs", "board", 60.0, lambda bedside: [let_go.wait(60)]))
    monkeypatch.setattr(examination, "GIVE_UP_S", 0.1)
    life.stopping = True
    with pytest.raises(ExaminationGivenUpError):
        examine(life)
