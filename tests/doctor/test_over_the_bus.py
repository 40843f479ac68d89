"""`station doctor` beside a running force daemon, which has the pins."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.doctor.command import STATUS_FAULT
from station.messages import CHANNELS
from station.simulation_config import WiringFault
from tests.doctor.patient import REST
from tests.workbench.bench_station import BenchStation, bench_station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[BenchStation]:
    with bench_station(tmp_path, "force", wiring=(WiringFault(kind="no_power"),)) as made:
        yield made


def test_four_chips_without_a_supply_are_four_faults_with_their_pins(station: BenchStation, tmp_path: Path) -> None:
    station.await_force()
    command = [sys.executable, "-m", "station", "doctor", "--config", str(tmp_path / "station.toml"), "--json"]
    examined = subprocess.run([*command, "--only", *REST], capture_output=True, text=True)
    assert (examined.returncode, examined.stderr) == (STATUS_FAULT, "")
    findings = json.loads(examined.stdout)
    faults = [f for f in findings if f["verdict"] == "fault"]
    assert [(f["check"], f["where"]) for f in faults] == [("chip_answers", channel) for channel in CHANNELS]
    for fault in faults:
        pins = station.settings.force.cells[fault["where"]]
        assert (
            f"no answer; check its DOUT wire on GPIO {pins.dout}, its PD_SCK wire on GPIO {pins.pd_sck}"
            in fault["text"]
        )
    others = [f for f in findings if f["check"] != "chip_answers"]
    assert {f["check"] for f in others} == set(REST) - {"chip_answers"}
    assert {f["verdict"] for f in others} == {"not_checked"}, "what silent chips hide is neither well nor accused"
