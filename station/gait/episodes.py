"""What the runner did when: running, walking, standing on the belt, off the deck.

Nobody is on the deck while it carries next to nothing for longer than any flight. Who stands does not swing the force.
Between those somebody moves: windows of a few seconds are told as running or walking by the shape of the force
(`gait_class`), and where one follows the other the swing of the force, which differs, says when.
"""

from itertools import groupby, pairwise

import numpy as np
from scipy.ndimage import binary_opening, maximum_filter1d, uniform_filter1d

from station.gait.gait_class import SMOOTH_HZ, UNLOADED_BW, Gait, segment_gait
from station.gait.lowpass import zero_phase_lowpass
from station.gait.parts import Episode, EpisodeKind
from station.gait.total_force import GroundForce

RATE_HZ = 100.0
OFF_BW = 0.2
OFF_S = 0.8
"""Twice the longest flight."""
STILL_BW = 0.04
"""Standard deviation of the force of somebody who stands: the limit by which the visit weighs a runner."""
STILL_S = 2.0
SWING_S = 1.0
"""About two steps of walking: their swing shows in each such window."""
FLIGHTS_PER_S = 1.4
"""Nobody who walks unloads the deck, and nobody steps off and on again so often."""
WINDOW_S, EVERY_S = 4.0, 1.0
LEAST_WINDOW_S = 1.5
LEAST_GAIT_S = 4.0
"""A change of gait for less is a stumble, or a window that was told wrongly."""
SEARCH_S = 3.0
"""On either side of where the windows change their gait."""
_AGAINST_ZERO = 1e-3


def find_episodes(ground: GroundForce, body_weight_n: float) -> tuple[Episode, ...]:
    """The episodes of the whole of `ground`, one after the other without a gap; none where nothing can be told."""
    every = round(ground.rate_hz / RATE_HZ)
    force, moment = (
        zero_phase_lowpass(values, ground.rate_hz, SMOOTH_HZ)[::every] / body_weight_n
        for values in (ground.force_n, ground.moment_x_nm)
    )
    swing = _swing(force)
    off = _lasting(force < OFF_BW, OFF_S)
    still = _widened(_lasting(_quiet(swing) & ~off, STILL_S - SWING_S)) & ~off
    at_rest = np.where(off, "off_deck", np.where(still, "standing", ""))
    kinds: list[tuple[EpisodeKind | None, int, int]] = []
    for kind, start, end in _runs(at_rest):
        kinds += [(kind, start, end)] if kind else _moving(force, moment, swing, start, end)
    return _episodes(_without_unknown(kinds), float(ground.t_s[0]), float(ground.t_s[-1]))


def _swing(force: np.ndarray) -> np.ndarray:
    """(n,) standard deviation of the force in the SWING_S about each instant."""
    width = round(SWING_S * RATE_HZ)
    mean, square = (uniform_filter1d(values, width, mode="nearest") for values in (force, force**2))
    return np.sqrt(np.maximum(square - mean**2, 0.0))


def _quiet(swing: np.ndarray) -> np.ndarray:
    return swing < STILL_BW


def _lasting(flag: np.ndarray, least_s: float) -> np.ndarray:
    """(n,) True only where `flag` is so for `least_s` or more."""
    return binary_opening(flag, np.ones(round(least_s * RATE_HZ), bool))


def _widened(flag: np.ndarray) -> np.ndarray:
    """By what a window of the swing lies on either side of its middle: there, too, nobody moved."""
    return maximum_filter1d(flag.astype(np.uint8), round(SWING_S * RATE_HZ)).astype(bool)


def _runs(values: np.ndarray) -> list[tuple[str, int, int]]:
    """(value, first, behind the last) of each run of equal values."""
    edges = [0, *(np.flatnonzero(values[1:] != values[:-1]) + 1).tolist(), len(values)]
    return [(str(values[a]), a, b) for a, b in pairwise(edges) if b > a]


