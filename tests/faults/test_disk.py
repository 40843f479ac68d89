"""The disk runs full, or turns read-only, in mid-run: the run is scored, the card says that it could not be kept,
nothing stored before is lost, and the next run is kept once the disk is well again.

The station runs in a mount namespace of its own (unshare(1)), its state on a small disk there.
"""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from station.fusion.kept_run import NOT_KEPT
from station.fusion.notices import NOT_FORGOTTEN
from station.records import run_files
from station.records.run_files import RunFiles
from tests.faults import replayed
from tests.whole.station_process import RunningStation

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a mount namespace: run this as root"),
]

SIZE_MB = 6  # two recordings and a little
EARLIER = {"earlier.mcap": b"a recording", "earlier.json": b"{}"}


class Disk:
    """The small disk that a station has as its state directory, seen from outside of its namespace."""

    def __init__(self, station: RunningStation) -> None:
        self._pid = str(station.process.pid)
        self._place = station.settings.state_dir
        self.path = Path(f"/proc/{self._pid}/root{self._place}")

    def fill(self) -> None:
        block = bytes(1 << 16)
        with open(self.path / "filler", "wb", buffering=0) as file:
            try:
                while file.write(block):
                    pass
            except OSError:
                return

    def make_room(self) -> None:
        (self.path / "filler").unlink()

    def break_(self) -> None:
        """See the kernel's Documentation/ABI/testing/sysfs-fs-ext4."""
        device = self._inside("findmnt", "-n", "-o", "SOURCE", self._place).strip()
        (Path("/sys/fs/ext4") / Path(device).name / "trigger_fs_error").write_text("1")

    def mend(self, card: Path, mount: Sequence[str]) -> None:
        """As the next start of the machine does."""
        self._inside("umount", "--lazy", self._place)
        subprocess.run(["e2fsck", "-fy", str(card)], check=False, capture_output=True)
        self._inside(*mount, self._place)

    def _inside(self, *command: str) -> str:
        """In the namespace."""
        inside = ["nsenter", "-t", self._pid, "-m", *command]
        return subprocess.run(inside, check=True, capture_output=True, text=True).stdout

    def kept(self) -> dict[str, RunFiles]:
        return {run.id: run for run in run_files.kept(self.path / "runs")}

    def earlier_is_there(self) -> bool:
        return all((self.path / "runs" / name).read_bytes() == content for name, content in EARLIER.items())


@contextmanager
def station_on(mount: Sequence[str], state: Path, visit: Path) -> Iterator[tuple[RunningStation, Disk]]:
    """A station whose state directory is what `mount` mounts there, with an earlier run on it."""
    (state / "runs").mkdir(parents=True)
    for name, content in EARLIER.items():
        (state / "runs" / name).write_bytes(content)
    script = f'cp -a "$0" "$0.kept" && {shlex.join([*mount, str(state)])} && cp -a "$0.kept"/. "$0" && exec "$@"'
    with replayed.replaying(state, visit, within=["unshare", "--mount", "sh", "-c", script, str(state)]) as station:
        yield station, Disk(station)


def test_a_disk_that_is_full(visit: Path, tmp_path: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs"]
    with station_on(mount, tmp_path / "state", visit) as (station, disk):
        replayed.begin(station)
        replayed.running(station)
        disk.fill()
        card = replayed.phase(station, "card")
        assert card.notice == NOT_KEPT
        assert replayed.report(station, card)["summary"]["steps"] > 90
        replayed.leave(station, card)
        assert disk.earlier_is_there()

        replayed.begin(station)  # nor is a visit that begins on a full disk lost
        card = replayed.phase(station, "card")
        assert card.notice == NOT_KEPT
        replayed.leave(station, card)

        disk.make_room()
        before = set(disk.kept())
        replayed.whole_visit(station)
        (new,) = set(disk.kept()) - before
        assert {path.suffix for path in disk.kept()[new].paths} == {".mcap", ".json"}
        assert disk.earlier_is_there()


@pytest.mark.skipif(shutil.which("mkfs.ext4") is None, reason="no mkfs.ext4: install the e2fsprogs package")
def test_a_disk_that_turns_read_only(visit: Path, tmp_path: Path) -> None:
    """As a bad SD card does: the kernel meets an error on it, and lets nobody write any more."""
    card = tmp_path / "sd_card"
    with open(card, "wb") as file:
        file.truncate(2 * SIZE_MB << 20)
    subprocess.run(["mkfs.ext4", "-q", "-O", "^has_journal", str(card)], check=True)
    mount = ["mount", "-o", "loop,errors=remount-ro", str(card)]
    with station_on(mount, tmp_path / "state", visit) as (station, disk):
        replayed.whole_visit(station)
        before = set(disk.kept())
        replayed.begin(station)
        replayed.running(station)
        disk.break_()
        card_page = replayed.phase(station, "card")
        assert card_page.notice == NOT_KEPT
        assert replayed.report(station, card_page)["summary"]["steps"] > 90
        assert replayed.leave(station, card_page, "discard").notice == NOT_FORGOTTEN
        assert set(disk.kept()) == before
        assert disk.earlier_is_there()

        disk.mend(card, mount)
        replayed.whole_visit(station)
        assert disk.earlier_is_there()
        assert before < set(disk.kept())
