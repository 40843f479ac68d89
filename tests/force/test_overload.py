"""Overload, at the pins of simulated chips: named at the cell's capacity, long before a chip is at its end."""

import logging

import numpy as np
import pytest

from station.config import Force
from station.force.overload import Overload, overload_of
from station.gravity import GRAVITY_M_S2
from station.messages import FLAG_AFTER_SATURATION, SampleBatch
from tests.force.four_chips import FourChips, as_made

RAMP_N_S = 800.0


def ramp(t_s: np.ndarray) -> np.ndarray:
    """A load that grows beyond the chips' range and is gone again after 7 s."""
    return np.where((t_s > 1) & (t_s < 7), RAMP_N_S * (t_s - 1), 0.0)


def test_a_growing_load_is_named_at_the_capacity_long_before_the_chips_end(caplog: pytest.LogCaptureFixture) -> None:
    chips = FourChips(ramp)
    overload = Overload(Force(), as_made(chips.specs))
    said: dict[str, float] = {}
    last_s = 0.0
    with caplog.at_level(logging.WARNING):
        while "saturated" not in said and last_s < 8:
            batch = chips.reader.read(0.05)
            columns = batch.arrays()
            last_s = float(columns["t_low_ns"][-1]) / 1e9 if len(columns["raw"]) else last_s
            overload.add(batch)
            sentence = overload.look()
            for word in ("is made for", "without harm"):
                if sentence and word in sentence:
                    said.setdefault(word, (last_s - 1) * RAMP_N_S / GRAVITY_M_S2 + 25)
            if np.any(columns["flags"] & FLAG_AFTER_SATURATION):
                said["saturated"] = last_s
    assert said["is made for"] == pytest.approx(200, abs=8)
    assert said["without harm"] == pytest.approx(300, abs=8)
    assert last_s > 1 + 0.85 * 3830 / RAMP_N_S, "the chips went on well beyond that"
    assert len(caplog.records) == 1, "the journal is told once"


def test_which_cell_and_how_much_is_said() -> None:
    assert overload_of(0, 199.0, Force()) is None
    assert overload_of(0, 210.4, Force()).startswith("the front left load cell carried 210 kg, more than the 200 kg")
    assert overload_of(3, 320.0, Force()).startswith("the rear right load cell carried 320 kg, more than the 300 kg")


def test_a_new_calibration_begins_anew_and_without_one_nothing_is_said() -> None:
    chips = FourChips(lambda t_s: np.full(len(t_s), 2200.0))
    batch = chips.reader.read(1.0)
    known = as_made(chips.specs)
    overload = Overload(Force(), known)
    overload.add(batch)
    assert overload.greatest_kg == pytest.approx([2200 / GRAVITY_M_S2 + 25] * 4, abs=0.2)
    assert overload.look() is not None
    overload.use(known)
    assert overload.look() is not None
    overload.use(as_made(chips.specs))
    assert overload.look() is None
    overload.use(None)
    overload.add(batch)
    assert overload.greatest_kg == [None] * 4
    overload.add(SampleBatch.of(**{name: () for name in SampleBatch.DTYPES}))
    assert overload.look() is None
