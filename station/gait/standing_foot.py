"""The near foot while it stands on the belt: where its heel and toe are, in metres of the deck, and how fast it rides.

Read on the upright plane in which the near foot runs; the belt carries the foot back through it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.asymmetry import MIN_STEPS
from station.gait.belt_ride import MIN_SPEED_M_S
from station.gait.camera_geometry import CameraGeometry
from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.posture_track import PoseTrack
from station.gait.results import EarlyCop, FootPlaces, Measure, Side, Step
from station.gait.robust_centre import MAD_TO_SD
from station.words import N_

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
FEW = N_("too few pictures show the near foot while it stands on the belt")
NO_RIDE = N_("what the camera took for the near foot does not ride with a belt")


@dataclass(frozen=True)
class OnDeck:
    """A point of the near foot in the pictures that show it: (n,) instants of its own rows, (n,) metres of the deck."""

    t_s: np.ndarray
    x_m: np.ndarray

    def standing(self, step: Step) -> "OnDeck":
        """While the whole foot rests on the belt in this step."""
        early_s, late_s = (step.contact_s + share * (step.toe_off_s - step.contact_s) for share in STANDING)
        here = (self.t_s >= early_s) & (self.t_s <= late_s)
        return OnDeck(self.t_s[here], self.x_m[here])


def on_deck(track: PoseTrack, geometry: CameraGeometry, point: str, near: Side) -> OnDeck:
    """The near foot's `point` ("heel", "foot_index"), labelled `near`."""
    x_m = geometry.on_plane(track.point(point, near), _plane_m(geometry))[:, 0]
    seen = np.isfinite(x_m)
    return OnDeck(track.time_of(point, near)[seen], x_m[seen])


def belt_speed(heel: OnDeck, steps: Sequence[Step], scale_sd: float) -> Measure:
    """Speed of the belt in m/s from the heel of the near foot; `steps`: its contacts (Fusco & Cretual 2008).

    The median of the stances: in some of them the network sees the other foot. `scale_sd`: relative, of the metres.
    """
    of_step = [_ride_m_s(heel.standing(step), step) for step in steps]
    rides = np.array([ride for ride in of_step if ride is not None])
    if len(rides) < MIN_STEPS:
        return Measure.missing(FEW, len(rides))
    speed_m_s = float(np.median(rides))
    if speed_m_s < MIN_SPEED_M_S:
        return Measure.missing(NO_RIDE, len(rides))
    spread_m_s = MAD_TO_SD * float(np.median(np.abs(rides - speed_m_s)))
    random_sd = _MEDIAN_SD * spread_m_s / np.sqrt(len(rides))
    half_width = HALF_WIDTH_SD * float(np.hypot(random_sd, speed_m_s * np.hypot(RIDE_SD, scale_sd)))
    return Measure(speed_m_s, speed_m_s - half_width, speed_m_s + half_width, len(rides))


def _ride_m_s(heel: OnDeck, step: Step) -> float | None:
    """Speed in one stance, backwards positive; None where its pictures lie too close together."""
    if not len(heel.t_s) or heel.t_s[-1] - heel.t_s[0] < LEAST_REACH * (step.toe_off_s - step.contact_s):
        return None
    since_s = heel.t_s - heel.t_s.mean()
    return -float(since_s @ heel.x_m) / float(since_s @ since_s)


def foot_places(
    heel: OnDeck, toe: OnDeck, geometry: CameraGeometry, steps: Sequence[Step], side: Side, cop: EarlyCop
) -> FootPlaces:
    """Ends of the shoe in each of the run's `steps`, in the middle of the time it stands; NaN for the far foot.

    `side`: of the runner that is near. `cop` gives the belt's speed.
    """
    at_s = np.array([s.contact_s + np.mean(STANDING) * (s.toe_off_s - s.contact_s) for s in steps])
    own = [step.side == side for step in steps]
    y_m = np.full(len(steps), _plane_m(geometry))
    return FootPlaces(
        t_s=at_s,
        heel_x_m=_carried(heel, steps, own, at_s, cop.belt_m_s),
        heel_y_m=y_m,
        toe_x_m=_carried(toe, steps, own, at_s, cop.belt_m_s) + TOE_CAP_M,
        toe_y_m=y_m,
        sd_m=float(np.hypot(PLACE_SD_M, geometry.shift_px / geometry.px_per_m(_plane_m(geometry)))),
    )


def _carried(
    point: OnDeck, steps: Sequence[Step], own: Sequence[bool], at_s: np.ndarray, belt_m_s: float
) -> np.ndarray:
    """(len(steps),) median place of each own step, every frame's carried with the belt to the instant `at_s`."""
    out = np.full(len(steps), np.nan)
    for k, step in enumerate(steps):
        standing = point.standing(step)
        if own[k] and len(standing.t_s):
            out[k] = np.median(standing.x_m + belt_m_s * (standing.t_s - at_s[k]))
    return out


def _plane_m(geometry: CameraGeometry) -> float:
    return NEAR_PLANE_M if geometry.side == "left" else -NEAR_PLANE_M
