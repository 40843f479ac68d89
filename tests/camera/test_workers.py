"""The pool of pose workers: order, loss of a worker, weights that are not there."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from station.camera import workers as workers_module
from station.camera.blazepose import Pose
from station.camera.ring import KeptFrame, encode
from station.camera.workers import PoseWorkers
from station.clock import SystemClock
from tests.camera.clips import gradient
from tests.camera.waiting import until

NO_JPEG = b"this ends a worker"


@pytest.fixture
def pool(weights_dir: Path) -> Iterator[PoseWorkers]:
    pool = PoseWorkers(weights_dir, "full", 1, SystemClock())
    yield pool
    pool.close()


def frame(t_ns: int) -> KeptFrame:
    return encode(t_ns, gradient(360, 480))


def collected(pool: PoseWorkers, count: int, timeout_s: float = 60.0) -> list[tuple[KeptFrame, Pose | None]]:
    done: list[tuple[KeptFrame, Pose | None]] = []
    deadline = time.monotonic() + timeout_s
    while len(done) < count:
        assert time.monotonic() < deadline, f"only {len(done)} of {count} came back"
        done.extend(pool.collect())
        time.sleep(0.01)
    return done


def test_killed_worker_is_replaced_and_its_frame_asked_again(pool: PoseWorkers) -> None:
    pool.submit(frame(0))
    assert [f.t_ns for f, _ in collected(pool, 1)] == [0]
    for i in range(1, 5):
        pool.submit(frame(i))
    victim = pool._workers[0].process
    os.kill(victim.pid, signal.SIGKILL)
    assert sorted(f.t_ns for f, _ in collected(pool, 4)) == [1, 2, 3, 4]
    assert pool._workers[0].process.pid != victim.pid
    assert pool.backlog == 0
    assert pool.fault is None


def test_frame_that_ends_workers_is_given_up(pool: PoseWorkers) -> None:
    pool.submit(KeptFrame(1, 4, 4, NO_JPEG))
    pool.submit(frame(2))
    assert [(f.t_ns, pose) for f, pose in collected(pool, 2)] == [(1, None), (2, None)]


def test_speed_is_told_by_the_frames_that_were_posed(pool: PoseWorkers) -> None:
    assert pool.per_s is None
    begun_s = time.monotonic()
    for i in range(4):
        pool.submit(frame(i))
        collected(pool, 1)
    assert pool.per_s > 4 / (time.monotonic() - begun_s)  # that took the load of the networks as well
    begun_ns = pool._clock.now_ns()
    pool.submit(frame(9))
    pool._workers[0].since_ns = begun_ns - 10_000_000_000
    collected(pool, 1)
    assert 0.1 < pool.per_s < 0.5


def test_forgotten_frames_do_not_come_back(pool: PoseWorkers) -> None:
    for i in range(3):
        pool.submit(frame(i))
    pool.clear()
    pool.submit(frame(9))
    assert [f.t_ns for f, _ in collected(pool, 1)] == [9]
    assert pool.backlog == 0


def test_close_leaves_no_process(pool: PoseWorkers) -> None:
    processes = [w.process for w in pool._workers]
    pool.submit(frame(0))
    pool.close()
    assert not any(process.is_alive() for process in processes)
    assert pool.backlog == 0


def test_missing_weights_are_a_fault_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "_RESTART_S", 0.1)
    pool = PoseWorkers(tmp_path, "full", 1, SystemClock())
    try:
        until(lambda: pool.collect() == [] and pool.fault is not None, timeout_s=60)
        assert "install.sh" in str(pool.fault)
    finally:
        pool.close()


def test_worker_that_dies_at_its_start_is_a_fault_until_one_lives(
    pool: PoseWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_module, "_RESTART_S", 0.5)
    os.kill(pool._workers[0].process.pid, signal.SIGKILL)
    until(lambda: pool.collect() == [] and pool.fault is not None)
    assert "does not start (status -9)" in str(pool.fault)
    until(lambda: pool.collect() == [] and pool.fault is None, timeout_s=60)
    pool.submit(frame(3))
    assert [f.t_ns for f, _ in collected(pool, 1)] == [3]


def test_hanging_worker_is_replaced(pool: PoseWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    pool.submit(frame(1))
    collected(pool, 1)
    hanging = pool._workers[0].process
    os.kill(hanging.pid, signal.SIGSTOP)
    pool.submit(frame(2))
    pool.collect()
    monkeypatch.setattr(workers_module, "_HANGS_S", 0.0)
    pool.collect()
    monkeypatch.undo()
    assert [f.t_ns for f, _ in collected(pool, 1)] == [2]
    assert not hanging.is_alive()


def test_pose_of_nobody(pool: PoseWorkers) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    pool.submit(encode(5, noise))
    assert collected(pool, 1)[0][1] is None
