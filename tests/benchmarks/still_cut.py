"""Which stills are given out, what of the runner they keep, and what of a second person is left in them.

`python -m tests.benchmarks.still_cut` poses each rendered study's clip once (see posed_clip), asks for stills of frames
that are spread over it, and draws those frames again, the runner and the second person in colours of their own: so the
pixels of either are known. "seen": stills given out of frames that show a second person at all.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from station.camera import still_cut
from station.camera.blazepose import Pose
from station.camera.detector import PersonDetector
from station.camera.ring import encode
from station.camera.stills import PosedBodies
from station.camera.video_file import read_frames
from station.camera.weights import DEFAULT_DIRECTORY
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip import study_cache
from station.sim.runner.film import Film
from station.sim.runner.gym_scene import gym
from station.sim.runner.render import render_study
from station.sim.runner.renderer import Renderer
from station.sim.runner.scenario import load_scenario
from station.sim.runner.shot import Shot, running_shots
from tests.benchmarks.posed_clip import PosedClip, posed_clip

STUDIES = (
    "behind",
    "beside",
    "passing",
    "crossing",
    "heavy",
    "child",
    "trousers",
    "hat",
    "shirt",
    "rail",
    "plain_woman",
)
FRAMES = 15
GREEN, MAGENTA = (0, 1, 0), (1, 0, 1)


def main() -> None:
    print("study        asked given  runner kept %: mean least  second person: seen  left % of all asked: mean most"
          "  of given: mean most")  # fmt: skip
    for name in STUDIES:
        folder = render_study(name)
        shot = next(running_shots(load_scenario(name)))
        video = folder / f"{shot.name}.mp4"
        posed = posed_clip(video, "heavy", study_cache() / "poses")
        asked = np.linspace(3, shot.frames - 4, FRAMES, dtype=int)
        given = _given(video, shot.filming.fps, posed, asked)
        kept, left = np.array([_shares(shot, posed, k) for k in asked]).T
        seen = np.isfinite(left)
        print(
            f"{name:12s} {FRAMES:5d} {given.sum():5d} {_mean_and(np.min, kept[given]):>27s} {(seen & given).sum():20d}"
            f" {_mean_and(np.max, left[seen]):>30s} {_mean_and(np.max, left[seen & given]):>20s}",
            flush=True,
        )


def _mean_and(extreme: Callable[[np.ndarray], float], shares: np.ndarray) -> str:
    return f"{100 * shares.mean():5.1f} {100 * extreme(shares):5.1f}" if len(shares) else "-     -"


def _given(video: Path, fps: float, posed: PosedClip, asked: np.ndarray) -> np.ndarray:
    """Whether the camera daemon gives a still, of each of the frames asked for."""
    frames = {_t_ns(k, fps): encode(_t_ns(k, fps), f.image_rgb) for k, f in enumerate(read_frames(video))}
    bodies = PosedBodies(_detector, frames.get)
    for k, (xy_px, confidence, people) in enumerate(zip(posed.xy_px, posed.confidence, posed.people, strict=True)):
        found = np.isfinite(xy_px).all()
        bodies.add(_t_ns(k, fps), Pose(xy_px, confidence, int(people) or None) if found else None)
    return np.array([bool(bodies.still(frames[_t_ns(k, fps)])) for k in asked])


@cache
def _detector() -> PersonDetector:
    return PersonDetector(DEFAULT_DIRECTORY)


def _t_ns(k: int, fps: float) -> int:
    return round(k / fps * 1e9)


def _shares(shot: Shot, posed: PosedClip, k: int) -> tuple[float, float]:
    """Shares of the runner's pixels and of the second person's (NaN: nobody is seen) inside the outline of frame k."""
    picture = _coloured(shot, k / shot.filming.fps).astype(int)
    red, green, blue = np.moveaxis(picture, 2, 0)
    inside = still_cut.outline(green.shape, posed.xy_px[k], posed.confidence[k])
    runner, other = green - np.maximum(red, blue) > 40, np.minimum(red, blue) - green > 60
    return float(inside[runner].mean()), float(inside[other].mean()) if other.any() else float("nan")


def _coloured(shot: Shot, t_s: float) -> np.ndarray:
    view = CameraView.of(shot.filming)
    film = Film(shot, view)
    for (body, _), colour in zip(film._cast, (GREEN, MAGENTA), strict=False):
        body.colours = np.full_like(body.colours, 0) + np.float32(colour)
    room = gym(shot.filming.side, shot.filming.handrail)
    renderer = Renderer([body for body, _ in film._cast], view, room, crowded=bool(shot.filming.second_person))
    try:
        return film._drawn(renderer, t_s)
    finally:
        renderer.close()


if __name__ == "__main__":
    main()
