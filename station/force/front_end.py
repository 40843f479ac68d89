"""The boundary between the station and whatever reads its load cells."""

from typing import Protocol

from station.messages import ForceHealth, SampleBatch


class LoadCellFrontEnd(Protocol):
    """Chips on pins, a recording, or a faster converter: the force daemon and the calibration see only this."""

    channels: tuple[str, ...]
    nominal_rate_sps: float

    def open(self) -> None:
        """Take the hardware. Raises DeviceError where it is missing or busy, and has taken nothing then."""

    def close(self) -> None:
        """Release the hardware; may be called twice."""

    def read(self, duration_s: float) -> SampleBatch:
        """Collect for about `duration_s` seconds, looking at every chip; the batch may be empty where none delivers."""

    def health(self) -> ForceHealth:
        """Counters since `open`."""

    def shunt(self, on: bool) -> int:
        """Switch the known step of the kernel test (a resistor across one arm of each cell's bridge); the instant, ns.

        Raises DeviceError where no such switch is fitted.
        """
