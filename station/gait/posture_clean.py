"""Cleaning of head, trunk and arm keypoints: outliers out, short gaps filled, zero-phase low-pass; no lag anywhere.

Only even stretches of frames are cleaned: a lone frame has no neighbours to be judged by. Feet are never smoothed,
because a filter across the contact would turn the landing foot. Filters: Hampel 1974; zero-lag Butterworth with the
cut-offs of the biomechanics spec, section 1.1.
"""

import dataclasses

import numpy as np
from scipy.signal import butter, sosfiltfilt

from station.gait.posture_track import ARM_CONFIDENCE, SEEN_CONFIDENCE, PoseTrack, index_of
from station.gait.robust_centre import MAD_TO_SD, neighbours

HAMPEL_HALF_WIDTH = 5
HAMPEL_LIMIT = 3.0
_LEAST_LIMIT_PX = 0.5
_LONGEST_GAP_S = 0.100
_LOST_FRAMES = 2
_LEAST_FRAMES = 2 * HAMPEL_HALF_WIDTH + 1

_CUTOFF_HZ = {
    **dict.fromkeys(("nose", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_hip", "right_hip"), 6.0),
    **dict.fromkeys(("left_elbow", "right_elbow", "left_wrist", "right_wrist"), 8.0),
}
_LEAST_CONFIDENCE = dict.fromkeys(("left_elbow", "right_elbow", "left_wrist", "right_wrist"), ARM_CONFIDENCE)


def clean(track: PoseTrack) -> PoseTrack:
    """The track with head, trunk and arm points cleaned; a point filled into a short gap counts as seen."""
    xy_px, confidence = track.xy_px.copy(), track.confidence.copy()
    for name, cutoff_hz in _CUTOFF_HZ.items():
        i = index_of(name)
        least_confidence = _LEAST_CONFIDENCE.get(name, SEEN_CONFIDENCE)
        seen = np.flatnonzero(confidence[:, i] >= least_confidence)
        for stretch in even_stretches(track.t_s, seen, track.frame_rate_hz):
            if len(stretch) < _LEAST_FRAMES:
                continue
            inside = np.arange(stretch[0], stretch[-1] + 1)
            for axis in (0, 1):
                kept = stretch[~is_outlier(xy_px[stretch, i, axis])]
                xy_px[inside, i, axis] = _smoothed(
                    track.t_s[kept], xy_px[kept, i, axis], track.t_s[inside], track.frame_rate_hz, cutoff_hz
                )
            confidence[inside, i] = np.maximum(confidence[inside, i], least_confidence)
    return dataclasses.replace(track, xy_px=xy_px, confidence=confidence)


def even_stretches(t_s: np.ndarray, frames: np.ndarray, frame_rate_hz: float) -> list[np.ndarray]:
    """Runs of `frames` (rising indices into `t_s`) between which no more than two frames are lost."""
    if not len(frames):
        return []
    longest_s = min((_LOST_FRAMES + 1.5) / frame_rate_hz, _LONGEST_GAP_S)
    return np.split(frames, np.flatnonzero(np.diff(t_s[frames]) > longest_s) + 1)


def is_outlier(values: np.ndarray, half_width: int = HAMPEL_HALF_WIDTH, limit: float = HAMPEL_LIMIT) -> np.ndarray:
    """(n,) bool: further than `limit` scaled median absolute deviations from the median of the neighbours."""
    windows = neighbours(values, half_width)
    middle = np.median(windows, axis=1)
    spread = MAD_TO_SD * np.median(np.abs(windows - middle[:, None]), axis=1)
    return np.abs(values - middle) > np.maximum(limit * spread, _LEAST_LIMIT_PX)


def _smoothed(
    t_s: np.ndarray, values: np.ndarray, at_s: np.ndarray, frame_rate_hz: float, cutoff_hz: float
) -> np.ndarray:
    """Low-passed on an even grid at the camera's rate, read back at the frames' own instants."""
    grid_s = np.arange(at_s[0], at_s[-1] + 0.5 / frame_rate_hz, 1 / frame_rate_hz)
    even = np.interp(grid_s, t_s, values)
    sos = butter(2, min(cutoff_hz, 0.4 * frame_rate_hz), fs=frame_rate_hz, output="sos")
    return np.interp(at_s, grid_s, sosfiltfilt(sos, even, padlen=min(len(even) - 1, 15)))
