"""Renders the shipped clips again: `python -m station.sim.runner.render [NAME...] [--out FOLDER]`.

NAME is a scenario, `standing_man`, `standing_woman` or `empty`; without a name, everything is rendered.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from station.errors import ConfigError, StationError
from station.sim.runner.body import Body, Pose
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip import FOLDER, M_DIGITS, PX_DIGITS, ClipTruth, save_truth, true_events
from station.sim.runner.clip_writer import write_clip
from station.sim.runner.gait_motion import RunnerMotion
from station.sim.runner.renderer import Renderer, mark_distance_m
from station.sim.runner.scenario import CLIP_FPS, EMPTY_CLIP, STANDING_FRAMES, Scenario, load_scenario, scenario_names
from station.sim.runner.standing import standing_pose

_STANDING = {"standing_man": "man", "standing_woman": "woman"}


@dataclass(frozen=True)
class Shot:
    """One clip to render: the pose at any time (None: nobody is there), and what is known of it."""

    name: str
    body: Body
    frames: int
    pose: Callable[[float], Pose] | None
    motion: RunnerMotion | None = None
    scenario: Scenario | None = None
    neck_deg: float = 0.0

    @property
    def length_s(self) -> float:
        return self.frames / CLIP_FPS


def shots(name: str) -> Iterator[Shot]:
    """The clips of a scenario, the standing clip of a body, or the empty treadmill."""
    if name == EMPTY_CLIP:
        yield Shot(EMPTY_CLIP, Body("man"), 1, None)
    elif name in _STANDING:
        body = Body(_STANDING[name])
        yield Shot(name, body, STANDING_FRAMES, lambda t_s: standing_pose(body, t_s * CLIP_FPS / STANDING_FRAMES))
    else:
        scenario = load_scenario(name)
        body = Body.of(scenario)
        for stage, clip in enumerate(scenario.clip_names()):
            neck_deg = scenario.stage_neck_deg(stage)
            motion = RunnerMotion(body, scenario, neck_deg)
            frames = round(motion.loop.length_s * CLIP_FPS)
            yield Shot(clip, body, frames, motion.pose, motion, scenario, neck_deg)


def render(shot: Shot, folder: Path, view: CameraView) -> None:
    """Write the clip's video and truth."""
    renderer = Renderer(shot.body, view)
    poses = [shot.pose(k / CLIP_FPS) for k in range(shot.frames)] if shot.pose else []
    pictures = _pictures(shot, poses, renderer)
    write_clip(folder / f"{shot.name}.mp4", pictures, view.width_px, view.height_px, round(CLIP_FPS))
    renderer.close()
    save_truth(_truth(shot, poses, view), folder)


def _pictures(shot: Shot, poses: list[Pose], renderer: Renderer) -> Iterator[np.ndarray]:
    if not poses:
        yield renderer.draw(None)
    speed = shot.scenario.speed_m_s if shot.scenario else 0.0
    mark_m = mark_distance_m(speed * shot.length_s)
    for k, pose in enumerate(poses):
        yield renderer.draw(shot.body.skin(pose), speed * k / CLIP_FPS, mark_m)


def _truth(shot: Shot, poses: list[Pose], view: CameraView) -> ClipTruth:
    places = [shot.body.points(pose) for pose in poses]
    names = list(places[0]) if places else []
    metres = [np.array([frame[n] for n in names]) for frame in places]
    events = true_events(shot.motion.loop.contacts) if shot.motion else []
    return ClipTruth(
        name=shot.name,
        fps=CLIP_FPS,
        width_px=view.width_px,
        height_px=view.height_px,
        length_s=shot.length_s,
        speed_m_s=shot.scenario.speed_m_s if shot.scenario else 0.0,
        cadence_spm=len(events) / shot.length_s * 60,
        neck_deg=shot.neck_deg,
        scenario=msgspec.to_builtins(shot.scenario) if shot.scenario else {},
        events=events,
        camera_matrix=view.matrix.tolist(),
        points=names,
        px=[view.project(m).round(PX_DIGITS).tolist() for m in metres],
        m=[m.round(M_DIGITS).tolist() for m in metres],
    )


def main(arguments: list[str] | None = None) -> int:
    every = (EMPTY_CLIP, *_STANDING, *scenario_names())
    parser = argparse.ArgumentParser(prog="python -m station.sim.runner.render", description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(every)}; without: all")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the clips")
    options = parser.parse_args(arguments)
    try:
        _check_folder(options.out)
        for name in options.name or every:
            for shot in shots(name):
                print(f"{shot.name}: {shot.frames} frames ...", flush=True)
                render(shot, options.out, CameraView())
    except StationError as e:
        print(e, file=sys.stderr)
        return 2
    return 0


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise ConfigError(f"folder {folder} does not exist; make it or choose another with --out")


if __name__ == "__main__":
    sys.exit(main())
