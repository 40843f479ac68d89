import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from station.sim.hx711_chip import Fault, HX711Chip
from tests.sim.benches import CELL, OneChip, constant, counting_spec, signed

WORDS = st.integers(-(2**23), 2**23 - 1)


@given(WORDS)
@settings(max_examples=40)
def test_any_word_is_shifted_out_most_significant_bit_first(counts):
    bench = OneChip(constant(counts))
    bench.wait_ready()
    shift = bench.wire.shift()
    assert signed(shift.word) == counts
    assert shift.released


def test_four_conversions_pass_before_the_first_result():
    bench = OneChip(constant(1), phase=1.0)
    assert bench.wait_ready() == pytest.approx(4 / 80, abs=1e-3)


def test_a_conversion_every_period():
    bench = OneChip(constant(1), rate_sps=91.7)
    bench.wait_ready()
    bench.wire.shift()
    waits = []
    for _ in range(20):
        bench.wait_ready()
        waits.append(bench.clock.now_ns())
        bench.wire.shift()
    assert np.mean(np.diff(waits)) * 1e-9 == pytest.approx(1 / 91.7, rel=2e-3)


@pytest.mark.parametrize(("pulses", "expected"), [(25, 1000), (26, 0), (27, 500)])
def test_pulses_choose_input_and_gain_and_a_change_settles(pulses, expected):
    bench = OneChip(constant(1000))
    bench.wait_ready()
    assert bench.pulse(pulses)[24:] == [1] * (pulses - 24)
    waited_s = bench.wait_ready()
    assert signed(bench.wire.shift().word) == expected
    assert waited_s > 3.5 / 80 if pulses != 25 else waited_s < 1.1 / 80


@pytest.mark.parametrize(("force_n", "word"), [(1e9, 0x7FFFFF), (-1e9, 0x800000)])
def test_output_saturates(force_n, word):
    bench = OneChip(constant(force_n))
    bench.wait_ready()
    assert bench.wire.shift().word == word


def test_clock_high_for_60_us_powers_down():
    bench = OneChip(constant(5), phase=1.0)
    bench.wait_ready()
    bench.pulse(10)
    bench.gpio.output(CELL.pd_sck, 1)
    bench.clock.sleep(61e-6)
    assert bench.gpio.input(CELL.dout) == 1
    bench.gpio.output(CELL.pd_sck, 0)
    assert bench.wait_ready() == pytest.approx(4 / 80, abs=1e-3)
    assert signed(bench.wire.shift().word) == 5


def test_clock_high_for_less_than_60_us_does_not():
    bench = OneChip(constant(5))
    bench.wait_ready()
    bench.gpio.output(CELL.pd_sck, 1)
    while bench.clock.now_ns() - bench.chip._rise_ns < 58_000:
        pass
    bench.gpio.output(CELL.pd_sck, 0)
    assert signed(int("0" + "".join(map(str, bench.pulse(23))), 2)) == 5


def test_an_unread_conversion_is_replaced_with_a_pulse_on_dout():
    chip = HX711Chip(counting_spec(phase=1.0), lambda t_s: np.asarray(t_s), start_ns=0)
    period_ns = 12_500_000
    assert chip.dout(4 * period_ns + 1) == 0
    assert chip.dout(5 * period_ns + 10_000) == 1
    assert chip.dout(5 * period_ns + 40_000) == 0


def test_a_conversion_that_ends_during_a_read_spoils_it():
    bench = OneChip(constant(0x000FFF))
    bench.wait_ready()
    assert bench.pulse(12) == [0] * 12
    bench.clock.sleep(13e-3)
    assert bench.pulse(12) == [0] * 12, "loaded anew: not the twelve ones that remained"


def test_faults_and_plugging_in_again():
    bench = OneChip(constant(7), phase=1.0)
    bench.wait_ready()
    bench.chip.fault = Fault.STUCK_LOW
    assert bench.gpio.input(CELL.dout) == 0
    bench.chip.fault = Fault.STUCK_HIGH
    assert bench.gpio.input(CELL.dout) == 1
    bench.chip.fault = Fault.UNPLUGGED
    assert bench.gpio.input(CELL.dout) == 0, "the host's pull-down"
    assert bench.wire.floats()
    bench.chip.plug_in(bench.clock.now_ns())
    assert bench.wait_ready() == pytest.approx(4 / 80, abs=1e-3)


def stance(t_s: np.ndarray) -> np.ndarray:
    """A hard landing every 0.35 s: kinks, 100 body weights per second, nothing that suits the chip's sampling."""
    u = np.mod(t_s, 0.35013)
    impact = np.where(u < 0.04, 500 * (1 - np.cos(2 * np.pi * u / 0.04)), 0.0)
    return impact + np.where(u < 0.23, 1700 * np.sin(np.pi * u / 0.23), 0.0)


