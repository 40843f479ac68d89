"""Clips of a shipped runner with a second person behind the treadmill, in magenta from head to foot.

They are laid out as those of a study, so that the simulated camera films them as it films any other.
"""

from pathlib import Path

import numpy as np

from station.sim.runner.clip_reader import ClipReader
from station.sim.runner.clip_writer import write_clip
from station.sim.runner.scenario import load_scenario
from tests.whole.traces import MAGENTA_RGB

STUDY = "plain_man"
_SHIPPED = "good_man"
_STANDS_PX = 130  # beside the runner, partly behind him
_SEEN = 60  # grey levels by which a person differs from the room
_EMPTY = 30


def make(cache: Path, *, in_run: bool) -> None:
    """Write the study's clips into a cache folder ($XDG_CACHE_HOME). `in_run`: he stays when the runner runs."""
    study, shipped = load_scenario(STUDY), load_scenario(_SHIPPED)
    frames = round(study.loop().length_s * study.filming.fps)
    wanted = {
        study.name: (shipped.name, frames),
        study.standing_clip: (shipped.standing_clip, study.standing_frames),
        study.empty_clip: (shipped.empty_clip, 1),
    }
    folder = cache / "station-studies" / STUDY
    folder.mkdir(parents=True)
    room = _frames(shipped.empty_clip, 1)[0]
    person = _standing_person(_frames(shipped.standing_clip, 1)[0], room)
    for name, (source, count) in wanted.items():
        pictures = _frames(source, count)
        if in_run or name != study.name:
            pictures = [_crowded(picture, room, person) for picture in pictures]
        height, width = room.shape[:2]
        write_clip(folder / f"{name}.mp4", pictures, width, height, study.filming.fps, 23, "ultrafast")


def _frames(clip: str, count: int) -> list[np.ndarray]:
    reader = ClipReader(clip)
    pictures = [reader.frame(k % len(reader)).copy() for k in range(count)]
    reader.close()
    return pictures


def _standing_person(picture: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Bool (h, w): where the second person is to be."""
    return np.roll(_differs(picture, room, _SEEN), _STANDS_PX, axis=1)


def _crowded(picture: np.ndarray, room: np.ndarray, person: np.ndarray) -> np.ndarray:
    """The runner hides what is behind him."""
    seen = person & ~_differs(picture, room, _EMPTY)
    return np.where(seen[:, :, None], np.uint8(MAGENTA_RGB), picture)


def _differs(picture: np.ndarray, room: np.ndarray, levels: int) -> np.ndarray:
    return np.abs(picture.astype(np.int16) - room).max(axis=2) > levels
