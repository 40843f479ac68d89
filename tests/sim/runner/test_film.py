"""The truth falls on the picture, however it is filmed; blur, noise and rolling shutter are what they say."""

from itertools import islice

import msgspec
import numpy as np
import pytest

from station.errors import DeviceError
from station.sim.runner.bystander import Bystander
from station.sim.runner.camera_view import CameraView
from station.sim.runner.exposure import Exposure
from station.sim.runner.film import Film
from station.sim.runner.filming import Filming
from station.sim.runner.gym_scene import FLOOR_Z_M
from station.sim.runner.scenario import Scenario, load_scenario
from station.sim.runner.sensor import Sensor
from station.sim.runner.shot import Shot, empty_shot, running_shots
from tests.sim.runner.truth import m_array, px_array

HEIGHT_PX = 240
FRAMES = 14  # a stride, at 20 frames a second
PAINT = np.array([0.0, 1.0, 0.0])


def scenario(**filming) -> Scenario:
    return msgspec.structs.replace(
        load_scenario("good_woman"), strides=2, filming=Filming(height_px=HEIGHT_PX, **filming)
    )


def painted_shot(filmed: Scenario) -> Shot:
    """The running clip with the near shoe's ends painted."""
    shot = next(running_shots(filmed))
    place = {n: p for n, p in shot.body.points(shot.pose(0.0)).items() if n.startswith(filmed.filming.side)}
    vertices = shot.body.skin(shot.pose(0.0))[0]
    for name in ("heel", "foot_index"):
        away = np.linalg.norm(vertices - place[f"{filmed.filming.side}_{name}"], axis=1)
        shot.body.colours[away < 0.05] = PAINT
    return shot


def film(shot: Shot) -> Film:
    return Film(shot, CameraView.of(shot.filming))


def first_frames(shot: Shot, count: int) -> list[np.ndarray]:
    try:
        return list(islice(film(shot).frames(), count))
    except DeviceError as e:
        pytest.skip(f"cannot render here: {e}")


def is_paint(picture: np.ndarray) -> np.ndarray:
    red, green, blue = picture.astype(int).transpose(2, 0, 1)
    return (green > 60) & (green > 2 * red) & (green > 2 * blue)


def distance_px(mask: np.ndarray, place: np.ndarray) -> float:
    y, x = np.nonzero(mask)
    return float(np.hypot(x + 0.5 - place[0], y + 0.5 - place[1]).min())


@pytest.mark.parametrize(
    "filming",
    [{}, {"side": "left"}, {"roll_deg": 5.0}, {"side": "left", "roll_deg": -3.0}, {"readout_ms": 16.0}],
    ids=str,
)
def test_heel_and_toe_of_the_near_shoe_are_where_the_truth_says(filming):
    shot = painted_shot(scenario(**filming, fps=20))
    truth = film(shot).truth()
    for picture, px in zip(first_frames(shot, FRAMES), px_array(truth), strict=False):
        for name in ("heel", "foot_index"):
            place = px[truth.points.index(f"{shot.filming.side}_{name}")]
            assert distance_px(is_paint(picture), place) < 2, name


def test_a_rolling_shutter_shows_a_swinging_foot_later_than_a_global_one():
    at_once, rolling = (film(next(running_shots(scenario(readout_ms=r)))).truth() for r in (0.0, 16.0))
    toe = at_once.points.index("right_foot_index")
    shift_m = m_array(rolling)[:, toe] - m_array(at_once)[:, toe]
    velocity_m_s = np.gradient(m_array(at_once)[:, toe], 1 / at_once.fps, axis=0)
    row = px_array(rolling)[:, toe, 1]
    expected_m = velocity_m_s * (row * rolling.row_s)[:, None]
    assert np.abs(shift_m[2:-2] - expected_m[2:-2]).max() < 0.035  # the rest is acceleration
    assert np.abs(shift_m).max() > 0.08


def test_a_point_is_seen_when_its_own_row_is_read():
    """With a point that moves evenly, the place and the row it is read in can be told apart from the answer."""
    filming = Filming(height_px=HEIGHT_PX, readout_ms=16.0)
    view, speed = CameraView.of(filming), np.array([3.0, 0.0, -5.0])
    start = np.array([[0.1, -0.1, 0.9], [0.1, -0.1, 0.2]])
    (seen,) = Exposure(filming, view).seen(lambda t_s: (start + speed * t_s,), 0.0)
    read_s = view.project(seen)[:, 1] * filming.row_s
    assert np.allclose(seen, start + speed * read_s[:, None], atol=1e-4)


