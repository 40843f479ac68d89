"""A pool of pose workers: frames queue up, a worker that dies or hangs is replaced and its frame asked again."""

import contextlib
import logging
import multiprocessing
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from station.camera.blazepose import Pose
from station.camera.landmarks import Model
from station.camera.pose_worker import Failure, Ready, serve
from station.camera.ring import KeptFrame
from station.camera.shoe import Shoe
from station.clock import Clock
from station.words import N_

log = logging.getLogger(__name__)

_HANGS_S = 30.0  # with the load of the networks, or with one frame
_MOST_LOST = 2  # a frame that has ended so many workers is given up
_RESTART_S = 5.0  # after a worker that could not start
_END_S = 0.3
_TIMED_FRAMES = 16  # what the speed is told from: the last ones

_spawn = multiprocessing.get_context("spawn")  # a fork would copy sockets, threads and locks


@dataclass
class _Job:
    frame: KeptFrame
    shoe: Shoe | None
    lost_workers: int = 0
    forgotten: bool = False


class _Worker:
    """One process and the frame it has in hand."""

    def __init__(self, weights_dir: Path, model: Model, now_ns: int) -> None:
        self.connection: Connection
        self.connection, theirs = _spawn.Pipe()
        arguments = (theirs, weights_dir, model)
        self.process: BaseProcess = _spawn.Process(target=serve, args=arguments, name=f"pose-{model}", daemon=True)
        self.process.start()
        theirs.close()
        self.ready = False
        self.job: _Job | None = None
        self.since_ns = now_ns  # with this frame, or with the load of the networks

    def end(self) -> None:
        self.process.terminate()
        self.process.join(_END_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(_END_S)
        self.connection.close()


class PoseWorkers:
    """Poses frames with one network in `count` processes. For one thread."""

    def __init__(self, weights_dir: Path, model: Model, count: int, clock: Clock) -> None:
        self._weights_dir = weights_dir
        self._model = model
        self._clock = clock
        self._waiting: deque[_Job] = deque()
        self._workers = [_Worker(weights_dir, model, clock.now_ns()) for _ in range(count)]
        self._restarts_ns: list[int] = []  # when lost workers are to be replaced
        self._took_s: deque[float] = deque(maxlen=_TIMED_FRAMES)
        self.fault: str | None = None

    def submit(self, frame: KeptFrame, shoe: Shoe | None = None) -> None:
        """Queue a frame; its pose comes out of `collect`. `shoe`: of the standing runner, to compare the feet with."""
        self._waiting.append(_Job(frame, shoe))
        self._feed()

    def collect(self) -> list[tuple[KeptFrame, Pose | None]]:
        """Frames whose poses are ready. Never waits; call it often, it also mends the pool."""
        done = []
        for worker in list(self._workers):
            try:
                while worker.connection.poll():
                    done.extend(self._received(worker, worker.connection.recv()))
                lost = self._hangs(worker)
            except (EOFError, OSError):
                lost = True
            if lost:
                done.extend(self._lost(worker))
        self._restart()
        self._feed()
        return done

    @property
    def backlog(self) -> int:
        """Frames submitted and not yet collected."""
        return len(self._waiting) + sum(w.job is not None for w in self._workers)

    @property
    def per_s(self) -> float | None:
        """Frames a second that the living workers manage together, as the last frames took; None before the first."""
        working = sum(worker.ready for worker in self._workers)
        return working * len(self._took_s) / sum(self._took_s) if working and self._took_s else None

    @property
    def files(self) -> list[int]:
        """File descriptors that become readable when `collect` has something to do."""
        return [w.connection.fileno() for w in self._workers]

    def clear(self) -> None:
        """Forget all frames; poses of those in hand are thrown away."""
        self._waiting.clear()
        for worker in self._workers:
            if worker.job is not None:
                worker.job.forgotten = True

    def close(self) -> None:
        for worker in self._workers:
            worker.process.terminate()  # all at once, so that they end side by side
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        self._waiting.clear()

    def _received(self, worker: _Worker, answer: Pose | Ready | Failure | None) -> list[tuple[KeptFrame, Pose | None]]:
        if isinstance(answer, Ready):
            worker.ready, self.fault = True, None
            return []
        if isinstance(answer, Failure):
            self.fault = answer.text
            self.clear()  # nobody can answer
        elif worker.job is not None:
            self._took_s.append((self._clock.now_ns() - worker.since_ns) / 1e9)
        job, worker.job = worker.job, None
        return [] if job is None or job.forgotten else [(job.frame, answer)]

    def _hangs(self, worker: _Worker) -> bool:
        busy = worker.job is not None or not worker.ready
        return busy and self._clock.now_ns() - worker.since_ns > _HANGS_S * 1e9

    def _lost(self, worker: _Worker) -> list[tuple[KeptFrame, Pose | None]]:
        """Let a dead or hanging worker go; its frame is asked again, or given up as the likely cause."""
        worker.end()
        status = worker.process.exitcode
        log.warning("a pose worker ended (status %s); it is replaced", status)
        self._workers.remove(worker)
        if not worker.ready:
            self.fault = self.fault or N_("the pose network does not start (status {status}); see the log").format(
                status=status
            )
        self._restarts_ns.append(self._clock.now_ns() + round(0 if worker.ready else _RESTART_S * 1e9))
        job = worker.job
        if job is None or job.forgotten:
            return []
        job.lost_workers += 1
        if job.lost_workers >= _MOST_LOST:
            return [(job.frame, None)]
        self._waiting.appendleft(job)
        return []

    def _restart(self) -> None:
        now_ns = self._clock.now_ns()
        due = [t for t in self._restarts_ns if t <= now_ns]
        self._restarts_ns = [t for t in self._restarts_ns if t > now_ns]
        self._workers.extend(_Worker(self._weights_dir, self._model, now_ns) for _ in due)

    def _feed(self) -> None:
        """Give each idle worker the next frame. One that has died meanwhile is found by `collect`.

        An idle worker reads at once, so that sending never waits.
        """
        for worker in self._workers:
            if worker.ready and worker.job is None and self._waiting:
                worker.job, worker.since_ns = self._waiting.popleft(), self._clock.now_ns()
                with contextlib.suppress(OSError):
                    worker.connection.send((worker.job.frame, worker.job.shoe))
