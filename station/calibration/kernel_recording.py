"""Recording of a kernel test: a known electrical step, switched on and off at random times while the chips convert."""

import math
import random
from dataclasses import dataclass

import numpy as np

from station.calibration.chip_stretch import chip_stretch
from station.errors import CalibrationError
from station.force.front_end import LoadCellFrontEnd
from station.messages import CHANNELS, SampleBatch, spoken
from station.words import N_

SHORTEST_HOLD_PERIODS = 5.0
LONGEST_HOLD_S = 0.3
"""The switch rests at random between these two, evenly in the logarithm: short rests meet the chip's fast part at all
its phases, long ones show what it does slowly."""
QUIET_PERIODS = 40.0
"""Before and after the switching: they show the chip's own noise."""
SLOWEST_SHARE = 0.85
SETTLED_PERIODS = 8.0
"""After the switch; longer than any averaging, so that only a slow sag and noise are left."""
MIN_NOISE_VALUES = 20


@dataclass(frozen=True)
class Switching:
    """Conversions during the test, and the instants of the switch: on, off, on ..."""

    samples: dict[str, np.ndarray]  # columns of SampleBatch
    toggles_ns: np.ndarray


@dataclass(frozen=True)
class ChipSwitching:
    """One chip's part of the test; times in seconds since the first toggle."""

    place: str  # for messages
    end_s: np.ndarray  # (n,) end of each conversion
    counts: np.ndarray  # (n,)
    toggles_s: np.ndarray
    period_s: float
    noise_counts: float  # sd of a conversion where nothing changes

    @property
    def disturbed(self) -> np.ndarray:
        """(n,) True for the conversions around the toggles."""
        return self.end_s - _last(self.toggles_s, self.end_s) <= SETTLED_PERIODS * self.period_s


def hold_s(rng: random.Random, nominal_rate_sps: float) -> float:
    """How long the switch rests before its next change."""
    return math.exp(rng.uniform(math.log(_shortest_s(nominal_rate_sps)), math.log(LONGEST_HOLD_S)))


def _shortest_s(nominal_rate_sps: float) -> float:
    return SHORTEST_HOLD_PERIODS / (SLOWEST_SHARE * nominal_rate_sps)


def switching_s(nominal_rate_sps: float, repeats: int) -> float:
    """About how long `record_switching` takes: the mean of a hold is that of a log-uniform variable."""
    shortest_s = _shortest_s(nominal_rate_sps)
    mean_hold_s = (LONGEST_HOLD_S - shortest_s) / math.log(LONGEST_HOLD_S / shortest_s)
    return 2.5 * quiet_s(nominal_rate_sps) + 2 * repeats * mean_hold_s


def quiet_s(nominal_rate_sps: float) -> float:
    """How long to record before and after the switching."""
    return QUIET_PERIODS / (SLOWEST_SHARE * nominal_rate_sps)


def record_switching(front_end: LoadCellFrontEnd, rng: random.Random, repeats: int) -> Switching:
    """Toggle the switch at random times while reading."""
    rate_sps = front_end.nominal_rate_sps
    front_end.read(quiet_s(rate_sps) / 2)  # settle
    batches = [front_end.read(quiet_s(rate_sps))]
    toggles_ns = []
    for k in range(2 * repeats):
        toggles_ns.append(front_end.shunt(k % 2 == 0))
        batches.append(front_end.read(hold_s(rng, rate_sps)))
    batches.append(front_end.read(quiet_s(rate_sps)))
    columns = [b.arrays() for b in batches]
    samples = {name: np.concatenate([c[name] for c in columns]) for name in SampleBatch.DTYPES}
    return Switching(samples, np.array(toggles_ns))


def chip_switching(test: Switching, channel: int) -> ChipSwitching:
    """The longest stretch of one chip without a power cycle. Raises CalibrationError where it cannot be used."""
    place = f"kernel test, {spoken(CHANNELS[channel])} load cell"
    epoch_ns = int(test.toggles_ns[0])
    clock, counts = chip_stretch(test.samples, channel, epoch_ns, place)
    toggles_s = (test.toggles_ns - epoch_ns) * 1e-9
    noise_counts = _noise(counts, clock.t_s, clock.index, toggles_s, clock.period_s, place)
    return ChipSwitching(place, clock.t_s, counts, toggles_s, clock.period_s, noise_counts)


def _noise(
    counts: np.ndarray, end_s: np.ndarray, index: np.ndarray, toggles_s: np.ndarray, period_s: float, place: str
) -> float:
    """Sd of a conversion, from second differences where the last toggle is long past: a slow sag cancels in them."""
    last = _last(toggles_s, end_s)
    settled = end_s - last > SETTLED_PERIODS * period_s
    in_a_row = settled[:-2] & settled[2:] & (last[:-2] == last[2:]) & (index[2:] - index[:-2] == 2)
    differences = np.diff(counts, 2)[in_a_row]
    if len(differences) < MIN_NOISE_VALUES:
        raise CalibrationError(
            N_("{place}: too few conversions between the switchings; close other programs and repeat").format(
                place=place
            )
        )
    return float(np.sqrt(np.mean(differences**2) / 6))  # 1 + 4 + 1


def _last(toggles_s: np.ndarray, end_s: np.ndarray) -> np.ndarray:
    """(n,) the last toggle before each conversion's end; -inf before the first."""
    return np.append(-np.inf, toggles_s)[np.searchsorted(toggles_s, end_s)]
