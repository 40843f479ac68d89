"""One calibration or one examination, in a process of its own: it can be given up at any instant, whatever a device
does, and the memory of its libraries goes with it. `python -m station.workbench.bench ADDRESS` is started by
`station.workbench.job`, with the configuration as JSON on standard input.
"""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime

import msgspec
import zmq
from msgspec.structs import replace

from station import devices
from station.bus import Line
from station.calibration import artefact, machines, report
from station.calibration.camera_eye import opened
from station.calibration.machine import Machine
from station.calibration.watched import WatchedFrontEnd
from station.clock import SystemClock
from station.config import Config
from station.daemon import Life
from station.errors import CalibrationError, DeviceError, StationError
from station.messages import CalibrationPrompt, Finding, SampleBatch, WorkbenchCommand, WorkbenchState
from station.parent import end_with_parent
from station.words import N_

log = logging.getLogger(__name__)

LOOK_S = 0.2
FAILED = N_("It could not be carried through; the log of the station says where it failed.")


class GivenUpError(Exception):
    """Nobody wants the result any more."""


class Bench:
    """Carries out one command, and tells the state of it over the line."""

    def __init__(self, life: Life, line: Line) -> None:
        self._life = life
        self._line = line
        self._state = WorkbenchState()

    def carry_out(self, command: WorkbenchCommand) -> None:
        """From "begin" or "examine" to the report, or to the reason why there is none."""
        work, doing = (
            (self._examine, "examination") if command.action == "examine" else (self._calibrate, "calibration")
        )
        self._say(doing=doing, kind=command.kind)
        try:
            work(command)
            self._say(doing="nothing", prompt=None, measuring=False)
        except GivenUpError:
            pass
        except StationError as e:
            self._end_with(str(e))
        except Exception:  # a defect of ours must be said to whoever waits for the result
            log.exception("workbench")
            self._end_with(FAILED)

    def _calibrate(self, command: WorkbenchCommand) -> None:
        artefact.prepare(self._life.config.state)
        with self._machine(command) as (machine, reading):
            while not machine.done:
                self._step(machine, reading)
            part = artefact.save(machine.result(datetime.now(UTC)), self._life.config.state)
        self._say(report=tuple(report.told(part, self._life.config)))

    @contextmanager
    def _machine(self, command: WorkbenchCommand) -> Iterator[tuple[Machine, Callable[[], AbstractContextManager]]]:
        """On its open device, with what is to be entered while that is read."""
        life, kind = self._life, command.kind
        if kind == "camera":
            with opened(devices.filming_camera(life), SystemClock(), self._heed) as eye:
                yield machines.of_camera(eye, life.config, command.options), nullcontext
        elif kind is not None:
            with devices.cells_at_hand(life) as (front_end, reading):
                watched = WatchedFrontEnd(front_end, self._heed)
                yield machines.of_cells(kind, watched, life.config, command.options), reading

    def _step(self, machine: Machine, reading: Callable[[], AbstractContextManager]) -> None:
        """What was wrong with a measurement is said; the prompt is then another or the same."""
        self._say(step=machine.step, steps=machine.steps, prompt=machine.prompt, measuring=False, left_s=None)
        self._await_measure(machine.step)
        self._say(measuring=True, left_s=machine.reading_s, refused=None)
        try:
            machine.measure(reading)
        except (CalibrationError, DeviceError) as e:
            self._say(refused=str(e))

    def _await_measure(self, step: int) -> None:
        while True:
            self._heed()
            command = self._line.receive(LOOK_S)
            if isinstance(command, WorkbenchCommand) and command.action == "measure" and command.step in (None, step):
                return

    def _examine(self, command: WorkbenchCommand) -> None:
        from station.doctor.examination import examine  # with all self-tests, which no calibration needs

        def said(findings: Sequence[Finding], done: int, of: int) -> None:
            self._say(findings=tuple(findings), examined=(done, of), prompt=None, measuring=False)

        examine(self._life, said, self._ask if command.guided else None)

    def _ask(self, prompt: CalibrationPrompt) -> None:
        """Show the prompt until somebody says that it is done."""
        step = self._state.step + 1
        self._say(step=step, prompt=prompt, measuring=False, left_s=None)
        self._await_measure(step)
        self._say(measuring=True)

    def _heed(self, batch: SampleBatch | None = None) -> None:
        if self._life.stopping:
            raise GivenUpError

    def _end_with(self, why: str) -> None:
        self._say(doing="nothing", prompt=None, measuring=False, failed=why)

    def _say(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)
        self._line.send(self._state)


def main() -> None:
    end_with_parent()
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    settings = msgspec.json.decode(sys.stdin.buffer.read(), type=Config)
    context = zmq.Context()
    line = Line(context, sys.argv[1], bind=False)
    with Life("bench", settings) as life:
        command = line.receive(timeout_s=None)
        if isinstance(command, WorkbenchCommand):
            Bench(life, line).carry_out(command)
    line.close()
    context.term()


if __name__ == "__main__":
    main()
