"""A simulated run as facts: keypoints from the truth of the rendered clips, force from the same world."""

import json
from functools import cache

import numpy as np

from station.gait.posture import analyse_posture
from station.gait.posture_track import PoseTrack, index_of
from station.gait.results import CellSignal, ForceResult
from station.messages import KEYPOINTS
from station.scorecard.facts import Facts
from station.sim.runner.clip import FOLDER
from station.sim.runner.corners import DEFAULT_PLACES
from station.sim.runner.scenario import load_scenario
from station.sim.world import Visit, World
from tests.gait.analysed import analyse_force
from tests.gait.network_labels import network_labels

FPS = 60.0
FORCE_RATE_HZ = 500.0
NOISE_PX = 1.5


@cache
def clip_truth(name: str) -> tuple[np.ndarray, int, int]:
    """(frames, 33, 2) true pixels of a clip, NaN for the points that the truth does not name, and its size."""
    document = json.loads((FOLDER / f"{name}.json").read_text())
    px = np.full((len(document["px"]), len(KEYPOINTS), 2), np.nan)
    for i, point in enumerate(document["points"]):
        if point in KEYPOINTS:
            px[:, index_of(point)] = np.array(document["px"], float)[:, i]
    return network_labels(px), document["width_px"], document["height_px"]


@cache
def scenario_facts(name: str, run_s: float = 48.0, seed: int = 1) -> Facts:
    """The whole run of a scenario, seen by sensors whose only error is a little noise of the keypoints."""
    world = World(load_scenario(name), Visit(0.0, 3.0, 3.0 + run_s, 5.0 + run_s), seed, run_s)
    force = _force(world, run_s)
    track, standing = _track(world, 3.0, 3.0 + run_s, seed), _track(world, 1.0, 3.0, seed)
    posture = analyse_posture(
        track.t_s, track.xy_px, track.confidence, width_px=track.width_px, height_px=track.height_px,
        frame_rate_hz=FPS, contacts=force.steps, standing=(standing.xy_px, standing.confidence), seed=seed,
    )  # fmt: skip
    return Facts(force, posture, track, speed_m_s=world.scenario.speed_m_s, seed=seed)


def _force(world: World, run_s: float) -> ForceResult:
    t_s = np.arange(0, run_s + 6, 1 / FORCE_RATE_HZ)
    newtons = world.cell_force_n(t_s)
    places = DEFAULT_PLACES.values()
    cells = [CellSignal(t_s, force_n, x, y, None) for force_n, (x, y) in zip(newtons, places, strict=True)]
    return analyse_force(
        cells, 3.0, 3.0 + run_s, deck_known=True, kernel_known=True, speed_m_s=world.scenario.speed_m_s
    )


def _track(world: World, start_s: float, end_s: float, seed: int) -> PoseTrack:
    shown = [(world.frame_time_s(t), *world.frame_at(t)) for t in np.arange(start_s, end_s, 1 / FPS)]
    px = np.array([clip_truth(clip)[0][index] for _, clip, index in shown])
    _, width_px, height_px = clip_truth(shown[0][1])
    px += np.random.default_rng(seed).normal(0, NOISE_PX, px.shape)
    confidence = np.where(np.isfinite(px[:, :, 0]), 0.95, 0.0)
    return PoseTrack.of(np.array([t for t, _, _ in shown]), px, confidence, width_px, height_px, FPS)
