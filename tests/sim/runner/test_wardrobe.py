import numpy as np
import pytest

from station.sim.bodies.baked import PARTS
from station.sim.bodies.wardrobe import dressed
from station.sim.runner.body import Body
from station.sim.runner.camera_view import CameraView
from station.sim.runner.standing import standing_pose

COVERED = {
    "scarf": ("left_ear", "right_ear"),
    "hat": ("left_ear", "right_ear"),
    "headphones": ("left_ear", "right_ear"),
    "wide_trousers": ("left_knee", "right_knee"),
    "long_shirt": ("left_hip", "right_hip"),
    "loose": ("left_knee", "right_knee", "left_hip", "right_hip"),
}
PLAIN = {"nose", "left_eye", "right_eye", "left_wrist", "right_wrist"}


def look_of(worn: str) -> dict[str, str]:
    return {"headwear": worn} if worn in ("scarf", "hat", "headphones") else {"clothes": worn}


def reach_aside_m(name: str, look: dict[str, str], point: str, *, of_worn: bool) -> float:
    """How far to the point's own side the body is (or what is put on it), within 25 mm of the point."""
    body, worn = Body(name, **look), dressed(name, **look).parts == PARTS.index("worn")
    pose = standing_pose(body, 0.0)
    place, vertices = body.points(pose)[point], body.skin(pose)[0]
    near = np.hypot(vertices[:, 0] - place[0], vertices[:, 2] - place[2]) < 0.025
    side = 1 if point.startswith("left") else -1
    own = near & (worn == of_worn) & (side * vertices[:, 1] > 0)
    return float((side * vertices[own, 1]).max())


@pytest.mark.parametrize("name", ["man", "woman"])
@pytest.mark.parametrize("worn", COVERED)
def test_what_is_worn_is_outside_of_the_body_that_it_covers(name, worn):
    look = look_of(worn)
    for point in COVERED[worn]:
        assert reach_aside_m(name, look, point, of_worn=True) > reach_aside_m(name, look, point, of_worn=False)


@pytest.mark.parametrize("worn", COVERED)
def test_the_true_points_stay_where_they_are_beneath(worn):
    plain, covered = Body("woman"), Body("woman", **look_of(worn))
    before, after = (body.points(standing_pose(body, 0.0)) for body in (plain, covered))
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[n], after[n]) for n in before)


@pytest.mark.parametrize("worn", ["scarf", "hat"])
def test_the_face_stays_free(worn):
    """Nothing that is worn lies between eyes, nose and a camera in front of the face."""
    body, parts = Body("man", headwear=worn), dressed("man", headwear=worn).parts
    pose = standing_pose(body, 0.0)
    points, vertices = body.points(pose), body.skin(pose)[0][parts == PARTS.index("worn")]
    in_front = CameraView(eye_m=(2.0, 0.0, 1.65), aim_m=(0.0, 0.0, 1.65))
    cloth = vertices[vertices[:, 0] > points["left_ear"][0] + 0.03]
    for name in ("nose", "left_eye", "right_eye"):
        distance = np.linalg.norm(in_front.project(cloth) - in_front.project(points[name][None]), axis=1)
        assert distance.min() > 4, name


def test_a_scarf_hides_the_pony_tail():
    assert dressed("woman").of_part("ponytail").any()
    assert not dressed("woman", headwear="scarf").of_part("ponytail").any()


@pytest.mark.parametrize("worn", COVERED)
def test_cloth_moves_with_the_body(worn):
    """No vertex is left behind: skin weights are whole, and none moves further from its place than the body does."""
    mesh = dressed("man", **look_of(worn))
    assert mesh.weights.sum(axis=1) == pytest.approx(1.0, abs=1e-6)
    assert np.all(np.isfinite(mesh.vertices))
    assert mesh.triangles.max() < len(mesh.vertices) < 65_000
