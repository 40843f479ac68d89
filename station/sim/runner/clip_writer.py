"""Encodes frames as H.264: frame k at k / fps, every second of video decodable on its own, no reordered frames."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

SHIPPED = {"rate_factor": 26, "preset": "slow"}
STUDY = {"rate_factor": 17, "preset": "veryfast"}  # keeps the sensor's noise


def write_clip(
    path: Path, frames: Iterable[np.ndarray], width_px: int, height_px: int, fps: float, rate_factor: int, preset: str
) -> None:
    """`frames`: uint8 RGB (height, width, 3). `rate_factor`, `preset`: quality and effort of x264 (less is better)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        stream.options = {"crf": str(rate_factor), "preset": preset, "bf": "0", "g": str(round(fps)), "flags": "+cgop"}
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")))
        container.mux(stream.encode())
