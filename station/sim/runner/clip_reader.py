"""The frames of a rendered clip, decoded as they are asked for."""

from pathlib import Path

import av
import numpy as np

from station.sim.runner.clip import FOLDER, existing


class ClipReader:
    """Frames of the clip `name` by index. One frame is held at a time; going forward costs one decode a frame.

    Raises ConfigError where there is no such clip.
    """

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        self._container = av.open(str(existing(folder / f"{name}.mp4")))
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "NONE"  # frame threads would hold frames back
        self._fps = float(self._stream.average_rate)
        self._frames = self._container.decode(self._stream)
        self._index = -1
        self._image: np.ndarray | None = None

    def __len__(self) -> int:
        return self._stream.frames

    def frame(self, index: int) -> np.ndarray:
        """Frame `index` as uint8 RGB (height, width, 3). Raises IndexError outside the clip."""
        if not 0 <= index < len(self):
            raise IndexError(f"frame {index} of a clip of {len(self)} frames")
        if index < self._index or index > self._index + self._fps:
            self._container.seek(int(index / self._fps / self._stream.time_base), stream=self._stream)
            self._frames = self._container.decode(self._stream)
            self._index = -1
        while self._index < index:
            frame = next(self._frames)
            self._index = round(float(frame.pts * self._stream.time_base) * self._fps)
            if self._index >= index:
                self._image = frame.to_ndarray(format="rgb24")
        return self._image

    def close(self) -> None:
        self._container.close()
