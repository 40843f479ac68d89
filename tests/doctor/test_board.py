"""The self-tests of the board, on boards made of files: each fault is named, and a healthy board is not accused."""

import errno
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from station.camera.pose_speed import PoseSpeed
from station.config import Camera, Config, Force
from station.doctor import disk_speed
from station.doctor.board import Mount
from station.doctor.disk_speed import DiskSpeed
from station.doctor.self_tests import clocks, heat, memory, pose_rate, power, software, storage
from station.errors import StationError
from station.fusion import aim, stride_frames, visit_camera
from station.messages import DAEMONS, DaemonHealth, Finding
from tests.doctor.fake_board import FakeClocks, board

MEMINFO = "MemTotal:        {total} kB\nMemFree:           1 kB\nMemAvailable:    {available} kB\n"
SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
MOUNTS = (
    "/dev/root / ext4 {root},noatime 0 0\ntmpfs /run tmpfs rw,nosuid 0 0\n"
    "/dev/sda1 /mnt/a\\040disk vfat rw 0 0\n/dev/sda2 /var/lib/station/old ext4 ro 0 0\n"
)
HWMON = "sys/class/hwmon/hwmon{n}/{name}"


def verdict(findings: Sequence[Finding]) -> str:
    (finding,) = findings
    assert finding.where == "board"
    return finding.verdict


@pytest.mark.parametrize(
    ("bits", "voltage", "speed"),
    [
        ("0x0", "ok", "ok"),
        ("0x1", "fault", "ok"),
        ("0x10000", "fault", "ok"),
        ("0x50005", "fault", "fault"),
        ("0x2", "ok", "fault"),
        ("0x8", "ok", "fault"),
        ("0x40000", "ok", "warning"),
        ("0x80000", "ok", "warning"),
    ],
)
def test_the_firmwares_bits_are_told(tmp_path: Path, bits: str, voltage: str, speed: str) -> None:
    here = board(tmp_path, throttled=f"throttled={bits}")
    assert verdict(power.under_voltage(here)) == voltage
    assert verdict(power.slowed_down(here)) == speed


@pytest.mark.parametrize("said", [None, "", "VCHI initialization failed", "throttled=", "error=1"])
def test_without_the_firmwares_answer_the_kernels_alarm_tells(tmp_path: Path, said: str | None) -> None:
    assert verdict(power.under_voltage(board(tmp_path, throttled=said))) == "not_checked"
    files = {HWMON.format(n=0, name="name"): "cpu_thermal\n", HWMON.format(n=1, name="name"): "rpi_volt\n"}
    for alarm, expected in (("0", "ok"), ("1", "fault")):
        files[HWMON.format(n=1, name="in0_lcrit_alarm")] = f"{alarm}\n"
        here = board(tmp_path, files, said)
        assert verdict(power.under_voltage(here)) == expected
        assert verdict(power.slowed_down(here)) == "not_checked"


def test_a_firmware_that_does_not_answer_keeps_nobody_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.doctor.board.FIRMWARE_WITHIN_S", 0.1)
    here = board(tmp_path, throttled="throttled=0x0")
    (tmp_path / "vcgencmd").write_text("#!/bin/sh\nexec sleep 60\n")
    assert verdict(power.under_voltage(here)) == "not_checked"


@pytest.mark.parametrize(
    ("milli_c", "expected"),
    [("79999", "ok"), ("80000", "warning"), ("85000", "fault"), ("-5000", "ok"), ("nonsense", "not_checked")],
)
def test_heat(tmp_path: Path, milli_c: str, expected: str) -> None:
    here = board(tmp_path, {"sys/class/thermal/thermal_zone0/temp": f"{milli_c}\n"})
    assert verdict(heat.temperature(here)) == expected


def test_the_hottest_zone_counts(tmp_path: Path) -> None:
    temp = "sys/class/thermal/thermal_zone{}/temp"
    here = board(tmp_path, {temp.format(0): "45000", temp.format(1): "86000"})
    assert heat.temperature(here)[0].measured == {"temperature_c": 86.0}


@pytest.mark.parametrize(
    ("total", "available", "expected"),
    [(7_900_000, 5_000_000, "ok"), (3_800_000, 900_000, "ok"), (1_900_000, 900_000, "warning"),
     (7_900_000, 300_000, "fault"), (None, None, "not_checked")],
)  # fmt: skip
def test_memory(tmp_path: Path, total: int | None, available: int | None, expected: str) -> None:
    files = {"proc/meminfo": MEMINFO.format(total=total, available=available)} if total else {}
    assert verdict(memory.free_memory(board(tmp_path, files))) == expected


