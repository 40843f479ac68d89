"""The house: floors between the rooms, style, the set-up script, and what must not be in any file."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def run(*command: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run([str(c) for c in command], cwd=ROOT, capture_output=True, text=True, check=False)


def tracked() -> list[Path]:
    names = run("git", "ls-files", "-z").stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_the_floors_hold() -> None:
    done = run(BIN / "lint-imports", "--no-cache")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_the_style_holds(command: list[str]) -> None:
    done = run(BIN / "ruff", *command, "--no-cache", "station", "tests")
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="no shellcheck on this machine: install it")
def test_the_scripts_are_shellcheck_clean() -> None:
    done = run("shellcheck", "install.sh", ".ci/run", *(ROOT / "tests" / "deep").glob("*.sh"))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("arguments", "status"), [(["--help"], 0), ([], 2), (["dance"], 2)])
def test_the_set_up_script_says_what_it_can_do(arguments: list[str], status: int) -> None:
    done = run("./install.sh", *arguments)
    assert done.returncode == status
    assert "--help" in done.stdout + done.stderr


def test_production_code_has_no_test_branch() -> None:
    words = re.compile(r"is_testing|PYTEST|unittest|MagicMock|TODO|FIXME|raise NotImplemented")
    found = [p for p in tracked() if p.suffix == ".py" and "tests" not in p.parts and words.search(p.read_text())]
    assert found == []


def test_the_lock_names_no_download_host() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


def test_what_is_pinned_is_pinned_exactly() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-no-deps.txt"):
        lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
        assert all(re.fullmatch(r"[\w-]+==[\w.]+", line) for line in lines), lines
