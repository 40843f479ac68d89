"""Small video files, made on the spot."""

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def write_clip(
    path: Path,
    images: list[np.ndarray],
    times_ms: list[int] | None = None,
    fast_start: bool = False,
) -> Path:
    """Encode RGB images; `times_ms` default 30 frames/s."""
    times = times_ms if times_ms is not None else [round(i * 1000 / 30) for i in range(len(images))]
    options = {"movflags": "faststart"} if fast_start else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=30)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, 1000)
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.options = {"bf": "0", "crf": "10"}
        for image, t in zip(images, times, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = t, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def gradient(height: int = 96, width: int = 128, shift: int = 0) -> np.ndarray:
    """Red grows to the right, green downwards; rolled by `shift` px to the right."""
    y, x = np.mgrid[:height, :width]
    image = np.stack([x * 255 // width, y * 255 // height, np.zeros_like(x)], axis=2).astype(np.uint8)
    return np.roll(image, shift, axis=1)


def mark_turned(path: Path, quarters_clockwise: int) -> None:
    """Write into an MP4 file that its picture is to be shown turned: the track header's matrix, as phones do.

    ISO/IEC 14496-12, box `tkhd` version 0: the matrix begins 44 bytes after the name of the box.
    """
    cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarters_clockwise]
    one, unit = 1 << 16, 1 << 30
    matrix = struct.pack(">9i", cosine * one, sine * one, 0, -sine * one, cosine * one, 0, 0, 0, unit)
    content = bytearray(path.read_bytes())
    start = content.index(b"tkhd") + 44
    content[start : start + len(matrix)] = matrix
    path.write_bytes(content)
