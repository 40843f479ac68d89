"""What can be said while the runner is on the belt: weight when steady, steps as they happen, the live curve.

Fast and blurred by the chips' averaging: it steers the visit, aims the camera and feeds the live screen.
The verdict is made afterwards, from the raw samples.
"""

from collections import deque

import numpy as np

from station.fusion.live_contacts import ContactFinder, LiveContact
from station.gait.cell_signals import kernel_of
from station.gait.results import Side
from station.messages import CHANNELS, Calibration, SampleBatch

GRID_S = 0.005
KEEP_S = 8.0
GAP_S = 0.25  # a longer silence of a chip breaks the stream
MIN_WEIGHT_N = 200.0
STEADY_SHARE = 0.04  # standing still: force within this share of its mean (standard deviation)
MOVING_S = 1.0  # about two steps of walking
MOVING_LOAD = 0.5  # of the weight, without which nobody is on the deck
_MOST_RAW = 4000  # conversions of one chip: over ten seconds at 320 a second; only a dead neighbour lets them pile up


class LiveGait:
    """Total force on a uniform grid from four free-running chips, and the contacts in it."""

    def __init__(self, calibration: Calibration) -> None:
        self._cells = calibration.cells
        self._lag_s = [kernel_of(cell).lag_s for cell in self._cells]
        self._raw: list[deque[tuple[float, float]]] = [deque(maxlen=_MOST_RAW) for _ in CHANNELS]
        self._t_s: deque[float] = deque()  # the grid, seconds on the data's clock
        self._force_n: deque[float] = deque()
        self._lateral_nm: deque[float] = deque()
        self._finder = ContactFinder()
        self._offsets_m: deque[float] = deque(maxlen=40)  # lateral CoP of the last contacts
        self.weight_n: float | None = None
        self.unbroken_since_ns = 0  # data without a silence since then
        self.moved_ns = 0  # when somebody on the deck last did not stand still: walkers, too, swing the force
        self._now_ns = 0

    @property
    def now_ns(self) -> int:
        """Data time up to which the total force is known; 0 before the first samples."""
        return self._now_ns

    def push(self, batch: SampleBatch) -> list[LiveContact]:
        """Take in new conversions; contacts that ended with them."""
        columns = batch.arrays()
        for channel, raw, t_ns in zip(columns["channel"], columns["raw"], columns["t_low_ns"], strict=True):
            cell, mine = self._cells[channel], self._raw[channel]
            t_s = float(t_ns) / 1e9 - self._lag_s[channel]
            if mine and abs(t_s - mine[-1][0]) > GAP_S:
                self._begin_anew()
            mine.append((t_s, (float(raw) - cell.offset_counts) * cell.newton_per_count))
        return self._extend_grid() if all(len(r) > 1 for r in self._raw) else []

    def _begin_anew(self) -> None:
        """A chip or its reader was silent: nothing is made up for the time in between."""
        for raw in self._raw:
            raw.clear()
        for grid in (self._t_s, self._force_n, self._lateral_nm):
            grid.clear()
        self._finder.forget()

    def steady_weight_n(self, window_s: float) -> float | None:
        """Mean force of the last `window_s` when somebody stands still on the deck for all of it; else None."""
        n = round(window_s / GRID_S)
        if len(self._force_n) < n:
            return None
        force_n = np.array(self._force_n)[-n:]
        mean_n = float(force_n.mean())
        steady = mean_n > MIN_WEIGHT_N and force_n.std() < STEADY_SHARE * mean_n
        return mean_n if steady else None

    def curve(self, window_s: float) -> tuple[np.ndarray, np.ndarray]:
        """(seconds on the data's clock, newtons) of the last `window_s`."""
        n = round(window_s / GRID_S)
        return np.array(self._t_s)[-n:], np.array(self._force_n)[-n:]

    def _extend_grid(self) -> list[LiveContact]:
        if self._t_s:
            start_s = self._t_s[-1] + GRID_S
        else:
            start_s = max(r[0][0] for r in self._raw)
            self.unbroken_since_ns = round(start_s * 1e9)
        end_s = min(r[-1][0] for r in self._raw)
        grid_s = np.arange(start_s, end_s, GRID_S)
        if not len(grid_s):
            return []
        cells_n = np.array([np.interp(grid_s, *zip(*r, strict=True)) for r in self._raw])
        self._t_s.extend(grid_s)
        self._now_ns = round(self._t_s[-1] * 1e9)
        self._force_n.extend(cells_n.sum(axis=0))
        self._lateral_nm.extend(np.array([c.y_m for c in self._cells]) @ cells_n)
        contacts = self._contacts(len(grid_s)) if self.weight_n else []
        if self.weight_n and self._moving(self.weight_n):
            self.moved_ns = round((self._t_s[-1] - MOVING_S / 2) * 1e9)
        self._trim()
        return contacts

    def _moving(self, weight_n: float) -> bool:
        """Whether somebody is on the deck who does not stand still."""
        force_n = np.array(self._force_n)[-round(MOVING_S / GRID_S) :]
        return bool(force_n.mean() > MOVING_LOAD * weight_n and force_n.std() > STEADY_SHARE * weight_n)

    def _trim(self) -> None:
        oldest_s = self._t_s[-1] - KEEP_S
        while self._t_s and self._t_s[0] < oldest_s:
            self._t_s.popleft()
            self._force_n.popleft()
            self._lateral_nm.popleft()
        for raw in self._raw:
            while len(raw) > 2 and raw[1][0] < self._t_s[-1]:
                raw.popleft()

    def _contacts(self, new: int) -> list[LiveContact]:
        """The contacts that ended within the last `new` points."""
        points = zip(list(self._t_s)[-new:], list(self._force_n)[-new:], strict=True)
        found = (self._finder.take(t_s, force_n / self.weight_n) for t_s, force_n in points)
        return [self._contact(*contact) for contact in found if contact is not None]

    def _contact(self, contact_s: float, toe_off_s: float) -> LiveContact:
        t_s, force_n, lateral_nm = (np.array(grid) for grid in (self._t_s, self._force_n, self._lateral_nm))
        inside = (t_s >= contact_s) & (t_s <= toe_off_s)
        offset_m = float(lateral_nm[inside].sum() / force_n[inside].sum())
        self._offsets_m.append(offset_m)
        side: Side | None = None
        if len(self._offsets_m) >= 4:  # left and right feet alternate, so the median lies between them
            side = "left" if offset_m > np.median(self._offsets_m) else "right"
        peak_bw = float(force_n[inside].max() / self.weight_n)
        return LiveContact(round(contact_s * 1e9), round(toe_off_s * 1e9), peak_bw, side)
