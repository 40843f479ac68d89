"""A whole station (`station up`) in processes of its own, and how a test asks it for things."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import zmq

from station import config
from station.bus import Subscriber
from station.calibration import artefact
from station.messages import StationState
from station.simulated_world import calibrate_simulation
from tests.processes import end

START_S = 60.0


class RunningStation:
    """The station of one configuration, and a subscriber to what it says."""

    def __init__(self, settings: config.Config, process: subprocess.Popen) -> None:
        self.settings = settings
        self.process = process
        self.context = zmq.Context()
        self.states = Subscriber(self.context, settings.runtime, ["fusion"], [StationState])

    def await_state(self, wanted: Callable[[StationState], bool], within_s: float = START_S) -> StationState:
        """The first state that is as wanted."""
        end_s = time.monotonic() + within_s
        last = None
        while time.monotonic() < end_s:
            last = self.states.receive(timeout_s=0.5) or last
            if isinstance(last, StationState) and wanted(last):
                return last
            assert self.process.poll() is None, "the supervisor has ended"
        raise AssertionError(f"waited {within_s} s in vain; last state {last}")

    def pid_of(self, daemon: str) -> int | None:
        """Process id of one of the daemons, None while it is down."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in map(int, children):
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                if daemon.encode() in words:
                    return pid
        return None

    def kill(self, daemon: str) -> int:
        """kill -9; the process id that is no more."""
        pid = self.pid_of(daemon)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        return pid

    def close(self) -> None:
        self.states.close()
        self.context.destroy(linger=0)


@contextlib.contextmanager
def running_station(
    folder: Path, settings: config.Config, within: Sequence[str] = (), **process_settings: object
) -> Iterator[RunningStation]:
    """`station up` with these settings; its directories are set here, its sockets where paths are short.

    `within`: a command that becomes the station's supervisor, such as unshare(1); `process_settings`: of Popen.
    """
    with tempfile.TemporaryDirectory(prefix="st-") as runtime:
        settings = msgspec.structs.replace(settings, runtime_dir=runtime, state_dir=str(folder))
        for part in calibrate_simulation(settings):
            artefact.save(part, folder)
        config.dump(settings, folder / "station.toml")
        command = [*within, sys.executable, "-m", "station", "up", "--config", str(folder / "station.toml")]
        process = subprocess.Popen(command, **process_settings)
        station = RunningStation(settings, process)
        try:
            yield station
        finally:
            station.close()
            end(process)
