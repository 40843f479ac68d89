"""Encodes frames as H.264: frame k at k / fps, every second of video decodable on its own, no reordered frames."""

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np

_QUALITY = "26"  # constant rate factor of x264: lower is better and larger


def write_clip(path: Path, frames: Iterable[np.ndarray], width_px: int, height_px: int, fps: int) -> None:
    """`frames`: uint8 RGB (height, width, 3)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        stream.options = {"crf": _QUALITY, "preset": "slow", "bf": "0", "g": str(fps), "flags": "+cgop"}
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")))
        container.mux(stream.encode())
