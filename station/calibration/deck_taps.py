"""Finding the blows in the conversions of the four cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from station.calibration.chip_stretch import chip_stretch
from station.calibration.deck_onsets import Signal, noise, onsets_s
from station.gait.results import Kernel
from station.messages import CHANNELS, ChipKernel, spoken

BEFORE_S, AFTER_S = 0.04, 0.6
"""Conversions that belong to a blow."""
APART_S = 10.0
"""Between recordings that are joined: nothing rings on from one into the next."""
MODEL_ERROR = 0.002
"""Of a blow's largest response: what kernel and pulse shape are not known to."""


@dataclass(frozen=True)
class CellRecord:
    """One cell's part of the recording: newtons of unknown zero, in seconds since the recording's begin."""

    signal: Signal
    kernel: Kernel


@dataclass(frozen=True)
class Blows:
    """The conversions after each blow, sorted by segment: segment = number of the blow x 4 + cell."""

    about_s: np.ndarray  # (blows,) when each came, to a few hundredths of a second
    t_s: np.ndarray  # (n,)
    force_n: np.ndarray  # (n,)
    segment: np.ndarray  # (n,)
    sd_n: np.ndarray  # (blows x 4,) of a conversion

    @property
    def count(self) -> int:
        return len(self.about_s)

    @classmethod
    def joined(cls, parts: Sequence["Blows"]) -> "Blows":
        """Those of several recordings, each on its own time axis: one after the other, long apart."""
        before = np.cumsum([0, *(part.count for part in parts)])
        begin_s = np.cumsum([0.0, *(part.t_s.max(initial=0.0) + APART_S for part in parts)])
        return cls(
            np.concatenate([part.about_s + later_s for part, later_s in zip(parts, begin_s, strict=False)]),
            np.concatenate([part.t_s + later_s for part, later_s in zip(parts, begin_s, strict=False)]),
            np.concatenate([part.force_n for part in parts]),
            np.concatenate([part.segment + len(CHANNELS) * n for part, n in zip(parts, before, strict=False)]),
            np.concatenate([part.sd_n for part in parts]),
        )

    def only(self, keep: np.ndarray) -> "Blows":
        """Without the blows where `keep` (blows,) is False."""
        number = np.cumsum(keep) - 1
        blow = self.segment // len(CHANNELS)
        inside = keep[blow]
        segment = number[blow[inside]] * len(CHANNELS) + self.segment[inside] % len(CHANNELS)
        sd_n = self.sd_n.reshape(-1, len(CHANNELS))[keep].ravel()
        return Blows(self.about_s[keep], self.t_s[inside], self.force_n[inside], segment, sd_n)


def cell_records(
    columns: Mapping[str, np.ndarray], newton_per_count: np.ndarray, kernels: Sequence[ChipKernel]
) -> list[CellRecord]:
    """The four cells from columns of SampleBatch. Raises CalibrationError where a chip cannot be used."""
    epoch_ns = int(columns["t_low_ns"].min(initial=np.iinfo(np.int64).max))
    records = []
    for channel, (gain, known) in enumerate(zip(newton_per_count, kernels, strict=True)):
        place = f"tap test, {spoken(CHANNELS[channel])} load cell"
        clock, counts = chip_stretch(columns, channel, epoch_ns, place)
        kernel = Kernel(known.order, clock.period_s, known.delay_s, tuple(known.taps))
        force_n = counts * gain
        records.append(CellRecord(Signal(clock.t_s, force_n, noise(force_n, place)), kernel))
    return records


def find_blows(cells: Sequence[CellRecord]) -> Blows:
    """All blows of the recording, also none."""
    signals = [cell.signal for cell in cells]
    about_s = onsets_s(signals)
    ends_s = np.minimum(about_s + AFTER_S, np.append(about_s[1:] - BEFORE_S, np.inf))
    parts = []
    for k, (onset_s, end_s) in enumerate(zip(about_s, ends_s, strict=True)):
        for c, signal in enumerate(signals):
            own = (signal.t_s >= onset_s - BEFORE_S) & (signal.t_s < end_s)
            parts.append((signal.t_s[own], signal.value[own], np.full(own.sum(), k * len(cells) + c)))
    if not parts:
        return Blows(*[np.zeros(0)] * 3, np.zeros(0, int), np.zeros(0))
    t_s, force_n, segment = (np.concatenate(column) for column in zip(*parts, strict=True))
    largest_n = np.array([np.ptp(force) / 2 if len(force) else 0.0 for _, force, _ in parts])
    noise_n = np.tile([signal.noise for signal in signals], len(about_s))
    return Blows(about_s, t_s, force_n, segment, np.hypot(noise_n, MODEL_ERROR * largest_n))
