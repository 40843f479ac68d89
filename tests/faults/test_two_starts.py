"""Two starts at once: the second one says so in one line, and the first goes on."""

import os
from pathlib import Path

import pytest

from station import cli, config
from station.locks import lock


@pytest.fixture
def settings(tmp_path: Path) -> config.Config:
    made = config.Config(runtime_dir=str(tmp_path / "run"), state_dir=str(tmp_path / "state"))
    config.dump(made, tmp_path / "station.toml")
    return made


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("name", ["up", *cli.DAEMONS])
def test_the_second_one_says_that_there_is_a_first(name: str, settings: config.Config, tmp_path: Path, capsys) -> None:
    first = lock(settings.runtime, name)
    assert cli.main([name, "--config", str(tmp_path / "station.toml")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"running already on runtime_dir {settings.runtime}" in line
    os.close(first)
    again = lock(settings.runtime, name)  # the second one has let go of what it took
    assert again is not None
    os.close(again)
