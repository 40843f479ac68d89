"""The factory: which devices the configuration means. With `simulated_world` the only place that knows that world."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

from station import locks, simulated_world
from station.bus import Subscriber
from station.camera.backend import CameraBackEnd, NoCamera
from station.camera.replay import KeypointReplay
from station.clock import SystemClock
from station.config import Config
from station.daemon import Life
from station.errors import ConfigError
from station.force.bus_front_end import BusFrontEnd
from station.force.daemon import undisturbed
from station.force.front_end import LoadCellFrontEnd
from station.messages import (
    Calibration,
    CalibrationPrompt,
    CameraHealth,
    CameraPlace,
    Keypoints,
    Message,
    SampleBatch,
    StationState,
)
from station.records import recording
from station.words import N_

_M = TypeVar("_M", bound=Message)


def runtime_dir() -> Path:
    """Where a station on this machine keeps its sockets and keys."""
    return Config().runtime


def load_cells(life: Life) -> LoadCellFrontEnd:
    """The front end that the configuration names. Raises DeviceError, ConfigError or RecordingError."""
    force = life.config.force
    if force.device == "simulated":
        return _live_cells(life)
    if force.device == "replay":
        from station.force.replay import ReplayFrontEnd

        batches = [m for m in _recorded(life.config) if isinstance(m, SampleBatch)]
        return ReplayFrontEnd(batches, life.config.simulation.replay_factor, SystemClock(), _visit_id(life))
    from station.force.gpio import system_gpio
    from station.force.hx711_reader import Hx711Reader

    return Hx711Reader(system_gpio(), SystemClock(), force.cells, force.chip_rate_sps, force.poll_s, force.shunt_pin)


@contextmanager
def cells_at_hand(
    life: Life, faulty: bool = False
) -> Iterator[tuple[LoadCellFrontEnd, Callable[[], AbstractContextManager]]]:
    """Those of the running force daemon; where there is none, our own, and it cannot start meanwhile.

    Also what is to be entered while they are read. `faulty`: as `BusFrontEnd`. Raises DeviceError.
    """
    life.publisher()  # bound first: a simulated installer listens from the beginning
    lock = locks.lock(life.runtime, "force")
    if lock is None:
        front_end: LoadCellFrontEnd = BusFrontEnd(life.runtime, life.config.force.chip_rate_sps, faulty)
        reading = nullcontext
    else:
        front_end, reading = load_cells(life), undisturbed
    try:
        front_end.open()
        yield front_end, reading
    finally:
        front_end.close()
        if lock is not None:
            os.close(lock)


def camera(life: Life) -> CameraBackEnd | KeypointReplay:
    """The back end that the configuration names. Raises ConfigError or RecordingError."""
    settings = life.config.camera
    if settings.device == "none":
        return NoCamera()
    if settings.device == "simulated":
        return _live_camera(life)
    if settings.device == "replay":
        messages = _recorded(life.config)
        keypoints, said = ([m for m in messages if isinstance(m, kind)] for kind in (Keypoints, CameraHealth))
        place, calibration = (_first(messages, kind) for kind in (CameraPlace, Calibration))
        return KeypointReplay(keypoints, said, place, calibration, SystemClock())
    from station.camera.picamera2_backend import Picamera2BackEnd

    return Picamera2BackEnd(settings)


def filming_camera(life: Life) -> CameraBackEnd:
    """As `camera`, for whoever needs its pictures. Raises ConfigError where it has none."""
    back_end = camera(life)
    if isinstance(back_end, KeypointReplay):
        raise ConfigError(N_('camera.device = "replay" has no pictures to calibrate; set it to the fitted camera'))
    return back_end


def _recorded(config: Config) -> list[Message]:
    path = config.simulation.recording
    if path is None:
        raise ConfigError('device = "replay" needs simulation.recording, the path of a recorded run')
    return list(recording.open_any(Path(path), config.runtime))


def _first(messages: list[Message], kind: type[_M]) -> _M | None:
    return next((m for m in messages if isinstance(m, kind)), None)


def _states(life: Life) -> Callable[[], Iterator[StationState]]:
    """What the station has shown since the last look."""
    subscriber = life.subscriber(["fusion"], [StationState])
    return lambda: (m for m in subscriber.drain() if isinstance(m, StationState))


class _Screen:
    """What the station shows, for who looks only at times: meanwhile nothing of a visit waits in this process."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._subscriber: Subscriber | None = None

    def states(self) -> Iterator[StationState]:
        """What it has shown since the last look, or since this first one."""
        if self._subscriber is None:
            self._subscriber = Subscriber(self._life.context, self._life.runtime, ["fusion"], [StationState])
        return (m for m in self._subscriber.drain() if isinstance(m, StationState))

    def look_away(self) -> None:
        if self._subscriber is not None:
            self._subscriber.close()
            self._subscriber = None


def _prompts(life: Life) -> Callable[[], Iterator[CalibrationPrompt]]:
    """What a calibration has asked for since the last look."""
    subscriber = life.subscriber(["calibrate", "workbench", "doctor"], [CalibrationPrompt])
    return lambda: (m for m in subscriber.drain() if isinstance(m, CalibrationPrompt))


def _visit_id(life: Life) -> Callable[[], str | None]:
    """The visit that is going on."""
    states, latest = _states(life), [None]

    def look() -> str | None:
        for state in states():
            latest[0] = state.visit_id
        return latest[0]

    return look


# --- the simulated world --------------------------------------------------------------------------


def _live_cells(life: Life) -> LoadCellFrontEnd:
    from station.sim.chips import draw_chips
    from station.sim.hardware import HardwareSpec
    from station.sim.installer import Installer
    from station.sim.live_cells import LiveCells

    settings, force = life.config.simulation, life.config.force
    world, visitor = simulated_world.world(life.config)
    installer = Installer(simulated_world.places(force), settings.seed, settings.mass_error)
    chips = draw_chips(settings.seed, force.chip_rate_sps)
    hardware = HardwareSpec(
        force,
        chips,
        simulated_world.deck(settings),
        simulated_world.disturbance(settings),
        settings.wiring,
        settings.treadmill_kg,
    )
    return LiveCells(world, visitor, installer, hardware, _states(life), _prompts(life))


def _live_camera(life: Life) -> CameraBackEnd:
    from station.sim.board_camera import BoardCamera
    from station.sim.camera import SimulatedCamera
    from station.sim.faulty_camera import FaultyCamera
    from station.sim.phone_camera import PhoneCamera
    from station.sim.runner.camera_view import CameraView

    world, visitor = simulated_world.world(life.config)
    screen = _Screen(life)
    films = SimulatedCamera(world, visitor, SystemClock(), screen.states, screen.look_away)
    view, settings = CameraView.of(world.scenario.filming), life.config.simulation
    if settings.shown_code is not None:
        films = PhoneCamera(films, settings.shown_code, view.vertical_field_deg, settings.seed)
    camera = BoardCamera(films, view, SystemClock(), _prompts(life), settings.seed)
    if settings.camera_faults is None:
        return camera
    return FaultyCamera(camera, settings.camera_faults, view.vertical_field_deg, settings.seed)
