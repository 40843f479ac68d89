"""The supervisor's own end: however it comes, no daemon is left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station import config
from station.parent import PARENT
from station.supervisor import Supervisor

SUPERVISOR = """
import sys
from pathlib import Path
from station.supervisor import Supervisor
Supervisor(Path(sys.argv[1]), ("force", "kiosk")).run()
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen]:
    settings = config.Config(
        runtime_dir=str(tmp_path / "run"),
        state_dir=str(tmp_path),
        force=config.Force(device="simulated"),
        kiosk=config.Kiosk(port=1),  # it is refused: that daemon is started again and again
    )
    config.dump(settings, tmp_path / "station.toml")
    command = [sys.executable, "-c", SUPERVISOR, str(tmp_path / "station.toml")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        yield process
        process.kill()
        process.stderr.read()


def children(process: subprocess.Popen) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    return []


def until(condition, timeout_s: float = 30.0) -> None:
    end_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end_s, "it never happened"
        time.sleep(0.005)


def lives(pid: int) -> bool:
    """Whether that process runs (one that has ended and that nobody has waited for does not)."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


@pytest.mark.parametrize("serving", [False, True], ids=["starting", "serving"])
def test_a_killed_supervisor_takes_its_daemons_along(
    supervisor: subprocess.Popen, tmp_path: Path, serving: bool
) -> None:
    until(lambda: children(supervisor))
    if serving:
        until((tmp_path / "run" / "force.pub").exists)
    left = children(supervisor)
    supervisor.kill()
    supervisor.wait()
    try:
        until(lambda: not any(lives(pid) for pid in left))
    finally:
        for pid in filter(lives, left):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_while_the_daemons_are_starting(supervisor: subprocess.Popen, number: signal.Signals) -> None:
    until(lambda: children(supervisor))
    left = children(supervisor)
    supervisor.send_signal(number)
    errors = supervisor.stderr.read().decode()
    assert supervisor.wait(10) == 0
    assert "Traceback" not in errors
    assert not any(lives(pid) for pid in left)


def test_ctrl_c_reaches_the_supervisor_alone(supervisor: subprocess.Popen) -> None:
    until(lambda: children(supervisor))
    until(lambda: all(os.getpgid(pid) == pid for pid in children(supervisor)))


def test_a_child_whose_parent_was_gone_before_it_could_ask_ends_itself() -> None:
    program = "from station.parent import end_with_parent\nend_with_parent()\nprint('lives')"
    for parent, status in ((os.getpid(), 0), (1, -signal.SIGTERM)):
        done = subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {PARENT: str(parent)}, capture_output=True, check=False
        )
        assert done.returncode == status


def test_a_daemon_that_cannot_be_started_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No memory for one more process: the others go on meanwhile."""
    monkeypatch.setattr(subprocess, "Popen", lambda *command, **named: os.kill(2**22 + 1, 0))  # an OSError
    station = Supervisor(tmp_path / "station.toml", ("force",))
    station.look()
    (child,) = station._children
    assert (child.process, child.due_s > time.monotonic()) == (None, True)
    station.stop()
