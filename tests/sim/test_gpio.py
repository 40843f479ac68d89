import re
import warnings

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from station.sim.gpio import SimulatedGpio
from station.sim.hx711_chip import HX711Chip
from tests.sim.benches import CELL, OneChip, constant, counting_spec, hx711_package


@pytest.fixture
def gpio() -> SimulatedGpio:
    return SimulatedGpio(lambda: 0)


def refuses(kind: type[Exception], text: str):
    return pytest.raises(kind, match=re.escape(text))


def test_nothing_works_without_a_numbering_mode(gpio):
    for act in (lambda: gpio.setup(5, gpio.IN), lambda: gpio.input(5), lambda: gpio.output(5, 1)):
        with refuses(RuntimeError, "Please set pin numbering mode"):
            act()


def test_the_mode_is_set_once(gpio):
    with refuses(ValueError, "An invalid mode"):
        gpio.setmode(3)
    gpio.setmode(gpio.BCM)
    gpio.setmode(gpio.BCM)
    with refuses(ValueError, "A different mode has already been set!"):
        gpio.setmode(gpio.BOARD)
    assert gpio.getmode() == gpio.BCM


def test_illegal_acts_raise_what_rpi_gpio_raises(gpio):
    gpio.setmode(gpio.BCM)
    with refuses(RuntimeError, "You must setup() the GPIO channel first"):
        gpio.input(5)
    gpio.setup(5, gpio.IN)
    with refuses(RuntimeError, "The GPIO channel has not been set up as an OUTPUT"):
        gpio.output(5, 1)
    with refuses(ValueError, "The channel sent is invalid on a Raspberry Pi"):
        gpio.setup(54, gpio.OUT)
    with refuses(ValueError, "An invalid direction"):
        gpio.setup(5, 7)
    with refuses(ValueError, "not valid for outputs"):
        gpio.setup(5, gpio.OUT, pull_up_down=gpio.PUD_UP)
    with refuses(ValueError, "not valid for inputs"):
        gpio.setup(5, gpio.IN, initial=1)
    with refuses(ValueError, "Channel must be an integer"):
        gpio.setup("5", gpio.IN)
    gpio.setup([6, 7], gpio.OUT)
    with refuses(RuntimeError, "Number of channels != number of values"):
        gpio.output([6, 7], [1])


def test_outputs_read_back_and_lists_of_channels(gpio):
    gpio.setmode(gpio.BCM)
    gpio.setup((6, 7), gpio.OUT, initial=gpio.HIGH)
    assert [gpio.input(6), gpio.input(7)] == [1, 1]
    gpio.output((6, 7), (False, True))
    assert [gpio.input(6), gpio.input(7)] == [0, 1]


def test_an_open_input_follows_its_pull_resistor(gpio):
    gpio.setmode(gpio.BCM)
    gpio.setup(22, gpio.IN, pull_up_down=gpio.PUD_UP)
    assert gpio.input(22) == 1
    gpio.setup(22, gpio.IN, pull_up_down=gpio.PUD_DOWN)
    assert gpio.input(22) == 0


def test_cleanup_releases_channels_and_mode(gpio):
    with pytest.warns(RuntimeWarning, match="nothing to clean up"):
        gpio.cleanup()
    gpio.setwarnings(False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gpio.cleanup()
    gpio.setmode(gpio.BCM)
    gpio.setup([5, 6], gpio.OUT)
    gpio.cleanup(5)
    with refuses(RuntimeError, "OUTPUT"):
        gpio.output(5, 1)
    gpio.output(6, 1)
    gpio.cleanup()
    assert gpio.getmode() is None


def test_header_numbers_reach_the_same_pins():
    bench = OneChip(constant(42))
    gpio = SimulatedGpio(bench.clock.pin_call)
    gpio.connect(bench.chip, dout=5, pd_sck=6)
    gpio.setmode(gpio.BOARD)
    gpio.setup(31, gpio.OUT)  # GPIO 6
    gpio.setup(29, gpio.IN)  # GPIO 5
    while gpio.input(29):
        bench.clock.sleep(1e-3)
    word = 0
    for _ in range(24):
        gpio.output(31, True)
        gpio.output(31, False)
        word = word << 1 | gpio.input(29)
    assert word == 42
    with refuses(ValueError, "invalid on a Raspberry Pi"):
        gpio.setup(1, gpio.IN)  # 3.3 V


def test_chips_may_share_a_clock_line():
    gpio = SimulatedGpio(lambda: 10**9)
    chips = [HX711Chip(counting_spec(), constant(n), 0) for n in (3, 4)]
    for chip, dout in zip(chips, (5, 13), strict=True):
        gpio.connect(chip, dout, pd_sck=6)
    gpio.setmode(gpio.BCM)
    gpio.setup(6, gpio.OUT)
    gpio.setup([5, 13], gpio.IN)
    words = [0, 0]
    assert [gpio.input(5), gpio.input(13)] == [0, 0]
    for _ in range(24):
        gpio.output(6, 1)
        gpio.output(6, 0)
        words = [w << 1 | gpio.input(d) for w, d in zip(words, (5, 13), strict=True)]
    assert words == [3, 4]


@given(st.integers(-(2**23) + 1, 2**23 - 2))
@settings(max_examples=15)
def test_the_unmodified_hx711_package_reads_what_was_set(counts):
    assume(counts not in (0, -1))  # the package takes both for "no answer"
    bench = OneChip(constant(counts))
    with hx711_package(bench.gpio, bench.clock) as hx711:
        chip = hx711.HX711(dout_pin=CELL.dout, pd_sck_pin=CELL.pd_sck, gain=128, channel="A")
        assert chip.get_raw_data(times=3) == [counts] * 3


def test_the_unmodified_hx711_package_sets_gain_and_resets():
    bench = OneChip(constant(1000))
    with hx711_package(bench.gpio, bench.clock) as hx711:
        chip = hx711.HX711(dout_pin=CELL.dout, pd_sck_pin=CELL.pd_sck, gain=64, channel="A")
        assert chip.get_raw_data(times=3) == [500] * 3
        chip.channel_a_gain = 128
        assert chip.get_raw_data(times=3) == [1000] * 3
        assert chip.reset()


def test_an_output_pin_drives_whatever_is_wired_to_it():
    now = iter(range(100))
    gpio = SimulatedGpio(lambda: next(now))
    driven = []
    gpio.connect_output(12, lambda level, t_ns: driven.append((level, t_ns)))
    gpio.setmode(gpio.BOARD)
    gpio.setup(32, gpio.OUT, initial=0)
    gpio.output(32, True)
    gpio.output([32], [0])
    gpio.connect_output(12, lambda level, t_ns: driven.append("second"))
    gpio.output(32, 1)
    assert driven == [(0, 0), (1, 1), (0, 2), (1, 3), "second"]
