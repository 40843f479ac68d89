import pytest

from station.sim.bridge import STRAIGHT, exchanged, seen
from station.sim.chips import draw_chips
from station.sim.wiring import Wiring
from station.simulation_config import WiringFault


@pytest.mark.parametrize("signal", [-0.4, 0.0, 0.05, 0.5])
def test_a_bridge_wired_right_gives_its_own_signal(signal):
    assert seen(signal, STRAIGHT) == pytest.approx(signal, abs=1e-9)


@pytest.mark.parametrize("pair", [("A+", "A-"), ("E+", "E-")])
def test_a_pair_exchanged_turns_the_sign(pair):
    assert seen(0.3, exchanged(*pair)) == pytest.approx(-0.3)


@pytest.mark.parametrize(
    ("pair", "sign"), [(("E+", "A+"), 1), (("E+", "A-"), -1), (("E-", "A+"), -1), (("E-", "A-"), 1)]
)
def test_excitation_on_a_signal_wire_puts_a_third_of_the_supply_on_the_input(pair, sign):
    third = 1 / 3 / (0.5 / 128)
    assert seen(0.0, exchanged(*pair)) == pytest.approx(sign * third)


def test_both_pairs_exchanged_weigh_as_they_should():
    diagonals = {"E+": "S+", "E-": "S-", "A+": "E+", "A-": "E-"}
    assert seen(0.3, diagonals) == pytest.approx(0.3, rel=1e-3)


def test_exchanged_plugs_take_gain_and_zero_with_them_and_leave_the_chip_its_oscillator():
    chips = draw_chips(3, 80)
    wired = Wiring([WiringFault(kind="cells_exchanged", cell="front_left", other="rear_left")], chips)
    spec = wired.spec("front_left")
    assert (spec.counts_per_newton, spec.offset_counts) == (chips[2].counts_per_newton, chips[2].offset_counts)
    assert spec.rate_sps == chips[0].rate_sps
    assert wired.spec("front_right") == chips[1]
