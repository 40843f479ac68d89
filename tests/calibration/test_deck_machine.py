from datetime import UTC, datetime

import pytest

from station.calibration.artefact import assemble
from station.calibration.deck_machine import DeckMachine
from station.calibration.machine import StepRefusedError
from station.calibration.static_reading import ReadingTime
from station.errors import CalibrationError
from station.messages import Calibration
from station.sim.chips import draw_chips
from station.sim.deck import Deck
from station.sim.rig import Rig
from tests.calibration.saved_parts import grid_part, kernel_part

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
DECK_HZ, DAMPING = 31.0, 0.06


def known(rig: Rig) -> Calibration:
    """Gains and kernels as they are."""
    gains = [1 / spec.counts_per_newton for spec in rig.specs]
    rates = [spec.rate_sps for spec in rig.specs]
    return assemble([kernel_part(rates_sps=rates), grid_part(newton_per_count=gains, rate_sps=rates)], rig.force.cells)


def machine(rig: Rig) -> DeckMachine:
    return DeckMachine(rig.front_end, rig.force.cells, known(rig), ReadingTime(0.5, 6.0))


def test_taps_at_four_places_tell_the_resonance():
    rig = Rig(seed=3, deck=Deck(DECK_HZ, DAMPING))
    deck = machine(rig)
    assert [(p.action, p.x_m, p.y_m) for p in deck._prompts] == [
        ("tap", 0.0, 0.0), ("tap", 0.35, 0.0), ("tap", -0.35, 0.0), ("tap", 0.0, 0.15),
    ]  # fmt: skip
    while not deck.done:
        rig.obey(deck.prompt)
        deck.measure()
    part = deck.result(NOW)
    assert part.deck.frequency_hz == pytest.approx(DECK_HZ, abs=4 * part.deck.frequency_sd_hz)
    assert part.deck.damping_ratio == pytest.approx(DAMPING, abs=4 * part.deck.damping_sd)
    assert 12 <= part.residuals["taps"] <= 24
    assert part.residuals["misfit"] < 2
    calibration = assemble([grid_part(), part], rig.force.cells)
    assert calibration.deck == part.deck


def test_a_place_that_was_not_struck_is_asked_for_again():
    rig = Rig(seed=1)
    deck = machine(rig)
    with pytest.raises(StepRefusedError, match="0 clear taps were found here, at least 3 are needed"):
        deck.measure()
    assert deck.step == 0
    with pytest.raises(CalibrationError, match="not been carried through"):
        deck.result(NOW)


def test_without_kernels_there_is_no_tap_test():
    rig = Rig(seed=1, chips=draw_chips(1, 80))
    calibration = assemble([grid_part()], rig.force.cells)
    with pytest.raises(CalibrationError, match="run `station calibrate kernel`"):
        DeckMachine(rig.front_end, rig.force.cells, calibration)
