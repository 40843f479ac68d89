"""The near foot while it stands on the belt: where its heel and toe are, in metres of the deck, and how fast it rides.

Read on the upright plane in which the near foot runs; the belt carries the foot back through it.
"""

from collections.abc import Sequence

import numpy as np

from station.gait.asymmetry import MIN_STEPS
from station.gait.belt_ride import MIN_SPEED_M_S
from station.gait.camera_geometry import CameraGeometry
from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.posture_clean import MAD_TO_SD
from station.gait.posture_track import PoseTrack
from station.gait.results import EarlyCop, FootPlaces, Measure, Side, Step

STANDING = (0.25, 0.60)
"""Share of stance over which the whole foot rests on the belt (biomechanics spec, 1.7)."""
NEAR_PLANE_M = 0.05
"""From the belt's middle line to the near foot: half of a running step's width (Brindle 2014), and half a shoe."""
TOE_CAP_M = 0.045
"""From the network's toe to the tip of the shoe on eleven rendered runners: 27-63 mm. Its heel is that of the shoe:
-6 +- 9 mm."""
PLACE_SD_M = 0.018
"""Of either end of the shoe: together with the force's own error, the index of rendered runners is met to 0.08."""
LEAST_REACH = 0.2
"""Of the stance, from the first to the last picture of a ride: the network's heel creeps while the leg passes over it,
and pictures 0.14 of the stance apart read -13 to +18 %."""
RIDE_SD = 0.04
"""Relative, of the speed: the network's heel against the belt of rendered runners, -1 +- 2.5 %, in long trousers or
beside a second person up to 12 %; belts themselves slow down by 1-3 % under a foot (Willwacher et al. 2021, Sci Rep,
s41598-021-81951-9). Its ankle, which leans forward, reads 6-8 % low."""
_MEDIAN_SD = np.sqrt(np.pi / 2)
"""Standard deviation of a median over that of a mean."""
FEW = "too few pictures show the near foot while it stands on the belt"
NO_RIDE = "what the camera took for the near foot does not ride with a belt"


def belt_speed(track: PoseTrack, geometry: CameraGeometry, steps: Sequence[Step], near: Side) -> Measure:
    """Speed of the belt in m/s from the heel of the near foot; `steps`: its contacts (Fusco & Cretual 2008).

    The median of the stances: in some of them the network sees the other foot.
    """
    x_m = _deck_x_m(track, geometry, "heel", near)
    t_s = track.time_of("heel", near)
    known = np.isfinite(x_m)
    of_step = [_ride_m_s(t_s[here], x_m[here], step) for step in steps if (here := _standing(t_s, step) & known).any()]
    rides = np.array([ride for ride in of_step if ride is not None])
    if len(rides) < MIN_STEPS:
        return Measure.missing(FEW, len(rides))
    speed_m_s = float(np.median(rides))
    if speed_m_s < MIN_SPEED_M_S:
        return Measure.missing(NO_RIDE, len(rides))
    spread_m_s = MAD_TO_SD * float(np.median(np.abs(rides - speed_m_s)))
    random_sd = _MEDIAN_SD * spread_m_s / np.sqrt(len(rides))
    half_width = HALF_WIDTH_SD * float(np.hypot(random_sd, speed_m_s * np.hypot(RIDE_SD, geometry.scale_sd)))
    return Measure(speed_m_s, speed_m_s - half_width, speed_m_s + half_width, len(rides))


def _ride_m_s(t_s: np.ndarray, x_m: np.ndarray, step: Step) -> float | None:
    """Speed of a point in one stance, backwards positive; None where its pictures lie too close together."""
    if t_s[-1] - t_s[0] < LEAST_REACH * (step.toe_off_s - step.contact_s):
        return None
    since_s = t_s - t_s.mean()
    return -float(since_s @ x_m) / float(since_s @ since_s)


def foot_places(
    track: PoseTrack, geometry: CameraGeometry, steps: Sequence[Step], side: Side, near: Side, cop: EarlyCop
) -> FootPlaces:
    """Ends of the shoe in each of the run's `steps`, in the middle of the time it stands; NaN for the far foot.

    `side`: of the runner that is near; its keypoints are labelled `near`. `cop` gives the belt's speed.
    """
    heel_s, toe_s = track.time_of("heel", near), track.time_of("foot_index", near)
    heel_x_m = _deck_x_m(track, geometry, "heel", near)
    toe_x_m = _deck_x_m(track, geometry, "foot_index", near)
    at_s = np.array([s.contact_s + np.mean(STANDING) * (s.toe_off_s - s.contact_s) for s in steps])
    own = [step.side == side for step in steps]
    y_m = np.full(len(steps), _plane_m(geometry))
    return FootPlaces(
        t_s=at_s,
        heel_x_m=_carried(heel_s, heel_x_m, steps, own, at_s, cop.belt_m_s),
        heel_y_m=y_m,
        toe_x_m=_carried(toe_s, toe_x_m, steps, own, at_s, cop.belt_m_s) + TOE_CAP_M,
        toe_y_m=y_m,
        sd_m=float(np.hypot(PLACE_SD_M, geometry.shift_px / geometry.px_per_m(_plane_m(geometry)))),
    )


def _carried(
    t_s: np.ndarray, x_m: np.ndarray, steps: Sequence[Step], own: Sequence[bool], at_s: np.ndarray, belt_m_s: float
) -> np.ndarray:
    """(len(steps),) median place of each own step, every frame's carried with the belt to the instant `at_s`."""
    out = np.full(len(steps), np.nan)
    for k, step in enumerate(steps):
        here = _standing(t_s, step) & np.isfinite(x_m)
        if own[k] and here.any():
            out[k] = np.median(x_m[here] + belt_m_s * (t_s[here] - at_s[k]))
    return out


def _standing(t_s: np.ndarray, step: Step) -> np.ndarray:
    early_s, late_s = (step.contact_s + share * (step.toe_off_s - step.contact_s) for share in STANDING)
    return (t_s >= early_s) & (t_s <= late_s)


def _deck_x_m(track: PoseTrack, geometry: CameraGeometry, point: str, near: Side) -> np.ndarray:
    """(n,) metres along the belt, NaN where the point was not seen."""
    return geometry.on_plane(track.point(point, near), _plane_m(geometry))[:, 0]


def _plane_m(geometry: CameraGeometry) -> float:
    return NEAR_PLANE_M if geometry.side == "left" else -NEAR_PLANE_M
