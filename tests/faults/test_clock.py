"""The wall clock is set in mid-run. Nothing that is measured, waited for or decided follows it."""

import os
import re
import shutil
from pathlib import Path

import pytest

import station
from tests.faults import replayed

PACKAGE = Path(station.__file__).parent
WALL = re.compile(
    r"\b(time\.(time|time_ns|localtime|gmtime|ctime|strftime|CLOCK_REALTIME)|datetime\.(now|utcnow|today)|date\.today)\b"
)
ALLOWED = {
    "calibrate.py": "the date of a part of the calibration",
    "calibration/machines.py": "the date of a part of the calibration",
    "calibration/camera_machine.py": "the date of a part of the calibration",
    "doctor/": "the examination of that clock itself, and the date of a finding",
    "wiring/": "the date on a drawing",
    "fusion/retention.py": "the age of what is kept, by a clock that was not set for an hour",
    "fusion/session.py": "the date of a run",
    "kiosk/take_home_pages.py": "the date on a code",
    "kiosk/staff_report.py": "the age of a calibration, as shown",
    "workbench/": "the date of a part of the calibration",
}
FAKETIME = shutil.which("faketime")


def test_the_wall_clock_is_for_dates_alone() -> None:
    unexpected = {}
    for path in PACKAGE.rglob("*.py"):
        name = str(path.relative_to(PACKAGE))
        uses = [found[0] for found in WALL.finditer(path.read_text(encoding="utf-8"))]
        if uses and not name.startswith("sim/") and not any(name.startswith(allowed) for allowed in ALLOWED):
            unexpected[name] = uses
    assert unexpected == {}


@pytest.mark.long
@pytest.mark.skipif(FAKETIME is None, reason="no libfaketime on this machine: install the faketime package")
@pytest.mark.xdist_group("whole-station")
@pytest.mark.timeout(400)
@pytest.mark.parametrize("step", ["+400d", "-400d"])
def test_a_run_goes_on_though_the_clock_is_set(step: str, visit: Path, tmp_path: Path, monkeypatch) -> None:
    stepped = tmp_path / "faketimerc"
    stepped.write_text("+0\n")
    monkeypatch.setenv("FAKETIME_TIMESTAMP_FILE", str(stepped))
    monkeypatch.setenv("FAKETIME_NO_CACHE", "1")
    monkeypatch.setenv("DONT_FAKE_MONOTONIC", "1")
    monkeypatch.setenv("LD_PRELOAD", _library())
    with replayed.replaying(tmp_path, visit) as station:
        monkeypatch.delenv("LD_PRELOAD")
        replayed.begin(station)
        replayed.running(station)
        stepped.write_text(f"{step}\n")
        card = replayed.phase(station, "card")
        document = replayed.report(station, card)
        assert document["summary"]["steps"] > 90
        assert document["mistakes"]["heavy_rearfoot_strike"]["verdict"] in ("present", "likely")
        replayed.leave(station, card)
        assert replayed.whole_visit(station)["summary"]["steps"] > 90
        runs = sorted((tmp_path / "runs").glob("*.json"), key=os.path.getmtime)
        assert len(runs) == 2  # nothing is too old by a clock that was just set


def _library() -> str:
    """As faketime(1) preloads it."""
    (path, *_) = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return str(path)
