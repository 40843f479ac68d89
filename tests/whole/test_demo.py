"""What a newcomer types: the demo, once, and then the recording of that run again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from station.scorecard.registry import all_mistakes

SCENARIO, MISTAKE = "heavy_rearfoot", "heavy_rearfoot_strike"


def station(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "station", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=170, check=False, **options)


def test_once_gives_the_cards_and_the_recording_gives_them_again(tmp_path: Path) -> None:
    live, again, kept = tmp_path / "live.json", tmp_path / "again.json", tmp_path / "run.mcap"
    outputs = ["--json", live, "--recording", kept]
    done = station("demo", "--once", "--scenario", SCENARIO, "--run-seconds", "32", "--port", "8791", *outputs)
    assert done.returncode == 0, done.stderr
    document = json.loads(live.read_text())
    assert (document["schema"], document["gait"]) == (1, "running")
    verdicts = {name: mistake["verdict"] for name, mistake in document["mistakes"].items()}
    assert list(verdicts) == [mistake.id for mistake in all_mistakes()]
    assert verdicts[MISTAKE] in ("present", "likely"), verdicts
    assert [name for name, word in verdicts.items() if word == "present" and name != MISTAKE] == []

    assert station("analyse", "--recording", kept, "--json", again).returncode == 0
    assert again.read_bytes() == live.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--scenario", "nobody"], "invalid choice: 'nobody'"),
        (["--port", "0"], "argument --port"),
        (["--json", "x.json"], "belong to --once"),
        (["--run-seconds", "1"], "1 is not within 20 to 3600"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: list[str], message: str) -> None:
    done = station("demo", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_result_that_cannot_be_written_is_said_before_anybody_runs(tmp_path: Path) -> None:
    done = station("demo", "--once", "--json", tmp_path / "absent" / "out.json")
    assert done.returncode == 2
    assert "absent" in done.stderr
    assert "Traceback" not in done.stderr
