"""The real workbench beside the real force daemon, on simulated cells with the simulated installer."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from station.calibration import artefact
from station.errors import BusError
from station.locks import InUse
from station.messages import CalibrationOptions, PlateLabel, WorkbenchState
from station.workbench import daemon
from tests.workbench.bench_station import BenchStation, bench_station

AT_REST = CalibrationOptions(belt=False)
ONE_PLATE = CalibrationOptions(points=4, plates=(PlateLabel(mass_kg=20.0, sd_kg=0.2),))


@pytest.fixture
def station(tmp_path: Path) -> Iterator[BenchStation]:
    with bench_station(tmp_path, "force", "workbench") as made:
        made.wait(lambda state: bool(state.force_n))
        yield made


def parts(station: BenchStation) -> list[str]:
    return [path.name.split("-")[1] for path in artefact.newest_files(station.settings.state)]


def asked(state: WorkbenchState) -> bool:
    """A step waits for the installer."""
    return state.prompt is not None and not state.measuring


def test_one_at_a_time_and_given_up_at_any_step(station: BenchStation) -> None:
    with pytest.raises(BusError, match="nothing to measure"):
        station.ask("measure")
    with closing(InUse(station.settings.runtime)) as terminal:
        assert terminal.begin()
        with pytest.raises(BusError, match="works on it in a terminal"):
            station.ask("begin", kind="tare", options=AT_REST)
    station.ask("begin", kind="tare", options=AT_REST)
    with closing(InUse(station.settings.runtime)) as terminal:
        assert not terminal.begin()
    with pytest.raises(BusError, match="Another calibration"):
        station.ask("begin", kind="grid")
    state = station.wait(asked)
    assert (state.kind, state.step, state.steps, state.calibrated) == ("tare", 0, 1, False)
    with pytest.raises(BusError, match="at another step"):
        station.ask("measure", step=3)
    station.ask("give_up")
    state = station.wait(lambda said: said.doing == "nothing")
    assert (state.failed, parts(station)) == (daemon.GIVEN_UP, [])


@pytest.mark.long
def test_tare_and_grid_by_the_simulated_installer(station: BenchStation) -> None:
    report = station.carry_out("tare", options=AT_REST).report
    assert "tare: this was saved as 0001-tare" in report[0]
    assert "the load grid has not been measured yet" in report[-1]
    state = station.carry_out("grid", options=ONE_PLATE)
    residual = re.search(r"predicted by all others to (\S+) N and (\S+) mm", "\n".join(state.report))
    assert float(residual[1]) < 0.5  # what docs/calibration.md calls a quiet deck
    assert float(residual[2]) < 5.0
    assert parts(station) == ["tare", "grid"]
    in_newtons = station.wait(lambda said: said.calibrated and bool(said.force_n))
    assert max(abs(newtons) for newtons in in_newtons.force_n) < 200  # and not some hundred thousand counts
    refused = station.carry_out("deck")
    assert "station calibrate kernel" in refused.failed


@pytest.mark.long
def test_a_workbench_that_is_killed_loses_nothing_saved_and_begins_again(station: BenchStation) -> None:
    station.carry_out("tare", options=AT_REST)
    station.ask("begin", kind="grid", options=ONE_PLATE)
    station.wait(asked)
    station.ask("measure", step=0)
    station.wait(lambda state: state.measuring)
    os.kill(station.processes["workbench"].pid, signal.SIGKILL)
    station.processes["workbench"].wait()
    station.start("workbench")
    assert station.wait(lambda state: bool(state.force_n)).doing == "nothing"
    assert parts(station) == ["tare"]
    assert station.carry_out("grid", options=ONE_PLATE).failed is None
    assert parts(station) == ["tare", "grid"]


@pytest.mark.long
def test_force_that_is_killed_costs_the_step_and_not_the_calibration(station: BenchStation) -> None:
    station.ask("begin", kind="tare", options=AT_REST)
    station.wait(asked)
    station.ask("measure", step=0)
    station.wait(lambda state: state.measuring)
    os.kill(station.processes["force"].pid, signal.SIGKILL)
    station.processes["force"].wait()
    refused = station.wait(asked)
    assert "went silent" in refused.refused
    station.start("force")
    station.wait(lambda state: bool(state.force_n))
    station.ask("measure", step=0)
    assert station.wait(lambda state: state.doing == "nothing").failed is None


@pytest.mark.long
def test_a_cell_that_feels_nothing_is_named_and_no_grid_is_saved(tmp_path: Path) -> None:
    with bench_station(tmp_path, "force", "workbench", dead_cell="front_left") as station:
        station.wait(lambda state: bool(state.force_n))
        assert station.carry_out("tare", options=AT_REST).failed is None  # an empty deck does not tell it
        station.ask("begin", kind="grid", options=ONE_PLATE)
        state = station.wait(asked)
        while state.refused is None:
            station.ask("measure", step=state.step)
            station.wait(lambda said: said.measuring)
            state = station.wait(lambda said: not said.measuring)
        assert "front left load cell feels nothing" in state.refused
        assert (state.doing, parts(station)) == ("calibration", ["tare"])
