"""The blocks of a run's force, solved as soon as their conversions are there."""

from collections import deque

import numpy as np

from station.fusion.scoring import resonance
from station.gait.cell_source import RawCells
from station.gait.force_blocks import MARGIN_S, ForceBlock, Stretch, full_stretch, solve_block
from station.messages import Calibration, Mark, Message, SampleBatch


class EarlyBlocks:
    """Takes the messages of a run as they come. Keeps no more conversions than the next block needs."""

    def __init__(self) -> None:
        self._calibration: Calibration | None = None
        self._run_ns: int | None = None
        self._recent: deque[dict[str, np.ndarray]] = deque()  # columns of SampleBatch
        self._start_s: float | None = None
        self._last_ns: dict[int, int] = {}  # by channel
        self.blocks: list[ForceBlock] = []

    @property
    def calibration(self) -> Calibration | None:
        return self._calibration

    def take(self, message: Message) -> None:
        if isinstance(message, SampleBatch):
            columns = message.arrays()
            self._recent.append(columns)
            self._last_ns |= dict(zip(columns["channel"].tolist(), columns["t_low_ns"].tolist(), strict=True))
        elif isinstance(message, Calibration):
            self._calibration = message
        elif isinstance(message, Mark) and message.phase == "run":
            self._run_ns = message.t_ns

    @property
    def due(self) -> Stretch | None:
        """The next block, once the conversions of every cell reach beyond it."""
        if self._calibration is None or self._run_ns is None or len(self._last_ns) < len(self._calibration.cells):
            return None
        heard_s = (min(self._last_ns.values()) - self._run_ns) / 1e9
        if heard_s < full_stretch(self._start_s or 0.0, len(self.blocks)).high_s + MARGIN_S:
            return None
        if self._start_s is None:
            self._start_s, _ = self._source().covered(0.0, np.inf)
        stretch = full_stretch(self._start_s, len(self.blocks))
        return stretch if self._source().covered(0.0, np.inf)[1] >= stretch.high_s + MARGIN_S else None

    def solve(self, stretch: Stretch) -> ForceBlock:
        """Solve the block that is due."""
        block = solve_block(self._source(), stretch, resonance(self._calibration))
        self.blocks.append(block)
        needed_s = full_stretch(self._start_s or 0.0, len(self.blocks)).low_s - MARGIN_S
        needed_ns = (self._run_ns or 0) + round(needed_s * 1e9)
        while self._recent and self._recent[0]["t_low_ns"].max() < needed_ns:
            self._recent.popleft()
        return block

    def _source(self) -> RawCells:
        columns = {name: np.concatenate([c[name] for c in self._recent]) for name in SampleBatch.DTYPES}
        return RawCells(columns, self._calibration, self._run_ns)
