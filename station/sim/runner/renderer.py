"""Headless renderer: OpenGL 3.3 through EGL (Mesa's llvmpipe where there is no graphics card)."""

from collections.abc import Sequence
from dataclasses import dataclass

import moderngl
import numpy as np

from station.errors import DeviceError
from station.sim.runner.body import Body
from station.sim.runner.camera_view import CameraView, look_at, orthographic
from station.sim.runner.gym_scene import BELT_HALF_LENGTH_M, BELT_HALF_WIDTH_M, FLOOR_Z_M, Scene, gym
from station.sim.runner.shaders import (
    PERSON_FRAGMENT,
    PERSON_VERTEX,
    ROOM_FRAGMENT,
    ROOM_VERTEX,
    SHADOW_FRAGMENT,
    SHADOW_VERTEX,
)

_SAMPLES = 4
_SHADOW_PX = 1024
_SUN = np.array([0.35, -0.75, 1.0]) / np.linalg.norm([0.35, -0.75, 1.0])
_FILL = np.array([-0.5, -0.8, 0.3]) / np.linalg.norm([-0.5, -0.8, 0.3])
_MARK_M = 0.5  # wanted distance of the marks on the belt
_BACKGROUND = 0.7

Box = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
"""From .. to, in metres: x, y away from the camera, z."""
_RUNNER: Box = ((-1.1, 0.9), (-0.45, 0.4), (0.0, 2.05))
_DECK: Box = ((-1.1, 1.25), (-0.45, 0.45), (FLOOR_Z_M, 0.1))
_SHADOW: Box = ((-1.45, 1.2), (0.0, 1.25), (FLOOR_Z_M, FLOOR_Z_M))
_CROWDED: Box = ((-4.0, 4.0), (-2.0, 3.0), (FLOOR_Z_M, 2.1))

Skin = tuple[np.ndarray, np.ndarray]
"""Vertices and normals (n, 3) of a body, float32."""


@dataclass(frozen=True)
class Belt:
    """Metres that the belt has run when the first row is exposed, between its marks, and from each row to the next."""

    travel_m: float = 0.0
    mark_m: float = _MARK_M
    row_m: float = 0.0


