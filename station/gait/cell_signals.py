"""From raw conversions to newtons in time: one CellSignal per load cell."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from station.gait.chip_clock import MIN_CONVERSIONS, fit_chip_clock
from station.gait.results import CellSignal, Kernel
from station.messages import FLAG_FIRST_AFTER_RESET, Calibration, CellCalibration

UNTESTED_ORDER, UNTESTED_PERIOD_S = 3, 1 / 80
"""Assumed for a chip whose kernel was never tested: "settles in 4 conversions" (HX711 datasheet) fits a sinc^3. What is
computed with it is `relative`."""
OTHER_SPEED = 0.05
"""A chip that converts this much faster or slower than in its kernel test is another chip, or another RATE strap (8
times): supply and temperature move an oscillator by less."""

AROUND_SLIP_S = 0.05


def cell_signals(columns: Mapping[str, np.ndarray], calibration: Calibration, epoch_ns: int) -> tuple[CellSignal, ...]:
    """The cells of `calibration` from columns of `SampleBatch` (raw, t_high_ns, ...), in seconds since `epoch_ns`.

    The chip's period is measured from the run itself; order and delay of its average come from the calibration.
    A cell without enough conversions comes back empty.
    """
    return tuple(_signal(columns, channel, cell, epoch_ns) for channel, cell in enumerate(calibration.cells))


def _signal(columns: Mapping[str, np.ndarray], channel: int, cell: CellCalibration, epoch_ns: int) -> CellSignal:
    mine = columns["channel"] == channel
    unbroken = _unbroken(np.flatnonzero(mine), columns["flags"])
    parts = [part for stretch in unbroken for part in _instants(columns, stretch, epoch_ns)]
    if not parts:
        return CellSignal(np.zeros(0), np.zeros(0), cell.x_m, cell.y_m, None)
    t_s = np.concatenate([t for t, _, _ in parts])
    rows = np.concatenate([index for _, index, _ in parts])
    later = np.append(True, t_s[1:] > np.maximum.accumulate(t_s)[:-1])
    t_s, counts = t_s[later], columns["raw"][rows[later]]
    period_s = float(np.average([p for _, _, p in parts], weights=[len(t) for t, _, _ in parts]))
    force_n = (counts - cell.offset_counts) * cell.newton_per_count
    return CellSignal(t_s, force_n, cell.x_m, cell.y_m, replace(kernel_of(cell), period_s=period_s))


def kernel_of(cell: CellCalibration) -> Kernel:
    """The kernel as it was tested, else the usual one."""
    tested = cell.kernel
    if tested is None:
        return Kernel(UNTESTED_ORDER, UNTESTED_PERIOD_S)
    return Kernel(tested.order, tested.period_s, tested.delay_s, tuple(tested.taps))


def tested_at_other_speed(cells: Sequence[CellSignal], calibration: Calibration) -> list[str]:
    """Channels whose chips convert at another speed than in their kernel test."""
    return [
        tested.channel
        for cell, tested in zip(cells, calibration.cells, strict=True)
        if cell.kernel and tested.kernel and abs(cell.kernel.period_s / tested.kernel.period_s - 1) > OTHER_SPEED
    ]


def _unbroken(index: np.ndarray, flags: np.ndarray) -> list[np.ndarray]:
    """Stretches between resets: a power-cycled chip starts at a new phase."""
    resets = np.flatnonzero(flags[index] & FLAG_FIRST_AFTER_RESET)
    return np.split(index, resets)


def _instants(
    columns: Mapping[str, np.ndarray], rows: np.ndarray, epoch_ns: int
) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """(instants, rows, period) of the parts of one stretch, which is cut in two where the chip's clock slipped.

    Around a cut conversions are left out, so that no step is judged across it.
    """
    if len(rows) < MIN_CONVERSIONS:
        return []
    clock = fit_chip_clock(columns["t_high_ns"][rows], columns["t_low_ns"][rows], epoch_ns)
    if clock.steady:
        return [(clock.t_s, rows, clock.period_s)]
    aside_s = np.abs(clock.t_s - clock.t_s[clock.worst])
    before = np.arange(len(rows)) < clock.worst
    sides = (rows[(aside_s > AROUND_SLIP_S) & half] for half in (before, ~before))
    return [part for side in sides for part in _instants(columns, side, epoch_ns)]