@pytest.mark.parametrize(
    ("swaps", "behind", "expected"),
    [
        ("", None, "ok"),
        ("/var/swap file 102396 0 -2\n", None, "warning"),
        ("/dev/zram0 partition 2097148 0 100\n", None, "ok"),
        ("/dev/zram0 partition 2097148 0 100\n", "none", "ok"),
        ("/dev/zram0 partition 2097148 0 100\n", "/dev/loop0", "warning"),
    ],
)
def test_swap_counts_where_it_reaches_a_disk(tmp_path: Path, swaps: str, behind: str | None, expected: str) -> None:
    files = {"proc/swaps": SWAPS + swaps}
    if behind is not None:
        files["sys/block/zram0/backing_dev"] = f"{behind}\n"
    assert verdict(memory.swap(board(tmp_path, files))) == expected


def test_a_unit_that_may_not_be_swapped_is_not_accused(tmp_path: Path) -> None:
    unit = "system.slice/station-workbench.service"
    files = {
        "proc/swaps": SWAPS + "/var/swap file 102396 0 -2\n",
        "proc/self/cgroup": f"0::/{unit}\n",
        f"sys/fs/cgroup/{unit}/memory.swap.max": "0\n",
    }
    assert verdict(memory.swap(board(tmp_path, files))) == "ok"
    files[f"sys/fs/cgroup/{unit}/memory.swap.max"] = "max\n"
    assert verdict(memory.swap(board(tmp_path, files))) == "warning"


def test_keys_lie_in_memory_alone(tmp_path: Path) -> None:
    here = board(tmp_path, {"proc/mounts": MOUNTS.format(root="rw")})
    assert verdict(memory.runtime_in_memory(here, Path("/run/station"))) == "ok"
    assert verdict(memory.runtime_in_memory(here, Path("/var/lib/run"))) == "fault"
    assert verdict(memory.runtime_in_memory(board(tmp_path / "none"), Path("/run/station"))) == "not_checked"


def test_what_is_mounted_last_and_deepest_holds_a_path(tmp_path: Path) -> None:
    over = "tmpfs /run/station tmpfs ro 0 0\nnone /run/station ext4 rw 0 0\n"
    here = board(tmp_path, {"proc/mounts": MOUNTS.format(root="rw") + over})
    assert here.mount_of(Path("/run/station/x")) == Mount("/run/station", "ext4", frozenset({"rw"}))
    assert here.mount_of(Path("/mnt/a disk/x")).kind == "vfat"
    assert here.mount_of(Path("/runs")).point == "/"


def test_a_disk_that_can_only_be_read(tmp_path: Path) -> None:
    state = Path("/var/lib/station")
    assert verdict(storage.read_only(board(tmp_path, {"proc/mounts": MOUNTS.format(root="rw")}), state)) == "ok"
    assert verdict(storage.read_only(board(tmp_path, {"proc/mounts": MOUNTS.format(root="ro")}), state)) == "fault"
    assert verdict(storage.read_only(board(tmp_path / "none"), state)) == "not_checked"


@pytest.mark.parametrize(("free_mb", "expected"), [(5000, "ok"), (999, "warning"), (150, "fault")])
def test_room_on_the_disk(free_mb: float, expected: str) -> None:
    assert verdict(storage.full(free_mb)) == expected


@pytest.mark.parametrize(
    ("sync_s", "write_mb_s", "expected"),
    [
        ((0.02,) * 11 + (0.4,), 20.0, "ok"),
        ((0.02,) * 11 + (1.4,), 20.0, "warning"),
        ((0.02,) * 12, 6.0, "warning"),
        ((1.6,) * 12, 0.5, "fault"),
    ],
)
def test_the_speed_of_a_card(sync_s: tuple[float, ...], write_mb_s: float, expected: str) -> None:
    assert verdict(storage.slow(DiskSpeed(sync_s, write_mb_s, 40.0))) == expected


def test_measuring_writes_to_the_disk_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, real = [], os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda file: (synced.append(os.fstat(file).st_size), real(file)))
    speed = disk_speed.measure(tmp_path)
    small = disk_speed.SMALL_PIECES * disk_speed.SMALL_BYTES
    assert synced[disk_speed.SMALL_PIECES - 1] == small
    assert synced[-1] == small + disk_speed.LARGE_PIECES * disk_speed.LARGE_BYTES
    assert len(speed.sync_s) == disk_speed.SMALL_PIECES
    assert speed.write_mb_s > 0 < speed.read_mb_s
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_no_slow_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StationError, match="the disk is full"):
        storage._measured(tmp_path)
    assert list(tmp_path.iterdir()) == []


def clock_findings(tmp_path: Path, fake: FakeClocks, files: dict[str, str] | None = None, synced: bool | None = True):
    here = board(tmp_path, files, read_clock=fake.read, clock_is_kept=lambda: synced)
    return clocks.clocks(here, fake)


