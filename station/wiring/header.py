"""The 40-pin header of every Raspberry Pi since the B+: which pin is which.

Order from Raspberry Pi's documentation ("GPIO and the 40-pin header"); the same table as in Zephyr's device-tree
binding `raspberrypi-40pins-header`. Pin 1 is the one with a square pad, nearest to the corner with the SD card; odd
pins lie on the inner side of the board.
"""

GND, V3, V5 = "GND", "3V3", "5V"
ID = "ID"
"""Reserved for the memory of a HAT."""

PINS: tuple[str | int, ...] = (
    V3, V5, 2, V5, 3, GND, 4, 14, GND, 15,
    17, 18, 27, GND, 22, 23, V3, 24, 10, GND,
    9, 25, 11, 8, GND, 7, ID, ID, 5, GND,
    6, 12, 13, GND, 19, 16, 26, 20, GND, 21,
)  # fmt: skip
"""What pin 1, 2, ... 40 carries: a supply, or the BCM number of its GPIO."""

PULLED_UP_AT_BOOT = range(9)
"""GPIO 0-8 have their internal pull-up (about 50 kohm) on until a program sets them; all others their pull-down.
BCM2835 ARM Peripherals, table 6-31."""


def pin_of(bcm: int) -> int:
    """Number on the header of a GPIO. Raises ValueError where the header does not have it."""
    return PINS.index(bcm) + 1


def pins_with(supply: str) -> tuple[int, ...]:
    """Numbers on the header of GND, V3 or V5."""
    return tuple(number for number, carries in enumerate(PINS, 1) if carries == supply)


def name_of(pin: int) -> str:
    """What a reader of the header calls it: "GPIO 5", "GND"."""
    carries = PINS[pin - 1]
    return f"GPIO {carries}" if isinstance(carries, int) else carries
