"""What a kill leaves half done is gone at the next start, and nothing else."""

from pathlib import Path

from station.fusion.leftovers import sweep
from station.records import sealed


def made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_only_what_belongs_to_nothing_is_swept(tmp_path: Path) -> None:
    runtime, runs = tmp_path / "run", tmp_path / "state" / "runs"
    wanted = [
        made(runs / "temporary" / "alive.mcap"),
        made(sealed.key_path(runtime, "alive")),
        made(runtime / "alive.tried"),
        made(runtime / "fusion.lock"),
        made(runs / "kept.mcap"),
        made(runs / "kept.json"),
    ]
    left = [
        made(sealed.key_path(runtime, "gone")),
        made(runtime / "gone.tried"),
        made(runtime / "scoring3.line"),
        made(runs / "kept.json.part"),
    ]
    sweep(runtime, runs)
    assert [path for path in wanted if not path.exists()] == []
    assert [path for path in left if path.exists()] == []


def test_a_new_station_has_nothing_to_sweep(tmp_path: Path) -> None:
    sweep(tmp_path / "run", tmp_path / "runs")
