"""A load cell's bridge and the four wires between it and the chip: what the converter sees, however they are joined.

Four gauges in a ring, E+ S+ E- S-: under load two of them grow and two shrink by the same share (full bridge). The chip
excites between its E+ and E- and converts the difference of its A+ and A-, as a share of that excitation: it is
ratiometric, and its inputs draw no current (HX711 datasheet V2.0: 0.5 AVDD / 128 at gain 128 is the end of the range).
"""

from collections.abc import Mapping

import numpy as np

RANGE_V_V = 0.5 / 128
"""End of the converter's range as a share of the excitation: 3.9 mV/V."""
STRAIGHT = {"E+": "E+", "E-": "E-", "A+": "S+", "A-": "S-"}
"""Chip's terminal -> node of the bridge, as it should be."""
_GAUGES = (("E+", "S+", -1), ("S+", "E-", 1), ("E+", "S-", 1), ("S-", "E-", -1))
"""Ends of each gauge, and whether it grows with the load."""


def exchanged(first: str, second: str) -> dict[str, str]:
    """The wires of two of the chip's terminals, each on the other's."""
    return STRAIGHT | {first: STRAIGHT[second], second: STRAIGHT[first]}


def seen(signal: float, wires: Mapping[str, str]) -> float:
    """What the chip sees (share of its range, beyond 1 it saturates) of a bridge that gives `signal` when wired right.

    Kirchhoff's law at the two nodes that are not excited; all four wires are whole.
    """
    share = signal * RANGE_V_V
    held = {wires["E+"]: 1.0, wires["E-"]: 0.0}
    free = [node for node in STRAIGHT.values() if node not in held]
    conductance, current = np.zeros((2, 2)), np.zeros(2)
    for one, other, grows in _GAUGES:
        siemens = 1 / (1 + grows * share)
        for node, far in ((one, other), (other, one)):
            if node in free:
                row = free.index(node)
                conductance[row, row] += siemens
                if far in held:
                    current[row] += siemens * held[far]
                else:
                    conductance[row, free.index(far)] -= siemens
    volts = held | dict(zip(free, np.linalg.solve(conductance, current), strict=True))
    return float(volts[wires["A+"]] - volts[wires["A-"]]) / RANGE_V_V
