"""A rendered runner as the station meets it: the true force of the same world, and what a pose network saw of him.

The world repeats the clips for the length of the run; every frame's keypoints come from the cache of posed clips.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from station import __version__
from station.fusion.aim import STANDING_SPACING_NS
from station.fusion.scoring import Analysed, analyse_session
from station.fusion.session import Session
from station.gait.posture_track import PoseTrack, index_of
from station.gait.results import CellSignal, PostureResult, Side
from station.messages import (
    KEYPOINTS,
    Calibration,
    CameraCalibration,
    CellCalibration,
    ChipKernel,
    DeckCalibration,
    Landmarks,
    RunInfo,
)
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip import ClipTruth, clip_folder
from station.sim.runner.corners import DEFAULT_PLACES
from station.sim.runner.scenario import Scenario
from station.sim.world import Visit, World
from tests.benchmarks.posed_clip import PosedClip, shoe_of, turns_of
from tests.sim.runner.truth import load_truth, px_array

STAND_S = 3.0
RUN_S = 60.0  # a little over thirty strides of the slowest
FORCE_RATE_HZ = 500.0


@dataclass(frozen=True)
class FilmedRun:
    """`true_px` (n, 33, 2): where each keypoint of the run's frames really is, NaN for those without a truth."""

    scenario: Scenario
    clips: tuple[ClipTruth, ...]  # of the running, in the order of the run
    clip: np.ndarray  # (n,) which of them each frame shows
    true_px: np.ndarray
    session: Session

    @property
    def near(self) -> Side:
        return self.scenario.filming.side

    @cached_property
    def poses(self) -> PoseTrack:
        """Of the run's frames, as the network gave them."""
        return self.session.poses.within(self.session.start_s, self.session.end_s)

    @cached_property
    def analysed(self) -> Analysed:
        return analyse_session(self.session)

    @property
    def posture(self) -> PostureResult:
        return self.analysed.facts.posture


def filmed_run(scenario: Scenario, posed: Callable[[str], PosedClip]) -> FilmedRun:
    """A visit of the scenario's runner: three seconds of standing, then the run. `posed`: the poses of a clip."""
    end_s = STAND_S + RUN_S
    world = World(scenario, Visit(0.0, STAND_S, end_s, end_s + 2.0), seed=1, run_s=RUN_S)
    folder, fps = clip_folder(scenario), scenario.filming.fps
    clips = tuple(load_truth(name, folder) for name in scenario.clip_names())
    instants = np.arange(1.0 + 0.5 / fps, end_s - 1 / fps, 1 / fps)  # between two frames: the newest is shown
    shown = [world.frame_at(t) for t in instants]
    poses = [(posed(name), k) for name, k in shown]
    standing = scenario.standing_clip
    shoe = shoe_of(folder / f"{standing}.mp4", posed(standing), every=round(fps * STANDING_SPACING_NS / 1e9))
    turns_deg = {name: turns_of(folder / f"{name}.mp4", posed(name), shoe) for name in {name for name, _ in shown}}
    track = PoseTrack.of(
        np.array([world.frame_time_s(t) for t in instants]),
        np.array([pose.xy_px[k] for pose, k in poses]),
        np.array([pose.confidence[k] for pose, k in poses]),
        clips[0].width_px,
        clips[0].height_px,
        fps,
        scenario.filming.row_s,
        np.array([turns_deg[name][k] for name, k in shown]),
    )
    first = np.flatnonzero(track.t_s >= STAND_S)[0]
    pixels = {clip.name: _true_px(clip) for clip in clips}
    names = [name for name, _ in shown[first:]]
    session = Session(
        info=RunInfo(visit_id=scenario.name, version=__version__, seed=1, inputs={}, speed_m_s=scenario.speed_m_s),
        start_s=STAND_S,
        end_s=end_s,
        calibration=_calibration(scenario),
        cells=_cells(world, end_s + 3.0),
        poses=track,
        standing_s=(1.0, STAND_S - 0.1),
    )
    true = np.array([pixels[name][k] for name, k in shown[first:]])
    order = {clip.name: k for k, clip in enumerate(clips)}
    return FilmedRun(scenario, clips, np.array([order[name] for name in names]), true, session)


def _cells(world: World, end_s: float) -> tuple[CellSignal, ...]:
    t_s = np.arange(0.0, end_s, 1 / FORCE_RATE_HZ)
    newtons = world.cell_force_n(t_s)
    return tuple(CellSignal(t_s, n, x, y, None) for n, (x, y) in zip(newtons, DEFAULT_PLACES.values(), strict=True))


def _calibration(scenario: Scenario) -> Calibration:
    """Cells that came as newtons, a rigid deck, and the camera as it really stands."""
    view = CameraView.of(scenario.filming)
    camera = CameraCalibration(
        side=scenario.filming.side,
        width_px=view.width_px,
        height_px=view.height_px,
        focal_px=view.height_px / 2 / np.tan(np.radians(view.vertical_field_deg / 2)),
        place_m=list(view.eye_m),
        yaw_deg=0.0,
        pitch_deg=0.0,
        roll_deg=view.roll_deg,
        landmarks=Landmarks(xy_px=b"", descriptors=b""),
    )
    exact = ChipKernel(order=1, period_s=1 / FORCE_RATE_HZ)
    cells = [
        CellCalibration(channel=name, x_m=x, y_m=y, offset_counts=0.0, newton_per_count=1.0, kernel=exact)
        for name, (x, y) in DEFAULT_PLACES.items()
    ]
    return Calibration(id="true", created_utc="", cells=cells, deck=DeckCalibration(stiff=True), camera=camera)


def _true_px(clip: ClipTruth) -> np.ndarray:
    """(frames, 33, 2) true pixels of a clip."""
    px = np.full((clip.frames, len(KEYPOINTS), 2), np.nan)
    for k, name in enumerate(clip.points):
        if name in KEYPOINTS:
            px[:, index_of(name)] = px_array(clip)[:, k]
    return px
