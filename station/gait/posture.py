"""Posture of a run from keypoints: head, trunk, arms, shoulder line and the landing foot, one value a stride.

Frames may be uneven in time. Strides come from the load cells' contacts where there are any, else from the keypoints.
Everything that cannot be measured carries its reason.
"""

from collections.abc import Callable, Sequence

import numpy as np

from station.gait.bootstrap import block_bootstrap_means, interval
from station.gait.camera_side import facing, side_of
from station.gait.flat_foot import FlatFoot, flat_foot
from station.gait.foot_course import NOWHERE
from station.gait.foot_strike import foot_strike_angles, steps_of_near_foot
from station.gait.posture_arms import forearm_across, forearm_px
from station.gait.posture_clean import clean
from station.gait.posture_drift import drift
from station.gait.posture_frames import ARM_SWING, View, frame_angles, refusals, standing_angles
from station.gait.posture_gates import (
    LEAST_FPS_FOOT,
    body_height_px,
    in_frame_share,
    not_a_flat_foot,
    others_share,
    refuse_picture,
)
from station.gait.posture_joints import at_joints
from station.gait.posture_strides import Strides, stride_means, stride_ranges, stride_swings, strides_of_steps
from station.gait.posture_track import PoseTrack
from station.gait.results import POSTURE_ANGLES, SIDES, Measure, PostureResult, Series, Side, Step
from station.gait.video_gait import VideoGait, video_gait
from station.words import N_

FOOT_STRIKE = "foot_strike_angle_deg"
LEAST_STRIDES = 4
_FAR_FOOT = N_("This foot is on the far side: the camera does not see it well enough.")
_NOT_RUNNING = {
    "walking": N_("This is walking: only running is measured."),
    "other": N_("No steady running could be followed in the picture."),
}
_PER_STRIDE: dict[str, Callable[[np.ndarray, np.ndarray, Strides], Series]] = {
    "neck_inclination_deg": stride_means,
    "neck_relative_deg": stride_means,
    "trunk_lean_deg": stride_means,
    "elbow_angle_deg": stride_means,
    "shoulder_rotation_deg": stride_swings,
    ARM_SWING: stride_ranges,
}


def analyse_posture(
    t_s: np.ndarray,
    xy_px: np.ndarray,
    confidence: np.ndarray,
    *,
    width_px: int,
    height_px: int,
    frame_rate_hz: float,
    row_s: float = 0.0,
    foot_turn_deg: np.ndarray | None = None,
    contacts: Sequence[Step] | None = None,
    standing: tuple[np.ndarray, np.ndarray] | None = None,
    camera_side: Side | None = None,
    roll_deg: float = 0.0,
    people: np.ndarray | None = None,
    background_px_s: np.ndarray | None = None,
    seed: int = 1,
) -> PostureResult:
    """All that the camera says of a run.

    t_s (n,), xy_px (n, 33, 2), confidence (n, 33): the frames, on the time axis of `contacts`; legs already told apart.
    contacts: the load cells' steps of a run (sides known or not); None or empty = no load cells. standing: (xy_px,
    confidence) of the standing reference. row_s, foot_turn_deg: as in PoseTrack. camera_side: overrides the side found
    in the picture. roll_deg: by which the belt's edge falls towards image right. people: persons seen at each check.
    background_px_s: speed of the background.
    """
    track = PoseTrack.of(t_s, xy_px, confidence, width_px, height_px, frame_rate_hz, row_s, foot_turn_deg)
    quality = {
        "frames": len(track.t_s),
        "frame_rate_hz": track.frame_rate_hz,
        "body_height_px": body_height_px(track),
        "roll_deg": roll_deg,
        "in_frame_share": in_frame_share(track),
        "others_share": others_share(people),
    }
    reason = refuse_picture(track, people, background_px_s, roll_deg)
    direction = facing(track)
    if direction is None:
        return _nothing(reason or N_("Nobody is seen from the side."), camera_side, None, quality)
    view = View(side_of(direction), direction, roll_deg)
    side = camera_side or view.near
    quality["camera_side_found"] = view.near
    seen = video_gait(track, view.near, direction) if not contacts else None
    if reason or (seen is not None and seen.gait != "running"):
        return _nothing(reason or _NOT_RUNNING[seen.gait], side, seen, quality)
    strides = strides_of_steps(contacts, side) if seen is None else seen.strides
    rng = np.random.default_rng([seed % 2**32, 33])
    still = _standing_track(track, standing)
    series, reasons = _stride_series(track, view, still, strides)
    measures = {key: _measure(series.get(key), reasons.get(key), rng, len(strides)) for key in POSTURE_ANGLES}
    measures["neck_drift_deg"] = (
        drift(series["neck_relative_deg"], rng)
        if "neck_relative_deg" in series
        else Measure.missing(reasons["neck_relative_deg"])
    )
    flat, landings, feet = _feet(track, contacts, still, side, view, rng)
    return PostureResult(
        gait="running",
        camera_side=side,
        measures=measures,
        series=series | ({FOOT_STRIKE: landings} if landings is not None else {}),
        foot_strike_angle_deg=feet,
        standing=standing_angles(still, view),
        cadence_spm=seen.cadence_spm if seen is not None else _cadence_spm(strides),
        quality={**quality, "strides": len(strides), "flat_foot_seen_in": flat.seen_in if flat else None},
    )


