"""The switch of the kernel test: a resistor across one arm of each cell's bridge, on an output pin.

It works on the bridge, not on the deck: nothing moves, and all four chips see the same known step.
"""

import msgspec
import numpy as np

from station.config import Force

SHUNT_N = 200.0
"""What the switched resistor is worth in load."""
RISE_S = 2e-4
"""The analogue switch, and the filter in front of the converter."""
PIN = 12
"""BCM number; free beside the default pins of the cells."""
LAST_PIN = 27


def fitted(force: Force) -> Force:
    """The same cells with the switch fitted: where the configuration names no pin, on the first free one."""
    if force.shunt_pin is not None:
        return force
    taken = {pin for cell in force.cells.values() for pin in (cell.dout, cell.pd_sck)}
    return msgspec.structs.replace(force, shunt_pin=next(pin for pin in range(PIN, LAST_PIN + 1) if pin not in taken))


class Shunt:
    """Off until its pin is driven high."""

    def __init__(self) -> None:
        self._level = 0
        self._corners_s = np.zeros(1)  # the step is straight between these instants
        self._newtons = np.zeros(1)

    def drive(self, level: int, t_ns: int) -> bool:
        """The pin goes to `level`; True where that changes anything."""
        if level == self._level:
            return False
        self._level = level
        t_s = t_ns * 1e-9
        self._corners_s = np.append(self._corners_s, [t_s, t_s + RISE_S])
        self._newtons = np.append(self._newtons, [self._newtons[-1], SHUNT_N * level])
        return True

    def force_n(self, t_s: np.ndarray) -> np.ndarray:
        return np.interp(t_s, self._corners_s, self._newtons)
