"""Films a shot: its frames as the scenario's camera delivers them, and the truth of what they show."""

from collections.abc import Callable, Iterator
from functools import partial

import msgspec
import numpy as np

from station.sim.runner.body import Body, Pose
from station.sim.runner.bystander import STANDS, Bystander
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip import M_DIGITS, PX_DIGITS, ClipTruth, true_events
from station.sim.runner.exposure import Exposure
from station.sim.runner.gym_scene import gym
from station.sim.runner.renderer import Belt, Renderer, Skin, mark_distance_m
from station.sim.runner.sensor import Sensor
from station.sim.runner.shot import Shot

_GAMMA = 2.2  # of the picture: light adds up before it
_LINEAR = ((np.arange(256) / 255) ** _GAMMA).astype(np.float32)


class Film:
    """A shot before its camera."""

    def __init__(self, shot: Shot, view: CameraView) -> None:
        self._shot = shot
        self._view = view
        self._exposure = Exposure(shot.filming, view)
        self._cast = [(shot.body, shot.pose)] if shot.pose else []
        second = shot.filming.second_person
        if second in STANDS or (second and shot.contacts):  # who walks by does so during the run
            name = "man" if shot.scenario.body == "woman" else "woman"
            bystander = Bystander(name, shot.filming, view, shot.length_s)
            self._cast.append((bystander.body, bystander.pose))
        self._mark_m = mark_distance_m(shot.speed_m_s * shot.length_s)

    def frames(self) -> Iterator[np.ndarray]:
        """uint8 RGB (height, width, 3). Raises DeviceError where the machine cannot draw."""
        filming = self._shot.filming
        room = gym(filming.side, filming.handrail)
        renderer = Renderer([body for body, _ in self._cast], self._view, room, crowded=bool(filming.second_person))
        sensor = Sensor(filming, self._shot.scenario.seed)
        try:
            for k in range(self._shot.frames):
                yield sensor.picture(self._blurred(renderer, k / filming.fps))
        finally:
            renderer.close()

    def truth(self) -> ClipTruth:
        shot, filming, view = self._shot, self._shot.filming, self._view
        times = [k / filming.fps for k in range(shot.frames)] if shot.pose else []
        names = list(self._places(0.0)) if shot.pose else []
        metres = [self._exposure.seen(self._points, t_s)[0] for t_s in times]
        events = true_events(shot.contacts)
        return ClipTruth(
            name=shot.name,
            fps=filming.fps,
            width_px=view.width_px,
            height_px=view.height_px,
            length_s=shot.length_s,
            speed_m_s=shot.speed_m_s,
            cadence_spm=len(events) / shot.length_s * 60,
            neck_deg=shot.neck_deg,
            scenario=msgspec.to_builtins(shot.scenario) if shot.contacts else {},
            events=events,
            camera_matrix=view.matrix.tolist(),
            camera_side=filming.side,
            roll_deg=filming.roll_deg,
            row_s=filming.row_s,
            points=names,
            px=[view.project(m).round(PX_DIGITS).tolist() for m in metres],
            m=[m.round(M_DIGITS).tolist() for m in metres],
        )

    def _blurred(self, renderer: Renderer, t_s: float) -> np.ndarray:
        """The mean light of the exposure about `t_s`."""
        instants = [self._drawn(renderer, t_s + offset_s) for offset_s in self._exposure.offsets_s]
        if len(instants) == 1:
            return instants[0]
        light = sum(_LINEAR[picture] for picture in instants) / len(instants)
        return np.rint(255 * light ** (1 / _GAMMA)).astype(np.uint8)

    def _drawn(self, renderer: Renderer, t_s: float) -> np.ndarray:
        skins = [self._exposure.seen(partial(_skin, body, pose), t_s) for body, pose in self._cast]
        speed = self._shot.speed_m_s
        return renderer.draw(skins, Belt(speed * t_s, self._mark_m, speed * self._shot.filming.row_s))

    def _points(self, t_s: float) -> tuple[np.ndarray]:
        return (np.array(list(self._places(t_s).values())),)

    def _places(self, t_s: float) -> dict[str, np.ndarray]:
        pose = self._shot.pose(t_s)
        return self._shot.body.points(pose) | self._shot.body.soles(pose)


def _skin(body: Body, pose: Callable[[float], Pose], t_s: float) -> Skin:
    return body.skin(pose(t_s))
