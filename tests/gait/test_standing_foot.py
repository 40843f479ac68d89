"""Belt speed and the foot's place from a foot that is known to stand."""

from dataclasses import replace

import numpy as np
import pytest

from station.fusion.stride_frames import RIDE
from station.gait.camera_geometry import CameraGeometry
from station.gait.posture_track import PoseTrack
from station.gait.results import EarlyCop, Step
from station.gait.standing_foot import NO_RIDE, TOE_CAP_M, belt_speed, foot_places, on_deck
from tests.gait.calibrated import calibration, riding_foot, steps_of


def speed_of(track, geometry, steps, near):
    return belt_speed(on_deck(track, geometry, "heel", near), steps, geometry.scale_sd)


def near_steps(steps, side):
    return [step for step in steps if step.side == side]


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("belt_m_s", [2.2, 3.4])
def test_the_belt_is_as_fast_as_the_foot_that_stands_on_it(side, belt_m_s):
    geometry, steps = CameraGeometry.of(calibration(side)), steps_of(side, 40)
    track = riding_foot(geometry, steps, belt_m_s, 0.3, 0.27, noise_px=1.0)
    found = speed_of(track, geometry, near_steps(steps, side), side)
    assert found.value == pytest.approx(belt_m_s, rel=0.01)
    assert found.low < belt_m_s < found.high
    assert found.high - found.low > 0.06 * belt_m_s  # what the network's heel is worth
    assert found.n == 20


def thinned(track: PoseTrack, steps: list[Step], *shares: float) -> PoseTrack:
    """Only the frames nearest to these shares of each step's stance."""
    at_s = [step.contact_s + share * (step.toe_off_s - step.contact_s) for step in steps for share in shares]
    keep = np.unique([np.argmin(np.abs(track.t_s - t)) for t in at_s])
    return replace(track, t_s=track.t_s[keep], xy_px=track.xy_px[keep], confidence=track.confidence[keep])


def test_two_pictures_at_the_ends_of_a_ride_tell_the_speed_and_two_close_ones_do_not():
    geometry, steps = CameraGeometry.of(calibration()), steps_of("right", 60)
    track, own = riding_foot(geometry, steps, 3.0, 0.3, 0.27, noise_px=1.0), near_steps(steps, "right")
    found = speed_of(thinned(track, own[3::4], *RIDE), geometry, own, "right")
    assert found.value == pytest.approx(3.0, rel=0.03)
    assert 4 <= found.n <= 8
    for shares in ((0.42,), (0.42, 0.50)):
        assert not speed_of(thinned(track, own, *shares), geometry, own, "right").measured


def test_stances_that_show_another_foot_do_not_count_and_a_foot_that_stands_still_is_none():
    geometry, steps = CameraGeometry.of(calibration()), steps_of("right", 60)
    own = near_steps(steps, "right")
    riding, still = (riding_foot(geometry, steps, belt_m_s, 0.3, 0.27) for belt_m_s in (3.0, 0.0))
    other = np.zeros(len(riding.t_s), bool)
    for step in own[::4]:
        other |= (riding.t_s > step.contact_s) & (riding.t_s < step.toe_off_s)
    mixed = replace(riding, xy_px=np.where(other[:, None, None], still.xy_px, riding.xy_px))
    assert speed_of(mixed, geometry, own, "right").value == pytest.approx(3.0, rel=0.01)
    assert speed_of(still, geometry, own, "right").reason == NO_RIDE


@pytest.mark.parametrize("side", ["right", "left"])
def test_heel_and_toe_are_found_where_they_stand(side):
    geometry, steps = CameraGeometry.of(calibration(side)), steps_of(side, 20)
    track = riding_foot(geometry, steps, 3.0, 0.25, 0.27, noise_px=1.0)
    nothing = np.zeros(len(steps))
    cop = EarlyCop(nothing, nothing, nothing, nothing, sd_m=0.0, belt_m_s=3.0, belt_sd_m_s=0.0)
    heel, toe = (on_deck(track, geometry, point, side) for point in ("heel", "foot_index"))
    places = foot_places(heel, toe, geometry, steps, side, cop)
    own = np.array([step.side == side for step in steps])
    contact_s = np.array([step.contact_s for step in steps])
    heel_m = 0.25 - 3.0 * (places.t_s - contact_s)
    assert places.heel_x_m[own] == pytest.approx(heel_m[own], abs=0.012)
    assert places.toe_x_m[own] == pytest.approx(heel_m[own] + 0.27 + TOE_CAP_M, abs=0.012)
    assert np.isnan(places.heel_x_m[~own]).all()
    moved = foot_places(heel, toe, replace(geometry, shift_px=2.9), steps, side, cop)
    assert moved.sd_m**2 - places.sd_m**2 == pytest.approx((2.9 / geometry.px_per_m(places.heel_y_m[0])) ** 2)
