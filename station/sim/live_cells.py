"""The simulated load cells of a running station: chips on pins in real time, pressed by the simulated visitor."""

from collections.abc import Callable, Iterable

from station.config import Force
from station.force.hx711_reader import Hx711Reader
from station.messages import CHANNELS, ForceHealth, SampleBatch, StationState
from station.sim.gpio import SimulatedGpio
from station.sim.live_clock import LiveClock
from station.sim.rig import build_chips, draw_chips
from station.sim.visitor import Visitor
from station.sim.world import World


class LiveCells:
    """A `LoadCellFrontEnd`: the station's own reader on simulated pins. `states` gives what the screen has shown."""

    channels = CHANNELS

    def __init__(
        self,
        world: World,
        visitor: Visitor,
        force: Force,
        seed: int,
        states: Callable[[], Iterable[StationState]],
    ) -> None:
        clock = LiveClock()
        gpio = SimulatedGpio(clock.pin_call)
        inputs = [lambda t_s, i=i: world.cell_force_n(t_s)[i] for i in range(len(CHANNELS))]
        self._chips = build_chips(gpio, draw_chips(seed, force.chip_rate_sps), force.cells, inputs, clock.now_ns())
        self._reader = Hx711Reader(gpio, clock, force.cells, force.chip_rate_sps, force.poll_s)
        self.nominal_rate_sps = self._reader.nominal_rate_sps
        self._world, self._visitor, self._states = world, visitor, states

    def open(self) -> None:
        self._reader.open()

    def close(self) -> None:
        self._reader.close()

    def read(self, duration_s: float) -> SampleBatch:
        if self._visitor.look(self._states()):
            self._world.visit = self._visitor.visit
            for chip in self._chips:
                chip.force_changed()
        return self._reader.read(duration_s)

    def health(self) -> ForceHealth:
        return self._reader.health()