def _stride_series(
    track: PoseTrack, view: View, standing: PoseTrack | None, strides: Strides
) -> tuple[dict[str, Series], dict[str, str]]:
    """One value a stride by angle, and the reasons of those left out."""
    reasons = refusals(track, view)
    cleaned = clean(track)
    angles = frame_angles(cleaned, view)
    series = {key: per_stride(track.t_s, angles[key], strides) for key, per_stride in _PER_STRIDE.items()}
    moving_px, hanging_px = (_forearm_px(seen, view.near) for seen in (cleaned, standing))
    longest_px = float(np.nanmedian(hanging_px)) if np.isfinite(hanging_px).any() else None
    series["forearm_across_deg"] = forearm_across(track.t_s, moving_px, strides, longest_px)
    return {key: values for key, values in series.items() if key not in reasons}, reasons


def _forearm_px(track: PoseTrack | None, near: Side) -> np.ndarray:
    """(n,) apparent length of the near forearm, from joint to joint."""
    return forearm_px(at_joints(track, near), near) if track is not None else np.zeros(0)


def _standing_track(track: PoseTrack, standing: tuple[np.ndarray, np.ndarray] | None) -> PoseTrack | None:
    if standing is None or not len(standing[0]):
        return None
    t_s = np.arange(len(standing[0])) / track.frame_rate_hz
    return PoseTrack.of(t_s, *standing, track.width_px, track.height_px, track.frame_rate_hz)


def _feet(
    track: PoseTrack,
    contacts: Sequence[Step] | None,
    standing: PoseTrack | None,
    side: Side,
    view: View,
    rng: np.random.Generator,
) -> tuple[FlatFoot | None, Series | None, dict[Side, Measure]]:
    """The near foot flat, the angles of its landings, and the measure of each foot."""
    flat, landings, reason, steps = None, None, None, []
    if not contacts:
        reason = N_("The instant of contact comes from the load cells, and there are none.")
    elif track.frame_rate_hz < LEAST_FPS_FOOT:
        reason = N_(
            "The camera is too slow for the landing foot: {rate_hz:.0f} pictures a second, {needed:.0f} are needed."
        ).format(rate_hz=track.frame_rate_hz, needed=LEAST_FPS_FOOT)
    else:
        steps = steps_of_near_foot(track, contacts, side, view.near)
        flat = flat_foot(track, steps, standing, view.near, view.direction)
        reason = not_a_flat_foot(flat)
        if reason is None:
            from_flat = flat.from_flat if flat else NOWHERE
            landings = foot_strike_angles(from_flat, track.frame_rate_hz, steps, view.near)
    near = _measure(landings, reason, rng, len(steps), few=N_("Too few landings were seen clearly."))
    return flat, landings, {s: near if s == side else Measure.missing(_FAR_FOOT) for s in SIDES}


def _measure(
    series: Series | None,
    reason: str | None,
    rng: np.random.Generator,
    of: int,
    few: str = N_("Too few strides were seen clearly."),
) -> Measure:
    """Mean of a series with its interval, or the reason why there is none; `of`: strides or contacts there were."""
    if series is None:
        return Measure.missing(reason or N_("Not measured."), of=of)
    if len(series.value) < LEAST_STRIDES:
        return Measure.missing(few, len(series.value), of)
    low, high = interval(block_bootstrap_means(series.value, rng))
    return Measure(float(series.value.mean()), low, high, len(series.value), of=of)


def _cadence_spm(strides: Strides) -> float | None:
    return 120.0 / float(np.median(strides.end_s - strides.start_s)) if len(strides) else None


def _nothing(
    reason: str, side: Side | None, seen: VideoGait | None, quality: dict[str, float | int | str | None]
) -> PostureResult:
    """Nothing was measured, for this reason; the gait and the cadence are told where they were seen."""
    return PostureResult(
        gait=seen.gait if seen is not None else "other",
        camera_side=side,
        measures={key: Measure.missing(reason) for key in POSTURE_ANGLES},
        series={},
        foot_strike_angle_deg={s: Measure.missing(reason) for s in SIDES},
        standing={},
        cadence_spm=seen.cadence_spm if seen is not None else None,
        reason=reason,
        quality=quality,
    )
