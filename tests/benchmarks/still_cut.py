"""What of the runner a still keeps, and what of a second person is left in it: rendered studies, pixels known.

`python -m tests.benchmarks.still_cut` poses each study's clip once (see posed_clip) and draws nine of its frames again,
the runner and the second person in colours of their own.
"""

import numpy as np

from station.camera import still_cut
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip import study_cache
from station.sim.runner.film import Film
from station.sim.runner.gym_scene import gym
from station.sim.runner.render import render_study
from station.sim.runner.renderer import Renderer
from station.sim.runner.scenario import load_scenario
from station.sim.runner.shot import Shot, running_shots
from tests.benchmarks.posed_clip import PosedClip, posed_clip

STUDIES = ("beside", "passing", "heavy", "child", "trousers")
FRAMES = 9
GREEN, MAGENTA = (0, 1, 0), (1, 0, 1)


def main() -> None:
    print("study      runner kept: mean  least   second person left: mean   most")
    for name in STUDIES:
        folder = render_study(name)
        shot = next(running_shots(load_scenario(name)))
        posed = posed_clip(folder / f"{shot.name}.mp4", "heavy", study_cache() / "poses")
        kept, left = np.array([_shares(shot, posed, k) for k in np.linspace(3, shot.frames - 4, FRAMES, dtype=int)]).T
        seen = left[np.isfinite(left)]
        others = f"{100 * seen.mean():24.1f} {100 * seen.max():6.1f}" if len(seen) else f"{'-':>24} {'-':>6}"
        print(f"{name:10s} {100 * kept.mean():17.1f} {100 * kept.min():6.1f} {others}")


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
