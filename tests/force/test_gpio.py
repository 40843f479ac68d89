import sys
from types import ModuleType, SimpleNamespace

import pytest

from station.errors import DeviceError
from station.force.gpio import LgpioPins, system_gpio
from station.force.hx711_reader import Hx711Reader
from tests.force.four_chips import FourChips, per_channel, wave


class LgpioError(Exception):
    pass


class LgpioOnPins:
    """The functions of `lgpio` over simulated pins; the header is gpiochip 4, as on early Pi 5 kernels."""

    SET_PULL_UP, SET_PULL_DOWN = 32, 64
    error = LgpioError

    def __init__(self, gpio) -> None:
        self._gpio = gpio
        self.closed = []

    def gpiochip_open(self, number: int) -> int:
        if number not in (0, 4):
            raise LgpioError("can not open gpiochip")
        return 100 + number

    def gpiochip_close(self, handle: int) -> None:
        self.closed.append(handle)

    def gpio_get_chip_info(self, handle: int) -> list:
        return [0, 54, "gpiochip", "pinctrl-rp1" if handle == 104 else "brcmvirt-gpio"]

    def gpio_claim_output(self, handle: int, pin: int, level: int = 0) -> None:
        self._on_header(handle)
        self._gpio.setup(pin, self._gpio.OUT, initial=level)

    def gpio_claim_input(self, handle: int, pin: int, flags: int = 0) -> None:
        self._on_header(handle)
        pull = {self.SET_PULL_UP: self._gpio.PUD_UP, self.SET_PULL_DOWN: self._gpio.PUD_DOWN}[flags]
        self._gpio.setup(pin, self._gpio.IN, pull_up_down=pull)

    def gpio_read(self, handle: int, pin: int) -> int:
        return self._gpio.input(pin)

    def gpio_write(self, handle: int, pin: int, level: int) -> None:
        self._gpio.output(pin, level)

    def gpio_free(self, handle: int, pin: int) -> None:
        if handle is None:
            raise TypeError("'NoneType' object cannot be interpreted as an integer")
        self._gpio.cleanup(pin)

    def _on_header(self, handle: int) -> None:
        if handle != 104:
            raise LgpioError("wrong chip")


@pytest.fixture
def rpi(monkeypatch):
    """Install a module as RPi.GPIO."""

    def install(gpio) -> None:
        package = ModuleType("RPi")
        package.GPIO = gpio
        monkeypatch.setitem(sys.modules, "RPi", package)
        monkeypatch.setitem(sys.modules, "RPi.GPIO", gpio)

    return install


def test_rpi_gpio_is_used_as_it_is(rpi):
    gpio = SimpleNamespace(BCM=11)
    rpi(gpio)
    assert system_gpio() is gpio


def test_the_lgpio_shim_is_driven_through_lgpio_itself(rpi):
    lgpio = SimpleNamespace(error=LgpioError)
    rpi(SimpleNamespace(BCM=11, lgpio=lgpio))
    assert isinstance(system_gpio(), LgpioPins)


def test_off_a_raspberry_pi_the_remedy_is_named():
    with pytest.raises(DeviceError, match="python3-rpi-lgpio"):
        system_gpio()


def test_the_reader_reads_through_lgpio():
    bench = FourChips(wave)
    bench.reader.close()
    lgpio = LgpioOnPins(bench.gpio)
    reader = Hx711Reader(LgpioPins(lgpio), bench.clock, bench.settings.cells, 80, bench.settings.poll_s)
    reader.open()
    batch = reader.read(1.0)
    assert min(per_channel(batch)) > 60
    assert bench.untrue(batch) == 0
    assert lgpio.closed == [100], "the chip that is not the header's"
    reader.close()
    assert lgpio.closed == [100, 104]
    with pytest.raises(RuntimeError, match="setup"):
        bench.gpio.input(bench.settings.cells["front_left"].dout)


def test_a_busy_pin_and_a_missing_header_are_device_errors():
    bench = FourChips(wave)
    lgpio = LgpioOnPins(bench.gpio)

    def busy(*_):
        raise LgpioError("GPIO busy")

    lgpio.gpio_claim_output = busy
    pins = LgpioPins(lgpio)
    pins.setmode(pins.BCM)
    with pytest.raises(DeviceError, match="GPIO 6: GPIO busy"):
        pins.setup(6, pins.OUT, initial=0)
    lgpio.gpiochip_open = busy
    with pytest.raises(DeviceError, match="group gpio"):
        LgpioPins(lgpio).setmode(LgpioPins.BCM)


@pytest.fixture
def bench():
    """Four chips whose pins are free, and the reader through lgpio."""
    bench = FourChips(wave)
    bench.reader.close()
    bench.lgpio = LgpioOnPins(bench.gpio)
    bench.reader = Hx711Reader(LgpioPins(bench.lgpio), bench.clock, bench.settings.cells, 80, bench.settings.poll_s)
    return bench


def test_a_reader_that_never_got_a_gpiochip_closes_in_peace(bench, monkeypatch):
    def denied(*_):
        raise LgpioError("can not open gpiochip")

    monkeypatch.setattr(bench.lgpio, "gpiochip_open", denied)
    with pytest.raises(DeviceError, match="group gpio"):
        bench.reader.open()
    bench.reader.close()
    monkeypatch.undo()
    bench.reader.open()
    assert min(per_channel(bench.reader.read(1.0))) > 60


def test_where_one_pin_is_busy_the_others_are_let_go(bench, monkeypatch):
    claim, free, claimed = bench.lgpio.gpio_claim_output, bench.lgpio.gpio_free, set()

    def claims(handle, pin, level=0):
        if pin == 20:
            raise LgpioError("GPIO busy")
        claimed.add(pin)
        claim(handle, pin, level)

    def frees(handle, pin):
        claimed.discard(pin)
        free(handle, pin)
        raise LgpioError("GPIO not allocated")  # what is said on the way out ends nobody

    monkeypatch.setattr(bench.lgpio, "gpio_claim_output", claims)
    monkeypatch.setattr(bench.lgpio, "gpio_free", frees)
    with pytest.raises(DeviceError, match=r"^GPIO 20: GPIO busy; is another program using it\?$"):
        bench.reader.open()
    assert claimed == set()
    assert bench.lgpio.closed == [100, 104]
    bench.reader.close()


def test_a_gpiochip_without_any_claimed_pin_is_closed(bench, monkeypatch):
    def busy(*_):
        raise LgpioError("GPIO busy")

    monkeypatch.setattr(bench.lgpio, "gpio_claim_output", busy)
    with pytest.raises(DeviceError, match="GPIO 6: GPIO busy"):
        bench.reader.open()
    assert bench.lgpio.closed == [100, 104]