@pytest.mark.parametrize(
    ("jumps", "expected", "word"),
    [
        ((), "ok", "evenly"),
        (((time.CLOCK_REALTIME, -3600.0),), "warning", "-3600.0 s"),
        (((time.CLOCK_REALTIME, 2.0),), "warning", "+2.0 s"),
        (((time.CLOCK_REALTIME, 0.001),), "ok", "evenly"),
        (((time.CLOCK_BOOTTIME, 30.0), (time.CLOCK_REALTIME, 30.0)), "fault", "slept for 30.0 s"),
        (((time.CLOCK_MONOTONIC, -1.0), (time.CLOCK_BOOTTIME, -1.0)), "fault", "backwards"),
    ],
)
def test_clocks_that_jump(tmp_path: Path, jumps: tuple, expected: str, word: str) -> None:
    found = clock_findings(tmp_path, FakeClocks(*jumps))
    assert found[0].verdict == expected
    assert word in found[0].text


def test_a_date_that_was_never_set(tmp_path: Path) -> None:
    fake = FakeClocks()
    fake._now_ns[time.CLOCK_REALTIME] = 0
    (found,) = clock_findings(tmp_path, fake)
    assert found.verdict == "fault"
    assert "1970-01-01" in found.text
    assert "fit a battery" in found.text


@pytest.mark.parametrize(("chip", "remedy"), [(True, "Connect the network once"), (False, "fit a battery")])
def test_a_time_of_day_that_nobody_keeps(tmp_path: Path, chip: bool, remedy: str) -> None:
    files = {"sys/class/rtc/rtc0/name": "rpi-rtc\n"} if chip else {}
    (found,) = clock_findings(tmp_path, FakeClocks(), files, synced=False)
    assert found.verdict == "warning"
    assert remedy in found.text
    assert clock_findings(tmp_path, FakeClocks(), files, synced=None)[0].verdict == "ok"


@pytest.mark.parametrize(("mark", "expected"), [("synchronized", "ok"), ("clock", "warning")])
def test_where_the_kernel_may_not_be_asked_the_time_service_tells(tmp_path: Path, mark: str, expected: str) -> None:
    files = {f"run/systemd/timesync/{mark}": ""}
    assert clock_findings(tmp_path, FakeClocks(), files, synced=None)[0].verdict == expected


def test_the_kernel_says_whether_the_time_is_right(tmp_path: Path) -> None:
    assert board(tmp_path).clock_is_kept() in (True, False)


@pytest.mark.parametrize(
    ("speed", "expected"),
    [(None, "not_checked"), (8.0, "ok"), (2.0, "ok"), (1.0, "warning"), (0.3, "fault")],
)
def test_the_speed_of_finding_poses(speed: float | None, expected: str) -> None:
    measured = PoseSpeed(workers=3, scored_per_s=speed) if speed else None
    assert verdict(pose_rate.enough(measured, 4)) == expected


def test_a_board_with_few_cores_is_told_before_it_was_measured() -> None:
    assert verdict(pose_rate.enough(None, 2)) == "warning"
    assert verdict(pose_rate.enough(PoseSpeed(workers=1, scored_per_s=4.0), 2)) == "ok"


def test_what_a_verdict_needs_is_what_fusion_asks_for() -> None:
    assert pose_rate.FRAMES_A_STRIDE == stride_frames.FRAMES
    assert pose_rate.SPARE_STRIDES + pose_rate.LEAST_STRIDE_PAIRS == aim.ENOUGH_STRIDES
    assert pose_rate.AFTER_THE_RUN_S == visit_camera.WORTH_WAITING_S


def health(daemon: str, version: str = software.station.__version__) -> DaemonHealth:
    return DaemonHealth(daemon=daemon, version=version, pid=1, since_ns=0, resident_bytes=50_000_000)


def test_daemons_that_are_missing_or_of_another_version() -> None:
    all_well = {name: health(name) for name in DAEMONS}
    assert verdict(software.running({}, DAEMONS)) == "not_checked"
    assert verdict(software.running(all_well, DAEMONS)) == "ok"
    (silent,) = software.running({n: h for n, h in all_well.items() if n != "camera"}, DAEMONS)
    assert (silent.verdict, "station-camera" in silent.text) == ("fault", True)
    (mixed,) = software.running(all_well | {"kiosk": health("kiosk", "0.0.9")}, DAEMONS)
    assert (mixed.verdict, "0.0.9" in mixed.text) == ("fault", True)


def test_packages_that_are_missing(tmp_path: Path) -> None:
    simulated = Config(force=Force(device="simulated"), camera=Camera(device="none"))
    required = software.required_packages(software.REQUIREMENTS)
    assert {"msgspec", "Flask", "numpy"} <= set(required)
    assert verdict(software.packages(required, simulated)) == "ok"
    (missing,) = software.packages(["no-such-distribution"], simulated)
    assert (missing.verdict, "no-such-distribution" in missing.text) == ("fault", True)
    with pytest.raises(StationError, match="not there"):
        software.required_packages(tmp_path / "requirements.txt")


def test_modules_of_the_system_are_asked_for_where_its_devices_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(software, "_found", lambda module: module == "RPi.GPIO")
    (missing,) = software.packages([], Config())
    assert "python3-picamera2" in missing.text
    assert "lgpio" not in missing.text
