"""What a sensor catches of something that moves: its rows are read one by one, and each is exposed for a while."""

from collections.abc import Callable

import numpy as np

from station.sim.runner.camera_view import CameraView
from station.sim.runner.filming import Filming

_STREAK_MS = 1.0  # between the instants that make up a blur: a swinging foot moves about two pixels
_ROUNDS = 3  # each shrinks the error by the share of the picture that a point crosses while it is read: below a tenth


class Exposure:
    """The times at which one frame of this filming shows things."""

    def __init__(self, filming: Filming, view: CameraView) -> None:
        self._view = view
        self._readout_s = filming.readout_ms / 1000
        streaks = 1 + round(filming.exposure_ms / _STREAK_MS)
        self.offsets_s = filming.exposure_ms / 1000 * ((np.arange(streaks) + 0.5) / streaks - 0.5)
        """Instants about the middle of a row's exposure whose mean is the blurred picture."""

    def seen(self, shape: Callable[[float], tuple[np.ndarray, ...]], t_s: float) -> tuple[np.ndarray, ...]:
        """A shape as a frame shows it whose first row is exposed at `t_s`: each point when its own row is read.

        `shape` gives places (n, 3) in metres at a time, then anything else (n, ...) that moves with them. In between
        three instants of the readout everything moves on a parabola.
        """
        if not self._readout_s:
            return shape(t_s)
        columns = list(zip(*(shape(t_s + share * self._readout_s) for share in (0.0, 0.5, 1.0)), strict=True))
        share = np.full(len(columns[0][0]), 0.5)
        for _ in range(_ROUNDS):
            rows = self._view.project(_on_parabola(columns[0], share))[:, 1]
            share = np.clip(rows / self._view.height_px, 0.0, 1.0)
        return tuple(_on_parabola(column, share) for column in columns)


def _on_parabola(instants: tuple[np.ndarray, np.ndarray, np.ndarray], share: np.ndarray) -> np.ndarray:
    first, middle, last = instants
    s = share.astype(first.dtype)[:, None]
    return first * (1 - s) * (1 - 2 * s) + middle * 4 * s * (1 - s) + last * s * (2 * s - 1)
