import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from station.errors import DeviceError
from station.force import hx711_reader
from station.force.hx711_reader import Hx711Reader
from station.messages import CHANNELS, FLAG_AFTER_SATURATION, FLAG_FIRST_AFTER_RESET
from station.sim.hx711_chip import Fault
from station.sim.virtual_clock import Preemption
from station.simulation_config import WiringFault
from tests.force.four_chips import FourChips, of, per_channel, wave
from tests.sim.benches import constant, counting_spec


@given(st.integers(-(2**23) + 1, 2**23 - 2))
@settings(max_examples=25)
def test_any_value_is_read_as_it_is(counts):
    assume(counts != -1)  # all ones is what a dead line reads
    bench = FourChips(constant(counts), specs=[counting_spec(rate_sps=r) for r in (78, 80, 93, 71)])
    batch = bench.reader.read(0.2)
    assert set(batch.arrays()["raw"].tolist()) == {counts}
    assert min(per_channel(batch)) > 5


@pytest.mark.parametrize("rate_sps", [80, 320])
def test_every_conversion_of_a_minute_is_delivered_with_an_honest_bracket(rate_sps):
    bench = FourChips(wave, rate_sps=rate_sps)
    batch = bench.reader.read(60.0 * 80 / rate_sps)
    health = bench.reader.health()
    assert (health.lost, health.rejected, health.power_downs) == ([0] * 4, [0] * 4, [0] * 4)
    assert health.fault is None
    assert bench.untrue(batch) == 0
    for c, spec in enumerate(bench.specs):
        own, tally = of(batch, c), bench.truths[c].tally
        assert tally.outside == 0
        assert 0 <= tally.made - tally.delivered <= 2, "the first is dropped, the last waits for the next"
        assert np.percentile(tally.late_ns, 99) < 1_000_000
        assert np.array_equal(own["seq"], np.arange(len(own["raw"])))
        assert np.all(own["t_high_ns"] < own["t_low_ns"])
        assert np.percentile(own["t_low_ns"] - own["t_high_ns"], 99) < 1_000_000
        assert own["flags"].tolist() == [FLAG_FIRST_AFTER_RESET] + [0] * (len(own["raw"]) - 1)
        assert health.rate_sps[c] == pytest.approx(spec.rate_sps, rel=2e-3)
        assert health.conversions[c] == len(own["raw"])


@pytest.mark.parametrize(
    ("per_s", "longest_s", "pin_call_ns"),
    [(300.0, 4e-4, 6000), (50.0, 3e-3, 700), (10.0, 30e-3, 700), (100.0, 12e-3, 2000), (1000.0, 80e-6, 700)],
)
def test_a_preempted_host_delivers_fewer_values_but_no_bad_one(per_s, longest_s, pin_call_ns):
    bench = FourChips(
        wave, seed=7, preemption=Preemption(per_s, shortest_s=3e-5, longest_s=longest_s), pin_call_ns=pin_call_ns
    )
    batch = bench.reader.read(15.0)
    assert sum(bench.reader.health().power_downs) > 0, "the host was not rude enough to test anything"
    assert bench.untrue(batch) == 0
    assert min(per_channel(batch)) > 300


@given(st.integers(0, 10_000), st.floats(5, 400), st.floats(1e-4, 2e-2))
@settings(max_examples=15)
def test_no_preemption_lets_a_bad_value_through(seed, per_s, longest_s):
    bench = FourChips(wave, seed=seed, preemption=Preemption(per_s, shortest_s=2e-5, longest_s=longest_s))
    assert bench.untrue(bench.reader.read(3.0)) == 0


def test_lost_conversions_are_counted():
    bench = FourChips(wave)
    bench.reader.read(3.0)
    bench.clock.sleep(0.5)
    batch = bench.reader.read(1.0)
    lost = bench.reader.health().lost
    assert bench.untrue(batch) == 0
    for c, spec in enumerate(bench.specs):
        assert lost[c] == pytest.approx(0.5 * spec.rate_sps, abs=8)


