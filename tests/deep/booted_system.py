"""What boot_checks.py asks of the booted station: units, processes, the kiosk."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

PORT = 8080
DAEMONS = ("force", "camera", "fusion", "kiosk", "workbench")
START_S = 180.0


class NotHeldError(Exception):
    """Why a check did not hold."""


def expect(held: bool, otherwise: str) -> None:
    if not held:
        raise NotHeldError(otherwise)


def until(condition: Callable[[], bool], otherwise: str, within_s: float = START_S) -> float:
    """Seconds until it was so."""
    began_s = time.monotonic()
    while not condition():
        expect(time.monotonic() - began_s < within_s, f"{otherwise} within {within_s:g} s")
        time.sleep(0.1)
    return time.monotonic() - began_s


def unit(daemon: str) -> str:
    return f"station-{daemon}.service"


def shown(name: str, *keys: str) -> list[str]:
    """Properties of a unit, or with name "" of the manager."""
    command = ["systemctl", "show", *([name] if name else []), *(f"--property={key}" for key in keys)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    values = dict(line.split("=", 1) for line in lines)
    return [values.get(key, "") for key in keys]


def systemctl(*arguments: str) -> None:
    subprocess.run(["systemctl", *arguments], check=True)


def pid(daemon: str) -> int:
    return int(shown(unit(daemon), "MainPID")[0])


def is_up(daemon: str, *, but_not: int = 0) -> bool:
    """Whether it is ready, as another process than `but_not`."""
    state, process = shown(unit(daemon), "SubState", "MainPID")
    return state == "running" and int(process) not in (0, but_not)


def all_up() -> bool:
    return all(map(is_up, DAEMONS))


def status_of(process: int) -> dict[str, str]:
    """/proc/PID/status"""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def health() -> dict | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def screen() -> str:
    return (health() or {}).get("screen", "")


def without_fault() -> bool:
    said = health()
    return said is not None and said["screen"] == "idle" and not said["problems"]


def inside(daemon: str, *command: str) -> bool:
    """Whether the command succeeds as that daemon's user with its view of the files."""
    status = status_of(pid(daemon))
    who = ["-S", status["Uid"].split()[0], "-G", status["Gid"].split()[0]]
    done = subprocess.run(["nsenter", "-t", str(pid(daemon)), "--mount", *who, *command], capture_output=True)
    return done.returncode == 0


def writes(daemon: str, folder: str) -> bool:
    return inside(daemon, "sh", "-c", f"touch {folder}/tried && rm {folder}/tried")


def page_language() -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=5) as answer:
            return answer.read().decode().partition('<html lang="')[2][:2]
    except OSError:
        return ""


def processes() -> Iterator[Path]:
    return (path for path in Path("/proc").iterdir() if path.name.isdigit())


def journal(*arguments: str) -> str:
    return subprocess.run(["journalctl", "-b", "-o", "cat", *arguments], capture_output=True, text=True).stdout
