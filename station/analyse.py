"""`station analyse`: the station's own analysis of a user's files, and of its recordings."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from station import __version__, devices, simulated_world
from station.camera import weights
from station.camera.offline import pose_video
from station.camera.overlay import write_overlay
from station.config import Simulation
from station.errors import InputError
from station.fusion import overlay, scoring
from station.fusion.session import Session, SessionBuilder, Surroundings, poses_of
from station.gait.posture_track import PoseTrack
from station.gait.results import CellSignal
from station.kiosk.card.page import standalone_page
from station.messages import CHANNELS, RunInfo
from station.option_types import natural, within
from station.records import recording
from station.records.force_csv import read_cells, read_force_plate, unit_doubt
from station.records.keypoints_csv import read_keypoints

DEFAULT_SEED = 1
DEFAULT_CHIP_RATE_SPS = 80
PRESSED_ON = (
    "chip_rate", "deck_hz", "deck_damping", "vibration", "zero_drift", "creep", "dead_cell", "swapped_cells",
)  # fmt: skip
"""Options that describe the simulated deck."""
FORCE_HELP = "time_s,fz_n,cop_x_m,cop_y_m of a force plate; pressed on the simulated deck, chips and pins"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    force = parser.add_mutually_exclusive_group()
    force.add_argument("--force-plate", type=Path, metavar="CSV", help=FORCE_HELP)
    force.add_argument("--cells", type=Path, metavar="CSV", help="time_s and four cells in unblurred newtons")
    camera = parser.add_mutually_exclusive_group()
    camera.add_argument("--video", type=Path, metavar="FILE", help="a side view of the runner")
    camera.add_argument("--keypoints", type=Path, metavar="CSV", help="time_s and BlazePose keypoints in pixels")
    parser.add_argument("--recording", type=Path, metavar="RUN.mcap", help="a run recorded by a station")
    parser.add_argument("--mass", type=within(10, 400), metavar="KG", help="checked against the measured weight")
    parser.add_argument("--speed", type=within(0.2, 12), metavar="M_S", help="belt speed")
    parser.add_argument("--camera-side", choices=("left", "right"), help="side of the runner that the camera sees")
    parser.add_argument("--chip-rate", type=int, choices=(80, 320), help="samples/s of the simulated chips (80)")
    parser.add_argument("--deck-hz", type=within(5, 1000), metavar="HZ", help="resonance of the simulated deck")
    parser.add_argument("--deck-damping", type=within(0.005, 1), metavar="Z", help="its damping ratio")
    parser.add_argument("--deck-calibrated", action="store_true", help="the analysis knows the deck's resonance")
    parser.add_argument("--vibration", type=within(0, 500), metavar="N", help="of belt and motor, on the deck")
    parser.add_argument("--zero-drift", type=within(-600, 600), metavar="N_PER_MIN", help="of every cell")
    parser.add_argument("--creep", type=within(0, 0.05), metavar="SHARE", help="of a load that cells show minutes late")
    parser.add_argument("--dead-cell", choices=CHANNELS, metavar="NAME", help=f"one of {', '.join(CHANNELS)}")
    parser.add_argument("--swapped-cells", type=_two_cells, metavar="A,B", help="on each other's wires")
    parser.add_argument(
        "--seed", type=natural, default=1, metavar="N", help="of the simulated chips and the statistics"
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the result there instead of standard output")
    parser.add_argument("--html", type=Path, metavar="OUT", help="write the scorecard as one page")
    parser.add_argument("--overlay", type=Path, metavar="OUT.mp4", help="write the video with what was seen in it")


def run(options: argparse.Namespace) -> None:
    """Raises InputError (and other StationErrors) for files that cannot be analysed."""
    _check(options)
    session = _from_recording(options) if options.recording else _from_files(options)
    analysed = scoring.analyse_session(session)
    scored = scoring.scored(session, analysed)
    if options.html:
        _write(options.html, standalone_page(scored.json, newtons=True))
    if options.json:
        _write(options.json, scored.json + b"\n")
    elif not options.html:
        sys.stdout.buffer.write(scored.json + b"\n")
        sys.stdout.buffer.flush()
    if options.overlay:  # the last: it takes longest, and the result does not hang on it
        _write_overlay(options, analysed)


def _check(options: argparse.Namespace) -> None:
    """Refuse, before anything is worked out, what cannot be meant or written."""
    _check_outputs(options)
    if options.overlay and not options.video:
        raise InputError(f"{options.overlay}: --overlay draws over a video; it needs --video")
    sources = (options.force_plate, options.cells, options.video, options.keypoints)
    if options.recording and any(sources):
        raise InputError("--recording holds both sensors already; leave the other files out")
    if not options.recording and not any(sources):
        raise InputError("nothing to analyse; give --force-plate, --cells, --video, --keypoints or --recording")
    if (options.deck_hz is None) != (options.deck_damping is None):
        raise InputError("--deck-hz and --deck-damping belong together; give both or neither")
    if options.deck_calibrated and options.deck_hz is None:
        raise InputError("--deck-calibrated needs --deck-hz and --deck-damping")
    pressed_on = [name for name in PRESSED_ON if getattr(options, name) is not None]
    if options.force_plate is None and pressed_on:
        flags = " and ".join(f"--{name.replace('_', '-')}" for name in pressed_on)
        raise InputError(f"{flags} describe what a force plate is pressed on; they need --force-plate")


def _check_outputs(options: argparse.Namespace) -> None:
    """Each output is a file of its own, by whatever way its path leads there, and none of the inputs."""
    outputs = [path for path in (options.json, options.html, options.overlay) if path is not None]
    if len({path.resolve() for path in outputs}) < len(outputs):
        raise InputError(f"{outputs[-1]}: --json, --html and --overlay cannot be one file; give each its own")
    inputs = (options.force_plate, options.cells, options.video, options.keypoints, options.recording)
    taken = {path.resolve() for path in inputs if path is not None}
    for path in outputs:
        if path.resolve() in taken:
            raise InputError(f"{path}: is one of the files to be analysed; give the output a file of its own")
        if path.is_dir() or not path.parent.is_dir():
            raise InputError(f"{path}: cannot be written there; give a file in a directory that exists")


def _from_recording(options: argparse.Namespace) -> Session:
    """The recorded run; what the user says of it goes before what the station knew."""
    builder = SessionBuilder()
    for message in recording.open_any(options.recording, devices.runtime_dir()):
        builder.add(message)
    session = builder.build()
    said = {
        "speed_m_s": options.speed,
        "mass_kg": options.mass,
        "camera_side": options.camera_side,
        "seed": options.seed,
    }
    known = {name: value for name, value in said.items() if value is not None}
    return replace(session, info=msgspec.structs.replace(session.info, **known))


def _from_files(options: argparse.Namespace) -> Session:
    track, surroundings = _camera(options)
    seed = DEFAULT_SEED if options.seed is None else options.seed
    force = _force(options, seed)
    start_s, end_s = _window(force, track)
    inputs: dict[str, str | float | int | bool | None] = {
        name: path.name
        for name in ("force_plate", "cells", "video", "keypoints")
        if (path := getattr(options, name)) is not None
    }
    if options.force_plate:
        inputs |= {
            "chip_rate_sps": options.chip_rate or DEFAULT_CHIP_RATE_SPS,
            "deck_calibrated": options.deck_calibrated,
            **_world(options),
            "swapped_cells": ",".join(options.swapped_cells or ()) or None,
        }
    info = RunInfo(
        visit_id="files",
        version=__version__,
        seed=seed,
        inputs=inputs | {"mass_kg": options.mass, "seed": seed},
        speed_m_s=options.speed,
        mass_kg=options.mass,
        camera_side=options.camera_side,
    )
    doubts = [force.pop("doubt", None), "Nobody was found in the video." if options.video and track is None else None]
    notes = tuple(doubt for doubt in doubts if doubt)
    return Session(
        info=info,
        start_s=start_s,
        end_s=end_s,
        poses=track,
        surroundings=surroundings,
        notes=notes,
        one_clock=False,
        **force,
    )


def _force(options: argparse.Namespace, seed: int) -> dict[str, Any]:
    """The session's load-cell fields."""
    if options.cells:
        cells = read_cells(options.cells)
        places = simulated_world.cell_places()
        signals = tuple(CellSignal(cells.t_s, f, *p, None) for f, p in zip(cells.force_n, places, strict=True))
        return {"cells": signals, "doubt": unit_doubt(cells.force_n.sum(axis=0))}
    if options.force_plate:
        plate = read_force_plate(options.force_plate)
        pressed = simulated_world.press_force_plate(
            plate,
            Simulation(seed=seed, **{name: value for name, value in _world(options).items() if value is not None}),
            chip_rate_sps=options.chip_rate or DEFAULT_CHIP_RATE_SPS,
            deck_calibrated=options.deck_calibrated,
        )
        return {
            "samples": pressed.samples,
            "calibration": pressed.calibration,
            "t0_ns": pressed.t0_ns,
            "start_s": pressed.start_s,
            "end_s": pressed.end_s,
            "doubt": unit_doubt(plate.fz_n),
        }
    return {}


