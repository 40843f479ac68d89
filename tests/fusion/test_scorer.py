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
from typing import TypeVar

import pytest
import zmq

from station import config
from station.bus import Line
from station.daemon import Life
from station.fusion import scorer, scoring, scoring_worker
from station.fusion.scorer import Scorer
from station.fusion.scoring import ForceHalf, force_half, score
from station.fusion.scoring_worker import FAILED, ScoringWorker
from station.fusion.session import Session, SessionBuilder
from station.messages import Done, Mark, Message, RunMayEnd, SampleBatch, Scored, ScoreNow
from tests.fusion.simulated_run import run_messages
from tests.gait.raw_conversions import EPOCH_NS

RUN_S = 40.0
WITHIN_S = 60.0
T = TypeVar("T")


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


def within(found: Callable[[], T], seconds: float = WITHIN_S) -> T:
    """What `found` gives once it gives something."""
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        if out := found():
            return out
        time.sleep(0.005)
    raise AssertionError("waited in vain")


def turned(run: Scorer, until: Callable[[Scorer], T]) -> T:
    def turn() -> T:
        run.turn()
        return until(run)

    return within(turn)


def pid_of(run: Scorer) -> int:
    return run._process.pid


def alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def ignores_interrupts(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    ignored = next(line.split()[1] for line in status.splitlines() if line.startswith("SigIgn:"))
    return bool(int(ignored, 16) >> (signal.SIGINT - 1) & 1)


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


def test_an_answer_that_comes_while_the_worker_ends_is_heard(run, undisturbed, monkeypatch):
    turned(run, Scorer.solved)
    run.finish()
    turned(run, lambda run: run._fed == len(run._messages))
    worker = run._process
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + scorer.NICE)
    monkeypatch.setattr(worker, "poll", lambda: worker.wait(WITHIN_S))  # it answers and ends just now
    run.turn()
    assert run.outcome().json == undisturbed


def test_a_run_that_ends_every_worker_is_given_up(run):
    run.finish()
    seen = set()

    def killed(run: Scorer) -> Scored | str | None:
        if run._process is not None:
            seen.add(pid_of(run))
            run._process.kill()
        return run.outcome()

    assert turned(run, killed) == FAILED
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
        within(lambda: ignores_interrupts(pid))  # from when it has asked the kernel
        daemon.kill()
    within(lambda: not alive(pid))


class Served:
    """A worker in a thread of this process."""

    def __init__(self) -> None:
        self._context = zmq.Context()
        self._ours = Line(self._context, "inproc://line", bind=True)
        self._theirs = Line(self._context, "inproc://line", bind=False)
        self.worker = ScoringWorker(self._theirs)
        self._thread = threading.Thread(target=self.worker.serve)
        self._thread.start()

    def tell(self, messages: list[Message]) -> None:
        for message in messages:
            self._ours.send(message)

    def answers(self, messages: list[Message]) -> list[Message]:
        """All that it says once it has these, too, and is to score."""
        self.tell([*messages, ScoreNow()])
        self._thread.join()
        out = []
        while message := self._ours.receive():
            out.append(message)
        return out

    def close(self) -> None:
        self._ours.close()
        self._theirs.close()
        self._context.term()


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    yield served
    served.close()


def test_what_cannot_be_scored_is_said(served):
    (answer,) = served.answers(run_messages(RUN_S)[:2])
    why = "the recording ends before the running began; there is nothing to score"
    assert answer == Done(error=f"This run could not be scored: {why}.")


def test_a_defect_of_ours_is_logged_and_said_without_a_traceback(served, monkeypatch, caplog):
    def fails(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(scoring_worker, "score", fails)
    assert served.answers(run_messages(RUN_S))[-1] == Done(error=FAILED)
    assert "MemoryError" in caplog.text


def test_no_force_is_left_to_analyse_when_the_last_frame_is_posed(served, undisturbed, monkeypatch):
    analysed = []

    def counted(*arguments: object) -> object:
        analysed.append(len(arguments[1]))  # blocks that were solved before
        return force_half(*arguments)

    monkeypatch.setattr(scoring_worker, "force_half", counted)
    monkeypatch.setattr(scoring, "force_half", None)
    assert served.answers(run_messages(RUN_S))[-1].json == undisturbed
    assert analysed == [1]


def test_a_block_that_cannot_be_solved_early_leaves_the_scoring_of_the_run(served, monkeypatch, caplog):
    monkeypatch.setattr(served.worker._early, "solve", lambda stretch: 1 / 0)
    served.tell(run_messages(RUN_S))
    within(lambda: served.worker._early.stopped)
    assert isinstance(served.answers([])[-1], Scored)
    assert "ZeroDivisionError" in caplog.text


def paused(messages: list[Message], may_end_s: float, end_s: float) -> list[Message]:
    """The run, with a pause in which it might have ended at `may_end_s`; it did at `end_s`."""
    *run, score_mark = messages
    told = next(k for k, m in enumerate(run) if isinstance(m, SampleBatch) and _ends_s(m) > may_end_s + 0.5)
    end = Mark(t_ns=EPOCH_NS + round(end_s * 1e9), phase=score_mark.phase)
    return [*run[:told], RunMayEnd(t_ns=EPOCH_NS + round(may_end_s * 1e9)), *run[told:], end]


def _ends_s(batch: SampleBatch) -> float:
    return (int(batch.arrays()["t_low_ns"][-1]) - EPOCH_NS) / 1e9


@pytest.mark.parametrize("end_s", [38.0, 39.5])
def test_what_was_analysed_in_a_pause_is_used_only_where_the_run_ended_there(end_s, served, monkeypatch):
    messages = paused(run_messages(RUN_S), may_end_s=38.0, end_s=end_s)
    recorded = SessionBuilder()
    for message in messages:
        if not isinstance(message, RunMayEnd):
            recorded.add(message)
    analysed_s = []

    def noted(session: Session, *early: object) -> ForceHalf | None:
        analysed_s.append(session.end_s)
        return force_half(session, *early)

    monkeypatch.setattr(scoring_worker, "force_half", noted)
    pause = next(k for k, m in enumerate(messages) if isinstance(m, RunMayEnd)) + 1
    served.tell(messages[:pause])
    within(lambda: served.worker._force_end_s == 38.0)
    assert served.answers(messages[pause:])[-1].json == score(recorded.build()).json
    assert analysed_s == list(dict.fromkeys([38.0, end_s]))
