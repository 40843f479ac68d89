import numpy as np
import pytest

from station.messages import KEYPOINTS
from station.sim.bodies.baked import FOLDER
from station.sim.bodies.mesh import PARTS, Mesh, triangles_of, vertex_normals
from station.sim.bodies.wardrobe import dressed
from station.sim.runner.body import Body
from station.sim.runner.standing import standing_pose

SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [9, 9, 9]], float)
QUAD = np.array([[0, 1, 2, 3]])


@pytest.mark.parametrize("name", ["man", "woman"])
def test_a_body_stands_on_its_soles_and_names_its_points(name):
    body = Body(name)
    pose = standing_pose(body, 0.0)
    vertices, normals = body.skin(pose)
    assert vertices.shape == normals.shape == (len(body.colours), 3)
    assert body.triangles.max() < len(vertices)
    assert 1.6 < vertices[:, 2].max() < 1.9
    points = body.points(pose)
    assert len(points) == 23
    assert {p for p in points if "small_toe" not in p} <= set(KEYPOINTS)
    assert points["left_shoulder"][1] > 0 > points["right_shoulder"][1]
    assert points["right_foot_index"][0] > points["right_heel"][0]
    assert 0.75 < body.thigh_m + body.shank_m < 0.95


def test_the_bodies_ship_with_their_notice():
    notice = (FOLDER / "NOTICE").read_text()
    assert "Apache License 2.0" in notice
    assert "CC0" in notice


def test_a_mesh_keeps_used_vertices_with_their_normals():
    mesh = Mesh()
    colours = np.ones((5, 3)) * 0.5
    mesh.add_some(SQUARE, triangles_of(QUAD), colours, "skin")
    mesh.add(SQUARE + np.array([0, 0, 1]), triangles_of(QUAD), colours, np.arange(5), "hair")
    vertices, normals, _, source, parts, triangles = mesh.merged()
    assert len(vertices) == 8
    assert source.tolist() == [0, 1, 2, 3] * 2
    assert [PARTS[p] for p in parts] == ["skin"] * 4 + ["hair"] * 4
    assert np.allclose(normals, (0, 0, 1))
    assert np.ptp(vertices[triangles[2:]][..., 2]) == 0


def test_normals_of_a_square_point_up():
    assert np.allclose(vertex_normals(SQUARE, triangles_of(QUAD))[:4], (0, 0, 1))


@pytest.mark.parametrize("name", ["man", "woman"])
def test_three_skin_tones_change_the_skin_and_not_the_clothes(name):
    tones = {tone: dressed(name, skin=tone) for tone in ("light", "medium", "dark")}
    skin, clothes = tones["light"].of_part("skin"), tones["light"].of_part("shirt", "shorts", "shoe", "sock")
    brightness = [body.colours[skin].mean() for body in tones.values()]
    assert brightness[0] > 1.3 * brightness[1] > 2.2 * brightness[2]
    assert all(np.array_equal(body.colours[clothes], tones["light"].colours[clothes]) for body in tones.values())
