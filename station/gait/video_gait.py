"""Gait by the camera alone: running or walking, cadence, and the strides of the near foot.

Running is told from walking by the spring and the pendulum (Cavagna 1977, Am J Physiol 233:R243): over the middle of
the stance a runner's hips are at their lowest and a walker's at their highest, at every speed and with or without
flight. The feet pass each other there and are furthest apart half a step away, so the height of the hips and the
distance between the ankles rise and fall together in running and against each other in walking. That distance does not
care which ankle is called left.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.signal import butter, csd, find_peaks, sosfiltfilt, welch

from station.gait.posture_angles import length_px
from station.gait.posture_clean import even_stretches
from station.gait.posture_strides import Strides, strides_between
from station.gait.posture_track import PoseTrack
from station.gait.results import SIDES, Side

GRID_HZ = 30.0
_LEAST_STRETCH_S = 3.0
_WINDOW_S = 3.0
_STEP_HZ = (1.2, 4.2)
_LEAST_COHERENCE = 0.5
_LEAST_COSINE = 0.3
_LEAST_SPREAD_LEGS = 0.15
"""Least range of the distance between the ankles, in leg lengths: below it nobody is stepping."""
_FAR_CONFIDENCE = 0.3


@dataclass(frozen=True)
class VideoGait:
    """What the camera alone says. `strides` begin where the near foot is furthest ahead, just before it lands."""

    gait: Literal["running", "walking", "other"]
    cadence_spm: float | None
    strides: Strides


@dataclass(frozen=True)
class _Stretch:
    """Signals of one even stretch of frames on a grid of GRID_HZ, in leg lengths."""

    t_s: np.ndarray
    hip_height: np.ndarray  # up
    spread: np.ndarray  # distance between the ankles along the belt, >= 0
    near_ankle: np.ndarray  # ahead of the hip


def video_gait(track: PoseTrack, near: Side, direction: int) -> VideoGait:
    """Judge the longest even stretches of the track; gait `other` where they are too short or nothing repeats."""
    stretches = _stretches(track, near, direction)
    strides = strides_between(np.concatenate([_furthest_ahead(s) for s in stretches])) if stretches else _NO_STRIDES
    cadence = 120.0 / float(np.median(strides.end_s - strides.start_s)) if len(strides) else None
    longest = max(stretches, key=lambda s: len(s.t_s), default=None)
    return VideoGait(_gait(longest) if longest else "other", cadence, strides)


_NO_STRIDES = Strides(np.zeros(0), np.zeros(0))


def _gait(stretch: _Stretch) -> Literal["running", "walking", "other"]:
    """By the phase between the hips' height and the ankles' distance at the step frequency."""
    if np.ptp(stretch.spread) < _LEAST_SPREAD_LEGS:
        return "other"
    window = min(len(stretch.t_s), round(_WINDOW_S * GRID_HZ))
    options = {"fs": GRID_HZ, "nperseg": window, "detrend": "linear"}
    frequency_hz, spread = welch(stretch.spread, **options)
    hip = welch(stretch.hip_height, **options)[1]
    cross = csd(stretch.spread, stretch.hip_height, **options)[1]
    steps = np.flatnonzero((frequency_hz >= _STEP_HZ[0]) & (frequency_hz <= _STEP_HZ[1]))
    peak = steps[np.argmax(spread[steps] * hip[steps])]
    around = slice(max(peak - 1, 0), peak + 2)
    power = float(np.sqrt(spread[around].sum() * hip[around].sum()))
    together = complex(cross[around].sum())
    if power == 0 or abs(together) < _LEAST_COHERENCE * power:
        return "other"
    cosine = together.real / abs(together)
    if abs(cosine) < _LEAST_COSINE:
        return "other"
    return "running" if cosine > 0 else "walking"


def _furthest_ahead(stretch: _Stretch) -> np.ndarray:
    """Instants at which the near ankle is furthest ahead of the hip, once a stride."""
    sos = butter(2, 5.0, fs=GRID_HZ, output="sos")
    ahead = sosfiltfilt(sos, stretch.near_ankle)
    peaks, _ = find_peaks(ahead, distance=round(0.4 * GRID_HZ), prominence=0.3 * np.ptp(ahead))
    left, middle, right = ahead[peaks - 1], ahead[peaks], ahead[peaks + 1]
    bend = np.minimum(left - 2 * middle + right, -1e-12)
    vertex = 0.5 * (left - right) / bend  # of the parabola through three samples
    return stretch.t_s[peaks] + np.clip(vertex, -1, 1) / GRID_HZ


def _stretches(track: PoseTrack, near: Side, direction: int) -> list[_Stretch]:
    points = {s: (track.point("hip", s), track.point("ankle", s, _FAR_CONFIDENCE)) for s in SIDES}
    hip, ankle = points[near]
    far_ankle = points["left" if near == "right" else "right"][1]
    usable = np.flatnonzero(np.isfinite(hip).all(axis=1) & np.isfinite(ankle[:, 0]) & np.isfinite(far_ankle[:, 0]))
    if not len(usable):
        return []
    leg_px = float(np.quantile(length_px(hip[usable], ankle[usable]), 0.9))  # as long as in a straight leg
    if leg_px == 0:
        return []
    stretches = []
    for frames in even_stretches(track.t_s, usable, track.frame_rate_hz):
        t_s = track.t_s[frames]
        if t_s[-1] - t_s[0] < _LEAST_STRETCH_S:
            continue
        grid_s = np.arange(t_s[0], t_s[-1], 1 / GRID_HZ)
        signals = (
            -hip[frames, 1],
            np.abs(ankle[frames, 0] - far_ankle[frames, 0]),
            direction * (ankle[frames, 0] - hip[frames, 0]),
        )
        stretches.append(_Stretch(grid_s, *(np.interp(grid_s, t_s, signal) / leg_px for signal in signals)))
    return stretches
