"""The loadings of the deck, one per step: where each begins and ends in the total force."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from station.gait.lowpass import zero_phase_lowpass
from station.gravity import GRAVITY_M_S2

CONTACT_FORCE_N = 50.0
"""Contact and toe-off are the crossings of this force (DESIGN, definitions)."""
HUMP_CUTOFF_HZ = 8.0
"""Leaves one hump a step at up to 4.5 steps a second and merges impact and active peak."""
MIN_STEP_TIME_S = 0.2
MIN_PEAK_BW = 0.8
MIN_PROMINENCE_BW = 0.3
MIN_CONTACT_TIME_S = 0.08
MAX_CONTACT_TIME_S = 0.8
MAX_FLIGHT_TIME_S = 0.4
LEAST_RUNNER_N = 20 * GRAVITY_M_S2
"""Mean force below which nobody is on the deck."""


@dataclass(frozen=True)
class Stances:
    """Loadings in order of time. Each ends in flight or, where the feet overlap, in a valley of the force."""

    start_s: np.ndarray  # (n,)
    end_s: np.ndarray  # (n,)
    from_flight: np.ndarray  # (n,) bool: starts at a 50 N crossing, not in a valley
    to_flight: np.ndarray  # (n,) bool
    cut: np.ndarray  # (n,) bool: the recording begins or ends within it

    def __len__(self) -> int:
        return len(self.start_s)

    @property
    def step_time_s(self) -> float:
        """Median time between loadings that follow each other."""
        return float(np.median(np.diff(self.start_s))) if len(self) > 1 else np.nan

    @property
    def chain(self) -> np.ndarray:
        """(n,) number of the unbroken chain each loading belongs to: a missed step starts the next chain."""
        if len(self) == 0:
            return np.zeros(0, int)
        gaps_s = self.start_s[1:] - self.end_s[:-1]
        step_s = np.diff(self.start_s)
        broken = (gaps_s > MAX_FLIGHT_TIME_S) | (step_s > 1.6 * self.step_time_s)
        return np.concatenate([[0], np.cumsum(broken)])

    @property
    def flights_s(self) -> np.ndarray:
        """(m, 2) beginning and end of the times in the air between two steps of a chain."""
        chain = self.chain
        aloft = (chain[1:] == chain[:-1]) & self.to_flight[:-1] & self.from_flight[1:]
        return np.stack([self.end_s[:-1][aloft], self.start_s[1:][aloft]], axis=1)


def rough_body_weight(force_n: np.ndarray, rate_hz: float) -> float | None:
    """Median of those 2 s means of the force in which somebody (20 kg or more) is on the deck; None without any."""
    loaded_n = loaded_means(force_n, rate_hz)
    return float(np.median(loaded_n)) if len(loaded_n) else None


def loaded_means(force_n: np.ndarray, rate_hz: float) -> np.ndarray:
    """The 2 s means of the force (n,) in which somebody is on the deck."""
    window = int(2 * rate_hz)
    means_n = force_n[: len(force_n) // window * window].reshape(-1, window).mean(axis=1)
    return means_n[means_n > LEAST_RUNNER_N]


def find_stances(t_s: np.ndarray, force_n: np.ndarray, body_weight_n: float) -> Stances:
    """Loadings in the force (n,) at uniform instants `t_s`, plate-filtered or coarser.

    One hump of the 8 Hz force is one step; from its peak the force is followed outwards to 50 N, or to the lowest
    point between two humps where it never falls so far (overlapping feet).
    """
    rate_hz = 1 / (t_s[1] - t_s[0])
    humps = zero_phase_lowpass(force_n, rate_hz, HUMP_CUTOFF_HZ) / body_weight_n
    peaks, _ = find_peaks(
        humps, height=MIN_PEAK_BW, prominence=MIN_PROMINENCE_BW, distance=max(1, int(MIN_STEP_TIME_S * rate_hz))
    )
    bounds = np.concatenate([[0], peaks, [len(force_n) - 1]])
    rows = []
    for before, peak, after in zip(bounds[:-2], peaks, bounds[2:], strict=True):
        start_s, from_flight, start_cut = _edge(t_s, force_n, peak, before, cut=before == 0)
        end_s, to_flight, end_cut = _edge(t_s, force_n, peak, after, cut=after == len(force_n) - 1)
        cut = start_cut or end_cut
        if cut or MIN_CONTACT_TIME_S <= end_s - start_s <= MAX_CONTACT_TIME_S:
            rows.append((start_s, end_s, from_flight, to_flight, cut))
    start_s, end_s, *flags = np.array(rows, float).reshape(-1, 5).T
    return Stances(start_s, end_s, *(flag.astype(bool) for flag in flags))


def _edge(t_s: np.ndarray, force_n: np.ndarray, peak: int, limit: int, cut: bool) -> tuple[float, bool, bool]:
    """(instant, in flight, cut off) where the hump at `peak` ends towards `limit`; `cut`: the recording ends there."""
    way = -1 if limit < peak else 1
    path = np.arange(peak, limit + way, way)
    low = np.flatnonzero(force_n[path] < CONTACT_FORCE_N)
    if len(low):
        inside, outside = path[low[0] - 1], path[low[0]]
        share = (force_n[inside] - CONTACT_FORCE_N) / (force_n[inside] - force_n[outside])
        return float(t_s[inside] + share * (t_s[outside] - t_s[inside])), True, False
    return float(t_s[path[np.argmin(force_n[path])]]), False, cut
