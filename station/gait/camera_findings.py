"""What the camera and its calibration say together with the force: belt speed, overstride, the foot's place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from station.gait.belt_ride import GIVEN_SD
from station.gait.camera_geometry import CameraGeometry
from station.gait.camera_side import other
from station.gait.camera_state import CameraState
from station.gait.foot_strike import steps_of_near_foot
from station.gait.measurement_error import HALF_WIDTH_SD
from station.gait.overstride import overstride
from station.gait.posture_frames import View
from station.gait.posture_track import PoseTrack
from station.gait.results import SIDES, EarlyCop, ForceResult, Measure, PostureResult, Side, Step
from station.gait.standing_foot import OnDeck, belt_speed, foot_places, on_deck
from station.gait.strike_index import NO_COP, strike_index
from station.words import N_

OTHER_WAY = N_(
    "The runner faces the other way than when the camera was calibrated: metres cannot be told from its picture."
)
FAR_FOOT = N_("this foot is on the far side: the camera does not see its place well enough")
NO_SIDES = N_("left and right cannot be named: which foot the camera sees is not known")
DISAGREE_SD = 2.5
"""Standard deviations of the difference between the given speed and the seen one that are called a contradiction."""


@dataclass(frozen=True)
class CameraFindings:
    """`strike_index` by foot; empty where the camera saw no run. `notes`: sentences about the run as a whole."""

    belt_speed_m_s: Measure
    overstride_leg_lengths: Measure
    strike_index: Mapping[Side, Measure] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @classmethod
    def missing(cls, reason: str, notes: Sequence[str] = ()) -> "CameraFindings":
        return cls(Measure.missing(reason), Measure.missing(reason), notes=tuple(notes))


def camera_findings(
    track: PoseTrack,
    posture: PostureResult,
    force: ForceResult | None,
    state: CameraState,
    given_m_s: float | None,
    seed: int,
) -> CameraFindings:
    """`force`: on the track's time axis; None where there is none, then nothing is found."""
    notes = (state.note,) if state.note else ()
    side = posture.camera_side
    if posture.reason or side is None or force is None or not force.steps:
        return CameraFindings.missing(posture.reason or N_("it needs running seen by both sensors"), notes)
    view = View.behind(posture)
    geometry, reason = state.geometry, state.reason
    if geometry is not None and geometry.side != view.near:
        geometry, reason, notes = None, OTHER_WAY, (*notes, OTHER_WAY)
    steps = steps_of_near_foot(track, force.steps, side, view.near)
    ahead = overstride(track, steps, view, seed)
    if geometry is None:
        missing = Measure.missing(reason or "")
        return CameraFindings(missing, ahead, dict.fromkeys(SIDES, missing), notes)
    heel, toe = (on_deck(track, geometry, point, view.near) for point in ("heel", "foot_index"))
    speed = belt_speed(heel, steps, geometry.scale_sd)
    note = _contradiction(speed, given_m_s)
    index = {
        other(side): Measure.missing(FAR_FOOT),
        side: _strike_index(heel, toe, geometry, force, speed, side),
    }
    return CameraFindings(speed, ahead, index, (*notes, note) if note else notes)


def _strike_index(
    heel: OnDeck, toe: OnDeck, geometry: CameraGeometry, force: ForceResult, speed: Measure, side: Side
) -> Measure:
    if not force.sides_known:
        return Measure.missing(NO_SIDES)
    if force.early_cop is None:
        return Measure.missing(NO_COP)
    cop = _carried_at(speed, force.early_cop)
    places = foot_places(heel, toe, geometry, force.steps, side, cop)
    return strike_index(cop, places, _numbers(force.steps, side))


def _carried_at(speed: Measure, cop: EarlyCop) -> EarlyCop:
    """With the belt speed of whoever knows it better: the force (or who gave it), or the camera."""
    if not speed.measured or _sd(speed) >= cop.belt_sd_m_s:
        return cop
    return replace(cop, belt_m_s=speed.value, belt_sd_m_s=_sd(speed))


def _sd(measure: Measure) -> float:
    return (measure.high - measure.low) / 2 / HALF_WIDTH_SD


def _numbers(steps: Sequence[Step], side: Side) -> np.ndarray:
    return np.array([k for k, step in enumerate(steps) if step.side == side], int)


def _contradiction(seen: Measure, given_m_s: float | None) -> str | None:
    if given_m_s is None or not seen.measured:
        return None
    if abs(seen.value - given_m_s) <= DISAGREE_SD * np.hypot(_sd(seen), GIVEN_SD * given_m_s):
        return None
    return N_("the belt was seen to run at {seen_m_s:.1f} m/s, given were {given_m_s:.1f} m/s").format(
        seen_m_s=seen.value, given_m_s=given_m_s
    )
