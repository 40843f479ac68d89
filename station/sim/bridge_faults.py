"""What is wrong between a cell's bridge and its chip's input, as a share of the chip's range: 1 is its end.

Each takes the bridge's own signal (n,) at times (n,) and gives what the chip converts instead.
"""

from collections.abc import Callable

import numpy as np

from station.sim.bridge import RANGE_V_V, exchanged, seen
from station.sim.occasions import Occasions

BridgeFault = Callable[[np.ndarray, np.ndarray], np.ndarray]

MAINS_HZ = 50.0
SUPPLY_V = 3.3
"""Of the chips' analogue side, which the bridge hangs on."""
HUM_V = (1e-4, 5e-3)
"""On an open input. A metre of cable catches some 10 pF to the mains: 1 uA, and more than a volt where nothing drains
it; the 0.1 uF that the common boards have across the inputs leave some millivolts."""
LEAK_RANGES = 3.0
"""Where the leakage of the open inputs (unspecified) takes their voltage: evenly up to this multiple of the range."""
LEAK_TAU_S = (0.3, 3.0)
"""How fast: 0.1 uF and some megohms."""
SPIKE_S = 1e-3
SPIKE_SHARE = (0.1, 1.0)
"""Height of a spike, as a share of the range, before the chip's filter has averaged it over 10 to 40 ms. A motor that
switches on the same supply moves a 5 V rail by some tenths of a volt; a regulator lets some percent of that through."""


def reversed_polarity(signal: np.ndarray, t_s: np.ndarray) -> np.ndarray:
    """A+ and A- exchanged, or E+ and E-."""
    return -signal


def crossed(first: str, second: str) -> BridgeFault:
    """The wires of two of the chip's terminals on each other's: `station.sim.bridge`."""
    wires = exchanged(first, second)

    def fault(signal: np.ndarray, t_s: np.ndarray) -> np.ndarray:
        at_rest, loaded = seen(0.0, wires), seen(1.0, wires)
        return at_rest + (loaded - at_rest) * signal

    return fault


def no_excitation(signal: np.ndarray, t_s: np.ndarray) -> np.ndarray:
    """E+ or E- open: the whole bridge is at one potential."""
    return np.zeros_like(signal)


def open_inputs(seed: list[int]) -> BridgeFault:
    """A+ or A- open, or the whole cell: leakage charges the inputs to wherever it likes, hum on top."""
    random = np.random.default_rng(seed)
    ends = random.uniform(-LEAK_RANGES, LEAK_RANGES)
    tau_s = np.exp(random.uniform(*np.log(LEAK_TAU_S)))
    hum = np.exp(random.uniform(*np.log(HUM_V))) / SUPPLY_V / RANGE_V_V
    wander_hz = random.uniform(0.05, 0.3)

    def fault(signal: np.ndarray, t_s: np.ndarray) -> np.ndarray:
        wander = 0.1 * ends * np.sin(2 * np.pi * wander_hz * t_s)
        return ends * (1 - np.exp(-t_s / tau_s)) + wander + hum * np.sin(2 * np.pi * MAINS_HZ * t_s)

    return fault


def spikes(seed: list[int], per_s: float, highest_share: float = 1.0) -> BridgeFault:
    """Short pulses of either sign."""
    occasions = Occasions(seed, per_s)

    def fault(signal: np.ndarray, t_s: np.ndarray) -> np.ndarray:
        out = signal.copy()
        for at_s, drawn in occasions.between(t_s[0] - SPIKE_S, t_s[-1]):
            low, high = np.multiply(SPIKE_SHARE, highest_share)
            height = (low + (high - low) * abs(2 * drawn - 1)) * np.sign(drawn - 0.5)
            out += height * ((t_s >= at_s) & (t_s < at_s + SPIKE_S))
        return out

    return fault


def shifted(share: float) -> BridgeFault:
    """The zero is off by that share of the range."""
    return lambda signal, t_s: signal + share
