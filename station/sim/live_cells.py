"""The simulated load cells of a running station: chips on pins in real time.

The simulated visitor presses on them and, while a calibration runs, the simulated installer.
"""

from collections.abc import Callable, Iterable

import numpy as np

from station.messages import CHANNELS, CalibrationPrompt, ForceHealth, SampleBatch, StationState
from station.sim.hardware import Hardware, HardwareSpec
from station.sim.installer import Installer
from station.sim.live_clock import LiveClock
from station.sim.visitor import Visitor
from station.sim.world import World

AHEAD = 16
"""Conversions computed at once: 0.2 s."""


class LiveCells:
    """A `LoadCellFrontEnd`: the station's own reader on simulated pins.

    `states` gives what the screen has shown since the last call, `prompts` what a calibration has asked for.
    """

    channels = CHANNELS

    def __init__(
        self,
        world: World,
        visitor: Visitor,
        installer: Installer,
        hardware: HardwareSpec,
        states: Callable[[], Iterable[StationState]],
        prompts: Callable[[], Iterable[CalibrationPrompt]],
    ) -> None:
        self._clock = LiveClock()
        self._hardware = Hardware(hardware, self._clock, self._pressed_n, AHEAD)
        self._reader = self._hardware.reader
        self.nominal_rate_sps = self._reader.nominal_rate_sps
        self._world, self._visitor, self._installer = world, visitor, installer
        self._states, self._prompts = states, prompts

    def open(self) -> None:
        self._reader.open()

    def close(self) -> None:
        self._reader.close()

    def read(self, duration_s: float) -> SampleBatch:
        self._look()
        return self._reader.read(duration_s)

    def health(self) -> ForceHealth:
        return self._reader.health()

    def shunt(self, on: bool) -> int:
        return self._reader.shunt(on)

    def _look(self) -> None:
        """At the screen, and at what the installer is asked for."""
        now_s = self._clock.now_ns() * 1e-9
        changed = self._visitor.look(self._states())
        self._world.visit = self._visitor.visit
        for prompt in self._prompts():
            self._installer.obey(prompt, now_s)
            changed = True
        if changed:
            self._hardware.load_changed(now_s)

    def _pressed_n(self, t_s: np.ndarray) -> np.ndarray:
        return self._world.cell_force_n(t_s) + self._installer.cell_force_n(t_s)
