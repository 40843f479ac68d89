import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def daemon(tmp_path):
    """The force daemon as a process of its own, on simulated chips; its sockets are in `tmp_path`."""
    command = [sys.executable, "-m", "tests.force.simulated_daemon", str(tmp_path)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()
