"""From raw conversions to newtons in time."""

import numpy as np
import pytest

from station.gait.cell_signals import UNTESTED_ORDER, cell_signals
from station.messages import CHANNELS, FLAG_FIRST_AFTER_RESET, Calibration, CellCalibration, ChipKernel

PERIOD_S = 0.0127


def calibration(kernel: ChipKernel | None) -> Calibration:
    cells = [
        CellCalibration(
            channel=name,
            x_m=0.1 * i,
            y_m=-0.1 * i,
            offset_counts=1000.0 * i,
            newton_per_count=1e-3 * (i + 1),
            kernel=kernel,
        )
        for i, name in enumerate(CHANNELS)
    ]
    return Calibration(id="t", created_utc="", cells=cells, deck=None)


def columns(true_s: list[np.ndarray], raw: int = 501_000) -> dict[str, np.ndarray]:
    """Raw columns of four channels whose conversions ended at the given instants, in order of reading."""
    t_s = np.concatenate(true_s)
    channel = np.repeat(np.arange(4), [len(t) for t in true_s])
    order = np.argsort(t_s)
    t_ns = np.round(t_s[order] * 1e9).astype(np.int64)
    return {
        "channel": channel[order].astype(np.uint8),
        "raw": np.full(len(order), raw, np.int32),
        "t_high_ns": t_ns - 200_000,
        "t_low_ns": t_ns + 200_000,
        "seq": np.arange(len(order), dtype=np.uint32),
        "flags": np.zeros(len(order), np.uint8),
    }


def regular(n: int = 800) -> list[np.ndarray]:
    return [10 + 0.003 * i + PERIOD_S * np.arange(n) for i in range(4)]


def test_newtons_and_times():
    true_s = regular()
    kernel = ChipKernel(order=2, period_s=0.0125, delay_s=0.001)
    cells = cell_signals(columns(true_s), calibration(kernel), epoch_ns=10_000_000_000)
    for i, cell in enumerate(cells):
        assert cell.force_n == pytest.approx((501_000 - 1000 * i) * 1e-3 * (i + 1))
        assert np.abs(cell.t_s - (true_s[i] - 10)).max() < 1e-4
        assert (cell.kernel.order, cell.kernel.delay_s) == (2, 0.001)
        assert cell.kernel.period_s == pytest.approx(PERIOD_S, rel=1e-5)  # measured, not the artefact's
        assert (cell.x_m, cell.y_m) == (0.1 * i, -0.1 * i)


def test_untested_kernel_gets_the_usual_order():
    cells = cell_signals(columns(regular()), calibration(None), 0)
    assert all(cell.kernel.order == UNTESTED_ORDER for cell in cells)


def test_power_cycle_starts_a_new_phase():
    true_s = regular()
    true_s[2] = np.concatenate([true_s[2][:300], true_s[2][310:] + 0.4 * PERIOD_S])
    data = columns(true_s)
    reset_at = np.flatnonzero((data["channel"] == 2) & (data["t_low_ns"] > (true_s[2][300] - 1e-4) * 1e9))[0]
    data["flags"][reset_at] = FLAG_FIRST_AFTER_RESET
    cell = cell_signals(data, calibration(None), 0)[2]
    assert len(cell.t_s) == 790
    assert np.abs(cell.t_s - true_s[2]).max() < 1e-4


def test_a_slip_leaves_a_silence_and_the_rest_stays_right():
    true_s = regular()
    true_s[1] = np.concatenate([true_s[1][:400], true_s[1][400:] + 0.5 * PERIOD_S])
    cell = cell_signals(columns(true_s), calibration(None), 0)[1]
    assert np.diff(cell.t_s).max() > 0.06
    nearest = np.abs(cell.t_s[:, None] - true_s[1][None, :]).min(axis=1)
    assert nearest.max() < 2e-4
    assert len(cell.t_s) > 780


def test_a_silent_cell_is_empty():
    true_s = regular()
    true_s[3] = true_s[3][:3]
    assert len(cell_signals(columns(true_s), calibration(None), 0)[3].t_s) == 0
