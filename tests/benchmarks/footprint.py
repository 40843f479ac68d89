"""What the processes of a station hold: memory, files, sockets, threads; and what lies in its directories."""

import contextlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
SHARED_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Held:
    """By one process."""

    resident_kb: int
    files: int  # open descriptors, sockets included
    sockets: int
    threads: int
    children: int

    def __add__(self, other: "Held") -> "Held":
        return Held(*(a + b for a, b in zip(_values(self), _values(other), strict=True)))


def _values(held: Held) -> tuple[int, ...]:
    return held.resident_kb, held.files, held.sockets, held.threads, held.children


def held_by(pid: int) -> Held:
    """Raises FileNotFoundError where there is no such process."""
    status = _status(pid)
    targets = []
    for entry in (PROC / str(pid) / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            targets.append(os.readlink(entry))
    return Held(
        resident_kb=int(status["VmRSS"].split()[0]),
        files=len(targets),
        sockets=sum(target.startswith("socket:") for target in targets),
        threads=int(status["Threads"]),
        children=len(children_of(pid)),
    )


def children_of(pid: int) -> list[int]:
    """Of all its threads."""
    found: list[int] = []
    for task in (PROC / str(pid) / "task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += map(int, (task / "children").read_text().split())
    return found


def descendants_of(pid: int) -> list[int]:
    """The process's children and theirs, zombies included."""
    found: list[int] = []
    with contextlib.suppress(FileNotFoundError):
        for child in children_of(pid):
            found += [child, *descendants_of(child)]
    return found


def zombies_of(pid: int) -> int:
    """Ended processes below this one that nobody has waited for."""
    count = 0
    for child in descendants_of(pid):
        with contextlib.suppress(FileNotFoundError):
            count += _status(child)["State"].startswith("Z")
    return count


@dataclass(frozen=True)
class Stored:
    """In a directory and all below it."""

    files: int
    sockets: int
    bytes: int


def stored_in(folder: Path) -> Stored:
    """What was removed while it looked does not count."""
    files = sockets = size = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            entry = path.lstat()
            if stat.S_ISDIR(entry.st_mode):
                continue
            files += 1
            sockets += stat.S_ISSOCK(entry.st_mode)
            size += entry.st_size
    return Stored(files, sockets, size)


def cpu_time_s(pid: int) -> float:
    """CPU time of all threads of a process so far."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def load() -> str:
    """What else runs on the machine, for a table's foot."""
    one, five, _ = os.getloadavg()
    return f"load {one:.1f} (1 min), {five:.1f} (5 min) on {os.cpu_count()} cores"


def _status(pid: int) -> dict[str, str]:
    lines = (PROC / str(pid) / "status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
