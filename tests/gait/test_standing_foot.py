"""Belt speed and the foot's place from a foot that is known to stand."""

import numpy as np
import pytest

from station.gait.camera_geometry import CameraGeometry
from station.gait.results import EarlyCop
from station.gait.standing_foot import TOE_CAP_M, belt_speed, foot_places
from tests.gait.calibrated import calibration, riding_foot, steps_of


def near_steps(steps, side):
    return [step for step in steps if step.side == side]


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("belt_m_s", [2.2, 3.4])
def test_the_belt_is_as_fast_as_the_foot_that_stands_on_it(side, belt_m_s):
    geometry, steps = CameraGeometry.of(calibration(side)), steps_of(side, 40)
    track = riding_foot(geometry, steps, belt_m_s, 0.3, 0.27, noise_px=1.0)
    found = belt_speed(track, geometry, near_steps(steps, side), side)
    assert found.value == pytest.approx(belt_m_s, rel=0.01)
    assert found.low < belt_m_s < found.high
    assert found.high - found.low > 0.06 * belt_m_s  # what the network's heel is worth
    assert found.n == 20


def test_single_pictures_of_a_stance_tell_no_speed():
    geometry, steps = CameraGeometry.of(calibration()), steps_of("right", 40)
    track = riding_foot(geometry, steps, 3.0, 0.3, 0.27)
    keep = np.zeros(len(track.t_s), bool)
    for step in near_steps(steps, "right"):
        keep[np.argmin(np.abs(track.t_s - step.contact_s - 0.11))] = True
    thin = type(track).of(
        track.t_s[keep], track.xy_px[keep], track.confidence[keep], track.width_px, track.height_px, track.frame_rate_hz
    )
    assert not belt_speed(thin, geometry, near_steps(steps, "right"), "right").measured


@pytest.mark.parametrize("side", ["right", "left"])
def test_heel_and_toe_are_found_where_they_stand(side):
    geometry, steps = CameraGeometry.of(calibration(side)), steps_of(side, 20)
    track = riding_foot(geometry, steps, 3.0, 0.25, 0.27, noise_px=1.0)
    nothing = np.zeros(len(steps))
    cop = EarlyCop(nothing, nothing, nothing, nothing, sd_m=0.0, belt_m_s=3.0, belt_sd_m_s=0.0)
    places = foot_places(track, geometry, steps, side, side, cop)
    own = np.array([step.side == side for step in steps])
    contact_s = np.array([step.contact_s for step in steps])
    heel_m = 0.25 - 3.0 * (places.t_s - contact_s)
    assert places.heel_x_m[own] == pytest.approx(heel_m[own], abs=0.012)
    assert places.toe_x_m[own] == pytest.approx(heel_m[own] + 0.27 + TOE_CAP_M, abs=0.012)
    assert np.isnan(places.heel_x_m[~own]).all()
