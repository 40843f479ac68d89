"""The drawn video: each frame again, the skeleton where the keypoints are, near and far leg told apart by colour."""

from pathlib import Path

import numpy as np
import pytest

from station.camera.overlay import FAR_LEG, LANDING, NEAR_LEG, FrameNotes, draw, write_overlay
from station.camera.video_file import read_frames
from station.errors import InputError
from station.messages import KEYPOINTS
from tests.camera.clips import gradient, write_clip

TIMES_MS = [0, 33, 67, 100, 150, 167, 200, 233, 267, 300, 350, 367]  # a phone's: not quite even
POINTS = {
    "right_hip": (100, 60), "right_knee": (110, 100), "right_ankle": (100, 140), "right_heel": (96, 150),
    "right_foot_index": (116, 152), "left_hip": (60, 60), "left_knee": (50, 100), "left_ankle": (60, 140),
}  # fmt: skip


def notes(least: float = 1.0, lines: tuple[str, ...] = ()) -> FrameNotes:
    xy, confidence = np.full((33, 2), np.nan), np.zeros(33)
    for name, place in POINTS.items():
        xy[KEYPOINTS.index(name)], confidence[KEYPOINTS.index(name)] = place, least
    return FrameNotes(xy, confidence, np.array([96.0, 150.0]), lines)


def drawn(shown: FrameNotes, near: str = "right") -> np.ndarray:
    image = np.zeros((200, 180, 3), np.uint8)
    draw(image, shown, near)
    return image


def test_near_and_far_leg_have_their_colours() -> None:
    image = drawn(notes())
    assert tuple(image[100, 110]) == NEAR_LEG
    assert tuple(image[100, 50]) == FAR_LEG
    assert (image == LANDING).all(axis=2).any()
    assert tuple(drawn(notes(), near="left")[100, 50]) == NEAR_LEG


def test_what_was_not_seen_is_not_drawn() -> None:
    hidden = FrameNotes(notes().xy_px, np.zeros(33), None, ())
    assert not drawn(hidden).any()


def test_text_fits_into_the_picture() -> None:
    image = drawn(FrameNotes(notes().xy_px, np.zeros(33), None, ("a reason that is quite long " * 3,)))
    assert image[:3].any()
    assert not (image[:, -2:] < 100).all(axis=2)[:4].any()


def test_every_frame_is_written_again(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [gradient(200, 180) for _ in range(12)], TIMES_MS)
    asked: list[float] = []

    def notes_at(t_s: float) -> FrameNotes | None:
        asked.append(t_s)
        return notes() if len(asked) > 6 else None

    write_overlay(clip, tmp_path / "out.mp4", "right", notes_at)
    before, after = (list(read_frames(tmp_path / name)) for name in ("clip.mp4", "out.mp4"))
    assert [f.t_s for f in after] == pytest.approx([f.t_s for f in before], abs=2e-3)
    assert asked == [f.t_s for f in before]
    changed = [np.abs(a.image_rgb[100, 110].astype(int) - NEAR_LEG).max() < 60 for a in after]
    assert changed == [False] * 6 + [True] * 6


def test_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [gradient(64, 64) for _ in range(3)])
    with pytest.raises(InputError, match=r"nowhere/out\.mp4: cannot be written"):
        write_overlay(clip, tmp_path / "nowhere" / "out.mp4", "right", lambda t_s: None)
