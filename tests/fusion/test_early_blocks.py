"""Solving a run as it goes on keeps a bounded stretch of it, whatever the chips do."""

import numpy as np

from station.fusion.early_blocks import BEFORE_RUN_S, MUTE_S, EarlyBlocks
from station.messages import CHANNELS, Calibration, Mark, SampleBatch
from tests.fusion.simulated_run import run_messages

BATCH_S = 0.05
EMPTY = SampleBatch.of(**{name: [] for name in SampleBatch.DTYPES})


def batches(start_s: float, end_s: float, channels: range = range(len(CHANNELS))) -> list[SampleBatch]:
    """An idle deck at 80 conversions a second."""
    out = []
    for first_s in np.arange(start_s, end_s, BATCH_S):
        t_ns = np.repeat(np.round((first_s + np.arange(4) / 80) * 1e9).astype(int), len(channels))
        nothing = np.zeros(len(t_ns))
        channel = np.tile(channels, 4)
        out.append(
            SampleBatch.of(channel=channel, raw=nothing, t_high_ns=t_ns, t_low_ns=t_ns, seq=nothing, flags=nothing)
        )
    return out


def taking(*messages) -> EarlyBlocks:
    early = EarlyBlocks()
    early.take(next(m for m in run_messages(40.0) if isinstance(m, Calibration)))
    for message in messages:
        early.take(message)
    return early


def test_before_the_run_little_is_kept():
    early = taking(*batches(0, 300))
    assert len(early._recent) <= BEFORE_RUN_S / BATCH_S + 2
    early.take(Mark(t_ns=round(292e9), phase="run"))
    assert not early.stopped
    for batch in batches(300, 327):
        early.take(batch)
    assert early.due is not None


def test_a_run_that_began_before_what_is_kept_is_not_solved_early():
    early = taking(*batches(0, 60), Mark(t_ns=round(30e9), phase="run"))
    assert early.stopped
    assert early.due is None


def test_a_mute_chip_ends_the_early_solving_and_the_keeping():
    for mute_from_s in (0.0, 10.0):
        run = [*batches(0.0, mute_from_s), Mark(t_ns=0, phase="run")]
        early = taking(*run, *batches(mute_from_s, mute_from_s + MUTE_S - 1, range(3)))
        assert not early.stopped
        assert early.due is None
        for batch in batches(mute_from_s + MUTE_S - 1, mute_from_s + MUTE_S + 100, range(3)):
            early.take(batch)
        assert early.stopped
        assert not early._recent


def test_empty_batches_change_nothing():
    plain = EarlyBlocks()
    mixed = EarlyBlocks()
    for message in run_messages(40.0):
        plain.take(message)
        mixed.take(message)
        mixed.take(EMPTY)
    assert mixed.due == plain.due
    block, same = plain.solve(plain.due), mixed.solve(mixed.due)
    assert np.array_equal(block.ground.force_n, same.ground.force_n)
    assert len(mixed._recent) == len(plain._recent)


def test_blocks_that_wait_for_their_solve_are_not_lost():
    early = taking(Mark(t_ns=0, phase="run"), *batches(0, 200))
    solved = []
    while early.due is not None:
        solved.append(early.solve(early.due).stretch.start_s)
    assert solved == [0.0, 30.0, 60.0, 90.0, 120.0, 150.0]
