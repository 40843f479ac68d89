"""One simulated HX711 (or HX717): what its two wires do, in nanoseconds of whichever clock drives it.

Facts from the HX711 datasheet V2.0 unless said otherwise: 24 bits, most significant first; DOUT low = a conversion is
ready; 25, 26 or 27 clock pulses set input and gain of the next conversions; PD_SCK high for 60 us powers the chip
down; four conversions pass after power-up and after a change of gain; the output saturates. Not in the datasheet:
an unread conversion is replaced with a short pulse on DOUT, one that ends during a read spoils it (reported by driver
authors), and the filter is a sinc of order 3 (undocumented; order 3 or 4 follows from the settling time).

The chip is lazy: it catches up with time whenever a pin is touched, so that real and virtual clocks are one to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import pi, sin

import numpy as np

from station.sim.chip_filter import STEPS_PER_CONVERSION, filter_weights

POWER_DOWN_NS = 60_000
SETTLING_CONVERSIONS = 4
REPLACED_PULSE_NS = 30_000
"""Assumed length of the DOUT pulse when an unread conversion is replaced."""
HIGHEST, LOWEST = 0x7FFFFF, -0x800000
GAIN = {25: 128, 26: 32, 27: 64}
"""Pulses of a read -> gain of the next conversions; gain 32 reads input B, which is left open."""
NEVER_NS = 2**62

CellForce = Callable[[np.ndarray], np.ndarray]
"""Newtons on one cell at the given times, seconds on the clock that drives the pins."""


class Fault(Enum):
    """What can be wrong between chip and host."""

    UNPLUGGED = "unplugged"  # no power, DOUT open: the host's pull resistor decides
    STUCK_LOW = "stuck low"
    STUCK_HIGH = "stuck high"


@dataclass(frozen=True)
class ChipSpec:
    """One chip and its cell as made: no two are alike."""

    rate_sps: float  # of its own oscillator
    counts_per_newton: float  # at gain 128
    offset_counts: float
    phase: float = 0.5  # of its first conversion, in periods
    order: int = 3
    noise_n: float = 0.1  # rms per conversion
    seed: int = 1
    extra_box_periods: float = 0.0  # length of one more box average
    sag: float = 0.0  # share of the response that comes late
    sag_tau_s: float = 0.06  # how late: time constant of a first-order lag
    wander_s: float = 0.0  # its oscillator strays up to this far from even conversions
    wander_every_s: float = 60.0  # and back


class HX711Chip:
    """The chip behind DOUT and PD_SCK. `dout` and `sck` are called by the pins, with times that never run backwards.

    `ahead`: how many conversions are computed at once; more than 1 only where the force of the near future is
    already decided, and `force_changed` is called when it is decided anew.
    """

    def __init__(self, spec: ChipSpec, cell_force_n: CellForce, start_ns: int, ahead: int = 1) -> None:
        self.spec = spec
        self.fault: Fault | None = None
        self.pull = 1  # level of DOUT where nothing drives it
        self._cell_force_n = cell_force_n
        self._ahead = ahead
        self._period_ns = 1e9 / spec.rate_sps
        self._weights = filter_weights(spec.order, 1 / spec.rate_sps, spec.extra_box_periods, spec.sag, spec.sag_tau_s)
        self._wander_ns = spec.wander_s * 1e9
        self._wander_step = 2 * pi / (spec.wander_every_s * spec.rate_sps)  # radians per conversion
        self._wander_from = 2 * pi * spec.phase  # no two chips wander together
        self._random = np.random.default_rng(spec.seed)
        self._gain = 128
        self._sck = 0
        self._rise_ns = 0
        self._power_up(start_ns, spec.phase)

    # --- the wires ---

    def dout(self, t_ns: int) -> int:
        """Level of DOUT."""
        if t_ns >= self._event_ns:
            self._catch_up(t_ns)
        if self.fault is not None:
            return {Fault.UNPLUGGED: self.pull, Fault.STUCK_LOW: 0, Fault.STUCK_HIGH: 1}[self.fault]
        pulses = self._pulses
        if pulses == 0:
            if not self._ready or t_ns < self._ready_from_ns:
                return 1
            if self._word is None:  # worked out when first seen: a pulse of PD_SCK must not wait for it
                self._word = self._converted()
            return 0
        return (self._word >> (24 - pulses)) & 1 if pulses <= 24 else 1

    def sck(self, level: int, t_ns: int) -> None:
        """PD_SCK is driven to `level`."""
        if t_ns >= self._event_ns:
            self._catch_up(t_ns)
        if level == self._sck:
            return
        self._sck = level
        if level:
            self._rise_ns = t_ns
            self._event_ns = min(self._next_ns, t_ns + POWER_DOWN_NS)
            if self._ready:
                self._pulses += 1
                if self._word is None:
                    self._word = self._converted()
        elif self._down:
            self._power_up(t_ns, phase=1.0)
        else:
            self._event_ns = self._next_ns

    def plug_in(self, t_ns: int) -> None:
        """End a fault; the chip powers up afresh."""
        self.fault = None
        self._power_up(t_ns, phase=1.0)

    def force_changed(self) -> None:
        """The force after the last touched instant is no longer what it was going to be."""
        keep = self._conversion + 1 - self._block_start
        self._block = self._block[: max(keep, 0)]

    # --- the inside ---

    def _power_up(self, t_ns: int, phase: float) -> None:
        self._down = False
        self._ready = False
        self._pulses = 0
        self._word: int | None = None  # of the last conversion; None: nobody looked yet
        self._ready_from_ns = t_ns
        self._settling = SETTLING_CONVERSIONS
        self._first_ns = t_ns + phase * self._period_ns
        self._conversion = -1
        self._next_ns = round(self._first_ns)
        self._event_ns = self._next_ns
        self._block_start = 0
        self._block = np.zeros(0)

    def _catch_up(self, t_ns: int) -> None:
        off_ns = self._rise_ns + POWER_DOWN_NS if self._sck else NEVER_NS
        while self._next_ns <= min(t_ns, off_ns):
            self._end_conversion()
        if t_ns > off_ns and not self._down:
            self._down, self._ready, self._pulses, self._next_ns = True, False, 0, NEVER_NS
        self._event_ns = min(self._next_ns, off_ns) if not self._down else NEVER_NS

    def _end_conversion(self) -> None:
        ended_ns = self._next_ns
        self._conversion += 1
        self._next_ns = round(self._end_ns(self._conversion + 1))
        self._set_gain()
        if self._settling:
            self._settling -= 1
        self._ready_from_ns = ended_ns
        if self._ready and self._pulses == 0:
            self._ready_from_ns += REPLACED_PULSE_NS
        self._ready = self._settling == 0
        self._pulses = 0
        self._word = None

    def _end_ns(self, conversion: int) -> float:
        """When a conversion since power-up ends: evenly, but for the slow wander of the oscillator."""
        end_ns = self._first_ns + conversion * self._period_ns
        if self._wander_ns:
            angle = self._wander_from + conversion * self._wander_step
            end_ns += self._wander_ns * (sin(angle) - sin(self._wander_from))
        return end_ns

    def _set_gain(self) -> None:
        """The pulses of the read that is over choose the gain; a change must settle."""
        gain = GAIN.get(self._pulses, self._gain)
        if gain != self._gain:
            self._gain = gain
            self._settling = SETTLING_CONVERSIONS

    def _converted(self) -> int:
        """The last conversion as the 24-bit word of the shift register."""
        i = self._conversion - self._block_start
        if i >= len(self._block):
            self._block = self._averages(self._conversion, self._ahead)
            self._block_start, i = self._conversion, 0
        newtons = self._block[i] if self._gain != GAIN[26] else 0.0
        counts = (newtons * self.spec.counts_per_newton + self.spec.offset_counts) * self._gain / GAIN[25]
        return max(LOWEST, min(HIGHEST, round(counts))) & 0xFFFFFF

    def _averages(self, first: int, count: int) -> np.ndarray:
        """Newtons (count,) of the conversions from number `first` on, with the noise of the converter."""
        weights = self._weights
        end_ns = self._end_ns(first)
        step_ns = (self._end_ns(first + count) - end_ns) / (count * STEPS_PER_CONVERSION)
        samples = len(weights) + (count - 1) * STEPS_PER_CONVERSION
        back = np.arange(samples) - (len(weights) - 1)
        force_n = self._cell_force_n((end_ns + back * step_ns) * 1e-9)
        windows = np.lib.stride_tricks.sliding_window_view(force_n, len(weights))[::STEPS_PER_CONVERSION]
        return windows @ weights + self.spec.noise_n * self._random.standard_normal(count)