FINE_S = 1e-5


def boxed(fine_s: np.ndarray, signal: np.ndarray, length_s: float) -> np.ndarray:
    """Moving average by a running integral."""
    integral = np.concatenate([[0.0], np.cumsum((signal[1:] + signal[:-1]) / 2) * FINE_S])
    return (integral - np.interp(fine_s - length_s, fine_s, integral)) / length_s


def conversions(**made: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]:
    """Sixty of a chip in the middle of a run: their ends (s) and values; the force finely; the chip's period (s)."""
    chip = HX711Chip(counting_spec(**made), stance, start_ns=0)
    period_s = chip._period_ns * 1e-9
    end_s = (chip._first_ns + (20 + np.arange(60)) * chip._period_ns) * 1e-9
    fine_s = np.arange(end_s[0] - 1.0, end_s[-1] + FINE_S, FINE_S)
    return end_s, chip._averages(20, 60), fine_s, stance(fine_s), period_s


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("rate_sps", [77.9, 320.0])
def test_conversions_are_the_sinc_average_of_the_force(order, rate_sps):
    end_s, averaged, fine_s, signal, period_s = conversions(order=order, rate_sps=rate_sps)
    for _ in range(order):
        signal = boxed(fine_s, signal, period_s)
    assert np.abs(averaged - np.interp(end_s, fine_s, signal)).max() < 0.05


@pytest.mark.parametrize("extra", [0.25, 0.5])
def test_a_chip_may_average_once_more(extra):
    end_s, averaged, fine_s, signal, period_s = conversions(order=2, extra_box_periods=extra)
    for length in (1.0, 1.0, extra):
        signal = boxed(fine_s, signal, length * period_s)
    assert np.abs(averaged - np.interp(end_s, fine_s, signal)).max() < 0.05


def test_a_chip_may_sag():
    sag, tau_s = 0.03, 0.06
    end_s, averaged, fine_s, signal, period_s = conversions(order=3, sag=sag, sag_tau_s=tau_s)
    for _ in range(3):
        signal = boxed(fine_s, signal, period_s)
    late = lfilter([FINE_S / tau_s], [1.0, FINE_S / tau_s - 1], signal)
    truth = (1 - sag) * signal + sag * late
    assert np.abs(averaged - np.interp(end_s, fine_s, truth)).max() < 0.1
    assert np.abs(averaged - np.interp(end_s, fine_s, signal)).max() > 5, "it would be seen"


@pytest.mark.parametrize(
    "made", [{}, {"extra_box_periods": 0.25}, {"sag": 0.1}, {"extra_box_periods": 0.5, "sag": 0.1}]
)
def test_a_steady_force_passes_whole(made):
    chip = HX711Chip(counting_spec(order=4, **made), constant(800.0), start_ns=0)
    assert chip._averages(5, 10) == pytest.approx(800.0)


def test_an_oscillator_wanders_and_its_conversions_go_with_it():
    chip = HX711Chip(counting_spec(wander_s=3e-3, phase=0.3), np.asarray, start_ns=0)
    ends_ns = []
    while chip._next_ns < 120e9:
        ends_ns.append(chip._next_ns)
        chip._end_conversion()
    astray_ms = 1e-6 * (ends_ns - np.arange(len(ends_ns)) * 12.5e6)
    assert np.ptp(astray_ms) == pytest.approx(6.0, abs=0.01)
    assert np.abs(np.diff(astray_ms)).max() < 0.005, "slowly"
    averaged_s = chip._averages(2000, 64)  # of the time itself: the middle of what was averaged
    assert averaged_s == pytest.approx(np.array(ends_ns[2000:2064]) * 1e-9 - 1.5 / 80, abs=2e-5)


def test_computing_ahead_changes_nothing_and_a_new_force_is_obeyed():
    force = {"n": 10.0}
    chips = [HX711Chip(counting_spec(), lambda t_s: np.full(len(t_s), force["n"]), 0, ahead=n) for n in (1, 50)]

    def words(t_ns: int) -> list[int]:
        out = []
        for chip in chips:
            assert chip.dout(t_ns) == 0
            for _ in range(25):
                chip.sck(1, t_ns)
                chip.sck(0, t_ns)
            out.append(chip._word)
        return out

    assert words(60_000_000) == [10, 10]
    force["n"] = 20.0
    for chip in chips:
        chip.force_changed()
    assert words(75_000_000) == [20, 20]


def test_noise_is_as_specified_and_follows_the_seed():
    one, same, other = (HX711Chip(counting_spec(noise_n=3.0, seed=s), constant(0), 0) for s in (1, 1, 2))
    values = one._averages(0, 2000)
    assert values.std() == pytest.approx(3.0, rel=0.1)
    assert np.array_equal(values, same._averages(0, 2000))
    assert not np.array_equal(values, other._averages(0, 2000))
