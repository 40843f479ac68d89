"""The wall clock is set in mid-run. Nothing that is measured, waited for or decided follows it."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

import station
from station.records import run_files
from tests.faults import replayed

PACKAGE = Path(station.__file__).parent
WALL = re.compile(
    r"\b(time\.(time|time_ns|localtime|gmtime|ctime|strftime|CLOCK_REALTIME)|datetime\.(now|utcnow|today)|date\.today)\b"
)
ALLOWED = {
    "calibrate.py": "the date of a part of the calibration",
    "calibration/machines.py": "the date of a part of the calibration",
    "calibration/camera_machine.py": "the date of a part of the calibration",
    "simulated_world.py": "the date of a part of the calibration",
    "doctor/": "the examination of that clock itself, and the date of a finding",
    "wiring/": "the date on a drawing",
    "fusion/retention.py": "the age of what is kept, by a clock that was not set for an hour",
    "fusion/session.py": "the date of a run",
    "kiosk/take_home/pages.py": "the date on a code",
    "kiosk/staff/station_report.py": "the age of a calibration, as shown",
    "workbench/": "the date of a part of the calibration",
}
COMPILER = shutil.which("cc") or shutil.which("gcc")
DAY_S = 86400


def test_the_wall_clock_is_for_dates_alone() -> None:
    unexpected = {}
    for path in PACKAGE.rglob("*.py"):
        name = str(path.relative_to(PACKAGE))
        uses = [found[0] for found in WALL.finditer(path.read_text(encoding="utf-8"))]
        if uses and not name.startswith("sim/") and not any(name.startswith(allowed) for allowed in ALLOWED):
            unexpected[name] = uses
    assert unexpected == {}


@pytest.fixture
def preloaded(tmp_path: Path) -> str:
    """The library by which the wall clock is off."""
    library = tmp_path / "stepped_clock.so"
    source = Path(__file__).with_name("stepped_clock.c")
    subprocess.run([COMPILER, "-shared", "-fPIC", "-O2", "-o", str(library), str(source)], check=True)
    return str(library)


@pytest.mark.long
@pytest.mark.skipif(COMPILER is None, reason="no C compiler on this machine: install the gcc package")
@pytest.mark.timeout(400)
@pytest.mark.parametrize("days", [400, -400])
def test_a_run_goes_on_though_the_clock_is_set(days: int, preloaded: str, visit: Path, tmp_path: Path) -> None:
    step, state = tmp_path / "step_s", tmp_path / "state"
    step.write_text("0")
    state.mkdir()
    within = ["env", f"STEPPED_CLOCK={step}", f"LD_PRELOAD={preloaded}"]
    with replayed.replaying(state, visit, within=within) as station:
        replayed.begin(station)
        replayed.running(station)
        step.write_text(str(days * DAY_S))
        card = replayed.phase(station, "card")
        document = replayed.report(station, card)
        assert document["summary"]["steps"] > 90
        assert document["mistakes"]["heavy_rearfoot_strike"]["verdict"] in ("present", "likely")
        replayed.leave(station, card)
        document = replayed.whole_visit(station)
        assert document["summary"]["steps"] > 90
        began = datetime.fromisoformat(document["inputs"]["started_utc"])
        assert abs((began - datetime.now(UTC)).days - days) <= 2  # the daemons do see that clock
        assert len(run_files.kept(state / "runs")) == 2
