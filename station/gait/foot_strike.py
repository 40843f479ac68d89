"""Foot strike angle: the landing foot's pitch at the instant of contact that the force gives.

Toe-up positive, against the same foot flat (`flat_foot`). The foot turns by 100-500 degrees a second through the
contact, faster than before it, so its angle is read from the frames on both sides of it: a line through the frames
before reads 2-10 degrees too high on the markers of real runners (docs/decisions/0005). All landings of a run turn
alike, along one parabola over the frames about their contacts, and each has a level of its own: with it taken out, the
mean of a landing's frames is its angle, good to 2.2 degrees where points are good to 8 mm
(`tests.benchmarks.marker_runs`). Classes: Altman & Davis 2012, Gait & Posture 35:298.
"""

import itertools
from collections.abc import Sequence

import numpy as np

from station.gait.camera_side import other
from station.gait.foot_course import LEAST_FRAMES, FootCourse, by_points
from station.gait.posture_strides import without_outliers
from station.gait.posture_track import PoseTrack
from station.gait.results import Series, Side, Step, Strike
from station.gait.robust_centre import MAD_TO_SD

REARFOOT_DEG = 8.0
FOREFOOT_DEG = -1.6
_LEAST_FRAMES_ABOUT = 2
_CLOSE_FRAME_PERIODS = 1.0
"""A landing is judged only where one of its frames is as near as this."""
_OUTLIER_SD, _LEAST_OUTLIER_DEG = 4.0, 3.0
_FAR_ANKLE_CONFIDENCE = 0.3


def strike_of(angle_deg: float) -> Strike:
    """Class of one landing."""
    if angle_deg > REARFOOT_DEG:
        return "rearfoot"
    return "forefoot" if angle_deg < FOREFOOT_DEG else "midfoot"


def steps_of_near_foot(track: PoseTrack, steps: Sequence[Step], side: Side, near: Side) -> list[Step]:
    """The contacts of the foot the camera sees, which is the runner's `side` and carries the keypoint labels `near`.

    Where the load cells could not name the sides, the lower ankle in mid-stance tells which of the two alternating
    feet it is: one decision for each unbroken chain of steps.
    """
    if any(step.side is not None for step in steps):
        return [step for step in steps if step.side == side]
    below_px = track.point("ankle", near)[:, 1] - track.point("ankle", other(near), _FAR_ANKLE_CONFIDENCE)[:, 1]
    t_s = track.time_of("ankle", near)
    of_near: list[Step] = []
    for chain in _unbroken(steps):
        lower = np.array([_during_stance(t_s, below_px, step) for step in chain])
        sign = np.resize([1.0, -1.0], len(chain))
        vote = np.nansum(sign * lower)
        if vote != 0:
            of_near += [step for step, s in zip(chain, sign, strict=True) if s * vote > 0]
    return of_near


def foot_strike_angles(from_flat: FootCourse, frame_rate_hz: float, steps: Sequence[Step], near: Side) -> Series:
    """Angle of each contact of the near foot that has its frames: `t_s` = instant of contact, degrees.

    `from_flat`: the foot's angle against the flat one; `steps` are contacts of the near foot only.
    """
    landing, since_s, angle_deg = from_flat.about(steps)
    if len(landing) < LEAST_FRAMES:
        return Series(np.zeros(0), np.zeros(0), np.zeros(0, str))
    at_contact_deg, _, kept = _turned_to_contact(landing, since_s, angle_deg)
    contact_s = np.array([step.contact_s for step in steps])
    landing, since_s = landing[kept], since_s[kept]
    frames = np.bincount(landing, minlength=len(steps))
    close = landing[np.abs(since_s) <= _CLOSE_FRAME_PERIODS / frame_rate_hz]
    judged = (frames >= _LEAST_FRAMES_ABOUT) & (np.bincount(close, minlength=len(steps)) > 0)
    total_deg = np.bincount(landing, at_contact_deg[kept], minlength=len(steps))
    mean_deg = total_deg[judged] / frames[judged]
    return without_outliers(Series(contact_s[judged], mean_deg, np.full(judged.sum(), near)))


def landing_turn_deg_s(track: PoseTrack, steps: Sequence[Step], near: Side, direction: int) -> float | None:
    """How fast the near foot turns at its contacts `steps`, toe-up positive: what an error of the clock is worth."""
    landing, since_s, pitch_deg = by_points(track, near, direction).about(steps)
    return float(_turned_to_contact(landing, since_s, pitch_deg)[1]) if len(landing) >= LEAST_FRAMES else None


def _turned_to_contact(
    landing: np.ndarray, since_s: np.ndarray, angle_deg: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray]:
    """(m,) angle of each frame, the turn since the contact taken out; its speed; (m,) which frames are of this foot.

    The turn is the parabola through 0 that makes the frames of one landing most alike.
    """
    powers = np.column_stack([since_s, since_s**2])
    kept = np.ones(len(landing), bool)
    for _ in range(2):  # once more without the frames in which another leg was taken for this one
        own = _minus_landing_mean(np.column_stack([powers, angle_deg])[kept], landing[kept])
        turn = np.linalg.lstsq(own[:, :2], own[:, 2], rcond=None)[0]
        at_contact_deg = angle_deg - powers @ turn
        of_landings = np.split(at_contact_deg, np.flatnonzero(np.diff(landing)) + 1)
        off_deg = np.abs(np.concatenate([values - np.median(values) for values in of_landings]))
        kept = off_deg <= max(_OUTLIER_SD * MAD_TO_SD * np.median(off_deg), _LEAST_OUTLIER_DEG)
    return at_contact_deg, turn[0], kept


def _minus_landing_mean(columns: np.ndarray, landing: np.ndarray) -> np.ndarray:
    count = np.maximum(np.bincount(landing), 1)
    means = np.column_stack([np.bincount(landing, column) / count for column in columns.T])
    return columns - means[landing]


def _unbroken(steps: Sequence[Step]) -> list[list[Step]]:
    """Chains of steps without a missed one in between."""
    contact_s = np.array([step.contact_s for step in steps])
    gaps = np.diff(contact_s)
    breaks = np.flatnonzero(gaps > 1.5 * np.median(gaps)) + 1 if len(gaps) else np.zeros(0, int)
    edges = [0, *breaks, len(steps)]
    return [list(steps[a:b]) for a, b in itertools.pairwise(edges)]


def _during_stance(t_s: np.ndarray, values: np.ndarray, step: Step) -> float:
    """Median over the middle of a stance, NaN where nothing was seen."""
    margin_s = 0.2 * (step.toe_off_s - step.contact_s)
    inside = values[(t_s > step.contact_s + margin_s) & (t_s < step.toe_off_s - margin_s)]
    inside = inside[np.isfinite(inside)]
    return float(np.median(inside)) if len(inside) else np.nan
