"""The disk runs full, or turns read-only, in mid-run: the run is scored, the card says that it could not be kept,
nothing stored before is lost, and the next run is kept once the disk is well again.

The station runs in a mount namespace of its own (unshare(1)), its state on a small tmpfs there.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from station.fusion.daemon import NOT_FORGOTTEN
from station.fusion.kept_run import NOT_KEPT
from station.records import run_files
from station.records.run_files import RunFiles
from tests.faults import replayed
from tests.whole.station_process import RunningStation

pytestmark = [
    pytest.mark.long,
    pytest.mark.xdist_group("whole-station"),
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

    def remount(self, option: str) -> None:
        command = ["nsenter", "-t", self._pid, "-m", "mount", "-o", f"remount,{option}", self._place]
        subprocess.run(command, check=True)

    def kept(self) -> dict[str, RunFiles]:
        return {run.id: run for run in run_files.kept(self.path / "runs")}

    def earlier_is_there(self) -> bool:
        return all((self.path / "runs" / name).read_bytes() == content for name, content in EARLIER.items())


@contextmanager
def station_on_a_small_disk(folder: Path, visit: Path) -> Iterator[tuple[RunningStation, Disk]]:
    state = folder / "state"
    (state / "runs").mkdir(parents=True)
    for name, content in EARLIER.items():
        (state / "runs" / name).write_bytes(content)
    mounted = 'cp -a "$0" "$0.kept" && mount -t tmpfs -o "size=$1" tmpfs "$0" && cp -a "$0.kept"/. "$0"'
    within = ["unshare", "--mount", "sh", "-c", f'{mounted} && shift && exec "$@"', str(state), f"{SIZE_MB}m"]
    with replayed.replaying(state, visit, within=within) as station:
        yield station, Disk(station)


def test_a_disk_that_is_full(visit: Path, tmp_path: Path) -> None:
    with station_on_a_small_disk(tmp_path, visit) as (station, disk):
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


def test_a_disk_that_turns_read_only(visit: Path, tmp_path: Path) -> None:
    with station_on_a_small_disk(tmp_path, visit) as (station, disk):
        replayed.whole_visit(station)
        before = set(disk.kept())
        replayed.begin(station)
        replayed.running(station)
        disk.remount("ro")
        card = replayed.phase(station, "card")
        assert card.notice == NOT_KEPT
        assert replayed.report(station, card)["summary"]["steps"] > 90
        assert replayed.leave(station, card, "discard").notice == NOT_FORGOTTEN
        assert set(disk.kept()) == before

        disk.remount("rw")
        replayed.whole_visit(station)
        assert disk.earlier_is_there()
        assert before < set(disk.kept())