def test_a_saturated_cell_is_refused_without_disturbing_the_others():
    specs = [counting_spec(rate_sps=r) for r in (79, 80, 81, 82)]
    specs[2] = counting_spec(rate_sps=81, offset_counts=1e9)
    bench = FourChips(wave, specs=specs)
    batch = bench.reader.read(2.0)
    health = bench.reader.health()
    assert per_channel(batch)[2] == 0
    assert min(per_channel(batch)[c] for c in (0, 1, 3)) > 140
    assert health.rejected[2] > 140
    assert health.power_downs[2] <= 2, "only the wake-up once a second: the chip is in step"
    assert health.fault.startswith("rear left load cell: out of range")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.UNPLUGGED, "no answer; check its DOUT wire on GPIO 13, its PD_SCK wire on GPIO 19"),
        (Fault.STUCK_HIGH, "no answer"),
        (Fault.STUCK_LOW, "held low"),
    ],
)
def test_a_dead_chip_is_named_and_comes_back(fault, words):
    bench = FourChips(wave)
    bench.reader.read(2.0)
    bench.chips[1].fault = fault
    dead = bench.reader.read(3.0)
    health = bench.reader.health()
    assert per_channel(dead)[1] <= 1
    assert min(per_channel(dead)[c] for c in (0, 2, 3)) > 200
    assert health.fault.startswith("front right load cell: ")
    assert words in health.fault
    bench.chips[1].plug_in(bench.clock.now_ns())
    alive = bench.reader.read(2.0)
    assert bench.reader.health().fault is None
    assert bench.untrue(alive) == 0
    own = of(alive, 1)
    assert len(own["raw"]) > 60
    assert own["flags"][0] == FLAG_FIRST_AFTER_RESET
    assert own["flags"][1:].max() == 0


def test_a_chip_that_never_answers_is_named():
    bench = FourChips(wave)
    bench.chips[3].fault = Fault.UNPLUGGED
    bench.reader.read(1.5)
    assert "rear right load cell: no answer" in bench.reader.health().fault


def test_an_empty_read_is_an_empty_batch():
    bench = FourChips(wave)
    batch = bench.reader.read(0.001)
    assert all(len(values) == 0 for values in batch.arrays().values())


def test_the_room_of_a_read_is_taken_once():
    bench = FourChips(wave)
    bench.reader.read(0.05)
    room = bench.reader._columns._arrays["raw"]
    for _ in range(20):
        bench.reader.read(0.05)
    assert bench.reader._columns._arrays["raw"] is room


def test_chips_of_another_rate_than_configured_are_a_fault_that_says_so():
    bench = FourChips(wave, specs=[counting_spec(rate_sps=320.0 + c) for c in range(4)], rate_sps=80)
    assert bench.untrue(bench.reader.read(4.0)) == 0
    assert "front left load cell: its readings are disturbed" in bench.reader.health().fault
    assert "force.chip_rate_sps" in bench.reader.health().fault


def test_a_read_ends_where_its_room_does(monkeypatch):
    monkeypatch.setattr(hx711_reader, "SPREAD", 0.5)  # as if the chips were twice as fast as they may be
    bench = FourChips(wave)
    batches = [bench.reader.read(2.0) for _ in range(3)]
    assert 3.0e9 < bench.clock.now_ns() < 4.0e9
    for c in range(4):
        seq = np.concatenate([of(b, c)["seq"] for b in batches])
        assert np.array_equal(seq, np.arange(len(seq)))
    assert bench.reader.health().lost == [0] * 4


def test_a_reading_after_saturation_says_so():
    def spike(t_s):
        return np.where((t_s > 1.0) & (t_s < 1.2), 1e7, 500.0)

    bench = FourChips(spike)
    batch = bench.reader.read(2.0)
    assert bench.untrue(batch) == 0
    for c in range(4):
        own = of(batch, c)
        first = int(np.argmax(own["t_low_ns"] > 1.2e9))
        assert own["flags"][first] == FLAG_AFTER_SATURATION
        assert set(own["flags"][1:first]) | set(own["flags"][first + 1 :]) == {0}
    assert min(bench.reader.health().rejected) > 12


