"""Frames of a video file, upright, each with its own time; a file that is no good is refused in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from station.errors import InputError

MAX_PIXELS = 4096 * 2304
MAX_DURATION_S = 1200.0
_MIN_SHARE = 0.9  # of the frames that the file announces

_REMEDY = "export it again as MP4 (H.264)"


@dataclass(frozen=True)
class VideoInfo:
    """What a video file says of itself; the size is of the upright picture."""

    width_px: int
    height_px: int
    fps: float  # mean
    duration_s: float


@dataclass(frozen=True)
class VideoFrame:
    """One picture: `t_s` since the beginning of the video track; `image_rgb` uint8 (height, width, 3)."""

    t_s: float
    image_rgb: np.ndarray


def read_info(path: Path) -> VideoInfo:
    """Open the file and decode its first frame. Raises InputError where it is no video that can be analysed."""
    if path.exists() and not path.is_file():
        raise InputError(f"video {path}: not a regular file; {_REMEDY}")
    with _opened(path) as (container, stream):
        first = next(_decoded(path, container, stream), None)
        if first is None:
            raise InputError(f"video {path}: no picture in it; {_REMEDY}")
        height, width = first.image_rgb.shape[:2]
        fps = float(stream.average_rate or 0)
        duration = _duration_s(container, stream)
        if not fps > 0 or duration is None:
            raise InputError(f"video {path}: it does not say its frame rate and duration; {_REMEDY}")
        if duration > MAX_DURATION_S:
            raise InputError(f"video {path}: longer than {MAX_DURATION_S / 60:.0f} minutes; cut it to the run")
        return VideoInfo(width, height, fps, duration)


def read_frames(path: Path, start_s: float = 0.0, stop_s: float = float("inf")) -> Iterator[VideoFrame]:
    """Frames with start_s <= t_s < stop_s, in order of time.

    Raises InputError where the file is no video, is damaged, or ends early (the last only when read to its end).
    """
    count = 0
    with _opened(path) as (container, stream):
        for frame in _decoded(path, container, stream):
            if frame.t_s >= stop_s:
                return
            count += 1
            if frame.t_s >= start_s:
                yield frame
        if count < _MIN_SHARE * stream.frames:
            raise InputError(f"video {path}: ends after {count} of {stream.frames} frames; copy the file again")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[av.container.InputContainer, av.video.stream.VideoStream]]:
    try:
        container = av.open(str(path))
    except (av.FFmpegError, OSError, ValueError) as e:
        raise InputError(f"video {path}: cannot be read ({_words(e)}); check the path, or {_REMEDY}") from None
    with container:
        if not container.streams.video:
            raise InputError(f"video {path}: there is no picture track in it; choose a video file")
        stream = container.streams.video[0]
        if stream.codec_context is None:
            raise InputError(f"video {path}: its picture track cannot be decoded; {_REMEDY}")
        _check_size(path, stream.width, stream.height)
        stream.thread_type = "AUTO"
        yield container, stream


def _check_size(path: Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise InputError(f"video {path}: {width} x {height} pixels is too large; export it at 1920 x 1080 or less")


def _decoded(
    path: Path, container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> Iterator[VideoFrame]:
    begin = stream.start_time or 0
    last_s = -1.0
    try:
        for frame in container.decode(stream):
            if frame.pts is None:
                raise InputError(f"video {path}: its frames carry no time; {_REMEDY}")
            t_s = float((frame.pts - begin) * stream.time_base)
            if t_s <= last_s:
                raise InputError(f"video {path}: time runs backwards at {t_s:.3f} s; {_REMEDY}")
            last_s = t_s
            _check_size(path, frame.width, frame.height)  # what is in the frame may contradict the header
            yield VideoFrame(t_s, _upright(frame))
    except av.FFmpegError as e:
        after = f"after {last_s:.1f} s" if last_s >= 0 else "from its beginning"
        raise InputError(f"video {path}: damaged {after} ({_words(e)}); copy the file again") from None


def _upright(frame: av.VideoFrame) -> np.ndarray:
    """RGB, turned by the rotation that the recording phone or camera noted (degrees counter-clockwise)."""
    image = frame.to_ndarray(format="rgb24")
    quarters = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, quarters)) if quarters else image


def _duration_s(container: av.container.InputContainer, stream: av.video.stream.VideoStream) -> float | None:
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration is not None else None


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).splitlines()[0]
