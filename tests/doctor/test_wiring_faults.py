"""Some of what `tests.benchmarks.wiring_faults` shows at length: each family of mistakes once, and a sound station."""

import pytest

from station.simulation_config import WiringFault
from tests.doctor.patient import Patient, accusations


@pytest.mark.parametrize(
    ("seed", "kind", "cell", "check", "words"),
    [
        (1, "cell_unplugged", "rear_left", ("cell_connected", "bridge_wires"), "unplugged"),
        (2, "excitation_on_signal", "front_left", ("bridge_wires",), "E+ or E-"),
        (3, "pins_exchanged", "rear_right", ("pins_exchanged",), "put DOUT on GPIO 21"),
        (4, "rate_10", "front_right", ("rate_strap",), "makes 10 readings a second instead of 80"),
        (5, "cell_noise", "rear_left", ("electrical_noise",), "long cable at the star board alone"),
        (6, "loose_ground", "front_left", ("loose_contact",), "loose contact"),
        (7, "clock_high", "rear_right", ("chip_answers",), "GPIO 26 for a short circuit to 3.3 V"),
        (8, "cell_bent", "front_right", ("cell_load",), "bent by an overload"),
    ],
)
def test_a_mistake_is_named_with_its_cell_and_nothing_else_is_accused(tmp_path, seed, kind, cell, check, words):
    (finding,) = accusations(Patient(seed).examined(tmp_path, [WiringFault(kind=kind, cell=cell)]))
    assert finding.check in check
    assert finding.where == cell
    assert words in finding.text


def test_a_noisy_supply_is_named_once_for_all_cells(tmp_path):
    (finding,) = accusations(Patient(9).examined(tmp_path, [WiringFault(kind="supply_noise")]))
    assert (finding.check, finding.where) == ("electrical_noise", None)
    assert "the 3.3 V supply that they share" in finding.text


def test_a_shaking_deck_is_no_electrical_noise(tmp_path):
    (finding,) = accusations(Patient(10, shaking_n=100.0).examined(tmp_path))
    assert (finding.check, finding.verdict) == ("belt_vibration", "warning")


def test_somebody_who_walks_on_the_deck_is_no_fault_of_the_wires(tmp_path):
    findings = Patient(14).examined(tmp_path, walking=True)
    assert not accusations(findings)
    unquiet = {f.check for f in findings if "moves on the deck" in f.text}
    assert unquiet == {"cell_load", "electrical_noise", "belt_vibration", "cells_in_place"}


def test_what_a_silent_chip_hides_is_not_called_well(tmp_path):
    findings = Patient(11).examined(tmp_path, [WiringFault(kind="no_power", cell="rear_left")])
    hidden = {f.check for f in findings if f.verdict == "not_checked"}
    assert {"pins_exchanged", "rate_strap", "cell_connected", "electrical_noise", "cells_in_place"} <= hidden
    assert not {f.check for f in findings if f.verdict == "ok"}


@pytest.mark.parametrize("bare", [True, False])
def test_a_sound_station_is_not_accused(tmp_path, bare):
    assert not accusations(Patient(12, bare=bare).examined(tmp_path))


def test_exchanged_and_reversed_cells_show_when_somebody_stands_at_the_corners(tmp_path):
    faults = [
        WiringFault(kind="boards_exchanged", cell="front_left", other="rear_left"),
        WiringFault(kind="polarity_reversed", cell="front_right"),
    ]
    findings = Patient(13).examined(tmp_path, faults, guided=True)
    said = [f.text for f in findings if f.check == "corner_presses"]
    assert any("front left and rear left load cells are exchanged" in text for text in said)
    assert any("front right load cell weighs backwards" in text for text in said)