class Renderer:
    """Draws people in the gym; light falls from the camera's side.

    `crowded`: the people may be anywhere in the picture, not only on the treadmill. Raises DeviceError where the
    machine has no EGL.
    """

    def __init__(self, bodies: Sequence[Body], view: CameraView, scene: Scene | None = None, crowded: bool = False):
        try:
            self._gl = moderngl.create_context(standalone=True, backend="egl")
        except Exception as e:  # moderngl raises plain Exceptions for a missing library or display
            raise DeviceError(f"no OpenGL without a screen ({e}); install libegl1 and libgl1-mesa-dri") from None
        self._view = view
        self._scene = scene or gym()
        self._gl.enable(moderngl.DEPTH_TEST)
        self._gl.depth_func = "<="
        self._room = self._gl.program(vertex_shader=ROOM_VERTEX, fragment_shader=ROOM_FRAGMENT)
        self._person = self._gl.program(vertex_shader=PERSON_VERTEX, fragment_shader=PERSON_FRAGMENT)
        self._caster = self._gl.program(vertex_shader=SHADOW_VERTEX, fragment_shader=SHADOW_FRAGMENT)
        self._set_light_and_camera()
        buffer = self._gl.buffer(self._scene.vertices.tobytes())
        self._scene_shape = self._gl.vertex_array(self._room, [(buffer, "3f 3f 3f", "place", "normal", "colour")])
        self._scene_shadow = self._gl.vertex_array(self._caster, [(buffer, "3f 24x", "place")])
        self._shadow_box = _CROWDED if crowded else _SHADOW
        self._people = [_PersonShape(self._gl, body, self._person, self._caster) for body in bodies]
        self._still = self._draw_still_room()
        self._set_part(self._around(_CROWDED) if crowded else self._around(_RUNNER, _DECK, _SHADOW))

    def draw(self, skins: Sequence[Skin], belt: Belt = Belt()) -> np.ndarray:
        """The first of the bodies with these skins (none: nobody there). Gives uint8 RGB (height, width, 3)."""
        people = self._people[: len(skins)]
        for person, skin in zip(people, skins, strict=True):
            person.write(skin)
        self._shadow.use()
        self._gl.clear(depth=1.0)
        for person in people:
            person.shadow.render()
        self._scene_shadow.render(vertices=len(self._scene.vertices) - self._scene.deck, first=self._scene.deck)
        self._gl.copy_framebuffer(self._canvas, self._background)
        self._use(self._canvas)
        self._move(belt)
        for person in people:
            person.shape.render()
        self._scene_shape.render(vertices=self._scene.front - self._scene.deck, first=self._scene.deck)
        self._canvas.scissor = self._shadowed
        self._scene_shape.render(vertices=self._scene.floor)
        self._canvas.scissor = None
        left, top, width, height = self._part
        picture = self._still.copy()
        picture[top : top + height, left : left + width] = self._resolved(self._canvas)
        return picture

    def close(self) -> None:
        self._gl.release()

    def _set_light_and_camera(self) -> None:
        near = np.array([1.0, np.sign(-self._view.eye_m[1]), 1.0])  # light falls from the camera's side
        sun = _SUN * near
        light = orthographic(1.7, 0.1, 8.0) @ look_at(sun * 4 + [0, 0, 0.6], (0, 0, 0.6))
        for program in (self._room, self._person, self._caster):
            program["light"].write(light.T.astype("f4").tobytes())
        for program in (self._room, self._person):
            program["camera"].write(self._view.matrix.T.astype("f4").tobytes())
            program["sun"] = tuple(sun)
            program["fill_light"] = tuple(_FILL * near)
            program["eye"] = self._view.eye_m
            program["shadow_map"] = 0
        self._room["belt_half"] = (BELT_HALF_LENGTH_M, BELT_HALF_WIDTH_M)
        self._shadow_map = self._gl.depth_texture((_SHADOW_PX, _SHADOW_PX))
        self._shadow_map.compare_func = "<="
        self._shadow = self._gl.framebuffer(depth_attachment=self._shadow_map)

    def _set_part(self, part: tuple[int, int, int, int]) -> None:
        """Draw this part of the picture (left, top, width, height) from now on; it starts from the room's copy."""
        self._part = left, top, _, height = part
        x, y, shadow_width, shadow_height = self._around(self._shadow_box)
        self._shadowed = x - left, top + height - y - shadow_height, shadow_width, shadow_height
        self._canvas, self._background = (self._multisampled(part[2:]) for _ in range(2))
        self._picture = self._gl.framebuffer([self._gl.renderbuffer(part[2:], 4)])
        self._draw_room(self._background)

    def _multisampled(self, size: tuple[int, int]) -> moderngl.Framebuffer:
        colour = self._gl.renderbuffer(size, 4, samples=_SAMPLES)
        return self._gl.framebuffer([colour], self._gl.depth_renderbuffer(size, samples=_SAMPLES))

    def _draw_still_room(self) -> np.ndarray:
        """The whole picture of the empty gym."""
        self._set_part((0, 0, self._view.width_px, self._view.height_px))
        return self._resolved(self._background)

    def _draw_room(self, target: moderngl.Framebuffer) -> None:
        self._shadow.use()
        self._gl.clear(depth=1.0)
        self._scene_shadow.render()
        self._use(target)
        self._gl.clear(_BACKGROUND, _BACKGROUND, _BACKGROUND)
        self._move(Belt())
        self._scene_shape.render()

    def _use(self, target: moderngl.Framebuffer) -> None:
        """Draw into a target that holds the part only: the viewport is the whole picture around it."""
        left, top, _, height = self._part
        target.use()
        below = self._view.height_px - top - height
        self._gl.viewport = (-left, -below, self._view.width_px, self._view.height_px)
        self._room["top_row"] = float(top + height)
        self._shadow_map.use(0)

    def _move(self, belt: Belt) -> None:
        self._room["belt_m"], self._room["mark_m"] = belt.travel_m % belt.mark_m, belt.mark_m
        self._room["row_m"] = belt.row_m

    def _resolved(self, target: moderngl.Framebuffer) -> np.ndarray:
        _, _, width, height = self._part
        self._gl.copy_framebuffer(self._picture, target)
        return np.frombuffer(self._picture.read(components=3), np.uint8).reshape(height, width, 3)[::-1]

    def _around(self, *boxes: Box) -> tuple[int, int, int, int]:
        """The part (left, top, width, height) of the picture in which the boxes are."""
        away = np.sign(-self._view.eye_m[1])
        px = self._view.project(np.array([[a, away * b, c] for x, y, z in boxes for a in x for b in y for c in z]))
        left, top = np.maximum(px.min(axis=0), 0).astype(int)
        right, bottom = np.minimum(px.max(axis=0), (self._view.width_px, self._view.height_px)).astype(int)
        return int(left), int(top), int(right - left), int(bottom - top)


class _PersonShape:
    """The buffers of one body."""

    def __init__(self, gl: moderngl.Context, body: Body, person: moderngl.Program, caster: moderngl.Program) -> None:
        size = body.colours.shape[0] * 3 * 4
        self._vertices, self._normals = (gl.buffer(reserve=size, dynamic=True) for _ in range(2))
        colours, triangles = gl.buffer(body.colours.tobytes()), gl.buffer(body.triangles.tobytes())
        columns = [(self._vertices, "3f", "place"), (self._normals, "3f", "normal"), (colours, "3f", "colour")]
        self.shape = gl.vertex_array(person, columns, triangles)
        self.shadow = gl.vertex_array(caster, columns[:1], triangles)

    def write(self, skin: Skin) -> None:
        self._vertices.write(skin[0].tobytes())
        self._normals.write(skin[1].tobytes())


def mark_distance_m(belt_travel_m: float) -> float:
    """A distance of the belt's marks near the wanted one that divides the travel, so that a loop has no seam."""
    marks = round(belt_travel_m / _MARK_M)
    return belt_travel_m / marks if marks else _MARK_M
