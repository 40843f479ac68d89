"""The deck's resonance from a phone that lies on it: an accelerometer file with taps in it.

Each blow is followed by free ringing; frequency and damping are common to all of them and to all axes. Nothing is
known of the phone's filter, so nothing is concluded from strengths, and what rings beyond half of the sampling rate
comes back mirrored: a frequency counts only where its mirror images cannot be a deck's, or the load cells exclude them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from station.calibration.deck import LEAST_BOUND_HZ
from station.calibration.deck_curvature import standard_deviations
from station.calibration.deck_onsets import Signal, noise, onsets_s
from station.calibration.ring_down import RingDown
from station.errors import CalibrationError
from station.gait.results import DeckResonance
from station.messages import DeckCalibration
from station.records.accelerometer_csv import Accelerometer, read_accelerometer

STRUCK_S = 0.075
"""After a blow was noticed its strongest sample comes within this time."""
PULSE_OVER_S = 0.012
"""After the strongest sample: a soft pulse has ended."""
RINGING_S = 0.6
BEFORE_NEXT_S = 0.03
MIN_BLOWS = 8
USABLE_SHARE = 0.4
"""Of the sampling rate: above, the phone's own filter rules."""
HIGHEST_DECK_HZ = 160.0
"""Above it a deck is as good as stiff: at most 1 % of loading rate."""
MODEL_ERROR = 0.02
"""Of the ringing's largest sample: a phone that lies loosely, a hand that stays a little."""
CLEAR_SHARE = 0.5
"""Ringing must explain at least half of what comes after the blows, and a second mode half of what the first leaves."""
NO_RINGING = 0.4
"""Damping above which what follows a blow is no ringing."""
AT_THE_END = 0.98
"""Of the highest frequency that is looked at: what rings there rings beyond."""
BOUND_SHARE = 0.9
"""Of that frequency: the bound keeps clear of it."""
BOUND_DAMPING = 0.15
"""A deck that nobody hears ringing has at most this damping."""
HEARD = 5.0
"""Times the noise."""
SAFETY = 1.5
FREQUENCY_FLOOR, DAMPING_FLOOR = 0.003, 0.05
TOLD_SD = 0.04
CELLS_SD = 4.0
"""The cells' own frequency decides for the mirror image that lies within so many standard deviations and TOLD_SD."""


@dataclass(frozen=True)
class PhoneFit:
    """What the phone told, and of how many blows."""

    deck: DeckCalibration
    blows: int


@dataclass(frozen=True)
class _Ringing:
    ring: RingDown
    blows: int
    blow_to_noise: float  # of the middle blow

    @property
    def samples(self) -> int:
        return len(self.ring.value)


def measure_deck_by_phone(path: Path, cells: DeckCalibration | None = None) -> PhoneFit:
    """The deck from an accelerometer file. `cells`: what the tap test of the load cells told.

    Raises InputError where the file cannot be used, CalibrationError where its taps tell nothing certain.
    """
    record = read_accelerometer(path)
    found = _ringing(record, str(path))
    highest_hz = min(USABLE_SHARE * record.rate_hz, HIGHEST_DECK_HZ)
    modes = found.ring.add_mode([], highest_hz)
    left = found.ring.misfit(modes)
    unclear = left > (1 - CLEAR_SHARE) * found.ring.misfit([]) or modes[0].damping_ratio > NO_RINGING
    if unclear or modes[0].frequency_hz > AT_THE_END * highest_hz:
        return PhoneFit(_bound(str(path), found, highest_hz), found.blows)
    scale = max(left / found.samples, 1.0)
    two = found.ring.add_mode(modes, highest_hz)
    if scale > 1 and found.ring.misfit(two) < CLEAR_SHARE * left:
        low_hz, high_hz = sorted(mode.frequency_hz for mode in two)
        raise CalibrationError(
            f"{path}: the deck rings at two frequencies, about {low_hz:.0f} and {high_hz:.0f} Hz, which cannot be "
            "taken out as one; stiffen what swings and repeat"
        )
    mode = _unmirrored(str(path), modes[0], record.rate_hz, cells)
    if mode is not modes[0]:
        mode = found.ring.refined([mode], HIGHEST_DECK_HZ)[0]
    return PhoneFit(_told(str(path), found.ring, mode, scale), found.blows)


