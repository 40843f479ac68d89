"""The blocks of a run's force, solved as soon as their conversions are there."""

from collections import deque

import numpy as np

from station.fusion.scoring import resonance
from station.gait.cell_signals import kernel_of
from station.gait.cell_source import RawCells
from station.gait.force_blocks import LEAD_S, MARGIN_S, ForceBlock, Stretch, full_stretch, solve_block
from station.messages import CHANNELS, Calibration, Mark, Message, SampleBatch

BEFORE_RUN_S = 20.0
"""Of conversions kept until the run begins: it is told a few seconds late, after its first steps (visit.py)."""
MUTE_S = 60.0
"""A chip that is silent for longer in a run may be so to its end: the run is then solved as a whole when it is over."""


class EarlyBlocks:
    """Takes the messages of a run as they come. Keeps no more conversions than the next block needs."""

    def __init__(self) -> None:
        self.calibration: Calibration | None = None
        self.blocks: list[ForceBlock] = []
        self._run_ns: int | None = None
        self._recent: deque[dict[str, np.ndarray]] = deque()  # columns of SampleBatch
        self._first_ns: dict[int, int] = {}  # stamp by channel
        self._last_ns: dict[int, int] = {}
        self._gone_ns: int | None = None  # stamp of the last conversion that was let go
        self.stopped = False

    def take(self, message: Message) -> None:
        if self.stopped:
            return
        if isinstance(message, SampleBatch):
            if message.channel:
                self._take_conversions(message.arrays())
        elif isinstance(message, Calibration):
            self.calibration = message
        elif isinstance(message, Mark) and message.phase == "run":
            self._run_ns = message.t_ns
            if self._gone_ns is not None and self._gone_ns >= self._run_ns - LEAD_S * 1e9:
                self.stop()  # a block without its beginning would not be that of the recording

    def stop(self) -> None:
        """No more blocks: nothing is taken or kept for any."""
        self.stopped = True
        self._recent.clear()

    @property
    def due(self) -> Stretch | None:
        """The next block, once the conversions of every cell reach beyond it."""
        if self.stopped or self.calibration is None or self._run_ns is None:
            return None
        if len(self._last_ns) < len(self.calibration.cells):
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
        self._let_go(self._run_ns + round((self._next().low_s - LEAD_S) * 1e9))
        return block

    def _take_conversions(self, columns: dict[str, np.ndarray]) -> None:
        stamps = list(zip(columns["channel"].tolist(), columns["t_low_ns"].tolist(), strict=True))
        self._recent.append(columns)
        self._first_ns = dict(reversed(stamps)) | self._first_ns
        self._last_ns |= dict(stamps)
        newest_ns = max(self._last_ns.values())
        if self._run_ns is None:
            self._let_go(newest_ns - round(BEFORE_RUN_S * 1e9))
        elif newest_ns - min(self._last_ns.get(i, self._run_ns) for i in range(len(CHANNELS))) > MUTE_S * 1e9:
            self.stop()

    def _let_go(self, until_ns: int) -> None:
        """No block to come needs conversions from before."""
        while self._recent and (newest_ns := int(self._recent[0]["t_low_ns"].max())) < until_ns:
            self._gone_ns = newest_ns
            self._recent.popleft()

    def _next(self) -> Stretch:
        return full_stretch(max(0.0, *self._told_s(self._first_ns)), len(self.blocks))

    def _told_s(self, stamps_ns: dict[int, int]) -> list[float]:
        """Instants of the force of which the conversions with these stamps tell, by channel, on the run's axis."""
        cells = self.calibration.cells
        return [(stamps_ns[i] - self._run_ns) / 1e9 - kernel_of(cell).lag_s for i, cell in enumerate(cells)]