def test_the_shunt_is_a_pin_that_rests_low_and_is_given_back():
    bench = FourChips(wave)
    bench.reader.close()
    levels = []
    bench.gpio.connect_output(12, lambda level, t_ns: levels.append((level, t_ns)))
    settings = bench.settings
    reader = Hx711Reader(bench.gpio, bench.clock, settings.cells, 80, settings.poll_s, shunt_pin=12)
    reader.open()
    assert [level for level, _ in levels] == [0]
    instants = [reader.shunt(on) for on in (True, False, True)]
    assert [level for level, _ in levels[1:]] == [1, 0, 1]
    for told_ns, (_, driven_ns) in zip(instants, levels[1:], strict=True):
        assert abs(told_ns - driven_ns) <= 500, "the middle of the pin call"
    reader.close()
    reader.close()
    assert levels[-1][0] == 0
    with pytest.raises(RuntimeError, match="OUTPUT"):
        bench.gpio.output(12, 1)


@pytest.mark.parametrize("error", [RuntimeError("not an OUTPUT"), OSError(5, "i/o error")])
def test_a_shunt_pin_that_cannot_be_driven_is_a_device_error(error, monkeypatch):
    bench = FourChips(wave)
    bench.reader.close()
    reader = Hx711Reader(bench.gpio, bench.clock, bench.settings.cells, 80, bench.settings.poll_s, shunt_pin=12)
    reader.open()

    def fails(channel: int, value: int) -> None:
        raise error

    monkeypatch.setattr(bench.gpio, "output", fails)
    with pytest.raises(DeviceError, match=f"GPIO 12 cannot be driven: .*{error.args[-1]}"):
        reader.shunt(on=True)


def test_without_a_shunt_switch_the_remedy_is_named():
    with pytest.raises(DeviceError, match=r"set force\.shunt_pin"):
        FourChips(wave).reader.shunt(on=True)


def test_pins_that_cannot_be_claimed_are_a_device_error():
    class Busy:
        BCM, IN, OUT, PUD_DOWN, PUD_UP = 11, 1, 0, 21, 22

        def setwarnings(self, flag):
            pass

        def setmode(self, mode):
            raise RuntimeError("GPIO not allocated")

        def cleanup(self, channel):
            pass

    bench = FourChips(wave)
    reader = Hx711Reader(Busy(), bench.clock, bench.settings.cells, 80, 0.0004)
    with pytest.raises(DeviceError, match="GPIO not allocated"):
        reader.open()
    reader.close()
    reader.close()


def test_close_gives_the_pins_back():
    bench = FourChips(wave)
    bench.reader.close()
    cell = bench.settings.cells[CHANNELS[0]]
    with pytest.raises(RuntimeError, match="OUTPUT"):
        bench.gpio.output(cell.pd_sck, 1)


@pytest.mark.parametrize(
    ("kind", "trouble", "words"),
    [
        ("pins_exchanged", "exchanged", "put DOUT on GPIO 13 and PD_SCK on GPIO 19"),
        ("rate_10", "slow", "makes 10 readings a second instead of 80; connect its RATE pin"),
        ("clock_high", "clock_high", "check GPIO 19 for a short circuit to 3.3 V"),
        ("chip_dead", "high", "check GPIO 13 for a short circuit to 3.3 V"),
        ("clock_low", "low", "PD_SCK wire on GPIO 19"),
        ("no_power", "open", "3.3 V supply"),
        ("excitation_on_signal", "out_of_range", "check the four wires"),
    ],
)
def test_a_mistake_of_wiring_is_named_and_disturbs_no_other_chip(kind, trouble, words):
    bench = FourChips(wave, faults=(WiringFault(kind=kind, cell="front_right"),))
    batch = bench.reader.read(3.0)
    health = bench.reader.health()
    assert health.trouble == [None, trouble, None, None]
    assert health.fault.startswith("front right load cell: ")
    assert words in health.fault
    assert bench.untrue(batch) == 0
    assert per_channel(batch)[1] == 0
    assert min(per_channel(batch)[c] for c in (0, 2, 3)) > 220
    assert [health.lost[c] for c in (0, 2, 3)] == [0] * 3
