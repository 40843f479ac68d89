"""A video with what was seen in it drawn over it: the skeleton, the landings, the angles of the frame."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from station.camera.video_file import read_frames, read_info
from station.errors import InputError
from station.messages import KEYPOINTS

Colour = tuple[int, int, int]  # red, green, blue

NEAR_LEG: Colour = (255, 120, 0)
FAR_LEG: Colour = (0, 170, 255)
NEAR_ARM: Colour = (255, 225, 60)
TRUNK: Colour = (255, 255, 255)
LANDING: Colour = (255, 40, 160)

_LEG = (("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("heel", "foot_index"), ("ankle", "foot_index"))
_ARM = (("shoulder", "elbow"), ("elbow", "wrist"))
_TRUNK = (("ear", "shoulder"), ("shoulder", "hip"))
_LEAST_CONFIDENCE = 0.2
_TICK = Fraction(1, 1000)  # s; frames keep the times that they had
_BODY_PX_A_LINE = 200  # thickness grows with the runner


@dataclass(frozen=True)
class FrameNotes:
    """What is drawn over one frame: `landing_px` (x, y) of a foot that has just landed, `lines` of text."""

    xy_px: np.ndarray  # (33, 2)
    confidence: np.ndarray  # (33,)
    landing_px: np.ndarray | None
    lines: Sequence[str]


def write_overlay(video: Path, out: Path, near: str, notes_at: Callable[[float], FrameNotes | None]) -> None:
    """Write `video` again as MP4 with its notes; `near` ("left", "right") labels the side towards the camera.

    `notes_at` gives the notes of the frame of that time (s since the beginning of the video), None for none. Raises
    InputError where the video cannot be read or the file cannot be written.
    """
    info = read_info(video)
    width_px, height_px = info.width_px // 2 * 2, info.height_px // 2 * 2  # H.264 wants even ones
    try:
        with av.open(str(out), "w", format="mp4") as container:
            stream = container.add_stream("libx264", rate=round(info.fps))
            stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
            stream.time_base = stream.codec_context.time_base = _TICK
            stream.options = {"crf": "20", "bf": "0"}
            for frame in read_frames(video):
                image = frame.image_rgb.copy()
                notes = notes_at(frame.t_s)
                if notes is not None:
                    draw(image, notes, near)
                drawn = av.VideoFrame.from_ndarray(image[:height_px, :width_px], format="rgb24")
                drawn.pts, drawn.time_base = round(frame.t_s / _TICK), _TICK
                container.mux(stream.encode(drawn))
            container.mux(stream.encode(None))
    except (av.FFmpegError, OSError) as e:
        raise InputError(f"{out}: cannot be written ({e.strerror}); choose another place") from None


def draw(image_rgb: np.ndarray, notes: FrameNotes, near: str) -> None:
    """Draw into a uint8 (h, w, 3) image."""
    far = "left" if near == "right" else "right"
    rows = notes.xy_px[notes.confidence >= _LEAST_CONFIDENCE, 1]
    thickness = max(1, round(float(np.ptp(rows)) / _BODY_PX_A_LINE)) if len(rows) else 1
    for side, bones, colour in (
        (far, _LEG, FAR_LEG), (near, _TRUNK, TRUNK), (near, _LEG, NEAR_LEG), (near, _ARM, NEAR_ARM),
    ):  # fmt: skip
        for a, b in bones:
            _bone(image_rgb, notes, f"{side}_{a}", f"{side}_{b}", colour, thickness)
    if notes.landing_px is not None and np.isfinite(notes.landing_px).all():
        cv2.circle(image_rgb, _pixel(notes.landing_px), 9 * thickness, LANDING, 2 * thickness, cv2.LINE_AA)
    _write(image_rgb, notes.lines)


def _bone(image: np.ndarray, notes: FrameNotes, a: str, b: str, colour: Colour, thickness: int) -> None:
    ends = [KEYPOINTS.index(a), KEYPOINTS.index(b)]
    if (notes.confidence[ends] < _LEAST_CONFIDENCE).any() or not np.isfinite(notes.xy_px[ends]).all():
        return
    start, end = (_pixel(notes.xy_px[i]) for i in ends)
    cv2.line(image, start, end, colour, thickness, cv2.LINE_AA)
    for point in (start, end):
        cv2.circle(image, point, 2 * thickness, colour, -1, cv2.LINE_AA)


def _write(image: np.ndarray, lines: Sequence[str]) -> None:
    """Black on a lightened strip at the top, as large as the longest line lets it be."""
    if not lines:
        return
    font, unit_px = cv2.FONT_HERSHEY_SIMPLEX, 30
    longest_px = max(cv2.getTextSize(line, font, 1.0, 1)[0][0] for line in lines)
    size = min(image.shape[0] / 1000, 0.96 * image.shape[1] / longest_px)
    step = round(1.3 * unit_px * size)
    strip = image[: step * len(lines) + step // 3]
    strip[:] = strip // 3 + 170
    for k, line in enumerate(lines):
        cv2.putText(image, line, (step // 3, step * (k + 1) - step // 6), font, size, (0, 0, 0), 1, cv2.LINE_AA)


def _pixel(xy: np.ndarray) -> tuple[int, int]:
    return round(float(xy[0])), round(float(xy[1]))
