"""Cells as the raw conversions that their reader would have delivered, and the calibration that belongs to them."""

from collections.abc import Sequence

import numpy as np

from station.gait.results import CellSignal
from station.messages import CHANNELS, Calibration, CellCalibration, ChipKernel, DeckCalibration

EPOCH_NS = 77_000_000_000_000
NEWTON_PER_COUNT = 5e-4
POLL_S = 4e-4


def columns_of(cells: Sequence[CellSignal], seed: int = 1) -> dict[str, np.ndarray]:
    """Columns of SampleBatch with brackets of a poll's width about the true instants."""
    rng = np.random.default_rng(seed)
    t_s = np.concatenate([cell.t_s for cell in cells])
    channel = np.repeat(np.arange(len(cells)), [len(cell.t_s) for cell in cells])
    before_s = rng.uniform(0, POLL_S, len(t_s))
    low_ns = EPOCH_NS + np.round((t_s - before_s + POLL_S) * 1e9).astype(np.int64)
    order = np.argsort(low_ns, kind="stable")
    counts = np.round(np.concatenate([cell.force_n for cell in cells]) / NEWTON_PER_COUNT).astype(np.int32)
    return {
        "channel": channel[order].astype(np.uint8),
        "raw": counts[order],
        "t_high_ns": low_ns[order] - round(POLL_S * 1e9),
        "t_low_ns": low_ns[order],
        "seq": np.arange(len(t_s), dtype=np.uint32),
        "flags": np.zeros(len(t_s), np.uint8),
    }


def calibration_of(cells: Sequence[CellSignal]) -> Calibration:
    """A stiff deck, and every chip tested as it is."""
    return Calibration(
        id="test",
        created_utc="",
        cells=[
            CellCalibration(
                channel=name,
                x_m=cell.x_m,
                y_m=cell.y_m,
                offset_counts=0.0,
                newton_per_count=NEWTON_PER_COUNT,
                kernel=ChipKernel(order=cell.kernel.order, period_s=cell.kernel.period_s),
            )
            for name, cell in zip(CHANNELS, cells, strict=True)
        ],
        deck=DeckCalibration(stiff=True),
    )