def _moving(
    force: np.ndarray, moment: np.ndarray, swing: np.ndarray, start: int, end: int
) -> list[tuple[EpisodeKind | None, int, int]]:
    """The gaits of a stretch in which somebody moves; None where none can be told."""
    width, every = round(WINDOW_S * RATE_HZ), round(EVERY_S * RATE_HZ)
    width = min(width, end - start)
    if width < LEAST_WINDOW_S * RATE_HZ:
        return [(None, start, end)]
    firsts = np.arange(start, end - width + 1, every)
    votes = [_gait(force[k : k + width], moment[k : k + width]) for k in firsts]
    return _refined(_gaits(votes, firsts + width // 2), swing, start, end)


def _gait(force: np.ndarray, moment: np.ndarray) -> Gait:
    """Flights alone tell running; the rest is told by where in the stance the force is."""
    flights = np.count_nonzero(np.diff((force < UNLOADED_BW).astype(np.int8)) == 1)
    return "running" if flights >= FLIGHTS_PER_S * len(force) / RATE_HZ else segment_gait(force, moment, RATE_HZ)


def _gaits(votes: list[Gait], middles: np.ndarray) -> list[tuple[EpisodeKind | None, int, int]]:
    """(gait, first and last middle of its windows) of each change of gait that lasts."""
    known = [(vote, int(middle)) for vote, middle in zip(votes, middles, strict=True) if vote != "other"]
    groups = [(gait, [middle for _, middle in group]) for gait, group in groupby(known, key=lambda pair: pair[0])]
    longest = max((g[1][-1] - g[1][0] for g in groups), default=0)
    least = min((LEAST_GAIT_S - EVERY_S) * RATE_HZ, longest)
    kept = [(gait, at[0], at[-1]) for gait, at in groups if at[-1] - at[0] >= least]
    merged = [(gait, list(group)) for gait, group in groupby(kept, key=lambda g: g[0])]
    return [(gait, group[0][1], group[-1][2]) for gait, group in merged]


def _refined(
    gaits: list[tuple[EpisodeKind | None, int, int]], swing: np.ndarray, start: int, end: int
) -> list[tuple[EpisodeKind | None, int, int]]:
    """The gaits of start..end, each boundary where the swing of the force changes."""
    if not gaits:
        return [(None, start, end)]
    reach = round(SEARCH_S * RATE_HZ)
    edges = [start]
    for (_, _, last), (_, first, _) in pairwise(gaits):
        low, high = max(edges[-1], last - reach // 2), min(end, first + reach // 2)
        edges.append(low + _best_split(np.log(swing[low:high] + _AGAINST_ZERO)))
    edges.append(end)
    return [(gait, a, b) for (gait, _, _), (a, b) in zip(gaits, pairwise(edges), strict=True)]


def _best_split(values: np.ndarray) -> int:
    """Where (n,) falls into two levels with the least squares left."""
    total, count = np.cumsum(values), np.arange(1, len(values) + 1)
    left = total[:-1] ** 2 / count[:-1]
    right = (total[-1] - total[:-1]) ** 2 / (len(values) - count[:-1])
    return int(np.argmax(left + right)) + 1


def _without_unknown(kinds: list[tuple[EpisodeKind | None, int, int]]) -> list[tuple[EpisodeKind, int, int]]:
    """What was too short to tell goes to what came before, else after it; equals are joined."""
    told: list[tuple[EpisodeKind, int, int]] = []
    untold_from: int | None = None
    for kind, start, end in kinds:
        if kind is None and not told:
            untold_from = start if untold_from is None else untold_from
        elif kind is None or (told and told[-1][0] == kind):
            told[-1] = (told[-1][0], told[-1][1], end)
        else:
            told.append((kind, start if untold_from is None else untold_from, end))
            untold_from = None
    return told


def _episodes(kinds: list[tuple[EpisodeKind, int, int]], start_s: float, end_s: float) -> tuple[Episode, ...]:
    """On the time axis of the run; the last one takes its last instant."""
    last = kinds[-1][2] if kinds else 0
    return tuple(
        Episode(kind, start_s + a / RATE_HZ, end_s if b == last else start_s + b / RATE_HZ) for kind, a, b in kinds
    )