def _world(options: argparse.Namespace) -> dict[str, Any]:
    """The world in which a force plate is pressed on the deck, in Simulation's names; what is not given is ideal."""
    return {
        "deck_hz": options.deck_hz,
        "deck_damping": options.deck_damping,
        "vibration_n": options.vibration,
        "zero_drift_n_per_min": options.zero_drift,
        "creep_share": options.creep,
        "dead_cell": options.dead_cell,
        "swapped_cells": options.swapped_cells,
    }


def _camera(options: argparse.Namespace) -> tuple[PoseTrack | None, Surroundings | None]:
    if options.keypoints:
        track = read_keypoints(options.keypoints)
        width_px, height_px = (int(np.nanmax(track.xy_px[..., axis])) + 1 for axis in (0, 1))
        rate_hz = 1 / float(np.median(np.diff(track.t_s)))
        return PoseTrack.of(track.t_s, track.xy_px, track.confidence, width_px, height_px, rate_hz), None
    if options.video:
        video = pose_video(options.video, weights.DEFAULT_DIRECTORY, progress=_progress)
        track = poses_of(video.keypoints, 0)
        return track, Surroundings(video.people, video.background_px_s)
    return None, None


def _progress(share: float) -> None:
    if sys.stderr.isatty():
        print(f"\rfinding the runner: {share:4.0%}", end="\n" if share == 1 else "", file=sys.stderr, flush=True)


