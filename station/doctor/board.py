"""The board that the station runs on, as its kernel and firmware tell of it. Every path is below `root`."""

import ctypes
import os
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FIRMWARE_WITHIN_S = 3.0
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Mount:
    """A mounted file system: where, of which type, with which options."""

    point: str
    kind: str
    options: frozenset[str]


@dataclass(frozen=True)
class Memory:
    """Bytes in all, and that programs may still have without swapping (proc(5): MemAvailable)."""

    total: int
    available: int


@dataclass(frozen=True)
class ClockReading:
    """The kernel's three clocks at one instant, ns; they were read within `within_ns`."""

    monotonic_ns: int
    boot_ns: int
    wall_ns: int
    within_ns: int


def wall_clock_synchronised() -> bool | None:
    """Whether the kernel holds the time of day for right: adjtimex(2) returns TIME_ERROR (5) where it does not."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # struct timex of zeros: only asks
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != 5


@dataclass(frozen=True)
class Board:
    """`firmware`: the command that asks the Pi's firmware (raspi-utils; needs /dev/vcio, which is the group video's).

    Whatever this machine does not tell is None.
    """

    root: Path = Path("/")
    firmware: str = "vcgencmd"
    read_clock: Callable[[int], int] = time.clock_gettime_ns
    clock_is_kept: Callable[[], bool | None] = wall_clock_synchronised

    @property
    def model(self) -> str | None:
        """As the device tree has it: "Raspberry Pi 5 Model B Rev 1.0"."""
        text = self._text("proc/device-tree/model")
        return text.rstrip("\0") if text else None

    def throttled(self) -> int | None:
        """The firmware's bits of `vcgencmd get_throttled` (Raspberry Pi documentation, "vcgencmd")."""
        try:
            said = subprocess.run(
                [self.firmware, "get_throttled"], capture_output=True, text=True, timeout=FIRMWARE_WITHIN_S, check=True
            ).stdout
        except (OSError, subprocess.SubprocessError):
            return None
        found = re.fullmatch(r"throttled=0x([0-9a-fA-F]+)\s*", said)
        return int(found[1], 16) if found else None

    def low_voltage_alarm(self) -> bool | None:
        """Of the kernel's driver raspberrypi-hwmon: whether the firmware saw low voltage in the last seconds."""
        for folder in sorted(self._path("sys/class/hwmon").glob("hwmon*")):
            if self._text(folder / "name") == "rpi_volt":
                alarm = self._text(folder / "in0_lcrit_alarm")
                return alarm == "1" if alarm else None
        return None

    def temperature_c(self) -> float | None:
        """Of the hottest thermal zone: a Pi has one, of its processor."""
        texts = (self._text(path) for path in self._path("sys/class/thermal").glob("thermal_zone*/temp"))
        return max((int(text) / 1000 for text in texts if text and re.fullmatch(r"-?\d+", text)), default=None)

    def memory(self) -> Memory | None:
        found = dict(re.findall(r"^(\w+):\s+(\d+) kB$", self._text("proc/meminfo") or "", re.MULTILINE))
        if not {"MemTotal", "MemAvailable"} <= found.keys():
            return None
        return Memory(1024 * int(found["MemTotal"]), 1024 * int(found["MemAvailable"]))

    def swaps_on_disk(self) -> list[str] | None:
        """What pages may be written to; a zram device without a disk behind it is memory itself."""
        text = self._text("proc/swaps")
        if text is None:
            return None
        names = [line.split()[0] for line in text.splitlines()[1:] if line.strip()]
        return [name for name in names if not self._stays_in_memory(name)]

    def kept_out_of_swap(self) -> bool:
        """Whether this process may not be swapped out, as its unit says (MemorySwapMax=0; cgroups(7), version 2)."""
        found = re.search(r"^0::/(.*)$", self._text("proc/self/cgroup") or "", re.MULTILINE)
        return found is not None and self._text(f"sys/fs/cgroup/{found[1]}/memory.swap.max") == "0"

    def mount_of(self, path: Path) -> Mount | None:
        """The file system that holds this absolute path: the last one mounted over it (proc(5): mounts)."""
        holds = [m for m in self._mounts() if path.is_relative_to(m.point)]
        return max(enumerate(holds), key=lambda each: (len(each[1].point), each[0]), default=(0, None))[1]

    def has_clock_chip(self) -> bool:
        """A clock that goes on while the power is off (RTC)."""
        return any(self._path("sys/class/rtc").glob("rtc*"))

    def time_is_kept(self) -> bool | None:
        """By the kernel; by systemd-timesyncd's own mark where a unit may not ask the kernel (ProtectClock=yes)."""
        kept = self.clock_is_kept()
        marks = self._path("run/systemd/timesync")
        return (marks / "synchronized").exists() if kept is None and marks.is_dir() else kept

    def clocks(self) -> ClockReading:
        """The tightest of a few readings: between two clocks another program may have had the processor."""
        return min((self._clocks() for _ in range(5)), key=lambda reading: reading.within_ns)

    def _clocks(self) -> ClockReading:
        before_ns = self.read_clock(time.CLOCK_MONOTONIC)
        boot_ns, wall_ns = self.read_clock(time.CLOCK_BOOTTIME), self.read_clock(time.CLOCK_REALTIME)
        after_ns = self.read_clock(time.CLOCK_MONOTONIC)
        return ClockReading((before_ns + after_ns) // 2, boot_ns, wall_ns, abs(after_ns - before_ns))

    def _mounts(self) -> list[Mount]:
        """Spaces within a name are written as octal digits."""
        lines = (line.split() for line in (self._text("proc/mounts") or "").splitlines())
        return [
            Mount(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), w[1]), w[2], frozenset(w[3].split(",")))
            for w in lines
            if len(w) >= 4
        ]

    def _stays_in_memory(self, swap: str) -> bool:
        name = os.path.basename(swap)
        behind = self._text(f"sys/block/{name}/backing_dev")
        return name.startswith("zram") and behind in (None, "none")

    def _text(self, path: str | Path) -> str | None:
        try:
            return self._path(path).read_text(errors="replace").strip()
        except OSError:
            return None

    def _path(self, path: str | Path) -> Path:
        return self.root / path
