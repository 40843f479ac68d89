"""Parts as the machines leave them behind, made from the figures they are to give."""

from collections.abc import Sequence

import numpy as np

from station.calibration.parts import DeckPart, GridPart, KernelPart, Part
from station.config import Cell, Force
from station.messages import CHANNELS, Calibration, ChipKernel

CELLS = Force().cells


def origin_of(kind: str, cells: dict[str, Cell] = CELLS, day: int = 1, rate_sps: float = 80.0) -> dict:
    return {
        "id": f"{kind}-202601{day:02d}T120000Z",
        "created_utc": f"2026-01-{day:02d}T12:00:00+00:00",
        "cells": cells,
        "rate_sps": [rate_sps] * len(CHANNELS),
    }


def grid_part(cells: dict[str, Cell] = CELLS, day: int = 1, **changes) -> GridPart:
    usual = {
        "unloaded_counts": [10.0, 20.0, 30.0, 40.0],
        "newton_per_count": [4.6e-4] * 4,
        "x_m": [cells[name].x_m for name in CHANNELS],
        "y_m": [cells[name].y_m for name in CHANNELS],
        "gain_sd": 0.02,
        "plates": [],
        "points": [],
        "residuals": {"leave_one_out_n": 0.3, "leave_one_out_mm": 2.0},
    }
    return GridPart(**{**origin_of("grid", cells, day), **usual, **changes})


def kernel_part(rates_sps: Sequence[float] = (80.0,) * 4, cells: dict[str, Cell] = CELLS, day: int = 1) -> KernelPart:
    origin = {**origin_of("kernel", cells, day), "rate_sps": list(rates_sps)}
    return KernelPart(**origin, kernels=[ChipKernel(order=3, period_s=1 / rate_sps) for rate_sps in rates_sps])


def parts_of(calibration: Calibration) -> list[Part]:
    """Parts that make these cells and this deck again."""
    cells = calibration.cells
    parts: list[Part] = [
        grid_part(
            unloaded_counts=[c.offset_counts for c in cells],
            newton_per_count=[c.newton_per_count for c in cells],
            x_m=[c.x_m for c in cells],
            y_m=[c.y_m for c in cells],
        )
    ]
    if all(c.kernel for c in cells):
        rate = {"rate_sps": np.array([1 / c.kernel.period_s for c in cells]).tolist()}
        parts.append(KernelPart(**{**origin_of("kernel"), **rate}, kernels=[c.kernel for c in cells]))
    if calibration.deck is not None:
        parts.append(DeckPart(**origin_of("deck"), deck=calibration.deck))
    return parts
