"""A load cell or its chip breaks in mid-run, at the simulated pins."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from station.sim.hx711_chip import Fault
from station.sim.loaded_deck import CellForces
from station.sim.rig import Rig

CHANNEL = 2
Break = Callable[[Rig], None]


def _at_the_pins(fault: Fault) -> Break:
    def break_(rig: Rig) -> None:
        rig.chips[CHANNEL].fault = fault

    return break_


def _noisy(rig: Rig) -> None:
    rig.chips[CHANNEL].spec = replace(rig.chips[CHANNEL].spec, noise_n=400.0)


def _no_cell(rig: Rig) -> None:
    """The plug between cell and chip comes off: the chip converts its own noise."""
    rig.chips[CHANNEL]._cell_force_n = lambda t_s: np.zeros(len(t_s))


BREAKS: dict[str, Break] = {
    "dead": _at_the_pins(Fault.UNPLUGGED),
    "stuck high": _at_the_pins(Fault.STUCK_HIGH),
    "stuck low": _at_the_pins(Fault.STUCK_LOW),
    "noisy": _noisy,
    "without its cell": _no_cell,
}


def breaking(break_: Break, at_s: float) -> Callable[[Rig, CellForces], CellForces]:
    """The forces as given; once a chip asks for those after `at_s` (which it does up to 0.8 s ahead), it breaks."""

    def harmed(rig: Rig, pressed_n: CellForces) -> CellForces:
        broken = False

        def pressing(t_s: np.ndarray) -> np.ndarray:
            nonlocal broken
            if not broken and len(t_s) and t_s[-1] > at_s:
                broken = True
                break_(rig)
            return pressed_n(t_s)

        return pressing

    return harmed
