"""The blocks of a run's force, solved as soon as their conversions are there."""

from collections import deque

import numpy as np

from station.fusion.scoring import resonance
from station.gait.cell_signals import kernel_of
from station.gait.cell_source import RawCells
from station.gait.force_blocks import MARGIN_S, ForceBlock, Stretch, full_stretch, solve_block
from station.messages import Calibration, Mark, Message, SampleBatch


class EarlyBlocks:
    """Takes the messages of a run as they come. Keeps no more conversions than the next block needs."""

    def __init__(self) -> None:
        self.calibration: Calibration | None = None
        self.blocks: list[ForceBlock] = []
        self._run_ns: int | None = None
        self._recent: deque[dict[str, np.ndarray]] = deque()  # columns of SampleBatch
        self._first_ns: dict[int, int] = {}  # stamp by channel
        self._last_ns: dict[int, int] = {}

    def take(self, message: Message) -> None:
        if isinstance(message, SampleBatch):
            columns = message.arrays()
            stamps = list(zip(columns["channel"].tolist(), columns["t_low_ns"].tolist(), strict=True))
            self._recent.append(columns)
            self._first_ns = dict(reversed(stamps)) | self._first_ns
            self._last_ns |= dict(stamps)
        elif isinstance(message, Calibration):
            self.calibration = message
        elif isinstance(message, Mark) and message.phase == "run":
            self._run_ns = message.t_ns

    @property
    def due(self) -> Stretch | None:
        """The next block, once the conversions of every cell reach beyond it."""
        if self.calibration is None or self._run_ns is None or len(self._last_ns) < len(self.calibration.cells):
            return None
        stretch = self._next()
        heard_s = min(self._told_s(self._last_ns))
        return stretch if heard_s >= stretch.high_s + MARGIN_S else None

    def solve(self, stretch: Stretch) -> ForceBlock:
        """Solve the block that is due."""
        columns = {name: np.concatenate([c[name] for c in self._recent]) for name in SampleBatch.DTYPES}
        source = RawCells(columns, self.calibration, self._run_ns)
        before = self.blocks[-1] if self.blocks else None
        block = solve_block(source, stretch, resonance(self.calibration), before)
        self.blocks.append(block)
        needed_ns = self._run_ns + round((self._next().low_s - MARGIN_S) * 1e9)
        while self._recent and self._recent[0]["t_low_ns"].max() < needed_ns:
            self._recent.popleft()
        return block

    def _next(self) -> Stretch:
        return full_stretch(max(0.0, *self._told_s(self._first_ns)), len(self.blocks))

    def _told_s(self, stamps_ns: dict[int, int]) -> list[float]:
        """Instants of the force of which the conversions with these stamps tell, by channel, on the run's axis."""
        cells = self.calibration.cells
        return [(stamps_ns[i] - self._run_ns) / 1e9 - kernel_of(cell).lag_s for i, cell in enumerate(cells)]