def _ringing(record: Accelerometer, place: str) -> _Ringing:
    """What follows each blow, on each axis. Raises CalibrationError for too few blows."""
    signals = [Signal(record.t_s, axis, noise(axis, place)) for axis in record.acceleration_m_s2]
    noticed_s = onsets_s(signals)
    if len(noticed_s) < MIN_BLOWS:
        raise CalibrationError(
            f"{place}: {len(noticed_s)} clear taps were found, at least {MIN_BLOWS} are needed; fix the phone to the "
            "deck with tape, wait a second, then strike it 10 to 20 times, a second or two apart; a very stiff deck "
            "shows in the load cells' taps only"
        )
    size = np.max([np.abs(s.value - np.median(s.value)) / s.noise for s in signals], axis=0)
    ages, values, sds, strongest = [], [], [], []
    for onset_s, next_s in zip(noticed_s, np.append(noticed_s[1:], np.inf), strict=True):
        struck = np.flatnonzero((record.t_s >= onset_s) & (record.t_s < onset_s + STRUCK_S))
        peak = struck[np.argmax(size[struck])]
        begin_s = record.t_s[peak] + PULSE_OVER_S
        own = (record.t_s >= begin_s) & (record.t_s < min(begin_s + RINGING_S, next_s - BEFORE_NEXT_S))
        strongest.append(size[peak])
        for signal in signals:
            value = signal.value[own]
            ages.append(record.t_s[own] - begin_s)
            values.append(value)
            sds.append(np.hypot(signal.noise, MODEL_ERROR * np.ptp(value) / 2 if len(value) else 0.0))
    segment = np.repeat(np.arange(len(values)), [len(v) for v in values])
    ring = RingDown(np.concatenate(ages), np.concatenate(values), segment, np.array(sds))
    return _Ringing(ring, len(noticed_s), float(np.median(strongest)))


def _bound(place: str, found: _Ringing, highest_hz: float) -> DeckCalibration:
    """Nothing was heard to ring: below which frequency would a well damped deck have been heard?"""
    heard_for = np.log(found.blow_to_noise / HEARD)  # time constants
    lowest_hz = min(BOUND_SHARE * highest_hz, heard_for / (2 * np.pi * BOUND_DAMPING * PULSE_OVER_S))
    if lowest_hz < LEAST_BOUND_HZ:
        raise CalibrationError(f"{place}: the taps are too weak to hear the deck ring; strike harder")
    return DeckCalibration(stiff=False, at_least_hz=float(lowest_hz))


def _told(place: str, ring: RingDown, mode: DeckResonance, scale: float) -> DeckCalibration:
    frequency_sd_hz, damping_sd = (
        SAFETY * np.sqrt(scale) * sd for sd in standard_deviations(lambda deck: ring.misfit([deck]), mode)
    )
    frequency_sd_hz = float(np.hypot(frequency_sd_hz, FREQUENCY_FLOOR * mode.frequency_hz))
    if frequency_sd_hz > TOLD_SD * mode.frequency_hz:
        raise CalibrationError(
            f"{place}: what rings after the taps is too short or too weak to measure; strike harder, and take the hand "
            "away at once"
        )
    return DeckCalibration(
        stiff=False,
        frequency_hz=mode.frequency_hz,
        damping_ratio=mode.damping_ratio,
        frequency_sd_hz=frequency_sd_hz,
        damping_sd=float(np.hypot(damping_sd, DAMPING_FLOOR * mode.damping_ratio)),
    )


def _unmirrored(place: str, heard: DeckResonance, rate_hz: float, cells: DeckCalibration | None) -> DeckResonance:
    """What it really was, where that is certain: `heard` itself or a mirror image of it. Raises CalibrationError."""
    turns = range(int(HIGHEST_DECK_HZ / rate_hz) + 2)
    images = {abs(turn * rate_hz + sign * heard.frequency_hz) for turn in turns for sign in (-1, 1)}
    possible = sorted(hz for hz in images if hz <= HIGHEST_DECK_HZ and _agrees(hz, cells))
    if not possible:
        raise CalibrationError(
            f"{place}: the phone heard {heard.frequency_hz:.1f} Hz, which the load cells' taps exclude; fix the phone "
            "to the deck's frame with tape and repeat both"
        )
    if len(possible) > 1:
        named = " or ".join(f"{hz:.0f}" for hz in possible)
        raise CalibrationError(
            f"{place}: at {rate_hz:.0f} samples a second the ringing may be {named} Hz; record with at least "
            f"{2 * HIGHEST_DECK_HZ:.0f} a second"
        )
    if possible[0] == heard.frequency_hz:
        return heard
    return DeckResonance(possible[0], heard.damping_ratio * heard.frequency_hz / possible[0])  # decays as fast


def _agrees(hz: float, cells: DeckCalibration | None) -> bool:
    """True where the load cells do not exclude this frequency."""
    if cells is None:
        return True
    if cells.frequency_hz is None:
        return cells.at_least_hz is None or hz >= cells.at_least_hz
    return abs(hz - cells.frequency_hz) <= CELLS_SD * cells.frequency_sd_hz + TOLD_SD * hz
