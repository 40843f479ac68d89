"""Renders clips: `python -m station.sim.runner.render [--studies] [NAME...] [--out FOLDER]`.

The shipped ones again: NAME is a scenario, `standing_man`, `standing_woman` or `empty`; without a name, all of them.
With `--studies`, NAME is a study, and what is there already, made of the same, stays.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from station.errors import ConfigError, StationError
from station.sim.runner.camera_view import CameraView
from station.sim.runner.clip import FOLDER, save_truth, study_cache
from station.sim.runner.clip_writer import SHIPPED, STUDY, write_clip
from station.sim.runner.film import Film
from station.sim.runner.fingerprint import Fingerprint
from station.sim.runner.scenario import EMPTY_CLIP, load_scenario, scenario_names, study_names
from station.sim.runner.shot import Shot, empty_shot, running_shots, standing_shot

_STANDING = {"standing_man": "good_man", "standing_woman": "good_woman"}  # clip: whose scenario
_MADE_OF = "made_of.json"


def shots(name: str) -> Iterator[Shot]:
    """The clips of a scenario, the standing clip of a body, or the empty treadmill."""
    if name == EMPTY_CLIP:
        yield empty_shot(load_scenario("good_man"))
    elif name in _STANDING:
        yield standing_shot(load_scenario(_STANDING[name]))
    else:
        yield from running_shots(load_scenario(name))


def render(shot: Shot, folder: Path, rate_factor: int, preset: str) -> None:
    """Write the clip's video and truth. Raises DeviceError where the machine cannot draw."""
    view = CameraView.of(shot.filming)
    film = Film(shot, view)
    path = folder / f"{shot.name}.mp4"
    write_clip(path, film.frames(), view.width_px, view.height_px, shot.filming.fps, rate_factor, preset)
    save_truth(film.truth(), folder)


def render_study(name: str, folder: Path | None = None) -> Path:
    """The folder with the study's clips: running, standing and empty, each a video with its truth.

    `folder`: of all studies, the user's cache unless told otherwise. What is there already, made of the same, stays.
    Raises ConfigError for an unknown study, DeviceError where the machine cannot draw.
    """
    scenario = load_scenario(name)
    place = (folder or study_cache()) / name
    every = [*running_shots(scenario), standing_shot(scenario), empty_shot(scenario)]
    made_of, wanted = place / _MADE_OF, Fingerprint.of(every)
    there = all((place / f"{shot.name}{suffix}").exists() for shot in every for suffix in (".mp4", ".json"))
    if not (there and _is_of(made_of, wanted)):
        place.mkdir(parents=True, exist_ok=True)
        made_of.unlink(missing_ok=True)
        for shot in every:
            print(f"{shot.name}: {shot.frames} frames ...", flush=True)
            render(shot, place, **STUDY)
        made_of.write_bytes(msgspec.json.encode(wanted))
    return place


def _is_of(made_of: Path, wanted: Fingerprint) -> bool:
    """Whether that file says so; one that is missing or damaged does not."""
    try:
        return msgspec.json.decode(made_of.read_bytes(), type=Fingerprint).same(wanted)
    except (OSError, msgspec.MsgspecError):
        return False


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    every = study_names() if options.studies else (EMPTY_CLIP, *_STANDING, *scenario_names())
    try:
        for name in options.name:
            if name not in every:
                what = "study" if options.studies else "clip"
                raise ConfigError(f"{what} {name!r} does not exist; choose one of {', '.join(every)}")
        if options.out and not options.out.is_dir():
            raise ConfigError(f"folder {options.out} does not exist; make it or choose another with --out")
        for name in options.name or every:
            if options.studies:
                print(render_study(name, options.out), flush=True)
                continue
            for shot in shots(name):
                print(f"{shot.name}: {shot.frames} frames ...", flush=True)
                render(shot, options.out or FOLDER, **SHIPPED)
    except StationError as e:
        print(e, file=sys.stderr)
        return 2
    except OSError as e:
        print(f"{e.filename}: {e.strerror}; choose another folder with --out", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    every = ", ".join((EMPTY_CLIP, *_STANDING, *scenario_names()))
    parser = argparse.ArgumentParser(prog="python -m station.sim.runner.render", description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help=f"one of {every}; without: all")
    parser.add_argument("--studies", action="store_true", help="names are of studies; without: all of them")
    parser.add_argument("--out", type=Path, help="folder for the clips; without: where the station looks for them")
    return parser


if __name__ == "__main__":
    sys.exit(main())
