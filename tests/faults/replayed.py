"""A whole station that replays a recorded visit faster than real time, and how a test walks a runner through it."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from station import config
from station.bus import request
from station.messages import Choices, Done, Message, Report, ReportRequest, StationState, VisitCommand
from station.simulated_world import belt_speed_m_s
from tests.kiosk.kiosk_process import free_port
from tests.whole.recorded_visit import visit_messages, write_visit
from tests.whole.station_process import RunningStation, running_station

SCENARIO = "heavy_rearfoot"
RUN_S = 40.0
FACTOR = 4.0  # a run lasts ten seconds: time to break something in it
PATIENCE_S = 150.0  # of a machine that does much else


@pytest.fixture(scope="session")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recorded visit in which all went well."""
    path = tmp_path_factory.mktemp("visit") / "visit.mcap"
    write_visit(path, visit_messages(SCENARIO, RUN_S))
    return path


def recorded(folder: Path, messages: list[Message]) -> Path:
    """That visit as a file."""
    path = folder / "recorded.mcap"
    write_visit(path, messages)
    return path


@contextlib.contextmanager
def replaying(
    folder: Path, visit: Path, mode: str = "clinic", within: Sequence[str] = (), factor: float = FACTOR
) -> Iterator[RunningStation]:
    """The station, up and well. `within`: a command that the station is started by, such as unshare(1)."""
    settings = config.Config(
        mode=mode,
        force=config.Force(device="replay"),
        camera=config.Camera(device="replay"),
        kiosk=config.Kiosk(port=free_port()),
        run=config.Run(speed_m_s=belt_speed_m_s(SCENARIO)),
        simulation=config.Simulation(recording=str(visit), replay_factor=factor),
    )
    with running_station(folder, settings, within=within) as station:
        station.await_state(lambda s: s.ready and not s.faults, PATIENCE_S)
        yield station


def begin(station: RunningStation) -> None:
    """A runner comes, and agrees to the camera."""
    list(station.states.drain())
    command(station, VisitCommand(action="start", choices=Choices(camera=True)))


def leave(station: RunningStation, state: StationState, action: str = "finish") -> StationState:
    command(station, VisitCommand(action=action, visit_id=state.visit_id))
    return phase(station, "idle")


def command(station: RunningStation, message: VisitCommand) -> None:
    request(station.context, station.settings.runtime, "fusion", message, Done, PATIENCE_S)


def running(station: RunningStation, for_s: float = 8.0) -> StationState:
    """Until the runner has run so long (of the recording's time)."""
    return station.await_state(lambda s: s.phase == "run" and s.run_s > for_s, PATIENCE_S)


def phase(station: RunningStation, wanted: str) -> StationState:
    return station.await_state(lambda s: s.phase == wanted, PATIENCE_S)


def report(station: RunningStation, state: StationState) -> dict[str, Any]:
    """The scorecard that is on the screen."""
    asked = ReportRequest(visit_id=state.visit_id)
    return json.loads(request(station.context, station.settings.runtime, "fusion", asked, Report, PATIENCE_S).json)


def whole_visit(station: RunningStation) -> dict[str, Any]:
    """From start to card and back to nobody there."""
    begin(station)
    card = phase(station, "card")
    document = report(station, card)
    leave(station, card)
    return document
