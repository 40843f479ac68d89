"""From what presses on the deck to the newtons in each cell, as time goes on.

Deck and cells remember: their answer is worked out once, in order of time, block by block on a fine grid. The chips
look it up, each in its own time and as often as they like, and get the same whatever their order.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.signal import cont2discrete, lfilter

from station.messages import CHANNELS
from station.sim.deck import Deck
from station.sim.disturbance import Disturbance

CellForces = Callable[[np.ndarray], np.ndarray]
"""Newtons (4, n) pressed on the deck above each cell, at times (n,) in seconds."""

RATE_HZ = 8000.0
_BLOCK = 2000  # samples
_KEPT = 40  # blocks: 10 s, longer than any chip looks back


class _Block(NamedTuple):
    number: int
    felt_n: np.ndarray  # (4, _BLOCK)
    states: list[np.ndarray]  # of the filters, after it


class LoadedDeck:
    """`pressed_n` may change its mind about the future only, and `changed` tells when it does."""

    def __init__(self, pressed_n: CellForces, deck: Deck, disturbance: Disturbance, start_s: float) -> None:
        self._pressed_n = pressed_n
        self._disturbance = disturbance
        self._start_s = start_s
        transfers = deck.transfer() + disturbance.transfer()
        discrete = [cont2discrete(transfer, 1 / RATE_HZ, method="foh") for transfer in transfers]
        self._filters = [(b.ravel(), a) for b, a, _ in discrete]
        self._blocks: list[_Block] = []

    def changed(self, t_s: float) -> None:
        """What presses after `t_s` is no longer what it was going to be."""
        last = self._number(t_s)
        while self._blocks and self._blocks[-1].number >= last:
            self._blocks.pop()

    def felt_n(self, cell: int, t_s: np.ndarray) -> np.ndarray:
        """Newtons in one cell at ascending times (n,); before the start those of the start."""
        first, last = self._number(t_s[0]), self._number(t_s[-1]) + 1  # the next block's first sample ends an interval
        self._work_out(last)
        oldest = self._blocks[0].number
        blocks = self._blocks[max(first - oldest, 0) : last - oldest + 1]
        felt_n = np.concatenate([block.felt_n[cell] for block in blocks])
        grid = (t_s - self._start_s) * RATE_HZ - blocks[0].number * _BLOCK
        return np.interp(grid, np.arange(len(felt_n)), felt_n)

    def _work_out(self, last: int) -> None:
        """All blocks up to that one."""
        number = self._blocks[-1].number + 1 if self._blocks else 0
        for n in range(number, last + 1):
            self._blocks.append(self._block(n))
        del self._blocks[:-_KEPT]

    def _block(self, number: int) -> _Block:
        since_s = (number * _BLOCK + np.arange(_BLOCK)) / RATE_HZ
        felt_n = self._pressed_n(self._start_s + since_s)
        before = self._blocks[-1].states if self._blocks else self._at_rest()
        states = []
        for (b, a), state in zip(self._filters, before, strict=True):
            felt_n, after = lfilter(b, a, felt_n, axis=1, zi=state)
            states.append(after)
        return _Block(number, felt_n + self._disturbance.added_n(since_s), states)

    def _at_rest(self) -> list[np.ndarray]:
        return [np.zeros((len(CHANNELS), len(a) - 1)) for _, a in self._filters]

    def _number(self, t_s: float) -> int:
        """Of the block that holds this instant."""
        return max(int((t_s - self._start_s) * RATE_HZ // _BLOCK), 0)
