"""The house: floors between the rooms, style, the set-up script, and what must not be in any file."""

import os
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


def test_gravity_is_written_down_once() -> None:
    written = [p.name for p in (ROOT / "station").rglob("*.py") if re.search(r"\b9\.8\d+\b", p.read_text())]
    assert written == ["gravity.py"]


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="no shellcheck on this machine: install it")
def test_the_scripts_are_shellcheck_clean() -> None:
    scripts = [p for p in tracked() if p.suffix == ".sh" and p.parent.name != "install"]  # those: with install.sh
    done = run("shellcheck", "-x", ".ci/run", *scripts)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("arguments", "status"), [(["--help"], 0), (["dance"], 2)])
def test_the_set_up_script_says_what_it_can_do(arguments: list[str], status: int) -> None:
    done = run("./install.sh", *arguments)
    assert done.returncode == status
    assert "--help" in done.stdout + done.stderr


def test_set_up_measures_the_pose_speed_and_does_not_fail_where_it_cannot(tmp_path: Path) -> None:
    """The script in a checkout that is set up already, with tools that only say what they were asked for."""
    for name in ("install.sh", "package-lock.json", "package.json", ".npmrc", "pyproject.toml", *_requirements()):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "station" / "camera", tmp_path / "station" / "camera")
    for name in (".venv/bin", "node_modules", ".setup/weights", "bin"):
        (tmp_path / name).mkdir(parents=True)
    version = subprocess.run(["python3", "-V"], capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / ".setup" / "venv.stamp").write_text(version)
    script = '#!/bin/sh\necho "$0 $*" >>asked\ncase "$*" in *measure_speed*) exit "$(cat status)" ;; esac\n'
    for name in (".venv/bin/python", "bin/npm", "bin/node"):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"

    def measured(status: int) -> tuple[int, int, str]:
        """Status, how often it was measured, and what was said, where measuring ends with `status`."""
        (tmp_path / "status").write_text(str(status))
        (tmp_path / "asked").write_text("")
        done = subprocess.run(
            [tmp_path / "install.sh", "setup"],
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, (tmp_path / "asked").read_text().count("station.camera.measure_speed"), done.stderr

    code, times, said = measured(2)
    assert (code, times) == (0, 1), said
    assert "learns it in its first visit" in said
    assert measured(0)[:2] == (0, 1), "tried again"
    assert measured(0)[:2] == (0, 0), "known"


def _requirements() -> list[str]:
    return ["requirements.txt", "requirements-dev.txt", "requirements-no-deps.txt"]


def test_production_code_has_no_test_branch() -> None:
    words = re.compile(r"is_testing|PYTEST|unittest|MagicMock|TODO|FIXME|raise NotImplemented")
    found = [p for p in tracked() if p.suffix == ".py" and "tests" not in p.parts and words.search(p.read_text())]
    assert found == []


def test_the_lock_names_no_download_host() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


def test_what_is_pinned_is_pinned_exactly() -> None:
    for name in _requirements():
        lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
        assert all(re.fullmatch(r"[\w-]+==[\w.]+", line) for line in lines), lines
