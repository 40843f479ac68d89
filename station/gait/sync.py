"""Offset between the camera's and the load cells' clocks, from the run itself.

The force says how the body's centre of mass moves up and down: acceleration = (F / BW - 1) g, integrated twice. In the
picture hips and legs say the same. The shift at which both agree best over the whole run is the offset. Frames may be
uneven in time, so the force is taken to the frames, not the other way round, and nothing in the picture is
differentiated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_solve_banded, cholesky_banded
from scipy.signal import butter, sosfiltfilt
from scipy.sparse import csr_array

from station.gait.mass_height import MassHeight, mass_height
from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.posture_track import PoseTrack
from station.gait.results import CellSignal, ForceResult, Measure
from station.gait.robust_centre import MAD_TO_SD
from station.gait.total_force import GRID_RATE_HZ, interpolated_force
from station.gravity import GRAVITY_M_S2
from station.words import N_

SEARCH_S = 1.0
STEP_S = 0.004
MIN_FRAMES = 60
MIN_CORRELATION = 0.6
UNLIKE = N_("The person in the picture does not move as the load cells feel it.")
ONE_STEP_S = 0.1
"""Shifts further apart than this are rival answers: the motion repeats with every step."""
RIVAL_LOG_ODDS = 3.0
ALIKE_S = 0.1
"""Errors of the pose in frames closer than this are alike and count as one."""
PARTS = 6
MOTION_RATE_HZ = 250.0
"""The body moves at less than 20 Hz: a line between such points misses an offset by less than 0.001 ms."""
PART_SEARCH_S = 0.04
TREND_KNOT_S = 3.0
_EMPTY_KNOT = 1e-12
"""Of the largest diagonal term of the normal equations: what holds a knot that has no frames near it."""
LAG_S, LAG_SD_S = 0.0077, 0.0021
HIP_LAG_S, HIP_LAG_SD_S = 0.0074, 0.0037
"""By how much what the picture shows, hips and legs or the hips alone, follows the centre of mass of the whole body,
which the force moves: 4-11 and 1-14 ms in 15 treadmill trials of five runners with markers on pelvis and legs (Fukuchi
et al. 2017, PeerJ 5:e3298; own calculation, the hip taken as the joint and as the middle of the pelvis). Trunk, arms
and soft parts move otherwise than the hips, in each runner in another way. The clocks of these trials agree: at all
belt speeds the pressure is at the same place under the foot, within what 1-2 ms would shift it."""
POSE_SD_S = 0.0047
"""What the pose network adds, another in each runner and clothes and alike in all of his strides: the offset by its
points minus that by the true points of the same pictures is +0.6 +- 4.7 ms (-7 to +12) over 41 rendered runners."""
_OUTLIER_SD = 4.0
"""A point on the hips that jumps aside for a while must not turn the fit."""


@dataclass(frozen=True)
class _Pair:
    """Heights in the picture, trend taken out, and the motion the force predicts."""

    frame_s: np.ndarray  # (n,)
    height: np.ndarray  # (n,) upwards, arbitrary unit
    without_trend: Callable[[np.ndarray], np.ndarray]  # (n,) values at the frames -> the same without slow motion
    motion_s: np.ndarray  # (m,)
    motion: np.ndarray  # (m,) metres

    def correlation(self, offset_s: float) -> float:
        """Of seen and predicted motion, slow parts taken out of both."""
        motion = self._predicted(offset_s)
        return float(motion @ self.height / (np.linalg.norm(motion) * np.linalg.norm(self.height) + 1e-12))

    def outliers(self, offset_s: float) -> np.ndarray:
        """(n,) True where the picture shows something else than the body's motion."""
        motion = self._predicted(offset_s)
        off = np.abs(self.height - motion * (motion @ self.height) / (motion @ motion + 1e-12))
        return off > _OUTLIER_SD * MAD_TO_SD * np.median(off)

    def _predicted(self, offset_s: float) -> np.ndarray:
        return self.without_trend(np.interp(self.frame_s + offset_s, self.motion_s, self.motion))

    def best(self, offsets_s: np.ndarray) -> tuple[float, np.ndarray]:
        """(best of the offsets, refined by a parabola; correlation at each)."""
        r = np.array([self.correlation(o) for o in offsets_s])
        k = int(np.argmax(r))
        if 0 < k < len(r) - 1:
            bend = r[k - 1] - 2 * r[k] + r[k + 1]
            shift = 0.5 * (r[k - 1] - r[k + 1]) / bend if bend < 0 else 0.0
            return float(offsets_s[k] + shift * (offsets_s[1] - offsets_s[0])), r
        return float(offsets_s[k]), r


