"""A visit of a shipped scenario as a recording: pins in virtual time, keypoints from the clips' truth, with noise."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from station.calibration.artefact import assemble
from station.camera import scene_landmarks
from station.messages import (
    KEYPOINTS,
    Calibration,
    CameraPlace,
    Keypoints,
    Mark,
    Message,
    RunInfo,
    SampleBatch,
)
from station.records.recording import RunWriter
from station.sim.camera_bench import CameraBench
from station.sim.loaded_deck import CellForces
from station.sim.rig import Rig
from station.sim.runner.clip import FOLDER
from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.scenario import load_scenario
from station.sim.world import Visit, World

EPOCH_NS = 1_000_000_000_000
STEP_ON_S, RUN_START_S, STAND_S = 1.0, 8.0, 3.0
BATCH_NS = 50_000_000
NOISE_PX = 1.5
FAR_CONFIDENCE, NEAR_CONFIDENCE = 0.6, 0.98


def visit_messages(
    scenario_name: str,
    run_s: float = 32.0,
    seed: int = 1,
    harm: Callable[[Rig, CellForces], CellForces] = lambda rig, pressed_n: pressed_n,
) -> list[Message]:
    """All that a station would have recorded of the visit, in order of time; `harm` makes forces what is felt."""
    scenario = load_scenario(scenario_name)
    end_s = RUN_START_S + run_s
    world = World(scenario, Visit(STEP_ON_S, RUN_START_S, end_s, end_s + 8.0), seed, run_s)
    rig = Rig(seed)
    camera = CameraBench(scenario, rig.force.cells, seed).calibrate()
    calibration = assemble([*rig.calibration_parts(), camera], rig.force.cells)
    pressing = rig.play(harm(rig, world.cell_force_n), 0.0, end_s + 7.0)
    info = RunInfo(
        visit_id="recorded", version="test", seed=seed, inputs={"weigh_s": STAND_S}, speed_m_s=scenario.speed_m_s
    )
    marks = [Mark(t_ns=_ns(RUN_START_S - 2.0), phase="ready"), Mark(t_ns=_ns(RUN_START_S), phase="run")]
    timed = [(_ns(0.0), info), (_ns(0.0), calibration), *((m.t_ns, m) for m in marks)]
    timed.append((_ns(RUN_START_S - 2.0), _place(world, calibration, RUN_START_S - 2.0)))
    timed += [(int(b.arrays()["t_low_ns"][-1]), b) for b in _batches(pressing.samples, pressing.epoch_ns)]
    timed += [(k.t_ns, k) for k in _keypoints(world, end_s, seed)]
    timed.append((_ns(end_s + 5.0), Mark(t_ns=_ns(end_s + 5.0), phase="score")))
    return [message for _, message in sorted(timed, key=lambda pair: pair[0])]


def _place(world: World, calibration: Calibration, t_s: float) -> CameraPlace:
    """How the camera stood while the runner did."""
    clip, index = world.frame_at(t_s)
    reader = ClipReader(clip)
    picture = reader.frame(index)
    reader.close()
    return scene_landmarks.compare(calibration.camera.landmarks, picture, _ns(t_s))


def write_visit(path: Path, messages: list[Message]) -> None:
    writer = RunWriter(path, None)
    for message in messages:
        writer.add(message, EPOCH_NS)
    writer.close()


def _ns(t_s: float) -> int:
    return EPOCH_NS + round(t_s * 1e9)


def _batches(samples: SampleBatch, epoch_ns: int) -> list[SampleBatch]:
    columns = samples.arrays()
    shifted = {**columns, **{k: columns[k] - epoch_ns + EPOCH_NS for k in ("t_high_ns", "t_low_ns")}}
    bounds = np.flatnonzero(np.diff(shifted["t_low_ns"] // BATCH_NS)) + 1
    return [
        SampleBatch.of(**dict(zip(shifted, part, strict=True)))
        for part in zip(*(np.split(values, bounds) for values in shifted.values()), strict=True)
    ]


@cache
def _truth(clip: str) -> dict:
    return json.loads((FOLDER / f"{clip}.json").read_text())


def _keypoints(world: World, end_s: float, seed: int) -> list[Keypoints]:
    """Every frame while standing and running for scoring, and every sixth for the live picture."""
    rng = np.random.default_rng(seed)
    out = []
    fps = world.scenario.filming.fps
    for k in range(round((STEP_ON_S + 2.0) * fps), round(end_s * fps)):
        t_s = k / fps + 1e-6
        t_ns = _ns(world.frame_time_s(t_s))
        found = _pose(*world.frame_at(t_s), rng)
        out.append(Keypoints(t_ns=t_ns, purpose="score", **found))
        if k % 6 == 0:
            out.append(Keypoints(t_ns=t_ns, purpose="live", **found))
    return out


def _pose(clip: str, frame: int, rng: np.random.Generator) -> dict:
    truth = _truth(clip)
    xy = np.full((33, 2), np.nan, np.float32)
    confidence = np.zeros(33, np.float32)
    for name, place in zip(truth["points"], truth["px"][frame], strict=True):
        if name in KEYPOINTS:
            i = KEYPOINTS.index(name)
            xy[i] = np.array(place) + NOISE_PX * rng.standard_normal(2)
            confidence[i] = FAR_CONFIDENCE if name.startswith("left") else NEAR_CONFIDENCE
    size = {"width_px": truth["width_px"], "height_px": truth["height_px"]}
    return {**size, "found": True, "xy_px": xy.tobytes(), "confidence": confidence.tobytes()}
