"""A daemon's process overwrites what it frees."""

import subprocess
import sys

import pytest

from station.cli import DAEMONS, FORGETFUL
from tests.whole import traces

NAME = "Qzvyxwjk"
_HOLDS_A_NAME = """
import sys
from station.forgetful import be_forgetful
if "forgetful" in sys.argv: be_forgetful()
hidden = {name!r}
def visit():
    name = bytes(b ^ 1 for b in hidden).decode()
    return [name + str(k) for k in range(500)], {{"nickname": name * 100}}, name.encode()
visit()
import resource
print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
sys.stdin.read()
"""


def held(*arguments: str) -> tuple[list[str], str]:
    """What a process still holds of names that it has let go, and its limit of core files."""
    program = _HOLDS_A_NAME.format(name=bytes(b ^ 1 for b in NAME.encode()))
    command = [sys.executable, "-c", program, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        limit = process.stdout.readline().strip()
        found = list(traces.in_memory(process.pid, NAME))
        return [each for each in found if "[stack]" not in each], limit  # the next calls write over that
    finally:
        process.communicate()


def test_a_usual_process_keeps_what_it_freed_and_a_forgetful_one_does_not() -> None:
    if not held()[0]:
        pytest.skip("this interpreter leaves nothing behind by itself")
    found, core_limit = held("forgetful")
    assert found == []
    assert core_limit == "0"


def test_every_daemon_that_hears_of_a_visitor_is_forgetful() -> None:
    """Whoever hears the phase of a visit hears its name; with real cells their reader hears nothing of it."""
    assert set(DAEMONS) - set(FORGETFUL) == {"force"}