def camera_offset(track: PoseTrack, cells: Sequence[CellSignal] | None, force: ForceResult) -> Measure:
    """Milliseconds to add to the camera's time to get the load cells' time; missing where it cannot be told."""
    if cells is None or len(force.steps) < 2 or not force.body_weight_n.measured:
        return Measure.missing(N_("it needs running seen by both sensors"))
    motion_s, motion = _predicted_motion(cells, force)
    seen = mass_height(track)
    inside = (seen.t_s >= motion_s[0] + SEARCH_S) & (seen.t_s <= motion_s[-1] - SEARCH_S)
    if inside.sum() < MIN_FRAMES:
        return Measure.missing(N_("the camera saw the hips in too few frames of the run"), int(inside.sum()))
    offsets_s = np.arange(-SEARCH_S, SEARCH_S + STEP_S / 2, STEP_S)
    pair = _pair(seen, inside, motion_s, motion)
    inside[inside] = ~pair.outliers(pair.best(offsets_s)[0])
    pair = _pair(seen, inside, motion_s, motion)
    offset_s, r = pair.best(offsets_s)
    rival = float(r[np.abs(offsets_s - offset_s) > ONE_STEP_S].max(initial=0.0))
    facts = len(np.unique(np.floor(pair.frame_s / ALIKE_S)))
    log_odds = facts / 2 * np.log((1 - rival**2) / (1 - min(r.max(), 0.9999) ** 2))
    if r.max() < MIN_CORRELATION:
        return Measure.missing(UNLIKE, len(pair.frame_s))
    if log_odds < RIVAL_LOG_ODDS:
        return Measure.missing(
            N_("the motion of the hips does not single out one offset to the force"), len(pair.frame_s)
        )
    lag_s, lag_sd_s = (LAG_S, LAG_SD_S) if seen.of_legs else (HIP_LAG_S, HIP_LAG_SD_S)
    half_s = HALF_WIDTH_SD * float(np.linalg.norm([_spread_s(pair, offset_s), lag_sd_s, POSE_SD_S]))
    offset_s += lag_s
    return Measure(1e3 * offset_s, 1e3 * (offset_s - half_s), 1e3 * (offset_s + half_s), len(pair.frame_s))


def _pair(seen: MassHeight, frames: np.ndarray, motion_s: np.ndarray, motion: np.ndarray) -> _Pair:
    """Of the frames marked in `frames` (n,) bool."""
    frame_s = seen.t_s[frames]
    without_trend = _trend_remover(frame_s)
    return _Pair(frame_s, without_trend(seen.height_px[frames]), without_trend, motion_s, motion)


def _predicted_motion(cells: Sequence[CellSignal], force: ForceResult) -> tuple[np.ndarray, np.ndarray]:
    """Vertical motion of the body (metres) over the steps, without what is slower than a step."""
    ground = interpolated_force(cells, force.steps[0].contact_s, force.steps[-1].toe_off_s)
    acceleration = GRAVITY_M_S2 * (ground.force_n / force.body_weight_n.value - 1)
    step_hz = (force.cadence_spm or 150.0) / 60
    highpass = butter(2, 0.3 * step_hz, btype="highpass", fs=GRID_RATE_HZ, output="sos")
    motion = acceleration
    for _ in range(2):
        motion = sosfiltfilt(highpass, np.cumsum(motion - motion.mean()) / GRID_RATE_HZ)
    every = round(GRID_RATE_HZ / MOTION_RATE_HZ)
    return ground.t_s[::every].copy(), motion[::every].copy()


def _trend_remover(frame_s: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Takes the best polyline with a knot every few seconds out of values at the frames; linear in their number.

    A frame lies between two knots, so the normal equations are tridiagonal.
    """
    frames, gaps = len(frame_s), max(1, round((frame_s[-1] - frame_s[0]) / TREND_KNOT_S))
    position = (frame_s - frame_s[0]) / (frame_s[-1] - frame_s[0]) * gaps
    before = np.minimum(position.astype(int), gaps - 1)
    beyond = position - before
    weights, knots = np.column_stack([1 - beyond, beyond]), np.column_stack([before, before + 1])
    polyline = csr_array((weights.ravel(), (np.repeat(np.arange(frames), 2), knots.ravel())), (frames, gaps + 1))
    onto_knots = polyline.T
    normal = onto_knots @ polyline
    diagonal = normal.diagonal()
    bands = np.stack([diagonal + _EMPTY_KNOT * diagonal.max(), np.append(normal.diagonal(1), 0.0)])
    factor = cholesky_banded(bands, lower=True)
    return lambda values: values - polyline @ cho_solve_banded((factor, True), onto_knots @ values)


def _spread_s(pair: _Pair, offset_s: float) -> float:
    """Standard deviation of the offset, from how far parts of the run agree on it."""
    near_s = np.arange(offset_s - PART_SEARCH_S, offset_s + PART_SEARCH_S + STEP_S / 2, STEP_S)
    parts = np.array_split(np.arange(len(pair.frame_s)), PARTS)
    found = [_part(pair, part).best(near_s)[0] for part in parts]
    return float(np.std(found, ddof=1)) / np.sqrt(PARTS)


def _part(pair: _Pair, frames: np.ndarray) -> _Pair:
    """Only these frames; their mean is the only trend."""
    height = pair.height[frames] - pair.height[frames].mean()
    return _Pair(pair.frame_s[frames], height, lambda values: values - values.mean(), pair.motion_s, pair.motion)
