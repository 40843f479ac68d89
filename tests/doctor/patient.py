"""A simulated station with something wrong, examined in virtual time.

Whatever the seed, its world is as unquiet as a sound station may be: drifting zeros, creep, the motor of an idle belt,
a deck that rings, chips of other noise, a treadmill of other mass, a host with other work to do.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from station.calibration import artefact
from station.calibration.grid import PATTERNS, pattern
from station.calibration.grid_machine import GridMachine
from station.calibration.plates import Plate
from station.calibration.tare import TareMachine
from station.config import Config, Force
from station.daemon import Life
from station.doctor.examination import examine
from station.doctor.registry import all_self_tests
from station.messages import Finding
from station.sim.chips import draw_chips
from station.sim.deck import Deck
from station.sim.disturbance import Disturbance
from station.sim.rig import READING_TIME, Rig
from station.sim.runner.corners import corner_forces
from station.sim.virtual_clock import Preemption
from station.simulation_config import WiringFault

IDLE_BELT_N = 8.0
"""Lines of belt and motor (force.md section 4)."""
DRIFT_N_PER_MIN = 5.0
"""A cell that warms up: 0.02 % of full scale a kelvin, more than ten kelvin a minute."""
CREEP_SHARE = 0.001
"""0.03 % of full scale in thirty minutes is usual; three times that."""
NOISE_N = (0.03, 0.2)
TREADMILL_KG = (60.0, 160.0)
FEWEST_POINTS = min(PATTERNS)
HOST = Preemption(per_s=3.0)
REST = tuple(t.id for t in all_self_tests() if t.needs == "cells" and not t.guided)
GUIDED = tuple(t.id for t in all_self_tests() if t.needs == "cells" and t.guided)


def _walk_n(t_s: np.ndarray) -> np.ndarray:
    """Newtons (4, n) of somebody who strolls along the deck and back."""
    x_m, y_m = 0.5 * np.sin(0.9 * t_s), 0.1 * np.sign(np.sin(5.0 * t_s))
    return corner_forces(700.0 * (1 + 0.1 * np.sin(10.0 * t_s)), x_m, y_m)


@dataclass(frozen=True)
class Patient:
    """`bare`: the treadmill is not on the cells yet. `shaking_n`: of a belt that is not idle."""

    seed: int
    bare: bool = False
    shaking_n: float | None = None

    def rig(self, *faults: WiringFault) -> Rig:
        random = np.random.default_rng([self.seed, 5])
        force = self.force
        deck = Deck(random.uniform(15, 60), random.uniform(0.03, 0.1)) if random.random() < 0.5 else Deck()
        disturbance = Disturbance(
            vibration_n=random.uniform(0, IDLE_BELT_N) if self.shaking_n is None else self.shaking_n,
            zero_drift_n_per_min=random.uniform(-1, 1) * DRIFT_N_PER_MIN,
            creep_share=random.uniform(0, CREEP_SHARE),
        )
        chips = draw_chips(self.seed, force.chip_rate_sps, noise_n=random.uniform(*NOISE_N))
        standing_kg = 0.0 if self.bare else force.treadmill_kg
        return Rig(self.seed, force, deck, chips, HOST, disturbance, wiring=faults, treadmill_kg=standing_kg)

    @property
    def force(self) -> Force:
        return Force(treadmill_kg=float(np.random.default_rng([self.seed, 6]).uniform(*TREADMILL_KG)))

    def calibrate(self, state: Path) -> None:
        """Tare and load grid, before anything went wrong."""
        rig = self.rig()
        cells, front_end = rig.force.cells, rig.front_end
        plates = [Plate(20.0, 0.1)]
        artefact.save(rig.carry_out(TareMachine(front_end, cells, READING_TIME, belt=False)), state)
        machine = GridMachine(front_end, cells, plates, pattern(cells, FEWEST_POINTS), READING_TIME)
        artefact.save(rig.carry_out(machine), state)

    def examined(
        self, directory: Path, faults: Sequence[WiringFault] = (), guided: bool = False, walking: bool = False
    ) -> list[Finding]:
        """What the self-tests of the load cells find; `walking`: while somebody walks to and fro on the deck."""
        rig = self.rig(*faults)
        if walking:
            rig._played = _walk_n

        @contextmanager
        def cells(life: Life) -> Iterator[tuple]:
            yield rig.front_end, nullcontext

        config = Config(runtime_dir=str(directory), state_dir=str(directory), force=self.force)
        with Life("doctor", config) as life:
            return examine(life, ask=rig.obey, only=REST + GUIDED * guided, open_cells=cells)


def accusations(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.verdict in ("fault", "warning")]
