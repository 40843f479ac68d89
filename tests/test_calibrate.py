"""`station calibrate` beside others that use the station."""

from contextlib import closing
from pathlib import Path

import pytest

from station.cli import main
from station.config import Config, Force, dump
from station.locks import InUse


@pytest.mark.parametrize("kind", ["tare", "grid", "kernel", "deck", "camera"])
def test_none_begins_while_somebody_uses_the_station(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    settings = Config(
        runtime_dir=str(tmp_path / "run"), state_dir=str(tmp_path / "state"), force=Force(device="simulated")
    )
    dump(settings, tmp_path / "station.toml")
    with closing(InUse(settings.runtime)) as fusion:
        fusion.hold(True)
        assert main(["calibrate", kind, "--yes", "--config", str(tmp_path / "station.toml")]) == 2
    assert "somebody is using the station" in capsys.readouterr().err
    assert [path for path in (tmp_path / "state").rglob("*") if path.is_file()] == []
