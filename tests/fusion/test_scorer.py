"""Scoring in a process of its own: whatever happens to that process, the answer is the same or there is a reason."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from station import config
from station.bus import Line
from station.daemon import Life
from station.fusion import scorer, scoring_worker
from station.fusion.scorer import Scorer
from station.fusion.scoring import score
from station.fusion.scoring_worker import FAILED, ScoringWorker
from station.fusion.session import SessionBuilder
from station.messages import Done, Message, Scored, ScoreNow
from tests.fusion.simulated_run import run_messages

RUN_S = 40.0
WITHIN_S = 60.0


@pytest.fixture(scope="module")
def undisturbed() -> bytes:
    """What the scoring of the messages gives in this process, as for a recording."""
    builder = SessionBuilder()
    for message in run_messages(RUN_S):
        builder.add(message)
    return score(builder.build()).json


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    with Life("fusion", config.Config(runtime_dir=str(tmp_path / "run"))) as life:
        yield life


@pytest.fixture
def run(life: Life) -> Iterator[Scorer]:
    run = Scorer(life)
    for message in run_messages(RUN_S):
        run.add(message)
    yield run
    run.end()


def turned(run: Scorer, until: Callable[[Scorer], object]) -> object:
    end_s = time.monotonic() + WITHIN_S
    while time.monotonic() < end_s:
        run.turn()
        if found := until(run):
            return found
        time.sleep(0.005)
    raise AssertionError("waited in vain")


def pid_of(run: Scorer) -> int:
    return run._process.pid


def alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def test_blocks_are_solved_during_the_run_and_the_result_is_that_of_the_recording(run, undisturbed):
    solved = turned(run, Scorer.solved)
    assert 80 < len(solved[0].contact_s) < 90
    assert max(solved[0].contact_s) < 30
    run.finish()
    assert turned(run, Scorer.outcome).json == undisturbed


def test_a_worker_that_is_killed_is_replaced_and_the_result_is_the_same(run, undisturbed):
    turned(run, Scorer.solved)
    os.kill(pid_of(run), signal.SIGKILL)
    turned(run, Scorer.solved)
    run.finish()
    os.kill(pid_of(run), signal.SIGKILL)
    assert turned(run, Scorer.outcome).json == undisturbed


def test_a_run_that_ends_every_worker_is_given_up(run):
    run.finish()
    seen = set()
    while run.outcome() is None:
        run.turn()
        if run._process is not None:
            seen.add(pid_of(run))
            run._process.kill()
        time.sleep(0.005)
    assert run.outcome() == FAILED
    assert len(seen) == scorer.MOST_LOST + 1
    assert not any(map(alive, seen))


def test_without_a_worker_the_run_goes_on_and_there_is_a_reason(run, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    for _ in range(10):
        run.turn()
    assert run.outcome() is None
    run.finish()
    assert turned(run, Scorer.outcome) == FAILED


def test_a_scoring_that_hangs_is_given_up(run, monkeypatch):
    turned(run, Scorer.solved)
    os.kill(pid_of(run), signal.SIGSTOP)
    monkeypatch.setattr(scorer, "GIVEN_UP_AFTER_S", 0.2)
    pid = pid_of(run)
    run.finish()
    assert turned(run, Scorer.outcome) == scorer.TOO_LONG
    assert not alive(pid)


def test_the_end_of_a_visit_leaves_no_process_and_no_socket(run, life):
    run.turn()
    pid = pid_of(run)
    run.end()
    assert not alive(pid)
    assert not list(life.runtime.glob("scoring*"))


def test_a_worker_ends_with_its_daemon(tmp_path: Path):
    program = (
        "import sys, time\n"
        "from station import config\nfrom station.daemon import Life\nfrom station.fusion.scorer import Scorer\n"
        "life = Life('fusion', config.Config(runtime_dir=sys.argv[1])).__enter__()\n"
        "run = Scorer(life)\nrun.turn()\nprint(run._process.pid, flush=True)\ntime.sleep(600)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        pid = int(daemon.stdout.readline())
        assert alive(pid)
        time.sleep(1.0)  # it has asked the kernel by now
        daemon.kill()
    end_s = time.monotonic() + WITHIN_S
    while alive(pid) and time.monotonic() < end_s:
        time.sleep(0.01)
    assert not alive(pid)


@pytest.fixture
def served() -> Iterator[Callable[[list[Message]], list[Message]]]:
    """A worker in a thread of this process: its answers to messages."""
    context = zmq.Context()

    def answers(messages: list[Message]) -> list[Message]:
        ours, theirs = Line(context, "inproc://line", bind=True), Line(context, "inproc://line", bind=False)
        thread = threading.Thread(target=ScoringWorker(theirs).serve)
        thread.start()
        for message in [*messages, ScoreNow()]:
            ours.send(message)
        thread.join()
        out = []
        while message := ours.receive():
            out.append(message)
        ours.close()
        theirs.close()
        return out

    yield answers
    context.term()


def test_what_cannot_be_scored_is_said(served):
    (answer,) = served(run_messages(RUN_S)[:2])
    assert answer == Done(error=f"{FAILED} The recording ends before the running began; there is nothing to score.")


def test_a_defect_of_ours_is_logged_and_said_without_a_traceback(served, monkeypatch, caplog):
    def fails(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(scoring_worker, "score", fails)
    assert served(run_messages(RUN_S)) == [Done(error=FAILED)]
    assert "MemoryError" in caplog.text


def test_a_block_that_cannot_be_solved_early_leaves_the_scoring_of_the_run(life, monkeypatch, caplog):
    context = zmq.Context()
    ours, theirs = Line(context, "inproc://line", bind=True), Line(context, "inproc://line", bind=False)
    worker = ScoringWorker(theirs)
    monkeypatch.setattr(worker._early, "solve", lambda stretch: 1 / 0)
    thread = threading.Thread(target=worker.serve)
    thread.start()
    for message in run_messages(RUN_S):
        ours.send(message)
    while worker._may_solve:
        time.sleep(0.01)
    ours.send(ScoreNow())
    thread.join()
    assert isinstance(ours.receive(), Scored)
    assert "ZeroDivisionError" in caplog.text
    ours.close()
    theirs.close()
    context.term()
