"""The process that does the workbench's work, when it does not live long enough to do any."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from station.config import Config
from station.daemon import Life
from station.messages import WorkbenchCommand
from station.workbench.job import ENDED, Job


class EndedAtOnce(subprocess.Popen):
    """Gone before anybody can write to it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.wait()


def test_one_that_ends_before_it_is_told_anything_is_said_to_have_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    monkeypatch.setattr(subprocess, "Popen", EndedAtOnce)
    with Life("workbench", Config(runtime_dir=str(tmp_path), state_dir=str(tmp_path))) as life:
        job = Job(life, WorkbenchCommand(action="examine"))
        assert [said.failed for said in job.heard()] == [ENDED]
        job.end()
