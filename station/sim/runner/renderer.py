"""Headless renderer: OpenGL 3.3 through EGL (Mesa's llvmpipe where there is no graphics card)."""

import moderngl
import numpy as np

from station.errors import DeviceError
from station.sim.runner.body import Body
from station.sim.runner.camera_view import CameraView, look_at, orthographic
from station.sim.runner.gym_scene import BELT_HALF_LENGTH_M, BELT_HALF_WIDTH_M, FLOOR_Z_M, gym
from station.sim.runner.shaders import FRAGMENT, SHADOW_FRAGMENT, SHADOW_VERTEX, VERTEX

_SAMPLES = 4
_SHADOW_PX = 1024
_SUN = np.array([0.35, -0.75, 1.0]) / np.linalg.norm([0.35, -0.75, 1.0])
_MARK_M = 0.5  # wanted distance of the marks on the belt
_BACKGROUND = 0.7


class Renderer:
    """Draws one body in the gym. Raises DeviceError where the machine has no EGL."""

    def __init__(self, body: Body, view: CameraView) -> None:
        try:
            self._gl = moderngl.create_context(standalone=True, backend="egl")
        except Exception as e:  # moderngl raises plain Exceptions for a missing library or display
            raise DeviceError(f"no OpenGL without a screen ({e}); install libegl1 and libgl1-mesa-dri") from None
        self._view = view
        self._gl.enable(moderngl.DEPTH_TEST)
        self._gl.depth_func = "<="
        self._program = self._gl.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)
        self._shadow_program = self._gl.program(vertex_shader=SHADOW_VERTEX, fragment_shader=SHADOW_FRAGMENT)
        self._set_view(view)
        self._load_scene()
        self._load_body(body)
        self._make_targets(view.width_px, view.height_px)
        self._draw_background()

    def draw(
        self, skin: tuple[np.ndarray, np.ndarray] | None, belt_m: float = 0.0, mark_m: float = _MARK_M
    ) -> np.ndarray:
        """The runner with these vertices and normals (None: nobody there), the belt moved back by `belt_m`.

        Gives uint8 RGB (height, width, 3). `mark_m`: distance of the belt's marks.
        """
        if skin is not None:
            self._vertices.write(skin[0].tobytes())
            self._normals.write(skin[1].tobytes())
        self._shadow.use()
        self._gl.clear(depth=1.0)
        if skin is not None:
            self._body_shadow.render()
        self._scene_shadow.render(vertices=self._treadmill, first=self._scene.treadmill)
        self._gl.copy_framebuffer(self._canvas, self._background)
        self._canvas.use()
        self._shadow_map.use(0)
        self._program["belt_m"], self._program["mark_m"] = belt_m % mark_m, mark_m
        self._canvas.scissor = self._changing_part()
        if skin is not None:
            self._program["is_runner"] = True
            self._body_shape.render()
            self._program["is_runner"] = False
        self._scene_shape.render(vertices=self._treadmill, first=self._scene.treadmill)
        self._scene_shape.render(vertices=self._scene.floor)
        self._canvas.scissor = None
        self._gl.copy_framebuffer(self._picture, self._canvas)
        pixels = np.frombuffer(self._picture.read(components=3), np.uint8)
        return pixels.reshape(self._view.height_px, self._view.width_px, 3)[::-1]

    def close(self) -> None:
        self._gl.release()

    def _set_view(self, view: CameraView) -> None:
        light = orthographic(1.7, 0.1, 8.0) @ look_at(_SUN * 4 + [0, 0, 0.6], (0, 0, 0.6))
        self._program["camera"].write(view.matrix.T.astype("f4").tobytes())
        for program in (self._program, self._shadow_program):
            program["light"].write(light.T.astype("f4").tobytes())
        self._program["sun"] = tuple(_SUN)
        self._program["eye"] = view.eye_m
        self._program["belt_half"] = (BELT_HALF_LENGTH_M, BELT_HALF_WIDTH_M)
        self._program["shadow_map"] = 0

    def _load_scene(self) -> None:
        self._scene = gym()
        self._treadmill = len(self._scene.vertices) - self._scene.treadmill
        buffer = self._gl.buffer(self._scene.vertices.tobytes())
        self._scene_shape = self._gl.vertex_array(self._program, [(buffer, "3f 3f 3f", "place", "normal", "colour")])
        self._scene_shadow = self._gl.vertex_array(self._shadow_program, [(buffer, "3f 24x", "place")])

    def _load_body(self, body: Body) -> None:
        size = body.colours.shape[0] * 3 * 4
        self._vertices = self._gl.buffer(reserve=size, dynamic=True)
        self._normals = self._gl.buffer(reserve=size, dynamic=True)
        colours = self._gl.buffer(body.colours.tobytes())
        triangles = self._gl.buffer(body.triangles.tobytes())
        columns = [(self._vertices, "3f", "place"), (self._normals, "3f", "normal"), (colours, "3f", "colour")]
        self._body_shape = self._gl.vertex_array(self._program, columns, triangles)
        self._body_shadow = self._gl.vertex_array(self._shadow_program, columns[:1], triangles)

    def _make_targets(self, width: int, height: int) -> None:
        self._shadow_map = self._gl.depth_texture((_SHADOW_PX, _SHADOW_PX))
        self._shadow_map.compare_func = "<="
        self._shadow = self._gl.framebuffer(depth_attachment=self._shadow_map)
        size = (width, height)
        self._canvas, self._background = (
            self._gl.framebuffer(
                [self._gl.renderbuffer(size, 4, samples=_SAMPLES)],
                self._gl.depth_renderbuffer(size, samples=_SAMPLES),
            )
            for _ in range(2)
        )
        self._picture = self._gl.framebuffer([self._gl.renderbuffer(size, 4)])

    def _draw_background(self) -> None:
        """The room, once: it never changes, so a frame starts from its copy with depth."""
        self._shadow.use()
        self._gl.clear(depth=1.0)
        self._scene_shadow.render()
        self._shadow_map.use(0)
        self._background.use()
        self._gl.clear(_BACKGROUND, _BACKGROUND, _BACKGROUND)
        self._program["is_runner"] = False
        self._program["belt_m"], self._program["mark_m"] = 0.0, _MARK_M
        self._scene_shape.render()

    def _changing_part(self) -> tuple[int, int, int, int]:
        """The columns of the picture in which runner, belt and shadow can be."""
        z = FLOOR_Z_M
        corners = np.array([[-1.5, 1.2, z], [-1.2, -0.4, z], [1.3, 1.2, z], [1.3, -0.4, z]])
        x_px = self._view.project(corners)[:, 0]
        left, right = max(int(x_px.min()), 0), min(int(x_px.max()), self._view.width_px)
        return left, 0, right - left, self._view.height_px


def mark_distance_m(belt_travel_m: float) -> float:
    """A distance of the belt's marks near the wanted one that divides the travel, so that a loop has no seam."""
    marks = round(belt_travel_m / _MARK_M)
    return belt_travel_m / marks if marks else _MARK_M
