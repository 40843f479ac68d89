"""The real force daemon on simulated cells and the real workbench, as processes, and a hand that asks over the bus."""

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import zmq

from station import config
from station.bus import Subscriber, request
from station.kiosk.staff.pin import StaffPin
from station.messages import Done, ForceHealth, WorkbenchCommand, WorkbenchState
from tests.kiosk.kiosk_process import free_port
from tests.processes import end

PIN = "482915"
WAIT_S = 60.0


class BenchStation:
    """`state` is what the workbench said last."""

    def __init__(self, settings: config.Config, folder: Path) -> None:
        self.settings = settings
        self._path = folder / "station.toml"
        config.dump(settings, self._path)
        self._context = zmq.Context()
        self._states = Subscriber(self._context, settings.runtime, ["workbench"], [WorkbenchState])
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "station", name, "--config", str(self._path)]
        self.processes[name] = subprocess.Popen(command)

    def await_force(self) -> None:
        """Until the force daemon has the load cells and says how it fares."""
        heard = Subscriber(self._context, self.settings.runtime, ["force"], [ForceHealth])
        try:
            if heard.receive(WAIT_S) is None:
                raise TimeoutError("the force daemon is not heard")
        finally:
            heard.close()

    def close(self) -> None:
        end(*self.processes.values())
        self._states.close()
        self._context.destroy(linger=0)

    def ask(self, action: str, **fields: object) -> None:
        """Raises BusError where it is refused."""
        command = WorkbenchCommand(action=action, **fields)
        request(self._context, self.settings.runtime, "workbench", command, Done, timeout_s=5.0)

    def wait(self, reached: Callable[[WorkbenchState], bool]) -> WorkbenchState:
        """The first state from now on for which that holds; what was said before this call is heard, too."""
        end_s, last = time.monotonic() + WAIT_S, None
        while time.monotonic() < end_s:
            said = self._states.receive(1.0)
            if isinstance(said, WorkbenchState):
                last = said
                if reached(said):
                    return said
        raise TimeoutError(f"the workbench did not get there; it said last: {last}")

    def carry_out(self, kind: str, **options: object) -> WorkbenchState:
        """Begin, measure whatever is asked for, and what it says at the end."""
        self.ask("begin", kind=kind, **options)
        self.wait(lambda s: s.doing != "nothing")  # what it said before it was asked is on its way still
        while True:
            state = self.wait(lambda s: s.doing == "nothing" or (s.prompt is not None and not s.measuring))
            if state.doing == "nothing":
                return state
            self.ask("measure", step=state.step)
            self.wait(lambda s: s.measuring or s.doing == "nothing")


@contextlib.contextmanager
def bench_station(folder: Path, *daemons: str, **simulation: object) -> Iterator[BenchStation]:
    with tempfile.TemporaryDirectory(prefix="st-") as runtime:
        settings = config.Config(
            runtime_dir=runtime,
            state_dir=str(folder),
            force=config.Force(device="simulated"),
            camera=config.Camera(device="simulated"),
            kiosk=config.Kiosk(port=free_port()),
            simulation=config.Simulation(**{"seed": 5} | simulation),
        )
        StaffPin(folder).set(PIN)
        station = BenchStation(settings, folder)
        try:
            for name in daemons:
                station.start(name)
            yield station
        finally:
            station.close()