def _window(force: dict, track: PoseTrack | None) -> tuple[float, float]:
    """From the first to the last instant of the force file, else of the camera's."""
    if "cells" in force:
        t_s = force["cells"][0].t_s
        return float(t_s[0]), float(t_s[-1])
    if "samples" in force:
        return force.pop("start_s"), force.pop("end_s")
    if track is None or len(track.t_s) < 2:
        return 0.0, 0.0
    return float(track.t_s[0]), float(track.t_s[-1])


def _write_overlay(options: argparse.Namespace, analysed: scoring.Analysed) -> None:
    track = analysed.facts.track
    if track is None:
        raise InputError(f"{options.overlay}: nobody was found in the video; there is nothing to draw")
    shift_s = (analysed.offset.value or 0.0) / 1e3
    near = overlay.view_of(track, analysed.facts.posture).near
    write_overlay(options.video, options.overlay, near, overlay.frame_notes(analysed, shift_s))


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as e:
        raise InputError(f"{path}: cannot be written ({e.strerror}); choose another place") from None


def _two_cells(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if len(names) != 2 or not set(names) <= set(CHANNELS) or names[0] == names[1]:
        raise argparse.ArgumentTypeError(f"{text} are not two of {', '.join(CHANNELS)}, with a comma between")
    return names
