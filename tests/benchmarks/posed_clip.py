"""A rendered clip as the pose network sees it, posed once and kept: a second run of a benchmark takes seconds."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from station.camera.blazepose import Pose, PoseTracker
from station.camera.landmarks import Model
from station.camera.ring import encode
from station.camera.shoe import Shoe, StandingShoes
from station.camera.video_file import read_frames
from station.camera.weights import DEFAULT_DIRECTORY
from station.messages import KEYPOINTS

LOOK_EVERY = 20  # frames between two counts of the people: about as often as in a run


@dataclass(frozen=True)
class PosedClip:
    """Keypoints of every frame: (n, 33, 2) px with NaN and (n, 33) confidence 0 where nobody was found."""

    xy_px: np.ndarray
    confidence: np.ndarray
    people: np.ndarray  # (n,) persons counted in the frame, 0: nobody counted there

    def pose(self, k: int) -> Pose:
        return Pose(self.xy_px[k], self.confidence[k], int(self.people[k]) or None)


def posed_clip(video: Path, model: Model, keep_in: Path) -> PosedClip:
    """The poses of a clip; kept under the hash of its bytes, so that a clip rendered anew is posed anew."""
    digest = hashlib.sha256(video.read_bytes()).hexdigest()[:16]
    kept = keep_in / f"{video.stem}-{digest}-{model}.npz"
    if not kept.exists():
        keep_in.mkdir(parents=True, exist_ok=True)
        _save(_posed(video, model), kept)
    with np.load(kept) as arrays:
        return PosedClip(**arrays)


def shoe_of(video: Path, posed: PosedClip, every: int) -> Shoe | None:
    """The shoe in every so-manyth frame of somebody standing, as the camera daemon takes it."""
    shoes = StandingShoes()
    for k, frame in enumerate(read_frames(video)):
        if k % every == 0:
            shoes.add(encode(k, frame.image_rgb), posed.pose(k))
    return shoes.shoe


def turns_of(video: Path, posed: PosedClip, shoe: Shoe | None) -> np.ndarray:
    """(n, 2) degrees: how far the shoe of either foot is turned in every frame, NaN where nobody can tell."""
    if shoe is None:
        return np.full((len(posed.people), 2), np.nan)
    return np.array([shoe.turns_deg(frame.image_rgb, posed.pose(k)) for k, frame in enumerate(read_frames(video))])


def _posed(video: Path, model: Model) -> PosedClip:
    tracker = PoseTracker(DEFAULT_DIRECTORY, model)
    poses = [tracker.find(f.image_rgb, look_around=k % LOOK_EVERY == 0) for k, f in enumerate(read_frames(video))]
    nowhere, unseen = np.full((len(KEYPOINTS), 2), np.nan, np.float32), np.zeros(len(KEYPOINTS), np.float32)
    return PosedClip(
        xy_px=np.array([pose.xy_px if pose else nowhere for pose in poses]),
        confidence=np.array([pose.confidence if pose else unseen for pose in poses]),
        people=np.array([(pose.people or 0) if pose else 0 for pose in poses]),
    )


def _save(clip: PosedClip, path: Path) -> None:
    """All or nothing: a run that is broken off leaves no half file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez_compressed(file, xy_px=clip.xy_px, confidence=clip.confidence, people=clip.people)
    os.replace(file.name, path)