def test_blur_is_where_things_move():
    shots = [next(running_shots(scenario(exposure_ms=e))) for e in (0.0, 8.0)]
    sharp, blurred = (first_frames(shot, 3)[-1].astype(int) for shot in shots)
    changed = np.abs(sharp - blurred).max(axis=2) > 12
    truth = film(shots[0]).truth()
    feet = [truth.points.index(f"{s}_foot_index") for s in ("left", "right")]
    x, y = px_array(truth)[2, feet].mean(axis=0).astype(int)
    assert changed[:, : HEIGHT_PX // 6].sum() == 0
    assert changed[y - 30 : y + 30, x - 60 : x + 60].sum() > 150


def test_noise_is_that_of_the_light_and_repeats_with_its_seed():
    flat = np.full((60, 80, 3), 180, np.uint8)
    spread, level = {}, {}
    for light in (1.0, 0.3, 0.1):
        filming = Filming(exposure_ms=1.0, noise=1.0, light=light)
        picture = Sensor(filming, 1).picture(flat)
        assert np.array_equal(picture, Sensor(filming, 1).picture(flat))
        assert not np.array_equal(picture, Sensor(filming, 2).picture(flat))
        spread[light], level[light] = picture.std() / picture.mean(), picture.mean()
    electrons = 2000 * (180 / 255) ** 2.2
    assert spread[1.0] == pytest.approx(1 / np.sqrt(electrons) / 2.2, rel=0.15)  # gamma shrinks relative noise
    assert spread[0.3] == pytest.approx(spread[1.0] / np.sqrt(0.3), rel=0.15)
    assert level[0.3] == pytest.approx(180, abs=2)
    assert level[0.1] < 0.7 * 180  # the gain is at its end


def test_an_ideal_camera_adds_nothing():
    flat = np.full((6, 8, 3), 180, np.uint8)
    assert np.array_equal(Sensor(Filming(), 1).picture(flat), flat)


def test_who_stands_there_is_there_before_the_run_and_who_walks_by_is_not():
    for who, there in ((None, 0), ("beside", 1), ("behind", 1), ("passing", 0), ("crossing", 0)):
        filmed = scenario(second_person=who, fps=20)
        empty, nobody = (first_frames(empty_shot(s), 1)[0].astype(int) for s in (filmed, scenario(fps=20)))
        assert (np.abs(empty - nobody).max() > 60) == there, who


@pytest.mark.parametrize("side", ["left", "right"])
def test_who_walks_past_comes_and_goes_outside_the_picture_and_does_not_slide(side):
    filming = Filming(side=side, second_person="passing")
    view = CameraView.of(filming)
    walker = Bystander("man", filming, view, 4.0)
    places = {t: walker.body.points(walker.pose(t)) for t in (0.0, 2.0, 4.0)}
    x_px = {t: view.project(np.array([p["nose"]]))[0, 0] for t, p in places.items()}
    assert min(x_px[0.0], x_px[4.0]) < -20
    assert max(x_px[0.0], x_px[4.0]) > view.width_px + 20
    assert 0.3 * view.width_px < x_px[2.0] < 0.7 * view.width_px
    heels = np.array([walker.body.points(walker.pose(t))["right_heel"] for t in np.arange(1.0, 3.0, 0.02)])
    standing = heels[np.argsort(np.abs(np.gradient(heels[:, 0])))[:15]]
    assert np.abs(standing[:, 2] - FLOOR_Z_M).max() < 0.08


def test_roll_and_side_turn_the_picture():
    ends = np.array([[-0.9, -0.3, 0.0], [0.9, -0.3, 0.0]])
    for side, ahead in (("right", 1), ("left", -1)):
        for roll in (0.0, 3.0, -7.0):
            (x0, y0), (x1, y1) = CameraView.of(Filming(side=side, roll_deg=roll)).project(ends)
            assert np.sign(x1 - x0) == ahead
            falls = np.degrees(np.arctan2((y1 - y0) * ahead, (x1 - x0) * ahead))
            assert falls == pytest.approx(roll, abs=1e-6)


def test_filming_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="fit into a frame"):
        Filming(fps=100, exposure_ms=12)
    with pytest.raises(ValueError, match="noise needs"):
        Filming(noise=1.0)
    with pytest.raises(ValueError, match="needs noise"):
        Filming(exposure_ms=1.0, light=0.2)


def test_the_truth_tells_the_soles_lie_on_the_belt_in_mid_stance():
    filmed = scenario()
    truth = film(next(running_shots(filmed))).truth()
    m = m_array(truth)
    for contact in truth.contacts():
        k = round((contact.contact_s + 0.4 * contact.contact_time_s) * truth.fps)
        heel, toe = (m[k, truth.points.index(f"{contact.side}_sole_{end}")] for end in ("heel", "toe"))
        assert np.abs([heel[2], toe[2]]).max() < 0.002
        assert toe[0] - heel[0] == pytest.approx(filmed.foot_length_m, abs=0.03)
